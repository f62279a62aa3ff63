"""One night and one delivery that a fault interrupts, the recovery, and what must hold after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine

from dondoc.engine.store.db.database import reading
from dondoc.engine.store.db.faults import DatabaseFault
from dondoc.flows.night import steps
from dondoc.flows.night.report import NightReport
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.story_stage import Stage
from tests.torture.invariants import examine, ladder, taken_by

NIGHT = date(2015, 4, 20)
# More than the longest lease, so that what a fault left in hand has come back.
_LATER = timedelta(minutes=21)

# Makes a database again from the one that holds the example data, or that and the night judged.
Fresh = Callable[[], Engine]
# Does the work while the n-th moment of a kind goes wrong; whether there was such a moment.
Failing = Callable[[Engine, int, Callable[[], object]], bool]


@dataclass(slots=True)
class Seen:
    """How often a fault was made, how often the operator was told of it, and what became of the letters."""

    tried: int = 0
    told: int = 0
    letters: int = 0
    accepted: int = 0
    unknown: int = 0
    broken: list[str] = field(default_factory=list)

    def notifying(self, work: Callable[[], object]) -> None:
        """Does the work; a fault must be one that tells the operator what to do, anything else is raised."""
        try:
            work()
        except DatabaseFault:
            self.told += 1


def judge(stage: Stage) -> None:
    """The night, unless it has run."""
    planned = steps.plan_nights(stage.engine, NIGHT, catch_up=False)
    if not isinstance(planned, NightReport):
        stage.judged(planned[-1])


def nights(fresh: Fresh, fails: Failing, mails: Path, *, every: int = 1) -> Seen:
    """A night fails at its first moment, then again at the next, until none is left; each is run once more."""
    seen = Seen()
    with Mailsink(mails) as sink:
        whole = Stage(fresh(), sink)
        judge(whole)
        expected = _stands(whole.engine)
        whole.engine.dispose()
        n, failing = 1, True
        while failing:
            stage = Stage(fresh(), sink)
            failing = fails(stage.engine, n, lambda stage=stage: seen.notifying(lambda: judge(stage)))  # type: ignore[misc]
            judge(stage)
            if _stands(stage.engine) != expected:
                seen.broken.append(f"moment {n}: not what an undisturbed night leaves")
            stage.engine.dispose()
            seen.tried += failing
            n += every
    return seen


def deliveries(fresh: Fresh, fails: Failing, folder: Path, *, every: int = 1) -> Seen:
    """The same with the delivery of a night that was judged, and once more when every lease has ended."""
    seen = Seen()
    n, failing = 1, True
    while failing:
        mails = folder / f"moment-{n}"
        with Mailsink(mails) as sink:
            stage = Stage(fresh(), sink)
            failing = fails(stage.engine, n, lambda stage=stage: seen.notifying(lambda: stage.delivered(NIGHT)))  # type: ignore[misc]
            stage.delivered(NIGHT, after=_LATER)
            with reading(stage.engine) as conn:
                found = examine(conn, taken_by(mails))
            stage.engine.dispose()
        seen.tried += failing
        seen.letters += found.letters
        seen.accepted += found.accepted
        seen.unknown += found.unknown
        seen.broken += [f"moment {n}: {promise}" for promise in found.broken]
        n += every
    return seen


def _stands(engine: Engine) -> object:
    """Cases, who was told, and the letters that wait."""
    with reading(engine) as conn:
        return ladder(conn), [one.id for one in outbox.listing(conn, list(outbox.LetterState))]
