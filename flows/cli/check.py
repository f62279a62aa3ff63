"""`dondoc check`: every problem of the rules at once, and notes for their author."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc.engine.domain.model import Text
from dondoc.flows.cli.console import PROBLEMS, WRONG_CALL, complain, say, say_json, spoken
from dondoc.flows.cli.language import SpokenLanguage, is_english, speaking

if TYPE_CHECKING:
    from dondoc.engine.demands.judged import JudgedPeriod, JudgedSpan
    from dondoc.engine.errors import Problem
    from dondoc.flows.check.report import CheckReport


class Format(StrEnum):
    """How the findings are written: for people, for programs, or as marks on a pull request."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


class Language(StrEnum):
    """In which language a message is written."""

    VI = "vi"
    EN = "en"
    BOTH = "both"


def check(
    folder: Annotated[Path | None, typer.Argument(help="Thư mục quy tắc. (The rule folder.)")] = None,
    *,
    data: Annotated[
        Path | None,
        typer.Option(help="Thư mục CSV có units.csv; không ghi thì dùng cơ sở dữ liệu. (CSV files of the units.)"),
    ] = None,
    style: Annotated[
        Format, typer.Option("--format", help="Cách in. (How to print.)", show_default=True)
    ] = Format.TEXT,
    lang: Annotated[Language, typer.Option(help="Ngôn ngữ. (The language.)", show_default=True)] = Language.BOTH,
    explain: Annotated[
        str | None, typer.Option(metavar="CODE", help="Giải thích một mã. (Explains a code and checks nothing.)")
    ] = None,
) -> None:
    """Kiểm tra bộ quy tắc: mọi lỗi, và những điều nên biết, một lần. (Checks the rules; notes do not fail it.)"""
    with speaking(None if lang is Language.BOTH else SpokenLanguage(lang)):
        if is_english():
            lang = Language.EN
        if explain is not None:
            _explain(explain, lang)
        else:
            _check(folder, data, style, lang)


def _check(folder: Path | None, data: Path | None, style: Format, lang: Language) -> None:
    from dondoc.engine.domain.model import ZONE
    from dondoc.flows.check.report import reviewed
    from dondoc.flows.config.settings import load as load_settings

    with spoken():
        rules = folder or load_settings(os.environ).rules
        now = datetime.now(UTC)
        found = reviewed(rules, data, os.environ, now, now.astimezone(ZONE).date())
        if style is Format.JSON:
            _as_json(found)
        elif style is Format.GITHUB:
            _as_marks(found, rules.parent, lang)
        else:
            _as_text(found, lang)
        raise typer.Exit(PROBLEMS if found.errors else 0)


def line(problem: Problem, language: Language = Language.BOTH) -> str:
    """`file:line:col: message [code]`, with English in brackets where both languages are asked for."""
    said = _said(problem.vi, problem.en, language)
    return f"{problem.file}:{problem.line}:{problem.column}: {said} [{problem.code}]"


def _say(said: str) -> None:
    """Prints a line that is in its language."""
    say(Text(said, said))


def _complain(said: str) -> None:
    """Prints a line about a problem that is in its language."""
    complain(Text(said, said))


def _as_text(found: CheckReport, language: Language) -> None:
    """Errors on standard error, then the notes and the summary."""
    for error in found.errors:
        _complain(line(error, language))
    for note in found.notes:
        _say(f"{_said('lưu ý', 'note', language)}: {line(note, language)}")
    for span in found.judged:
        vi, en = judged(span)
        _say(_said(vi, f"{span.rule}: {en}" if language is Language.EN else en, language))
    if not found.charted and not (found.errors and not found.rules):
        _say(
            _said(
                "chưa có dữ liệu đơn vị (--data hoặc dondoc import), nên chưa xét mã đơn vị, ai được báo, hộp thư",
                "without units (--data or dondoc import) neither their ids nor who hears can be looked at",
                language,
            )
        )
    if found.errors:
        n = len(found.errors)
        _complain(_said(f"{n} lỗi trong bộ quy tắc.", f"problems: {n}", language))
        return
    _say(
        _said(
            f"{found.directives} văn bản, {found.rules} quy tắc: không có lỗi, {len(found.notes)} lưu ý.",
            f"directives: {found.directives}, rules: {found.rules}, no problems, notes: {len(found.notes)}",
            language,
        )
    )
    if found.waiting:
        n = found.waiting
        _say(
            _said(
                f"{n} nội dung còn chờ thông số, chưa được xét: dondoc register --status waiting",
                f"obligations that wait for a parameter and are not judged: {n}",
                language,
            )
        )


def judged(span: JudgedSpan) -> tuple[str, str]:
    """From which to which period a rule judges, each with its limit and the day of its first letter (vi, en)."""
    first = _period(span.first)
    if span.last is None:
        return f"{span.rule}: xét từ {first[0]}", f"judged from {first[1]}"
    if span.last == span.first:
        return f"{span.rule}: xét một lần: {first[0]}", f"judged once: {first[1]}"
    last = _period(span.last)
    return f"{span.rule}: xét từ {first[0]} đến {last[0]}", f"judged from {first[1]} to {last[1]}"


def _period(one: JudgedPeriod) -> tuple[str, str]:
    from dondoc.engine.domain.periods import label

    last, letter = one.last_day, one.first_letter
    vi, en = f"hạn {last:%d/%m/%Y} (thư đầu {letter:%d/%m/%Y})", f"due {last} (first letter {letter})"
    try:
        return f"{label(one.key)}, {vi}", f"{label(one.key, 'en')}, {en}"
    except ValueError:
        # A demand that is due once is known by its last day.
        return vi, en


def _said(vi: str, en: str, language: Language) -> str:
    return {Language.VI: vi, Language.EN: en}.get(language, f"{vi} ({en})")


def _as_json(found: CheckReport) -> None:
    from dataclasses import asdict

    say_json(asdict(found))


def _as_marks(found: CheckReport, above: Path, language: Language) -> None:
    """A workflow command for each, which shows it beside its line; `above` is the folder that holds the rules."""
    for kind, problems in (("error", found.errors), ("notice", found.notes)):
        for each in problems:
            file = _property((above / each.file).as_posix())
            place = f"file={file},line={each.line},col={each.column},title={_property(each.code)}"
            typer.echo(f"::{kind} {place}::{_data(_said(each.vi, each.en, language))}")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _explain(code: str, language: Language) -> None:
    """The paragraph of a code, with its example."""
    from difflib import get_close_matches

    from dondoc.engine.lint.problem_codes import CODES

    known = CODES.get(code)
    if known is None:
        near = get_close_matches(code, CODES, n=1)
        vi, en = (f"; có phải «{near[0]}»?", f"; did you mean '{near[0]}'?") if near else ("", "")
        _complain(_said(f"không có mã «{code}»{vi}", f"there is no code '{code}'{en}", language))
        raise typer.Exit(WRONG_CALL)
    _say(f"{code} · {_said('lưu ý', 'note', language) if known.note else _said('lỗi', 'error', language)}")
    for each in ("vi", "en"):
        if language in {each, Language.BOTH}:
            _say(known.meaning.in_(each))
    if known.example:
        _say(f"  {known.example}")
