"""Processes of the real night and delivery, there to be killed: forked from a warm parent, or started again.

The parent has imported everything and read the rules; a fresh process does both itself.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from dondoc.engine.rulefile import load
from dondoc.engine.store.db.faults import NightRunning
from dondoc.flows.cli.program import program
from dondoc.flows.scheduler import direct
from dondoc.flows.scheduler.prefect_environment import configure_environment
from tests.torture.points import BROKEN, Fuse, lay

ROOT = Path(__file__).parents[2]
_NEVER = 10**9


@dataclass(frozen=True, slots=True)
class Job:
    """One process: a night, or with `at` a delivery at that instant; where it dies, and how long after its start.

    `broken` names a deliberate fault of the product; `fresh` starts a Python of its own; `prefect` runs the
    night as a flow; `typed` is another command in its place, forked.
    """

    night: date
    at: datetime | None = None
    point: str = ""
    k: int = _NEVER
    seconds: float | None = None
    broken: str = ""
    fresh: bool = False
    prefect: bool = False
    typed: tuple[str, ...] = ()

    def words(self) -> list[str]:
        """The job as words of a command line."""
        at = self.at.isoformat() if self.at else ""
        return [
            self.night.isoformat(),
            at,
            self.point,
            str(self.k),
            self.broken,
            "prefect" if self.prefect else "",
        ]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: killed or by itself, and what it said when it failed."""

    job: Job
    killed: bool
    failure: str


_rules = cache(load)


def run(jobs: list[Job], environment: dict[str, str], folder: Path) -> list[Ended]:
    """Starts all jobs at once and sees each to its end."""
    started = [(job, _start(job, environment, folder / f"failure-{n}")) for n, job in enumerate(jobs)]
    for job, pid in started:
        if job.seconds is not None:
            time.sleep(job.seconds)
            os.kill(pid, signal.SIGKILL)
    ended = []
    for n, (job, pid) in enumerate(started):
        _, status = os.waitpid(pid, 0)
        if job.prefect:
            # Its own server outlives a killed flow, and would be in the way of hundreds.
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        killed = os.WIFSIGNALED(status)
        said = folder / f"failure-{n}"
        failure = said.read_text("utf-8") if said.exists() else ""
        said.unlink(missing_ok=True)
        if not killed and os.WEXITSTATUS(status) and not failure:
            failure = f"exit code {os.WEXITSTATUS(status)}"
        ended.append(Ended(job, killed, failure))
    return ended


def _start(job: Job, environment: dict[str, str], said: Path) -> int:
    if job.fresh or job.prefect:
        command = [sys.executable, "-m", "tests.torture.victims", str(said), *job.words()]
        # Not a Popen: the parent waits for forked and for fresh processes alike, by their numbers.
        return os.posix_spawn(
            sys.executable, command, {**os.environ, **environment, "PYTHONPATH": str(ROOT)}, setsid=job.prefect
        )
    _rules(Path(environment["DONDOC_RULES"]))
    pid = os.fork()
    if pid == 0:
        os.environ.update(environment)
        direct.load = _rules  # type: ignore[assignment]
        os._exit(_live(job, said))
    return pid


def _live(job: Job, said: Path) -> int:
    """The life of the process: the product's own functions, until they end or the fuse burns."""
    try:
        if job.broken:
            module, name, fault = BROKEN[job.broken]
            setattr(module, name, fault)
        lay(Fuse(job.point, job.k))
        if job.typed:
            return _typed(job.typed)
        if job.at is not None:
            shift = job.at - datetime.now(UTC)
            direct.deliver(lambda: datetime.now(UTC) + shift)
        elif job.prefect:
            configure_environment(os.environ, Path(os.environ["PREFECT_HOME"]))
            from dondoc.flows.scheduler.prefect_flows import nightly  # noqa: PLC0415 - Prefect, only where it is asked for

            nightly(job.night, catch_up=False)
        else:
            direct.nightly(job.night, catch_up=False)
    except NightRunning:
        return 0
    except BaseException:  # noqa: BLE001 - whatever it is, the parent must hear of it
        said.write_text(traceback.format_exc(), "utf-8")
        return 1
    return 0


def _typed(words: tuple[str, ...]) -> int:
    """A command as it is typed; what it says goes nowhere."""
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, sys.stdout.fileno())
    return int(program(words)(list(words), standalone_mode=False) or 0)


def _job(words: list[str]) -> Job:
    night, at, point, k, broken, prefect = words
    return Job(
        date.fromisoformat(night),
        datetime.fromisoformat(at) if at else None,
        point,
        int(k),
        broken=broken,
        prefect=bool(prefect),
    )


LATER = timedelta(minutes=21)  # past every lease

if __name__ == "__main__":
    sys.exit(_live(_job(sys.argv[2:]), Path(sys.argv[1])))
