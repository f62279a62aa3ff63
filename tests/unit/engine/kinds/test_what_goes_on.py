"""Whether a rule demands anything later: who takes over from an ended unit is asked about those rules alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dondoc.engine.cases.succession import goes_on
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import (
    AfterEvent,
    Condition,
    EveryPeriod,
    EveryYear,
    OccasionWindow,
    OnDate,
    Overdue,
    Quota,
    Streak,
    Threshold,
    Window,
)
from tests.support.worlds import book, day, rule

ON, TOMORROW = day("2019-06-14"), day("2019-06-15")
OCCASIONS = {"past": (day("2018-09-24"), ON), "coming": (ON, TOMORROW)}


def once(last: str) -> Quota:
    """Something in June 2019, once, up to a day."""
    return Quota("event", 1, Window(day("2019-06-01"), day(last), yearly=False))


def report(due: OnDate | EveryYear | EveryPeriod | AfterEvent | None) -> Overdue:
    """A report with this limit, or an assigned task without one."""
    return Overdue("report" if due else None, None if due else "assigned", due)


@pytest.mark.parametrize(
    ("condition", "more"),
    [
        pytest.param(report(OnDate(TOMORROW, exclusive=False)), True, id="a report due tomorrow"),
        pytest.param(report(OnDate(ON, exclusive=False)), False, id="a report due today, and never again"),
        pytest.param(report(EveryYear(4, 15, exclusive=False)), True, id="a report of every year"),
        pytest.param(report(EveryPeriod(PeriodKind.CALENDAR_MONTH, 20)), True, id="a report of every month"),
        pytest.param(report(AfterEvent(5, "forum")), True, id="a report after each event"),
        pytest.param(report(None), False, id="no task that an office would have to assign first"),
        pytest.param(Quota("event", 1, PeriodKind.CALENDAR_MONTH), True, id="an event of every month"),
        pytest.param(once("2019-06-15"), True, id="an event in a window that ends tomorrow"),
        pytest.param(once("2019-06-14"), False, id="no window that ends today"),
        pytest.param(
            Quota("event", 1, Window(day("2018-01-01"), day("2018-01-31"), yearly=True)),
            True,
            id="a window of every year, though this year's is over",
        ),
        pytest.param(Quota("event", 1, OccasionWindow("coming", 15)), True, id="a feast that comes tomorrow"),
        pytest.param(Quota("event", 1, OccasionWindow("past", 15)), False, id="no feast that is over today"),
        pytest.param(
            Threshold("i", PeriodKind.CALENDAR_MONTH, "u", ON, above=Decimal(3)),
            True,
            id="a figure that is watched",
        ),
        pytest.param(Streak("d/other", 2), False, id="nothing of its own, where another rule is counted"),
    ],
)
def test_after_a_day_a_rule_still_demands(condition: Condition, *, more: bool) -> None:
    """What is due on the day itself is not later."""
    one = rule("d/one", condition, "u")
    assert goes_on(one, book([one], occasions=OCCASIONS), ON) is more
