"""Kills nights and deliveries, lets them recover, and asks whether every promise still holds.

One round plays some nights of 279/UBND-LĐTBXH on a database of its own. Each night is killed some times and then
run to its end; its delivery is killed some times against a mail server that misbehaves, and then run to its end
against one that does not. An undisturbed run of the same nights says where every case must stand.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.rulefile import load
from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.db.tables import letter
from dondoc.flows.night import steps
from dondoc.notifications.letter.build import due_from
from tests.torture import invariants, victims
from tests.torture.chores import CHORE_POINTS, KEPT, Chores, rules_of
from tests.torture.databases import Databases
from tests.torture.points import DELIVERY_POINTS, NIGHT_POINTS
from tests.torture.server import JOURNAL
from tests.torture.service import Service
from tests.torture.victims import LATER, ROOT, Job

NIGHTS = tuple(
    date.fromisoformat(day)
    for day in (
        "2015-04-13", "2015-04-17", "2015-04-20", "2015-04-25", "2015-05-07", "2015-05-21", "2015-10-30",
    )
)  # fmt: skip
# Two communes, a party committee, and the district to which the substitutes of the communes go.
DEAD = (
    "ubnd.vutong.lucnam@example.vn dangbo.dongphu.lucnam@example.vn ubnd.camly.lucnam@example.vn "
    "ubnd.lucnam@example.vn"
)
_AT_REST_RUNS = 20
_SETTLING_SECONDS = 0.05
# How often a point is passed, roughly, where it is not once a night and some times a delivery.
_HITS = {"statement": 60, "before commit": 3}
_RANDOM_TIME = "a random moment"
UNDER_PREFECT = "under Prefect"


@dataclass(slots=True)
class Tally:
    """What a run of the harness saw."""

    kills: Counter[str] = field(default_factory=Counter)
    rounds: int = 0
    letters: int = 0
    accepted: int = 0
    unknown: int = 0
    dead: int = 0
    expired: int = 0
    settled: int = 0
    broken: list[str] = field(default_factory=list)
    seconds: float = 0

    @property
    def killed(self) -> int:
        """How many died; one under Prefect is also counted at its point."""
        return self.kills.total() - self.kills[UNDER_PREFECT]

    def add(self, other: Tally) -> None:
        """Takes over what rounds at the same time have seen; the longer time counts."""
        self.kills.update(other.kills)
        self.broken += other.broken
        for name in ("rounds", "letters", "accepted", "unknown", "dead", "expired", "settled"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.seconds = max(self.seconds, other.seconds)


@dataclass(frozen=True, slots=True)
class Trial:
    """How hard to try: when to stop, which dice, how many processes at once, and what is broken on purpose.

    `journal` is the share of rounds whose letters go to a journal too; `chores`: other commands die too;
    `serve`: how many services die, in the first round.
    """

    kills: int
    seconds: float
    seed: int = 1
    at_once: int = 2
    fresh_share: float = 0.1
    prefect: int = 0
    broken: str = ""
    points: tuple[str, ...] = DELIVERY_POINTS
    nights: tuple[date, ...] = NIGHTS
    journal: float = 0
    chores: bool = True
    serve: int = 0


def torture(trial: Trial, databases: Databases, folder: Path) -> Tally:
    """Rounds until enough processes were killed, the time is up, or a fault made on purpose has shown itself.

    The last round is always finished.
    """
    dice = random.Random(trial.seed)
    tally = Tally()
    started = time.monotonic()
    expected = _undisturbed(databases(folder / "undisturbed"), trial.nights)
    while tally.killed < trial.kills and time.monotonic() - started < trial.seconds:
        if trial.broken and tally.broken:
            break
        place = folder / f"round-{tally.rounds}"
        place.mkdir(parents=True)
        _Round(trial, dice, databases(place), place, tally, databases).play(expected)
        tally.rounds += 1
        shutil.rmtree(place)
    tally.seconds = time.monotonic() - started
    return tally


def _undisturbed(url: str, nights: Iterable[date]) -> dict[str, object]:
    """Where cases and memories stand when nothing ever fails."""
    engine, book = connect(url), load(ROOT / "rules")
    for night in nights:
        planned = steps.plan_nights(engine, night, catch_up=False)
        assert isinstance(planned, tuple)
        steps.judge_night(engine, book, planned[-1])
    with reading(engine) as conn:
        found = invariants.ladder(conn)
    engine.dispose()
    return found


@dataclass(slots=True)
class _Round:
    trial: Trial
    dice: random.Random
    url: str
    place: Path
    tally: Tally
    databases: Databases

    def play(self, expected: dict[str, object]) -> None:
        """All nights, then every promise."""
        (self.place / "dead").write_text(DEAD, "utf-8")
        with _server(self.place, self.dice.randrange(10**6)) as port:
            environment = {
                "DONDOC_DATABASE": self.url,
                "DONDOC_RULES": str(ROOT / "rules"),
                "DONDOC_SMTP_HOST": "127.0.0.1",
                "DONDOC_SMTP_PORT": str(port),
                "DONDOC_SMTP_TLS": "plain",
                "PREFECT_HOME": str(self.place / "prefect"),
            }
            journal = self.place / "journal"
            if int((self.tally.rounds + 1) * self.trial.journal) > int(self.tally.rounds * self.trial.journal):
                for folder in ("new", "cur", "tmp"):
                    (journal / folder).mkdir(parents=True)
                environment |= {"DONDOC_JOURNAL_ADDRESS": JOURNAL, "DONDOC_JOURNAL_MAILDIR": str(journal)}
            for night in self.trial.nights:
                self._night(night, environment)
                self._delivery(night, environment)
        engine = connect(self.url)
        with reading(engine) as conn:
            found = invariants.examine(conn, invariants.record(self.place))
            differing = list(invariants.differences(conn, expected, invariants.ladder(conn)))
            silent = list(invariants.silent(conn, journal)) if journal.exists() else []
        engine.dispose()
        if self.trial.chores:
            environment |= {**KEPT, "DONDOC_RULES": str(rules_of(self.place))}
            chores = Chores(self.dice, self.url, self.place, lambda *how: self._typed(environment, *how))
            self.tally.broken += [f"{flaw} (round {self.tally.rounds})" for flaw in chores.play()]
        if self.trial.serve and not self.tally.rounds:
            self.tally.broken += self._service()
        self.tally.broken += [*found.broken, *silent]
        self.tally.broken += [f"{flaw} (round {self.tally.rounds})" for flaw in differing]
        self.tally.letters += found.letters
        self.tally.accepted += found.accepted
        self.tally.unknown += found.unknown
        self.tally.dead += found.dead
        self.tally.expired += found.expired
        self.tally.settled += found.settled

    def _service(self) -> list[str]:
        """A service that dies; what was broken."""
        place = self.place / "serve"
        place.mkdir()
        (place / "dead").write_text("", "utf-8")
        (place / "faulty").touch()
        with _server(place, self.dice.randrange(10**6)) as port:
            service = Service(self.dice, self.databases(place), place, port, self.trial.serve)
            broken = list(service.play(self._settled))
        self.tally.kills["in serve"] += self.trial.serve
        return broken

    def _settled(self, url: str, rules: Path, environment: dict[str, str]) -> bool:
        """Delivers what a service has left, by a clock that leaps; whether nothing waits any more."""
        now = datetime.now(UTC) + LATER
        for _ in range(_AT_REST_RUNS):
            self._run([Job(now.date(), now)], {**environment, "DONDOC_RULES": str(rules)})
            if _at_rest(url):
                return True
            now += timedelta(minutes=30)
        return False

    def _night(self, night: date, environment: dict[str, str]) -> None:
        for _ in range(self.dice.randint(0, 3)):
            if self._run([self._doomed(Job(night), NIGHT_POINTS) for _ in range(self._at_once())], environment):
                continue
            break
        self._run([Job(night)], environment)

    def _delivery(self, night: date, environment: dict[str, str]) -> None:
        now = due_from(night)
        faulty = self.place / "faulty"
        faulty.touch()
        for _ in range(self.dice.randint(4, 9)):
            jobs = [self._doomed(Job(night, now), self.trial.points) for _ in range(self._at_once())]
            self._run(jobs, environment)
            # The clock leaps beyond every lease, the server does not: what a victim left in the wire must arrive.
            time.sleep(_SETTLING_SECONDS)
            now += LATER
        faulty.unlink()
        for _ in range(_AT_REST_RUNS):
            self._run([Job(night, now)], environment)
            if _at_rest(self.url):
                return
            now += timedelta(hours=1)

    def _at_once(self) -> int:
        return self.dice.randint(1, self.trial.at_once)

    def _doomed(self, job: Job, points: tuple[str, ...]) -> Job:
        """The job with the place or the moment of its death."""
        fresh = self.dice.random() < self.trial.fresh_share
        broken = self.trial.broken
        if self.dice.random() < 0.2:
            return Job(job.night, job.at, seconds=self.dice.uniform(0.01, 0.5), broken=broken)
        point = self.dice.choice(points)
        k = self.dice.randint(1, _HITS.get(point, 6 if job.at else 1))
        prefect = job.at is None and self.tally.kills[UNDER_PREFECT] < self.trial.prefect
        return Job(job.night, job.at, point, k, broken=broken, fresh=fresh, prefect=prefect)

    def _run(self, jobs: list[Job], environment: dict[str, str]) -> bool:
        """Whether any process was killed."""
        ended = victims.run(jobs, environment, self.place)
        for one in ended:
            if one.killed:
                self.tally.kills[f"in {one.job.typed[0]}" if one.job.typed else one.job.point or _RANDOM_TIME] += 1
                self.tally.kills.update([UNDER_PREFECT] if one.job.prefect else [])
            if one.failure:
                self.tally.broken.append(f"a process failed by itself ({one.job}):\n{one.failure}")
        return any(one.killed for one in ended)

    def _typed(self, environment: dict[str, str], words: tuple[str, ...], doomed: bool) -> bool:  # noqa: FBT001
        """A command, to its end or to a point or moment within it; whether it was killed."""
        job = Job(self.trial.nights[-1], typed=words)
        if doomed and self.dice.random() < 0.4:
            job = replace(job, seconds=self.dice.uniform(0.05, 1.5))
        elif doomed:
            point = self.dice.choice(CHORE_POINTS)
            job = replace(job, point=point, k=self.dice.randint(1, _HITS[point]))
        return self._run([job], environment)


def _at_rest(url: str) -> bool:
    """Whether no letter waits or is on its way."""
    engine = connect(url)
    with reading(engine) as conn:
        moving = (LetterState.READY, LetterState.LEASED, LetterState.DATA_SENT)
        left = conn.execute(select(letter.c.id).where(letter.c.state.in_(moving)).limit(1)).first()
    engine.dispose()
    return left is None


@contextmanager
def _server(folder: Path, seed: int) -> Iterator[int]:
    """The misbehaving server's port, while the context is open."""
    command = [sys.executable, str(Path(__file__).with_name("server.py")), str(folder), str(seed)]
    with subprocess.Popen(command) as process:
        try:
            while not (folder / "port").exists():
                time.sleep(0.02)
                assert process.poll() is None, "the mail server did not start"
            yield int((folder / "port").read_text())
        finally:
            process.kill()
