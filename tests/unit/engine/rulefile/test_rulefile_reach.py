"""Which demands can be judged while a directive is in force from 2 January 2019 to 31 December 2020."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import (
    AfterEvent,
    Condition,
    Due,
    EveryPeriod,
    EveryYear,
    OccasionWindow,
    OnDate,
    Overdue,
    Quota,
    Threshold,
    Window,
)
from dondoc.engine.kinds import kind_of

IN_FORCE = (date(2019, 1, 2), date(2020, 12, 31))
OCCASIONS = {"early": (date(2019, 1, 10),), "fits": (date(2019, 1, 16),), "late": (date(2020, 12, 31),)}


def due(due: Due) -> Overdue:
    """A report with that limit."""
    return Overdue("monthly", None, due)


def quota(per: PeriodKind | Window | OccasionWindow, grace: int = 0) -> Quota:
    """One activity in each of those."""
    return Quota("event", 1, per, grace=grace)


def once(first: date, last: date) -> Window:
    """A window without repetition."""
    return Window(first, last, yearly=False)


def threshold(set_on: date) -> Threshold:
    """A limit set on that day."""
    return Threshold("injuries", PeriodKind.READING, "a.b", set_on, above=Decimal(1))


ROWS: list[tuple[str, Condition, bool]] = [
    ("by the day before the last one", due(OnDate(date(2020, 12, 30), exclusive=False)), True),
    ("by the last day", due(OnDate(date(2020, 12, 31), exclusive=False)), True),
    ("by the day after it", due(OnDate(date(2021, 1, 1), exclusive=False)), False),
    ("before the last day", due(OnDate(date(2020, 12, 31), exclusive=True)), True),
    ("by the first day", due(OnDate(date(2019, 1, 2), exclusive=False)), True),
    ("before the first day", due(OnDate(date(2019, 1, 2), exclusive=True)), False),
    ("every year before New Year's Day", due(EveryYear(1, 1, exclusive=True)), True),
    ("every year from a year too late", due(EveryYear(4, 30, exclusive=False, first=2021)), False),
    ("every year from the last year", due(EveryYear(4, 30, exclusive=False, first=2020)), True),
    (
        "every month, set a day after the last",
        replace(due(EveryPeriod(PeriodKind.REPORTING_MONTH, 25)), set_on=date(2021, 1, 1)),
        False,
    ),
    (
        "a year that was set after it began",
        replace(quota(PeriodKind.CALENDAR_YEAR), set_on=date(2020, 1, 2)),
        False,
    ),
    ("every month", due(EveryPeriod(PeriodKind.REPORTING_MONTH, 25)), True),
    ("after an activity", due(AfterEvent(15, "forum")), True),
    ("an assigned task", Overdue(None, "assigned", None), True),
    ("a year that fits", quota(PeriodKind.REPORTING_YEAR), True),
    ("a year of which the second fits", quota(PeriodKind.CALENDAR_YEAR), True),
    ("a half year", quota(PeriodKind.CALENDAR_HALF), True),
    ("a window from the first day", quota(once(date(2019, 1, 2), date(2019, 1, 31))), True),
    ("a window that began a day early", quota(once(date(2019, 1, 1), date(2019, 1, 31))), False),
    ("a window to the last day", quota(once(date(2020, 12, 1), date(2020, 12, 31))), True),
    ("a window to the day after it", quota(once(date(2020, 12, 1), date(2021, 1, 1))), False),
    ("a window whose grace ends in time", quota(once(date(2020, 12, 1), date(2020, 12, 25)), 5), True),
    ("a window whose grace ends later", quota(once(date(2020, 12, 1), date(2020, 12, 25)), 6), True),
    ("every year over New Year", quota(Window(date(2000, 12, 20), date(2001, 1, 10), yearly=True)), True),
    ("an occasion whose days began too early", quota(OccasionWindow("early", 15)), False),
    ("an occasion whose days all fit", quota(OccasionWindow("fits", 15)), True),
    ("an occasion on the last day", quota(OccasionWindow("late", 15)), True),
    ("an occasion that another check calls unknown", quota(OccasionWindow("other", 15)), True),
    ("a limit set on the last day", threshold(date(2020, 12, 31)), True),
    ("a limit set after it", threshold(date(2021, 1, 1)), False),
    (
        "a limit of the last whole month",
        replace(threshold(date(2020, 12, 1)), per=PeriodKind.CALENDAR_MONTH),
        True,
    ),
    ("a limit set in the last month", replace(threshold(date(2020, 12, 2)), per=PeriodKind.CALENDAR_MONTH), False),
    (
        "a limit judged from the last month on",
        replace(threshold(date(2019, 12, 2)), per=PeriodKind.CALENDAR_MONTH, judge_from=date(2020, 12, 2)),
        False,
    ),
    (
        "every month, judged from a day on of which no month is left",
        replace(due(EveryPeriod(PeriodKind.CALENDAR_MONTH, 25)), judge_from=date(2020, 12, 2)),
        False,
    ),
    (
        "every month, judged from the day on which the last whole one begins",
        replace(due(EveryPeriod(PeriodKind.CALENDAR_MONTH, 25)), judge_from=date(2020, 12, 1)),
        True,
    ),
    (
        "every year, judged from the day on which the last one begins",
        replace(due(EveryYear(4, 30, exclusive=False)), judge_from=date(2020, 1, 1)),
        True,
    ),
    (
        "every year, judged from a year too late",
        replace(due(EveryYear(4, 30, exclusive=False)), judge_from=date(2020, 1, 2)),
        False,
    ),
    (
        "a fixed day, judged from the day after",
        replace(due(OnDate(date(2020, 4, 30), exclusive=False)), judge_from=date(2020, 5, 1)),
        False,
    ),
]


@pytest.mark.parametrize(("condition", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_demand_is_judged_only_when_it_ends_in_force(condition: Condition, *, expected: bool) -> None:
    """Windows must lie in force as a whole, and so must the last day of a report (0041)."""
    assert kind_of(condition).is_reachable(condition, IN_FORCE, OCCASIONS) is expected


def test_a_directive_without_end_can_judge_every_year() -> None:
    """No end is no limit."""
    yearly = due(EveryYear(12, 31, exclusive=False, first=2099))
    assert kind_of(yearly).is_reachable(yearly, (date(2019, 1, 2), None), {})
