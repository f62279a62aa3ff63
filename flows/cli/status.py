"""`dondoc status`: the latest night, the open cases and the letters."""

from __future__ import annotations

import os

from dondoc.flows.cli.console import AsJson, say, say_json, spoken


def status(*, as_json: AsJson = False) -> None:
    """Đêm gần nhất, hồ sơ đang mở, thư đang ở đâu. (The latest night, open cases, letters.)"""
    from dondoc.flows.records.status import state

    with spoken():
        found = state(os.environ)
        if as_json:
            say_json(found.as_json())
        else:
            say(found.text())
