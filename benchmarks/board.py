"""The board of the country and of a tenth of it: how long it takes, how large it is, its first page.

    .venv/bin/python benchmarks/board.py [--size tenth whole] [--database FILE] [--profile]

The bodies are real, their work and its year are invented (`country.py`). What is open is as a night has left it,
with its letters; what closed in the year before gets by SQL what its nights would have logged and told, on days of
its own: judging 365 nights of a country would take hours and measure nights.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import country
import nights
from measure import measured, no_server, peak_mb
from sqlalchemy import func, select

from dondoc.engine.domain.model import Event
from dondoc.engine.domain.terms import CaseStatus, Section
from dondoc.engine.gc_tuning import collect_rarely
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import Engine, connect, insert_many, reading, writing
from dondoc.engine.store.db.tables import case_file, night, notice, task
from dondoc.flows.board.site import write

MOST_SECONDS, MOST_MB, MOST_FIRST_KB = 120.0, 300.0, 100.0
_DAY = timedelta(days=1)
# How far a case climbed before it closed, with a letter each time.
_STEPS = 4


def main() -> None:
    """One board in this process (`--url`), or one of each size in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=tuple(country.SIZES), nargs="*", default=tuple(country.SIZES))
    parser.add_argument("--database", type=Path, help="a database that nights.py --keep has made of this size")
    parser.add_argument("--url")
    parser.add_argument("--profile", action="store_true", help="print where the time goes")
    given = parser.parse_args()
    collect_rarely()
    if given.url:
        print(json.dumps(made(given.url, profile=given.profile)))
        return
    for size in given.size:
        with tempfile.TemporaryDirectory() as folder:
            row = of_size(size, Path(folder), given.database, profile=given.profile)
        print(line(size, row), flush=True)


def of_size(size: str, folder: Path, ready: Path | None, *, profile: bool = False) -> dict[str, Any]:
    """The board of a database of that size, made anew or copied; measured in a process of its own."""
    file = folder / "country.db"
    if ready is not None:
        shutil.copyfile(ready, file)
    else:
        _run([nights.__file__, "--size", size, "--keep", str(file)])
    url = f"sqlite:///{file}"
    nights.step("first", size, url, 0)
    engine = connect(url)
    year_of_nights(engine)
    engine.dispose()
    command = [__file__, "--url", url, *(["--profile"] if profile else [])]
    found: dict[str, Any] = json.loads(_run(command))
    return found


def _run(command: list[str]) -> str:
    return subprocess.run([sys.executable, *command], check=True, stdout=subprocess.PIPE, text=True).stdout


def year_of_nights(engine: Engine) -> None:
    """What a year of nights leaves behind: its nights, and the life of each case that closed in it."""
    mine = select(case_file.c.id, case_file.c.task_id, task.c.unit_no, case_file.c.opened_on)
    closed = mine.join(task, task.c.id == case_file.c.task_id).where(case_file.c.status == CaseStatus.CLOSED)
    with reading(engine) as conn:
        cases = conn.execute(closed.order_by(case_file.c.id)).all()
    last = country.FIRST_NIGHT
    begun = {case.id: case.opened_on for case in cases}
    with writing(engine) as conn:
        judged = {row.as_of for row in conn.execute(night.select())}
        some = conn.execute(night.select().limit(1)).mappings().one()
        days = (last - n * _DAY for n in range(1, 366))
        insert_many(conn, night, ({**some, "as_of": day} for day in days if day not in judged))
        insert_many(conn, notice, (row for case in cases for row in _notices(case, begun[case.id])))
    with audited(engine) as tx:
        for case in cases:
            for n in range(1, _STEPS):
                tx.log(begun[case.id] + n * _DAY, [Event("case-climbed", case.task_id, {"step": str(n + 1)})])


def _notices(case: Any, day: date) -> list[dict[str, Any]]:
    same = {"task_id": case.task_id, "case_id": case.id, "round": 1, "value": None, "untold_on": None}
    more = {"reminder": None, "waived_until": None, "reader_no": case.unit_no, "section": Section.WORSE}
    return [
        {**same, **more, "night": day + n * _DAY, "letter": f"{case.id:x}-{n}", "step": n + 1}
        for n in range(1, _STEPS)
    ]


def made(url: str, *, profile: bool = False) -> dict[str, Any]:
    """One board: seconds, bytes, files, the first page, the peak of memory."""
    engine, book = connect(url), country.book()
    watch = cProfile.Profile() if profile else None
    with tempfile.TemporaryDirectory() as folder, reading(engine) as conn:
        if watch:
            watch.enable()
        with measured(no_server) as cost:
            written = write(conn, book, Path(folder, "board"), datetime.now(UTC))
        if watch:
            watch.disable()
            pstats.Stats(watch, stream=sys.stderr).sort_stats("cumtime").print_stats(60)
        cases = conn.execute(select(func.count()).select_from(case_file)).scalar_one()
        first = written.first.stat().st_size
        on_disk = sum(
            os.lstat(Path(root, name)).st_blocks * 512 for root, _, names in os.walk(folder) for name in names
        )
    return {
        "wall": cost.wall,
        "cpu": cost.cpu,
        "files": written.files,
        "mb": written.size / 1e6,
        "disk": on_disk / 1e6,
        "first": first / 1e3,
        "cases": cases,
        "peak": peak_mb(),
    }


def line(size: str, row: dict[str, Any]) -> str:
    """One row as text, and whether it keeps what is promised of the whole country."""
    kept = row["wall"] < MOST_SECONDS and row["disk"] < MOST_MB and row["first"] < MOST_FIRST_KB
    return (
        f"{size:<6} {row['cases']:,} cases  {row['wall']:.1f} s ({row['cpu']:.1f} s of CPU)  "
        f"{row['files']:,} files  {row['mb']:.0f} MB ({row['disk']:.0f} MB on disk)  "
        f"first page {row['first']:.0f} kB  peak {row['peak']:.0f} MB  {'met' if kept else 'NOT MET'}"
    )


if __name__ == "__main__":
    main()
