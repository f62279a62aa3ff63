"""Loads a folder of rule files: a rule book, or every problem of every file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from dondoc.engine.domain.data_sources import DataSource
from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.domain.rulebook import FOLLOWED, Directive, RuleBook
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.errors import CalendarUncovered, RulesRefused
from dondoc.engine.rulefile.checks.bases import check_bases, settled
from dondoc.engine.rulefile.checks.references import check_packs, check_references
from dondoc.engine.rulefile.files.assemble import Pack, pack
from dondoc.engine.rulefile.files.calendars import CALENDAR_FILE
from dondoc.engine.rulefile.files.directive_file import DIRECTIVE_FILE
from dondoc.engine.rulefile.files.indicators import INDICATORS_FILE
from dondoc.engine.rulefile.files.ladders import LADDERS_FILE
from dondoc.engine.rulefile.files.mail import MAIL_FILE
from dondoc.engine.rulefile.files.sources import SOURCES_FILE, define_words
from dondoc.engine.rulefile.files.waivers import WAIVERS_FILE, define_rules, of_rules
from dondoc.engine.rulefile.folder import RuleFile, sources
from dondoc.engine.rulefile.problems import IdKind, ProblemSheet, Unread
from dondoc.engine.rulefile.readers.fields import MappingReader
from dondoc.engine.rulefile.rule_tests.test_file import TEST_FILE
from dondoc.engine.rulefile.yaml_text.guard import text_of
from dondoc.engine.rulefile.yaml_text.parse import parse

# Every kind of file, by its name below the folder; the JSON Schema and the reference page come from these tables.
FILE_KINDS: Mapping[str, MappingReader] = {
    "calendar.yaml": CALENDAR_FILE,
    "indicators.yaml": INDICATORS_FILE,
    "ladders.yaml": LADDERS_FILE,
    "mail.yaml": MAIL_FILE,
    "sources.yaml": SOURCES_FILE,
    "waivers.yaml": WAIVERS_FILE,
    "*/*.yaml": DIRECTIVE_FILE,
    "*/*.test.yaml": TEST_FILE,
}


def load(folder: Path) -> RuleBook:
    """The rule book of a folder.

    Raises `RulesRefused` with every problem of every file, sorted by file, line and column. File names in
    problems and places begin with the folder's own name.
    """
    files = sources(folder)
    tops: dict[str, Any] = {}
    packs: list[Pack] = []
    for source in files:
        with suppress(Unread):
            got = read_source(source)
            if "/" in source.name:
                packs.append(pack(source.stem, got))
            else:
                tops[source.name] = got
    sheets = [source.sheet for source in files]
    check_packs(packs, _occasions(tops))
    written = sum("/" in source.name for source in files)
    define_rules(packs, written)
    define_words(packs, written)
    unbased = check_bases(packs, written)
    problems = [*unbased, *(problem for sheet in sheets for problem in sheet.problems), *check_references(sheets)]
    if problems:
        raise RulesRefused(tuple(sorted(problems)))
    return _book(tops, packs, _digest(files), sheets)


def load_mail(folder: Path) -> MailPolicy:
    """The mail policy of `mail.yaml`, whatever is wrong with other files: letters leave while a rule is fixed.

    Raises `RulesRefused` with the problems of that file alone.
    """
    policy: MailPolicy = _alone(folder, "mail.yaml")
    return policy


def load_sources(folder: Path) -> tuple[DataSource, ...]:
    """The data sources of `sources.yaml`, whatever is wrong with other files; none if there is no such file.

    Raises `RulesRefused` with the problems of that file alone.
    """
    found: tuple[DataSource, ...] = _alone(folder, "sources.yaml") or ()
    return found


def _alone(folder: Path, name: str) -> Any:
    for source in sources(folder):
        if source.name == name:
            with suppress(Unread):
                value = read_source(source)
                if not source.sheet.problems:
                    return value
            raise RulesRefused(tuple(sorted(source.sheet.problems)))
    return None


def read_source(source: RuleFile) -> Any:
    """The value of a file, read by the table of its kind. Raises `Unread`; the problem is then on its sheet."""
    if source.raw is None:
        raise Unread
    text = text_of(source.raw, source.sheet)
    node = None if text is None else parse(text, source.sheet)
    if node is None:
        raise Unread
    return FILE_KINDS[_kind(source.name)].read(node, source.sheet)


def _kind(name: str) -> str:
    if name.endswith(".test.yaml"):
        return "*/*.test.yaml"
    return "*/*.yaml" if "/" in name else name


def _occasions(tops: Mapping[str, Any]) -> Mapping[str, tuple[date, ...]]:
    occasions: Mapping[str, tuple[date, ...]] = {}
    with suppress(Unread, KeyError):
        occasions = tops["calendar.yaml"]["occasions"]
    return occasions


def _book(tops: Mapping[str, Any], packs: Sequence[Pack], digest: str, sheets: Sequence[ProblemSheet]) -> RuleBook:
    calendars = tops["calendar.yaml"]["calendars"]
    followed = [_followed(pack, calendars) for pack in packs if pack.directive is not None]
    directives = {directive.id: directive for directive in followed}
    rules = [rule for pack in packs for _, rule in pack.rules]
    return RuleBook(
        directives=directives,
        rules=settled({rule.id: rule for rule in rules}),
        ladders=tops["ladders.yaml"],
        calendars=calendars,
        occasions=tops["calendar.yaml"]["occasions"],
        indicators=tops["indicators.yaml"],
        mail=tops["mail.yaml"],
        sha256=digest,
        units_named=units_named(sheets),
        waivers=of_rules(tops.get("waivers.yaml", ()), (rule.id for rule in rules), directives),
        sources=tops.get("sources.yaml", ()),
        places={name: place for sheet in sheets for name, place in sheet.places.items()},
    )


def _followed(pack: Pack, calendars: Mapping[str, WorkCalendar]) -> Directive:
    """The directive of a pack with the day until which it is followed up, by the calendar of its rules.

    Beyond the calendar it stays open: then six weeks stand for thirty working days.
    """
    assert pack.directive is not None
    directive, until = pack.directive, pack.directive.in_force_until
    if until is None or directive.follow_until is not None:
        return directive
    names = {rule.calendar for _, rule in pack.rules} & set(calendars)
    with suppress(CalendarUncovered):
        ends = [calendars[name].after(until, FOLLOWED) for name in names]
        return replace(directive, follow_until=max(ends, default=None))
    return directive


def units_named(sheets: Sequence[ProblemSheet]) -> dict[str, str]:
    """By unit id, the place of its first mention, as `file:line:column`."""
    mentions = [mention for sheet in sheets for mention in sheet.mentions if mention.kind is IdKind.UNIT]
    named: dict[str, str] = {}
    for mention in sorted(mentions, key=lambda mention: (mention.file, mention.line, mention.column)):
        named.setdefault(mention.id, f"{mention.file}:{mention.line}:{mention.column}")
    return named


def _digest(files: Sequence[RuleFile]) -> str:
    """The digest of each file's name, length and bytes, in the order of names."""
    total = sha256()
    for source in files:
        raw = source.raw or b""
        total.update(f"{source.name}\0{len(raw)}\0".encode())
        total.update(raw)
    return total.hexdigest()
