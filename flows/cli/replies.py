"""`dondoc replies`: what offices answered by mail, read from a mailbox, and what waits for the operator."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.model import Text
from dondoc.flows.cli.console import AsJson, say, say_json, spoken

if TYPE_CHECKING:
    from dondoc.flows.replies.reading import ReadingReport

_DAY_FORMS = ["%Y-%m-%d", "%d/%m/%Y"]

Number = Annotated[
    int, typer.Argument(metavar="N", help="Số của trả lời trong replies list. (The answer's number.)")
]


def read(
    maildir: Annotated[
        Path | None,
        typer.Option("--maildir", help="Thư mục Maildir; mặc định theo thiết lập. (A Maildir folder.)"),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Đọc hộp thư trả lời: ghi những gì hiểu chắc, phần còn lại chờ người. (Reads the mailbox of answers.)"""
    from dondoc.flows.replies.desk import line, plain, read_now
    from dondoc.notifications.replies.mailboxes import AnswerMaildir

    with spoken():
        found = read_now(os.environ, AnswerMaildir(maildir) if maildir else None, datetime.now(UTC))
        if as_json:
            answers = [plain(one) for one in found.answers]
            passed = {"again": found.again, "returned": found.returned, "ignored": dict(found.ignored)}
            say_json({"answers": answers, **passed, "kept": found.kept, "unkept": found.unkept})
            return
        for one in found.answers:
            say(line(one))
        say(_summary(found))
        if found.kept or found.unkept:
            say(
                Text(
                    f"Giữ {found.kept} tệp kèm theo, không giữ {found.unkept}.",
                    f"{found.kept} attachments kept, {found.unkept} not.",
                )
            )


def _summary(found: ReadingReport) -> Text:
    """How many mails became what, with the codes of the reasons why some were passed over."""
    passed = ", ".join(f"{why} {number}" for why, number in sorted(found.ignored.items()))
    return Text.format(
        "{answers} trả lời, {again} đã nhận từ trước, {returned} thư bị trả lại, {ignored} thư bỏ qua{why}.",
        "{answers} answers, {again} taken before, {returned} letters came back, {ignored} mails passed over.",
        answers=len(found.answers),
        again=found.again,
        returned=len(found.returned),
        ignored=found.ignored.total(),
        why=f" ({passed})" if passed else "",
    )


def replies_list(
    *,
    every: Annotated[bool, typer.Option("--all", help="Cả những gì đã xong. (Also what is settled.)")] = False,
    as_json: AsJson = False,
) -> None:
    """Trả lời chờ người vận hành, cùng điều được đề xuất. (The answers that wait, each with a proposal.)"""
    from dondoc.flows.replies.desk import line, plain, waiting

    with spoken():
        found = waiting(os.environ, every=every)
        if as_json:
            say_json([plain(one) for one in found])
            return
        for one in found:
            say(line(one))
        say(Text(f"{len(found)} trả lời.", f"{len(found)} answers."))


def confirm(
    number: Number,
    kind: Annotated[
        ActKind | None, typer.Option("--kind", help="Ý trả lời, nếu khác đề xuất. (What it means.)")
    ] = None,
    case: Annotated[str, typer.Option("--case", metavar="CASE", help="Hồ sơ. (The case.)")] = "",
    by: Annotated[str, typer.Option("--by", metavar="UNIT", help="Cơ quan trả lời. (Who says so.)")] = "",
    until: Annotated[
        datetime | None, typer.Option("--until", formats=_DAY_FORMS, help="Ngày hẹn hoặc hạn mới. (The day.)")
    ] = None,
    words: Annotated[str, typer.Option("--words", help="Nguyên văn, một dòng. (Its own words, one line.)")] = "",
    document: Annotated[str, typer.Option("--document", help="Số văn bản, nếu có. (The document's number.)")] = "",
    about: Annotated[
        int | None, typer.Option("--about", help="Số trả lời được rút. (Which act is taken back.)")
    ] = None,
) -> None:
    """Ghi một trả lời như đề xuất, hoặc như sửa lại ở đây. (Records an answer as proposed, or as corrected.)"""
    from dondoc.flows.replies import desk

    with spoken():
        better = desk.Correction(kind, case, by, until.date() if until else None, words, document, about)
        say(desk.confirm(os.environ, number, better, datetime.now(UTC)).both())
        say("Có hiệu lực từ đêm tới. (From the next night on.)")


def dismiss(number: Number) -> None:
    """Bỏ một trả lời: không ghi gì, không giữ nội dung. (An answer becomes no act; its words are not kept.)"""
    from dondoc.flows.replies import desk

    with spoken():
        desk.dismiss(os.environ, number, datetime.now(UTC))
        say(Text(f"Đã bỏ trả lời {number}.", f"Answer {number} is dismissed."))
