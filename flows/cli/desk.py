"""`dondoc desk`: everything that waits for a person."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import UTC, datetime

import typer

from dondoc.engine.domain.model import Text
from dondoc.flows.cli.console import NEEDS_A_PERSON, OK, AsJson, say, say_json, spoken


def desk(*, as_json: AsJson = False) -> None:
    """Việc đang chờ người xử lý, kèm lệnh cần gõ cho từng việc. (What waits for a person, and what to type.)"""
    from dondoc.flows.records.desk import desk as laid_out

    with spoken():
        found = laid_out(os.environ, datetime.now(UTC))
        if as_json:
            say_json([asdict(one) for one in found])
        else:
            for one in found:
                say(one.text())
            say(
                Text(f"{len(found)} việc đang chờ.", f"{len(found)} waiting.")
                if found
                else Text("Không có gì đang chờ.", "Nothing waits.")
            )
        raise typer.Exit(NEEDS_A_PERSON if found else OK)
