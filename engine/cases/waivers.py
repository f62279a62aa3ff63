"""Waivers on the calendar: which demand is waived on which day, and how that changes a case's position.

Waived working days do not count (decision 23): the position on a night is the number of working days w with
breach <= w < night that lie in no waiver, whatever letters said. A waiver that begins on the day after another
ends continues it: their end is announced once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from dondoc.engine.domain.acts import Pause
from dondoc.engine.domain.inheritance import Wait
from dondoc.engine.domain.model import Task
from dondoc.engine.domain.rulebook import Waiver
from dondoc.engine.domain.workdays import WorkCalendar

_DAY = timedelta(days=1)
# The end of a waiver is announced this many working days before its last day (decision 23).
ANNOUNCED = 5

# A span of days, both ends inclusive, that does not count for a case.
Still = Waiver | Wait | Pause
Held = TypeVar("Held", Waiver, Still)

# By rule and unit, the waivers in the order of their days; none of them overlap.
Waivers = Mapping[tuple[str, str], Sequence[Waiver]]


def by_demand(waivers: Iterable[Waiver]) -> Waivers:
    """Waivers by rule and unit, each list in the order of their days."""
    found: dict[tuple[str, str], list[Waiver]] = defaultdict(list)
    for waiver in sorted(waivers, key=lambda waiver: waiver.first):
        found[waiver.rule, waiver.unit].append(waiver)
    return found


def of_task(waivers: Waivers, task: Task) -> tuple[Waiver, ...]:
    """The waivers of a task. A task of several bearers is waived only on days on which each of them is."""
    first, *others = task.bearers or (task.unit,)
    found = tuple(waivers.get((task.rule, first), ()))
    for unit in others:
        found = tuple(
            replace(mine, first=max(mine.first, other.first), until=min(mine.until, other.until))
            for mine in found
            for other in waivers.get((task.rule, unit), ())
            if mine.first <= other.until and other.first <= mine.until
        )
    return found


def holding(waivers: Sequence[Held], on: date) -> Held | None:
    """The waiver, wait for an heir or pause that a day lies in; None: the day counts."""
    return next((waiver for waiver in waivers if waiver.first <= on <= waiver.until), None)


def last_of(waivers: Sequence[Waiver], waiver: Waiver) -> Waiver:
    """The last of the waivers that continue `waiver` without a gap; `waiver` itself when none does."""
    while (following := holding(waivers, waiver.until + _DAY)) is not None:
        waiver = following
    return waiver


def covering(waivers: Sequence[Waiver], days: tuple[date, date] | None) -> Waiver | None:
    """The last of the waivers that cover all of these days without a gap; None: they do not, or there are none.

    A demand whose whole period is waived is waived for good: what was not to be done then is not owed later.
    """
    if days is None or (waiver := holding(waivers, days[0])) is None:
        return None
    last = last_of(waivers, waiver)
    return last if days[1] <= last.until else None


def latest(waivers: Sequence[Waiver], breach: date, on: date) -> Waiver | None:
    """The latest waiver that ended before the day `on` and on or after the breach; None: none did."""
    ended = [waiver for waiver in waivers if breach <= waiver.until < on]
    return ended[-1] if ended else None


def position(calendar: WorkCalendar, still: Sequence[Still], breach: date, night: date) -> int:
    """The number of working days w with breach <= w < night that lie in no waiver, wait or pause."""
    kept, counted_to = 0, breach
    # A waiver and a wait may overlap: `counted_to` keeps a day from being taken off twice.
    for one in sorted(still, key=lambda one: one.first):
        end = min(night, one.until + _DAY)
        kept += calendar.count(max(counted_to, one.first), end)
        counted_to = max(counted_to, end)
    return calendar.position(breach, night) - kept


def free_day(calendar: WorkCalendar, still: Sequence[Still], day: date) -> date:
    """`day` itself when it is worked and counts, else the next such day."""
    day = calendar.roll_forward(day)
    while (waiver := holding(still, day)) is not None:
        day = calendar.roll_forward(waiver.until + _DAY)
    return day


def night_of(calendar: WorkCalendar, still: Sequence[Still], breach: date, at: int) -> date:
    """The first working day outside waivers, waits and pauses on which a case stands at position `at` or later."""
    day = free_day(calendar, still, calendar.night_of(breach, at))
    while (missing := at - position(calendar, still, breach, day)) > 0:
        day = free_day(calendar, still, calendar.night_of(day, missing))
    return day


def announced_on(calendar: WorkCalendar, until: date) -> date:
    """The day on which the end of a waiver is announced: the fifth working day strictly before its last day."""
    return calendar.before(until, ANNOUNCED)
