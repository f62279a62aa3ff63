"""`dondoc retain` and `dondoc statistics`: what is older than its time goes, and what is counted of cases."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dondoc.engine.domain.model import Text
from dondoc.flows.cli.console import AsJson, say, say_json, spoken
from dondoc.flows.cli.language import in_language


def retain(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ đếm, không bỏ gì. (Only counts what would go.)")
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait", help="Chờ đêm đang chạy xong, đến hết ngày. (Waits for a night that runs.)")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bỏ những gì đã quá hạn giữ theo dondoc.toml; sổ nhật ký ghi lại. (Removes what is older than its time.)"""
    from dondoc.flows.records.retention import retain as run
    from dondoc.flows.records.retention import retain_in_turn

    with spoken():
        if wait and not dry_run:
            report = retain_in_turn(os.environ, lambda: datetime.now(UTC))
        else:
            report = run(os.environ, datetime.now(UTC), dry_run=dry_run)
        if as_json:
            say_json(report.as_json())
        else:
            say(report.text())


def statistics(
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Ghi ra tệp CSV cho Excel. (Writes a CSV file.)")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Thống kê hồ sơ theo văn bản, quy tắc, loại đơn vị, năm. (Counts of cases.)"""
    from dataclasses import asdict

    from dondoc.flows.records.statistics import HEAD, cells
    from dondoc.flows.records.statistics import statistics as run

    with spoken():
        found = run(os.environ)
        lines = [tuple(map(in_language, HEAD.values())), *map(cells, found)]
        if csv is not None:
            from dondoc.notifications.letter.attachment import to_csv

            csv.write_bytes(to_csv(lines))
            say(
                Text(
                    f"Đã ghi {len(found)} dòng vào {csv}. ({len(found)} rows written.)",
                    f"{len(found)} rows written to {csv}.",
                )
            )
        elif as_json:
            say_json([asdict(row) for row in found])
        else:
            for line in lines:
                say("\t".join(line))
