"""What a case needs to know of a night, and what the night makes of it, as values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum, auto

from dondoc.engine.cases.answers import AnsweredCase
from dondoc.engine.cases.recipients import Recipients, RecipientStep
from dondoc.engine.cases.waived_case import WaivedCase, WaiverNotified
from dondoc.engine.cases.waivers import Still, free_day, holding, night_of, position
from dondoc.engine.domain.inheritance import Wait
from dondoc.engine.domain.model import Asked, Case, Event, Finding, Ladder, Notice, Task
from dondoc.engine.domain.rulebook import Waiver
from dondoc.engine.domain.terms import Reason, Section
from dondoc.engine.domain.workdays import WorkCalendar

# After the last repeat only the monitor is notified, every so many working days (decision 20).
EXHAUSTED_EVERY = 20
_DAY = timedelta(days=1)


class Ended(Enum):
    """Why a case is not followed up any more; `NOT`: it still is.

    `NOT_ASKED`: its rule, which was edited, or an event that was corrected, no longer demands it of the unit.
    `REASSIGNED`: an office has given it to another unit.
    `LAPSED_SILENTLY`: nobody takes the demand over, or it lapsed so long ago that it is no news.
    """

    NOT = auto()
    LAPSED = auto()
    RETIRED = auto()
    NOT_ASKED = auto()
    REASSIGNED = auto()
    UNIT_ENDED = auto()
    LAPSED_SILENTLY = auto()


@dataclass(frozen=True, slots=True)
class Tonight:
    """What a case needs to know of the night: its date, the calendar of letters, who reads, whether it notifies.

    A `baseline` night counts the steps reached as done and notifies nobody. `covered_by` is the newest missed
    period of the same rule and unit: only that one climbs (decision 11). The offices in `hidden` know of a rollup
    that covers this case, each with its task: this case climbs without notices to them while they do (decision
    37). `waivers` are those of the case's task, `waiver_notified` what its readers were told of them. `unit_ended`
    is the first day without the ended unit, `waits` the days on which the case was paused until its heirs were
    confirmed, `answered` what offices have said of it. `asked` is what the rule asks for tonight (None: no
    number), `calm` for how many working days it must stay in order before its closing is told. `quiet` is the name
    of a day on which no letter leaves by its calendar, worked or not (None: it is none).
    """

    as_of: date
    calendar: WorkCalendar
    recipients: Recipients = field(compare=False, repr=False)
    notifying: bool
    baseline: bool
    ended: Ended
    waivers: tuple[Waiver, ...]
    waiver_notified: Collection[WaiverNotified]
    unit_ended: date | None
    waits: tuple[Wait, ...]
    answered: AnsweredCase
    asked: Asked | None
    calm: int
    quiet: str | None = None
    covered_by: Task | None = None
    hidden: Mapping[str, Task] = field(default_factory=dict)

    @property
    def still(self) -> tuple[Still, ...]:
        """The spans of days that do not count, because of a wait for an heir, a waiver or a promised day."""
        return (*self.waits, *self.waivers, *self.answered.pauses)

    @property
    def waived_case(self) -> WaivedCase:
        """The case as its waivers leave it."""
        return WaivedCase(self.calendar, self.waivers, self.waiver_notified)

    @property
    def waived(self) -> bool:
        """Whether the case is waived tonight."""
        return holding(self.waivers, self.as_of) is not None

    def reached(self, ladder: Ladder, clock: date) -> int:
        """The step reached tonight by a case whose steps count from `clock`; paused days do not count."""
        reached = reached_step(ladder, position(self.calendar, self.still, clock, self.as_of))
        promised = self.answered.promised
        if promised is None or self.as_of <= promised:
            return reached
        return max(reached, self.broken_step(ladder, clock))

    def broken_step(self, ladder: Ladder, clock: date) -> int:
        """The step that a case is on when the promised day has passed without the result: one more than before.

        0: nothing was promised for this round. The last step has none after it.
        """
        promised = self.answered.promised
        if promised is None or promised < clock:
            return 0
        before = reached_step(ladder, position(self.calendar, self.still, clock, promised + _DAY))
        return min(before + 1, len(ladder.steps))

    def night_of_step(self, ladder: Ladder, clock: date, number: int) -> date:
        """The first working night on which a case reaches a step, or a repeat, if nothing changes.

        Raises `CalendarUncovered`.
        """
        positions = ladder.positions()
        beyond = EXHAUSTED_EVERY * (number - len(positions))
        at = positions[number - 1] if beyond <= 0 else positions[-1] + beyond
        on = night_of(self.calendar, self.still, clock, at)
        promised = self.answered.promised
        if promised is not None and number <= self.broken_step(ladder, clock):
            return min(on, free_day(self.calendar, self.still, promised + _DAY))
        return on

    def hears_from(self, office: str, on: date) -> date:
        """`on`, or the first working night after it on which an acknowledgement keeps no letter from an office."""
        until = self.answered.quiet_until.get(office)
        return on if until is None or until < on else free_day(self.calendar, self.still, until + _DAY)

    def steps_from(self, finding: Finding, breach: date) -> date | None:
        """The first day that counts for the steps of a finding: the first night that could know of it.

        None: the breach. Nobody above a unit hears of what the unit could not know (decision 0038); a baseline
        counts from the breach, because it notifies nobody.
        """
        known = None if self.baseline else finding.known_on
        return known if known is not None and known > breach else None


@dataclass(frozen=True, slots=True)
class Advance:
    """What the night made of a case: the case after it (None: none opened), why, the notices, the events."""

    case: Case | None
    reason: Reason
    notices: tuple[Notice, ...] = ()
    events: tuple[Event, ...] = ()


class Silence(Enum):
    """Why an office that a step reached names is not notified tonight; the first in this order decides."""

    COVERED = auto()
    WAIVED = auto()
    KNOWN = auto()
    ROLLED_UP = auto()
    ACKNOWLEDGED = auto()
    CLOSED_DAY = auto()
    NOT_NOTIFYING = auto()


@dataclass(frozen=True, slots=True)
class DueOffice:
    """An office that a reached step names, the section that tells it of the case, or why nothing does."""

    naming: RecipientStep
    section: Section | None
    silence: Silence | None


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """What a case is called: its number in the store, and its code in letters."""

    id: int
    code: str


def reached_step(ladder: Ladder, position: int) -> int:
    """The highest step at or below a position, repeats numbered on; then one more every 20 working days."""
    positions = ladder.positions()
    # An exhausted case goes on counting, so that its monitor is notified again (decision 20).
    if position > positions[-1]:
        return len(positions) + (position - positions[-1]) // EXHAUSTED_EVERY
    return ladder.reached(position)
