"""`dondoc status`: the latest night, the open cases and the letters."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import typer

from dondoc.flows.cli.console import NEEDS_A_PERSON, OK, AsJson, say, say_json, spoken


def status(*, as_json: AsJson = False) -> None:
    """Điều gì cần người xem, đêm gần nhất, hồ sơ đang mở, thư. (What is wrong, the night, cases, letters.)"""
    from dondoc.flows.records.status import state

    with spoken():
        found = state(os.environ, datetime.now(UTC))
        if as_json:
            say_json(found.as_json())
        else:
            say(found.text())
        raise typer.Exit(NEEDS_A_PERSON if found.needs_a_person else OK)
