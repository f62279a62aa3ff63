"""`dondoc retain` and `dondoc statistics`: what is older than its time goes, and what is counted of cases."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import TaskGroup
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
    tasks: Annotated[
        TaskGroup | None,
        typer.Option(
            "--tasks",
            help="Bốn trạng thái của việc theo văn bản, quy tắc hay đơn vị. (The four counts of tasks instead.)",
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Thống kê hồ sơ theo văn bản, quy tắc, loại đơn vị, năm. (Counts of cases.)"""
    with spoken():
        lines, rows = _of_cases() if tasks is None else _of_tasks(tasks)
        if csv is not None:
            from dondoc.flows.records.csv_file import to_csv

            csv.write_bytes(to_csv(lines))
            say(
                Text(
                    f"Đã ghi {len(rows)} dòng vào {csv}. ({len(rows)} rows written.)",
                    f"{len(rows)} rows written to {csv}.",
                )
            )
        elif as_json:
            say_json(rows)
        else:
            for line in lines:
                say("\t".join(line))


def _of_cases() -> tuple[list[tuple[str, ...]], list[dict[str, Any]]]:
    """The sheet with its head, and the rows for programs."""
    from dondoc.flows.records.statistics import HEAD, cells
    from dondoc.flows.records.statistics import statistics as run

    found = run(os.environ)
    return [tuple(map(in_language, HEAD.values())), *map(cells, found)], [asdict(row) for row in found]


def _of_tasks(group: TaskGroup) -> tuple[list[tuple[str, ...]], list[dict[str, Any]]]:
    """The sheet with its head, and the rows for programs."""
    from dondoc.flows.records.task_statistics import COUNTS, HEADS, NAME, cells, task_statistics

    found = task_statistics(os.environ, group)
    head = tuple(map(in_language, (HEADS[group], NAME, *COUNTS.values())))
    rows = [{"id": row.id, "name": asdict(row.name), **asdict(row.counts)} for row in found]
    return [head, *(cells(row, in_language(row.name)) for row in found)], rows
