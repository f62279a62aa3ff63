"""A case on its ladder: the days counted, when each step falls due, and which offices its words find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dondoc.engine.cases.recipients import RESPONSIBLE, Recipients
from dondoc.engine.cases.tonight import Tonight
from dondoc.engine.cases.waivers import Still, holding, position
from dondoc.engine.domain.acts import Pause
from dondoc.engine.domain.model import Case, LadderStep, Task
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.errors import CalendarUncovered

_DAY = timedelta(days=1)


class DroppedReader(StrEnum):
    """Why a body that a word of a step means is not notified at that step."""

    NOBODY = "nobody"
    ABOVE_CEILING = "above-ceiling"
    NO_HEIR = "no-heir"
    HIMSELF = "himself"
    SAME_BODY = "same-body"


@dataclass(frozen=True, slots=True)
class NamedOffice:
    """One word of a step for one responsible unit: the body it means, and the office that reads for it.

    `reader` differs from `meant` where an ended body has an heir, or an organ reads for a committee. With
    `dropped` it is not notified at this step.
    """

    word: str
    unit: str
    copied: bool
    meant: str | None
    reader: str | None
    dropped: DroppedReader | None = None


@dataclass(frozen=True, slots=True)
class LadderRung:
    """One step: its number, its position, the night on which it falls due, the offices its words find.

    `due` is None beyond the calendar. A step with nobody passes its turn to the next one.
    """

    number: int
    at: int
    due: date | None
    named: tuple[NamedOffice, ...]
    repeat: bool = False

    @property
    def readers(self) -> tuple[str, ...]:
        """The offices that the words of this step notify, each once."""
        return tuple(dict.fromkeys(one.reader for one in self.named if one.reader and not one.dropped))


@dataclass(frozen=True, slots=True)
class ElapsedDays:
    """The days in [breach, night): the position they make, and the closed weekdays with their names.

    `made_up` are the weekend days that were worked, `weekend` counts those that were not; `waived` counts the
    working days in a waiver or a wait, `paused` the others for which an answer holds the case.
    """

    breach: date
    night: date
    position: int
    closed: tuple[tuple[date, str], ...]
    made_up: tuple[tuple[date, str], ...]
    weekend: int
    waived: int
    paused: int = 0


def counted(calendar: WorkCalendar, still: Sequence[Still], breach: date, night: date) -> ElapsedDays:
    """The days in [breach, night), sorted by kind. Raises `CalendarUncovered`."""
    days = [breach + n * _DAY for n in range(max((night - breach).days, 0))]
    worked = [day for day in days if calendar.is_workday(day)]
    shut = [day for day in days if day not in set(worked)]
    held = [day for day in worked if holding(still, day) is not None]
    waived = [
        day for day in held if holding([one for one in still if not isinstance(one, Pause)], day) is not None
    ]
    return ElapsedDays(
        breach,
        night,
        position(calendar, still, breach, night),
        tuple((day, calendar.closed[day]) for day in shut if day in calendar.closed),
        tuple((day, calendar.worked[day]) for day in worked if day in calendar.worked),
        sum(day not in calendar.closed for day in shut),
        len(waived),
        len(held) - len(waived),
    )


def rungs(recipients: Recipients, case: Case, night: Tonight) -> tuple[LadderRung, ...]:
    """Every step of a case's ladder, then every repeat, with the night on which each falls due."""
    found = []
    for number, at in enumerate(case.ladder.positions(), 1):
        repeat = number > len(case.ladder.steps)
        named = () if repeat else tuple(whom(recipients, case.task, case.ladder.steps[number - 1]))
        found.append(LadderRung(number, at, _night(case, night, number), named, repeat))
    return tuple(found)


def _night(case: Case, night: Tonight, number: int) -> date | None:
    try:
        return night.night_of_step(case.ladder, case.clock, number)
    except CalendarUncovered:
        return None


def whom(recipients: Recipients, task: Task, step: LadderStep) -> Iterator[NamedOffice]:
    """What each word of a step finds for each responsible unit; a second organ of one body is dropped."""
    bodies: dict[str, str] = {}
    bearers = recipients.bearers(task)
    for word, copied in (*((word, False) for word in step.to), *((word, True) for word in step.copy)):
        if word == RESPONSIBLE:
            yield from (NamedOffice(word, unit, copied, unit, unit) for unit in bearers)
            continue
        for unit in bearers:
            yield _named(recipients, task, word, unit, bodies, copied=copied)


def _named(
    recipients: Recipients, task: Task, word: str, unit: str, bodies: dict[str, str], *, copied: bool
) -> NamedOffice:
    directive = recipients.book.directive_of(task.rule)
    chart, on = recipients.chart, recipients.on
    meant = recipients.meant(task, word, unit)
    if meant is None or meant not in chart.units:
        return NamedOffice(word, unit, copied, meant, None, DroppedReader.NOBODY)
    if recipients.above_ceiling(task, directive, word, meant):
        return NamedOffice(word, unit, copied, meant, None, DroppedReader.ABOVE_CEILING)
    heir = chart.heir(meant, on)
    if heir is None:
        return NamedOffice(word, unit, copied, meant, None, DroppedReader.NO_HEIR)
    reader = chart.reading_organ(heir, directive.read_by, on)
    if reader in recipients.bearers(task):
        return NamedOffice(word, unit, copied, meant, reader, DroppedReader.HIMSELF)
    if bodies.setdefault(chart.body_of(heir, on), heir) != heir:
        return NamedOffice(word, unit, copied, meant, reader, DroppedReader.SAME_BODY)
    return NamedOffice(word, unit, copied, meant, reader)
