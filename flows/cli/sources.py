"""`dondoc sources` and `dondoc pull`: the state of each source, and pulling them without a night."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import typer

from dondoc.flows.cli.console import NEEDS_A_PERSON, PROBLEMS, AsJson, say, say_json, spoken


def sources(*, as_json: AsJson = False) -> None:
    """Các nguồn dữ liệu: có dữ liệu lần cuối khi nào, còn dùng được đến bao giờ. (The sources, fresh or stale.)"""
    from dondoc.flows.data.sources_text import listing

    with spoken():
        found = listing(os.environ, datetime.now(UTC))
        if as_json:
            say_json([one.as_json() for one in found])
        for one in () if as_json else found:
            for line in one.lines():
                say(line)
        if not (found or as_json):
            say("Chưa có nguồn nào trong sources.yaml. (No source yet.)")
        if not all(one.well for one in found):
            raise typer.Exit(NEEDS_A_PERSON)


def pull(*, as_json: AsJson = False) -> None:
    """Lấy dữ liệu từ mọi nguồn ngay bây giờ, không chạy đêm. (Pulls every source now, without a night.)"""
    from dataclasses import asdict

    from dondoc.flows.data.sources_text import pull as bring
    from dondoc.flows.data.sources_text import said

    with spoken():
        made = []
        for one in bring(os.environ, lambda: datetime.now(UTC)):
            made.append(one.summed())
            for line in () if as_json else said(one):
                say(line)
        if as_json:
            say_json([asdict(one) for one in made])
        if any(one.faults for one in made):
            raise typer.Exit(NEEDS_A_PERSON)
        if any(one.rejected for one in made):
            raise typer.Exit(PROBLEMS)
