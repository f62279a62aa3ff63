"""Nights by the real command whose shares are decided elsewhere, beside the same nights decided here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.flows.night.report import NightReport
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.story_stage import Stage, to
from tests.support.town import ROOT
from tests.torture import invariants
from tests.torture.databases import Databases

# The example data is small: here even it is worth sharing, and nobody is waited for longer than half a minute.
COMMAND = """
import dondoc.engine.store.matching.shares as shares, dondoc.flows.workers.share as sharing
from dondoc.flows.cli.program import main
shares.SHARE_FROM, sharing._START_SECONDS = 0, 30
if __name__ == "__main__":
    main()
"""
NIGHTS = ("2015-04-20", "2015-04-25", "2015-05-07")
# Python reads it at its start. Whoever gets the first share says which process it is, and waits to be killed.
_PARKING = """
import os, time
from pathlib import Path
from dondoc.flows.workers import share as sharing
judge, mark = sharing.decide_share, Path(os.environ["PARK_AT"])
def parked(url, share):
    try:
        with mark.open("x") as file:
            file.write(str(os.getpid()))
    except FileExistsError:
        return judge(url, share)
    time.sleep(600)
sharing.decide_share = parked
"""


def address(engine: Engine) -> str:
    """The address of a database, with its password."""
    return engine.url.render_as_string(hide_password=False)


def parking(folder: Path) -> tuple[dict[str, str], Path]:
    """The environment of workers of which the first to get a share waits; the file that says its process."""
    (folder / "parking").mkdir()
    (folder / "parking" / "sitecustomize.py").write_text(_PARKING, "utf-8")
    mark = folder / "mark"
    return {"PYTHONPATH": f"{folder / 'parking'}:{ROOT}", "PARK_AT": str(mark)}, mark


def bare(**given: str) -> dict[str, str]:
    """An environment without anything of ours or Prefect's but what is given."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DONDOC_", "PREFECT_"))}
    return {**kept, "PYTHONPATH": str(ROOT), **given}


@dataclass
class Commanded(Stage):
    """A stage whose nights are run by the command, in `folder`, with these words and settings."""

    folder: Path = field(default_factory=Path)
    words: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)

    def judged(self, night: Night) -> NightReport:
        """The night by `dondoc nightly`."""
        given = bare(DONDOC_DATABASE=address(self.engine), DONDOC_RULES=str(ROOT / "rules"), **self.settings)
        words = ["nightly", "--as-of", night.as_of.isoformat(), *self.words]
        ran = subprocess.run(
            [sys.executable, "-c", COMMAND, *words],
            cwd=self.folder,
            env=given,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert ran.returncode in {0, 3}, ran.stderr
        assert not ran.stderr, ran.stderr
        report = steps.plan_nights(self.engine, night.as_of)
        assert isinstance(report, NightReport)
        return report

    def notified(self) -> dict[str, list[tuple[str, str, str]]]:
        """What arrived of every night at every office; the operator's own letters apart."""
        return {day: self._told(date.fromisoformat(day)) for day in NIGHTS}

    def _told(self, night: date) -> list[tuple[str, str, str]]:
        return sorted((mail.to, mail.subject, mail.text) for mail in self.mails(night) if to([mail]))

    def stands(self) -> dict[str, object]:
        """Where every case stands; no letter is lost, none arrived twice, nobody was told one thing twice."""
        with reading(self.engine) as conn:
            found = invariants.examine(conn, invariants.taken_by(self.sink.folder))
            assert (found.broken, found.letters) == ((), found.accepted)
            return invariants.ladder(conn)


@contextmanager
def two(copies: Databases, folder: Path) -> Iterator[tuple[Commanded, Commanded]]:
    """Two services with the same data: one that decides everything itself, and one to be told otherwise."""
    with ExitStack() as stack:
        made = []
        for name in ("alone", "shared"):
            (folder / name).mkdir()
            engine = connect(copies(folder))
            stack.callback(engine.dispose)
            sink = stack.enter_context(Mailsink(folder / name / "mails"))
            made.append(Commanded(engine, sink, folder=folder / name, words=("--plain",)))
        yield made[0], made[1]


@contextmanager
def killed_when_parked(mark: Path, kill: Callable[[int], None]) -> Iterator[threading.Event]:
    """Kills the process that writes its id into `mark`, as soon as it does; the event says that it was."""
    done, over = threading.Event(), threading.Event()

    def watch() -> None:
        while not over.is_set():
            if mark.exists() and (text := mark.read_text()):
                kill(int(text))
                done.set()
                return
            time.sleep(0.02)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield done
    finally:
        over.set()
        thread.join()


def at_once(pid: int) -> None:
    """As the out-of-memory killer does it."""
    os.kill(pid, signal.SIGKILL)


def wait_until(true: Callable[[], bool], seconds: int = 90) -> None:
    """Asks again until it is, or fails."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.5)
