"""Which demand is waived on which day, and what a waiver leaves of a position: rows that read as sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.engine.cases.waivers import (
    announced_on,
    by_demand,
    free_day,
    holding,
    last_of,
    latest,
    night_of,
    of_task,
    position,
)
from dondoc.engine.domain.model import Task
from dondoc.engine.domain.rulebook import RuleBook, Waiver
from dondoc.engine.domain.workdays import WorkCalendar
from tests.support.case_player import DAY, SUNDAY, book, report, waiver
from tests.support.town import rules
from tests.support.worlds import WEEK, day

MONDAY = day("2019-06-10")
ONE_WEEK = waiver(day("2019-06-12"), day("2019-06-18"))


@pytest.mark.parametrize(
    ("waivers", "night", "stands"),
    [
        ([], "2019-06-17", 5),
        ([ONE_WEEK], "2019-06-12", 2),
        ([ONE_WEEK], "2019-06-18", 2),
        ([ONE_WEEK], "2019-06-19", 2),
        ([ONE_WEEK], "2019-06-20", 3),
        ([waiver(day("2019-05-01"), day("2019-06-14"))], "2019-06-17", 0),
        ([waiver(day("2019-05-01"), day("2019-05-31"))], "2019-06-17", 5),
        ([waiver(day("2019-06-15"), day("2019-06-16"))], "2019-06-18", 6),
        ([ONE_WEEK, waiver(day("2019-06-20"), day("2019-06-20"))], "2019-06-24", 4),
        ([waiver(day("2019-07-01"), day("2019-07-31"))], "2019-06-17", 5),
    ],
    ids=[
        "without a waiver every working day counts",
        "before its first day nothing is subtracted",
        "inside it the position stands",
        "on the first night after it it stands where it stood",
        "then it goes on",
        "one that began before the breach takes only what lies after it",
        "one that ended before the breach takes nothing",
        "one of closed days takes nothing",
        "two take both",
        "one to come takes nothing yet",
    ],
)
def test_waived_working_days_do_not_count(waivers: list[Waiver], night: str, stands: int) -> None:
    """One formula, as for a hold (decision 23)."""
    assert position(WEEK, waivers, MONDAY, day(night)) == stands


@pytest.mark.parametrize(
    ("until", "announced"),
    [("2026-02-22", "2026-02-09"), ("2015-05-15", "2015-05-08"), ("2015-05-04", "2015-04-22")],
    ids=["over Tết, as decided", "over a plain week", "over the holidays and a make-up day"],
)
def test_end_is_announced_on_the_fifth_working_day_before_the_last(until: str, announced: str) -> None:
    """Decision 4's counting, on the project's own calendar."""
    assert announced_on(rules().calendars["vn"], day(until)) == day(announced)


@pytest.mark.parametrize(
    ("second", "ends"),
    [("2019-06-19", "2019-06-30"), ("2019-06-20", "2019-06-18")],
    ids=["one that goes on without a break", "one after a day between"],
)
def test_waivers_that_follow_each_other_are_one_time(second: str, ends: str) -> None:
    """A renewal is known before the first waiver ends, so there is one end to announce."""
    both = [ONE_WEEK, waiver(day(second), day("2019-06-30"))]
    assert last_of(both, ONE_WEEK).until == day(ends)


def shared(*bearers: str) -> Task:
    """A report that units carry together."""
    return replace(report(SUNDAY), bearers=bearers)


def test_shared_task_is_waived_only_while_every_bearer_is() -> None:
    """Whoever is not waived still carries it."""
    other = waiver(day("2019-06-17"), day("2019-06-28"), "xa_b")
    found = by_demand([ONE_WEEK, other])
    (both,) = of_task(found, shared("xa_a", "xa_b"))
    assert (both.first, both.until) == (other.first, ONE_WEEK.until)
    assert of_task(found, shared("xa_a", "huyen")) == ()
    assert of_task(found, report(SUNDAY)) == (ONE_WEEK,)


def test_only_the_named_rule_and_unit_is_waived() -> None:
    """Of tasks that differ in one of the two, or on another day, none is."""
    rules_ = replace(book(), waivers=(ONE_WEEK,))
    tasks = [
        report(SUNDAY, id_=1),
        report(SUNDAY, "xa_b", 2),
        report(SUNDAY, id_=3, rule="d/quota"),
    ]

    def waived(rules: RuleBook, on: date) -> list[int]:
        return [task.id for task in tasks if holding(of_task(by_demand(rules.waivers), task), on)]

    assert waived(rules_, ONE_WEEK.until) == [1]
    assert waived(rules_, ONE_WEEK.until + DAY) == []
    assert waived(book(), ONE_WEEK.until) == []


START = day("2019-04-01")
DAYS = st.integers(0, 120).map(lambda n: START + n * DAY)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """A week with closed days drawn into it."""
    closed = {one: "nghỉ" for one in draw(st.frozensets(DAYS, max_size=15)) if one.weekday() < 5}
    return WorkCalendar("drawn", day("2018-01-01"), day("2020-12-31"), closed, {})


@st.composite
def some_waivers(draw: st.DrawFn) -> tuple[Waiver, ...]:
    """Waivers of one demand, in order and without overlaps."""
    days = sorted(draw(st.frozensets(DAYS, max_size=6)))
    return tuple(waiver(first, until) for first, until in zip(days[::2], days[1::2], strict=False))


@given(calendars(), some_waivers(), DAYS, DAYS)
def test_removing_waivers_never_lowers_a_position(
    calendar: WorkCalendar, waivers: tuple[Waiver, ...], breach: date, night: date
) -> None:
    """So no step comes later for it; and a position counts exactly the working days outside every waiver."""
    found = position(calendar, waivers, breach, night)
    assert all(found <= position(calendar, waivers[:n], breach, night) for n in range(len(waivers)))
    days = [breach + n * DAY for n in range(max(0, (night - breach).days))]
    assert found == sum(calendar.is_workday(one) and holding(waivers, one) is None for one in days)
    assert 0 <= position(calendar, waivers, breach, night + DAY) - found <= 1


@given(calendars(), some_waivers(), DAYS, st.integers(0, 30))
def test_night_of_a_position_is_the_first_on_which_it_can_be_told(
    calendar: WorkCalendar, waivers: tuple[Waiver, ...], breach: date, at: int
) -> None:
    """A worked day outside every waiver that stands there, and none before it does."""
    night = night_of(calendar, waivers, breach, at)

    def tells(one: date) -> bool:
        stands = position(calendar, waivers, breach, one) >= at
        return stands and calendar.is_workday(one) and holding(waivers, one) is None

    assert tells(night)
    assert not any(tells(breach + n * DAY) for n in range((night - breach).days))
    assert free_day(calendar, waivers, night) == night


@pytest.mark.parametrize(
    ("breach", "night", "found"),
    [
        ("2019-06-12", "2019-06-19", True),
        ("2019-06-12", "2019-06-18", False),
        ("2019-06-18", "2019-06-19", True),
        ("2019-06-19", "2019-06-20", False),
    ],
    ids=[
        "it ended the day before",
        "it holds on its last day",
        "it ended on the first late day",
        "it ended before the first late day",
    ],
)
def test_a_waiver_that_is_over_is_still_named(breach: str, night: str, *, found: bool) -> None:
    """It explains why a case climbs later; before the breach it explains nothing."""
    assert latest([ONE_WEEK], day(breach), day(night)) == (ONE_WEEK if found else None)
