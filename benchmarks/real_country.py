"""The real country into an empty database, as `dondoc country` does it, and once more; then its chart.

    .venv/bin/python benchmarks/real_country.py

The places come from the package that `dondoc country` reads. Each step runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from measure import family_cpu, measured, no_server, peak_mb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nights import postgresql

from dondoc.engine.domain.terms import Level
from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.engine.store.night import orgchart
from dondoc.flows.data.country import people_with

MOST_SECONDS = 60.0


def bring(url: str) -> int:
    """Everything that one command brings in; how many rows it wrote."""
    engine = connect(url)
    upgrade(engine)
    return sum(taken.added for taken in people_with(engine, datetime.now(UTC)).taken.values())


def look(url: str) -> int:
    """The chart read and checked, and all communes inside the Government: what every night begins with."""
    with reading(connect(url)) as conn:
        chart = orgchart.chart(conn, datetime.now(UTC))
    return len(chart.select(kind="ubnd", level=Level.COMMUNE, within="tw.chinh_phu", on=date(2026, 1, 1)))


STEPS: dict[str, Callable[[str], int]] = {"bring in": bring, "bring in again": bring, "read the chart": look}


def apart(step: str, url: str, server: int) -> dict[str, Any]:
    """One step in a process of its own."""
    command = [sys.executable, __file__, "--step", step, "--url", url, "--server", str(server)]
    row: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return row


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--step")
    parser.add_argument("--url", default="")
    parser.add_argument("--server", type=int, default=0)
    asked = parser.parse_args()
    if asked.step:
        server = (lambda: family_cpu(asked.server)) if asked.server else no_server
        with measured(server) as cost:
            rows = STEPS[asked.step](asked.url)
        print(json.dumps({"rows": rows, "wall": cost.wall, "cpu": cost.cpu, "peak": peak_mb()}))
        return
    with tempfile.TemporaryDirectory() as name, postgresql() as running:
        postgres, pid = running.url, running.server
        print("| step | database | rows | wall s | CPU s | peak MB |\n|---|---|---|---|---|---|")
        for database, url, server in (("SQLite", f"sqlite:///{name}/c.db", 0), ("PostgreSQL", postgres, pid)):
            for step in STEPS:
                seen = apart(step, url, server)
                print(
                    f"| {step} | {database} | {seen['rows']:,} | {seen['wall']:.1f} | {seen['cpu']:.1f} "
                    f"| {seen['peak']:.0f} |",
                    flush=True,
                )
                if step != "read the chart" and seen["wall"] > MOST_SECONDS:
                    print(f"  over {MOST_SECONDS:.0f} s of wall: the target is not met in this run")


if __name__ == "__main__":
    main()
