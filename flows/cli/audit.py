"""`dondoc audit`: whether the log is intact, what it contains, and an export for an inspector."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dondoc.engine.domain.model import Text
from dondoc.flows.cli.console import PROBLEMS, AsJson, complain, say, say_json, spoken

_TOLD = 20

Kept = Annotated[
    str, typer.Option("--head", help="Mã mục cuối đã cất trước đây. (The hash of a head kept elsewhere.)")
]
File = Annotated[Path, typer.Argument(help="nhat-ky.jsonl hoặc nhat-ky.csv. (What to write.)")]
OfNight = Annotated[
    datetime | None, typer.Option("--night", formats=["%Y-%m-%d"], help="Chỉ một đêm. (One night only.)")
]
Kind = Annotated[str, typer.Option("--kind", help="Chỉ loại bắt đầu như vậy: case, letter-sent. (Of one kind.)")]
Last = Annotated[int, typer.Option("--last", min=1, help="Bao nhiêu sự kiện cuối. (How many, the last ones.)")]


def verify(*, head: Kept = "", as_json: AsJson = False) -> None:
    """Sổ nhật ký có nguyên vẹn và đúng với dữ liệu không. (Whether the log is intact and matches the data.)"""
    from dondoc.flows.records.audit import by_number
    from dondoc.flows.records.audit import verify as run

    with spoken():
        audited = run(os.environ, head)
        flaws = by_number(audited.flaws)
        if as_json:
            say_json(audited.as_json())
        else:
            say(audited.text())
            for flaw in flaws[:_TOLD]:
                complain(flaw.text())
            if len(flaws) > _TOLD:
                rest = len(flaws) - _TOLD
                complain(
                    Text(f"và {rest} chỗ khác; xem --json (and more: see --json)", f"and {rest} more: see --json")
                )
        if flaws:
            raise typer.Exit(PROBLEMS)


def audit_list(*, night: OfNight = None, kind: Kind = "", last: Last = 50, as_json: AsJson = False) -> None:
    """Các sự kiện cuối trong sổ nhật ký, cũ trước. (The last events of the log, oldest first.)"""
    from dataclasses import asdict

    from dondoc.flows.records.audit_text import line, listing

    with spoken():
        found = listing(os.environ, night=night.date() if night else None, kind=kind, last=last)
        if as_json:
            say_json([asdict(one) for one in found])
            return
        for one in found:
            say(line(one))
        say(Text(f"{len(found)} sự kiện.", f"{len(found)} events."))


def export(file: File) -> None:
    """Ghi toàn bộ sổ ra tệp cho thanh tra. (Exports the log to a file for an inspector.)"""
    from dondoc.flows.records.audit_text import export as run

    with spoken():
        written = run(os.environ, file)
        say(Text(f"Đã ghi {file}. (Written.)", f"{file} written."))
        say(written.text())
        if written.audited.flaws:
            complain("Sổ không nguyên vẹn; xem dondoc audit verify. (The log is not intact.)")
            raise typer.Exit(PROBLEMS)
