"""`dondoc retain`: what is older than its time goes."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Annotated

import typer

from dondoc.flows.cli.console import AsJson, say, say_json, spoken


def retain(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ đếm, không bỏ gì. (Only counts what would go.)")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bỏ những gì đã quá hạn giữ theo dondoc.toml; sổ nhật ký ghi lại. (Removes what is older than its time.)"""
    from dondoc.flows.records.retention import retain as run

    with spoken():
        report = run(os.environ, datetime.now(UTC), dry_run=dry_run)
        if as_json:
            say_json(report.as_json())
        else:
            say(report.text())
