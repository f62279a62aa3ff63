"""Waivers on the calendar: which demand is waived on which day, and what that leaves of a case's position.

Waived working days do not count (decision 23): the position on a night is the number of working days w with
breach <= w < night that lie in no waiver, whatever was told before. One waiver that begins on the day after
another ends goes on from it: together they end once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from dondoc.engine.domain.inheritance import Wait
from dondoc.engine.domain.model import Task
from dondoc.engine.domain.rulebook import RuleBook, Waiver
from dondoc.engine.domain.workdays import WorkCalendar

_DAY = timedelta(days=1)
# The end of a waiver is announced this many working days before its last day.
ANNOUNCED = 5

Still = TypeVar("Still", Waiver, Waiver | Wait)

# By rule and unit, the waivers in the order of their days; none of them overlap.
Waivers = Mapping[tuple[str, str], Sequence[Waiver]]


def by_demand(waivers: Iterable[Waiver]) -> Waivers:
    """Waivers by what they waive."""
    found: dict[tuple[str, str], list[Waiver]] = defaultdict(list)
    for waiver in sorted(waivers, key=lambda waiver: waiver.first):
        found[waiver.rule, waiver.unit].append(waiver)
    return found


def of_task(waivers: Waivers, task: Task) -> tuple[Waiver, ...]:
    """The waivers of a task. One that several units carry is waived only while it is for every one of them."""
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


def waived(book: RuleBook, tasks: Iterable[Task], on: date) -> frozenset[int]:
    """The ids of those tasks that are waived on a day."""
    waivers = by_demand(book.waivers)
    return frozenset(task.id for task in tasks if holding(of_task(waivers, task), on)) if waivers else frozenset()


def holding(waivers: Sequence[Still], on: date) -> Still | None:
    """The one of a task's waivers, or of the times it waited for an heir, that holds on a day."""
    return next((waiver for waiver in waivers if waiver.first <= on <= waiver.until), None)


def last_of(waivers: Sequence[Waiver], waiver: Waiver) -> Waiver:
    """The waiver with which the time that `waiver` belongs to ends: itself, or one that goes on from it."""
    while (following := holding(waivers, waiver.until + _DAY)) is not None:
        waiver = following
    return waiver


def latest(waivers: Sequence[Waiver], breach: date, on: date) -> Waiver | None:
    """The latest waiver that has ended by a day and kept something of a case with this breach date."""
    ended = [waiver for waiver in waivers if breach <= waiver.until < on]
    return ended[-1] if ended else None


def position(calendar: WorkCalendar, still: Sequence[Waiver | Wait], breach: date, night: date) -> int:
    """Working days w with breach <= w < night that did not stand still."""
    kept, counted_to = 0, breach
    for one in sorted(still, key=lambda one: one.first):
        end = min(night, one.until + _DAY)
        kept += calendar.count(max(counted_to, one.first), end)
        counted_to = max(counted_to, end)
    return calendar.position(breach, night) - kept


def free_day(calendar: WorkCalendar, still: Sequence[Waiver | Wait], day: date) -> date:
    """`day` itself when it is worked and does not stand still, else the next such day."""
    day = calendar.roll_forward(day)
    while (waiver := holding(still, day)) is not None:
        day = calendar.roll_forward(waiver.until + _DAY)
    return day


def night_of(calendar: WorkCalendar, still: Sequence[Waiver | Wait], breach: date, at: int) -> date:
    """The first working day that counts on which a case stands at position `at` or later."""
    day = free_day(calendar, still, calendar.night_of(breach, at))
    while (missing := at - position(calendar, still, breach, day)) > 0:
        day = free_day(calendar, still, calendar.night_of(day, missing))
    return day


def announced_on(calendar: WorkCalendar, until: date) -> date:
    """The working day on which the end of a waiver is announced: the fifth strictly before its last day."""
    return calendar.before(until, ANNOUNCED)
