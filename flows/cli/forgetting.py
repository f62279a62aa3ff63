"""`dondoc held` and `dondoc forget`: what is held on a mailbox or a unit."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from dondoc.engine.domain.model import Text
from dondoc.flows.cli.console import AsJson, say, say_json, spoken

_NOTHING = (
    "Không giữ gì; nội dung thư gửi nơi khác không được tìm. (Nothing is held; the bodies of letters to others "
    "are not searched.)"
)
Word = Annotated[str, typer.Argument(help="Địa chỉ thư, hoặc mã đơn vị. (A mail address, or the id of a unit.)")]


def held(word: Word, *, as_json: AsJson = False) -> None:
    """Đang giữ gì về một hộp thư hay đơn vị: bảng, số dòng, ngày. (What is held on a mailbox or a unit.)"""
    from dataclasses import asdict

    from dondoc.flows.records.forgetting import held as run

    with spoken():
        found = run(os.environ, word)
        if as_json:
            say_json([asdict(one) for one in found])
            return
        for one in found:
            say(f"{one.table}: {one.rows}{_days(one.first, one.last)}")
        if not found:
            say(_NOTHING)


def _days(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return ""
    return f", {first:%d/%m/%Y}" if first == last else f", {first:%d/%m/%Y} – {last:%d/%m/%Y}"


def forget(
    word: Word,
    basis: Annotated[
        str, typer.Option("--basis", help="Căn cứ, không nhắc lại địa chỉ. (On what basis; never the address.)")
    ],
) -> None:
    """Xóa những gì giữ về một hộp thư hay đơn vị, sổ ghi căn cứ. (Forgets a mailbox or a unit, with a basis.)"""
    from dondoc.flows.records.forgetting import forget as run

    with spoken():
        done, files = run(os.environ, word, basis, datetime.now(UTC))
        say(
            Text(
                f"Đã xóa {done.mailboxes} hộp thư; {done.letters} thư không còn nội dung và nơi nhận, số, ngày và "
                f"mã băm thì còn; {done.attempts} câu trả lời của máy chủ; {files} tệp kèm thư trả lời. "
                "(Forgotten; number, day and hash of the letters stay.)",
                f"{done.mailboxes} mailboxes forgotten; of {done.letters} letters the body and the reader, their "
                f"number, day and hash stay; {done.attempts} answers of the mail server; "
                f"{files} attachments of its answers.",
            )
        )
