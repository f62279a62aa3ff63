"""A real Dask cluster decides a night while one of its workers is killed: the same cases, nobody told twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dondoc.flows.config.partitions import read
from dondoc.flows.doctor import Grade
from dondoc.flows.doctor.workers import partitions
from dondoc.flows.workers.dask_cluster import joined
from tests.support.ports import answers, free_port
from tests.support.remote_nights import NIGHTS, Commanded, address, at_once, bare, killed_when_parked, parking, two
from tests.torture.databases import Databases, postgres_copies

pytestmark = pytest.mark.outside


@contextmanager
def dask(*words: str, **given: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Dask, until the test is over."""
    command = [str(Path(sys.executable).with_name("dask")), *words]
    with subprocess.Popen(command, env=bare(**given), stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def scheduler() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler on this machine: its address and its process."""
    port = free_port()
    with dask("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard") as process:
        answers(port)
        yield f"tcp://127.0.0.1:{port}", process


@contextmanager
def worker(at: str, database: str, **given: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of the scheduler there, which knows the database by its own environment."""
    alone = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
    with dask("worker", at, *alone, DONDOC_DATABASE=database, **given) as process:
        yield process


@pytest.fixture(scope="module")
def copies(postgres_url: str) -> Databases:
    """Databases with the example data."""
    return postgres_copies(postgres_url, "dask")


def played(stage: Commanded) -> None:
    """Every night and its letters."""
    for night in NIGHTS:
        stage.night(night)


def test_a_worker_is_killed_in_the_middle(copies: Databases, tmp_path: Path) -> None:
    """Its share is decided by the other; every case stands where it would, and every letter arrives once."""
    given, mark = parking(tmp_path)
    with two(copies, tmp_path) as (alone, shared), scheduler() as (at, _):
        database = address(shared.engine)
        shared.settings["DONDOC_PARTITIONS"] = f"dask:{at}"
        with worker(at, database, **given), worker(at, database, **given):
            joined(at).wait_for_workers(2, timeout=60)
            played(alone)
            with killed_when_parked(mark, at_once) as killed:
                played(shared)
            assert killed.is_set()
        assert shared.notified() == alone.notified()
        assert shared.stands() == alone.stands()
        assert not any("đánh giá" in line for report in shared.reports.values() for line in report.lines)


@pytest.mark.parametrize("whole", [False, True], ids=["every worker", "the scheduler too"])
def test_nobody_is_left(copies: Databases, tmp_path: Path, *, whole: bool) -> None:
    """The night decides what came back itself, says so to the operator, and opens the same cases."""
    given, mark = parking(tmp_path)
    with two(copies, tmp_path) as (alone, shared), scheduler() as (at, process):
        shared.settings["DONDOC_PARTITIONS"] = f"dask:{at}"
        with worker(at, address(shared.engine), **given):
            joined(at).wait_for_workers(1, timeout=60)
            alone.night(NIGHTS[0])
            with killed_when_parked(mark, lambda pid: at_once(process.pid if whole else pid)) as killed:
                shared.night(NIGHTS[0])
            assert killed.is_set()
        (report,) = shared.reports.values()
        assert any("đáng lẽ làm ở nơi khác" in line for line in report.lines)
        assert shared.notified() == alone.notified()
        assert shared.stands() == alone.stands()


def test_the_doctor_counts_the_workers() -> None:
    """None, one, and no scheduler: a night runs each time, so that none of them is wrong."""
    with scheduler() as (at, _):
        (none,) = partitions(read(f"dask:{at}"), {})
        with worker(at, "postgresql://nowhere"):
            joined(at).wait_for_workers(1, timeout=60)
            (one,) = partitions(read(f"dask:{at}"), {})
    (away,) = partitions(read(f"dask:{at}"), {})
    assert [each.grade for each in (none, one, away)] == [Grade.LOOK, Grade.GOOD, Grade.LOOK]
    assert "dask worker" in none.remedy
    assert "không trả lời" in away.said


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ("nothing", "không trả lời"),
        ("a scheduler", "không có worker nào"),
        ("another database", "ảnh chụp dữ liệu"),
    ],
    ids=["no scheduler", "a scheduler without workers", "a worker that looks at another database"],
)
def test_nobody_can_decide_it(copies: Databases, tmp_path: Path, there: str, said: str) -> None:
    """The night happens, with a line that says whom it looked for and what to do."""
    with two(copies, tmp_path) as (alone, shared), scheduler() as (at, process):
        shared.settings["DONDOC_PARTITIONS"] = f"dask:{at}"
        if there == "nothing":
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        with worker(at, address(alone.engine)) if there == "another database" else scheduler():
            if there == "another database":
                joined(at).wait_for_workers(1, timeout=60)
            shared.night(NIGHTS[0])
    (report,) = shared.reports.values()
    assert report.state == "ok"
    (line,) = [line for line in report.lines if "đánh giá" in line]
    assert said in line
    assert "dondoc doctor" in line
