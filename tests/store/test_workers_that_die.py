"""A worker process that dies inside durable_rules, or runs out of memory, costs one row and nothing else."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pytest

from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.matching import evaluate
from dondoc.engine.store.matching.evaluate import Decisions, Range, decide_all, decide_apart, ranges
from dondoc.engine.store.matching.fact_sql import extent
from dondoc.engine.store.night.nights import prepare
from dondoc.engine.store.night.orgchart import chart
from dondoc.engine.store.night.prepared import Night
from tests.support.town import ROOT, Town, at, only, rules

pytestmark = pytest.mark.long

REPORT = "279-ubnd-ldtbxh/report-round-1"
NIGHT = at("2015-04-20T02:00")
_judge = evaluate._worker


def _out_of_memory() -> None:
    """What the system says when no more memory is given, short of killing."""
    limit = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (2**20, limit[1]))
    try:
        bytearray(2**30)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limit)


_DEATHS: dict[str, Callable[[], object]] = {
    "by a fault of the C code": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "by the out-of-memory killer": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "by a refused allocation": _out_of_memory,
}


def dies_at(row: int, death: str) -> object:
    """A worker that dies that way when it is handed the row."""

    def worker(url: str, parts: list[Range], numbers: Mapping[str, int], cutoff: datetime) -> Decisions:
        if any(part.low <= row < part.high for part in parts):
            _DEATHS[death]()
        return _judge(url, parts, numbers, cutoff)

    return worker


def _poisoned(url: str, parts: list[Range], numbers: Mapping[str, int], cutoff: datetime) -> Decisions:
    """Named at the top of the module, because it must be found again in a process of its own."""
    worker = dies_at(int(os.environ["POISONED_ROW"]), os.environ["POISON"])
    assert callable(worker)
    found: Decisions = worker(url, parts, numbers, cutoff)
    return found


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """24 reports that are due, in a file that worker processes can open."""
    return Town.founded(only(rules(), REPORT), f"sqlite:///{tmp_path / 'town.db'}")


@pytest.mark.parametrize("death", [*_DEATHS, ""], ids=[*_DEATHS, "not at all"])
def test_one_row_is_lost_and_the_rest_is_judged(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, death: str
) -> None:
    """Ranges are halved in processes of their own until the row stands alone."""
    with town.engine.begin() as conn:
        ready = prepare(conn, town.book, chart(conn, NIGHT), Night(NIGHT.date(), NIGHT))
    url = f"sqlite:///{tmp_path / 'town.db'}"
    with reading(connect(url)) as conn:
        (shape,) = ready.shapes
        low, high, _ = conn.execute(extent(shape, ready.rules)).one()
        whole = decide_all(conn, ready.shapes, ready.rules, NIGHT)
        poisoned = low + 5
        if death:
            monkeypatch.setenv("POISONED_ROW", str(poisoned))
            monkeypatch.setenv("POISON", death)
            monkeypatch.setattr(evaluate, "_worker", _poisoned)
        parts = list(ranges(conn, ready.shapes, ready.rules))
        found = decide_apart(url, parts, ready.rules, NIGHT)
    assert high - low == 23
    assert [(fault.shape, fault.row) for fault in found.faults] == ([(shape.name, poisoned)] if death else [])
    lost = {poisoned} if death else set()
    assert sorted(found.hits, key=str) == sorted((hit for hit in whole.hits if hit.row not in lost), key=str)
    assert sum(found.judged.values()) == 24 - len(lost)


_SCRIPT = """
import sys
from datetime import datetime
from dondoc.engine.store.matching import evaluate
from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.night.nights import prepare
from dondoc.engine.store.night.orgchart import chart
from dondoc.engine.store.night.prepared import Night
from tests.store.test_workers_that_die import NIGHT, REPORT
from tests.support.town import only, rules
url, book = sys.argv[1], only(rules(), REPORT)
engine = connect(url)
with engine.begin() as conn:
    ready = prepare(conn, book, chart(conn, NIGHT), Night(NIGHT.date(), NIGHT))
with reading(engine) as conn:
    parts = list(evaluate.ranges(conn, ready.shapes, ready.rules))
    found = evaluate.decide_apart(url, parts, ready.rules, NIGHT)
print(sum(found.judged.values()), len(found.faults), *{text.en for text in found.came_back})
"""


def test_without_any_process_everything_is_decided_here(town: Town, tmp_path: Path) -> None:
    """As from a script without a main guard, which no process can load: no row is lost, and it is said."""
    script = tmp_path / "night.py"
    script.write_text(_SCRIPT, "utf-8")
    ran = subprocess.run(
        [sys.executable, str(script), f"sqlite:///{tmp_path / 'town.db'}"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert town.book
    assert ran.stdout.splitlines()[-1] == "24 0 this machine starts no process beside the night's", ran.stderr
