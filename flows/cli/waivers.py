"""`dondoc waivers`: what is waived for which unit, until when, and how often it was used."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from dondoc.engine.domain.model import Text
from dondoc.flows.cli.console import AsJson, say, say_json, spoken


def waivers(*, as_json: AsJson = False) -> None:
    """Các việc được tạm miễn: ai, đến ngày nào, đã dùng bao nhiêu lần. (What is waived, and how often used.)"""
    from dondoc.flows.records.waivers import listing

    with spoken():
        found = listing(os.environ, datetime.now(UTC))
        if as_json:
            say_json([one.as_json() for one in found])
            return
        for one in found:
            say(one.text())
        say(Text(f"{len(found)} mục trong waivers.yaml.", f"{len(found)} entries in waivers.yaml."))
