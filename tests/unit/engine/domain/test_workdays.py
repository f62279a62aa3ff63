"""Working days: the days that are known to be worked or closed, and every count against a walk day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.engine.demands.direct import direct_demands
from dondoc.engine.domain.demand import TriggerEvent
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import AfterEvent, Overdue
from dondoc.engine.domain.workdays import WorkCalendar, vietnam
from dondoc.engine.errors import CalendarUncovered
from tests.support import worlds
from tests.support.town import rules

DAY = timedelta(days=1)
SATURDAY = 5


@cache
def vn() -> WorkCalendar:
    """The project's calendar."""
    return rules().calendars["vn"]


def test_the_countrys_own_file_says_what_the_package_says() -> None:
    """We go around the package's front door; behind it must be the same."""
    ours = vietnam("vn", date(2010, 1, 1), date(2030, 12, 31), closed={}, worked={}, stands_for={})
    theirs = holidays.country_holidays("VN", years=range(2010, 2031), language="vi")
    assert ours.closed == {day: name for day, name in theirs.items() if day.weekday() < SATURDAY}
    assert set(ours.worked) == set(theirs.weekend_workdays)
    assert ours.worked


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        pytest.param("2026-01-02", False, id="Friday after New Year 2026, swapped off"),
        pytest.param("2026-01-10", True, id="Saturday made up for 2/1/2026"),
        pytest.param("2026-08-22", True, id="Saturday made up for Monday 31/8/2026"),
        pytest.param("2026-08-31", False, id="Monday before 2/9/2026, swapped off"),
        pytest.param("2026-11-24", False, id="Culture Day, closed by our own line"),
        pytest.param("2025-11-24", True, id="the same day a year before is an ordinary Monday"),
        pytest.param("2015-04-25", True, id="Saturday made up for 29/4/2015"),
        pytest.param("2015-04-29", False, id="Wednesday swapped off in 2015"),
        pytest.param("2019-04-15", False, id="Hùng Kings' day of 2019 falls on Sunday 14/4: Monday off"),
        pytest.param("2019-05-01", False, id="Labour Day"),
        pytest.param("2019-09-02", False, id="National Day"),
        pytest.param("2020-09-03", True, id="one day beside National Day, the second one only from 2021"),
        pytest.param("2021-09-03", False, id="the second day of National Day since the Labour Code of 2019"),
        pytest.param("2019-06-08", False, id="an ordinary Saturday"),
        pytest.param("2019-06-10", True, id="an ordinary Monday"),
    ],
)
def test_day_is_worked_or_closed(day: str, worked: bool) -> None:  # noqa: FBT001 - a column of the table
    """The project's calendar knows the day."""
    assert vn().is_workday(date.fromisoformat(day)) is worked


TET = {
    2015: "2015-02-19",
    2016: "2016-02-08",
    2017: "2017-01-28",
    2018: "2018-02-16",
    2019: "2019-02-05",
    2020: "2020-01-25",
    2021: "2021-02-12",
    2022: "2022-02-01",
    2023: "2023-01-22",
    2024: "2024-02-10",
    2025: "2025-01-29",
    2026: "2026-02-17",
    2027: "2027-02-06",
}


@pytest.mark.parametrize("year", TET)
def test_tet_is_closed(year: int) -> None:
    """The first day of the lunar year and the two after it are closed; the eve is a holiday as well."""
    first = date.fromisoformat(TET[year])
    assert not any(vn().is_workday(first + n * DAY) for n in range(-1, 3))


@pytest.mark.parametrize("day", ["2014-12-31", "2028-01-01"])
def test_outside_the_covered_years_is_an_error(day: str) -> None:
    """Every question outside 2015 to 2027 says which calendar ends where, and is never answered by a guess."""
    asked, inside = date.fromisoformat(day), date(2020, 1, 1)
    questions = (
        lambda: vn().is_workday(asked),
        lambda: vn().roll_forward(asked),
        lambda: vn().count(min(asked, inside), max(asked, inside) + DAY),
    )
    for question in questions:
        with pytest.raises(CalendarUncovered, match=r"rules/calendar\.yaml"):
            question()
    with pytest.raises(CalendarUncovered):
        vn().after(date(2027, 12, 31), 1)
    with pytest.raises(CalendarUncovered):
        vn().before(date(2015, 1, 1), 1)
    last = vn().before(date(2027, 12, 31), 0)
    assert vn().night_of(last, 0) == last
    with pytest.raises(CalendarUncovered):
        vn().night_of(last, 1)


FIRST, LAST = date(2019, 1, 1), date(2019, 6, 30)
DAYS = st.integers(0, (LAST - FIRST).days).map(lambda n: FIRST + n * DAY)
MIDDLE = st.integers(40, 130).map(lambda n: FIRST + n * DAY)
NUMBERS = st.integers(0, 12)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Half a year with some weekdays closed and some weekend days worked."""
    closed = {day: "nghỉ" for day in draw(st.lists(DAYS, max_size=12)) if day.weekday() < 5}
    worked = {day: "làm bù" for day in draw(st.lists(DAYS, max_size=6)) if day.weekday() >= 5}
    return WorkCalendar("invented", FIRST, LAST, closed, worked)


@given(calendars(), st.dictionaries(DAYS, st.sampled_from(["bầu cử", "lũ"]), max_size=12))
def test_letters_leave_on_worked_days_that_are_not_quiet(calendar: WorkCalendar, quiet: dict[date, str]) -> None:
    """And nothing else of the calendar changes; a closed day keeps its own name."""
    calm = replace(calendar, quiet=quiet)
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + n * DAY
        assert calm.is_workday(day) == calendar.is_workday(day)
        assert calm.letters.is_workday(day) == (calendar.is_workday(day) and day not in quiet)
        until = calm.quiet_until(day)
        assert (until is not None) == (day in quiet)
        assert until is None or (until in quiet and until + DAY not in quiet and until >= day)
    assert all(calm.letters.closed[day] == name for day, name in calendar.closed.items())
    assert (calm.letters is calm) == (not quiet)


def walk(calendar: WorkCalendar, start: date, end: date) -> int:
    """Working days in [start, end), one by one."""
    return sum(calendar.is_workday(start + n * DAY) for n in range((end - start).days))


@given(calendars(), DAYS, DAYS)
def test_counts_agree_with_a_walk(calendar: WorkCalendar, one: date, other: date) -> None:
    """Position and printed lateness are what a finger on the calendar counts (decisions 2 and 3)."""
    assert calendar.count(one, other) == walk(calendar, one, other)
    assert calendar.position(one, other) == walk(calendar, one, other)
    if other < LAST:
        assert calendar.late(one, other) == walk(calendar, one + DAY, other + DAY)


@given(calendars(), MIDDLE, NUMBERS)
def test_steps_agree_with_a_walk(calendar: WorkCalendar, day: date, k: int) -> None:
    """The k-th working day before or after a day, and the day a roll ends on, are the nearest that fit."""
    after, before = calendar.after(day, k), calendar.before(day, k)
    assert walk(calendar, day + DAY, after + DAY) == walk(calendar, before, day) == k
    assert not k or (calendar.is_workday(after) and calendar.is_workday(before))
    rolled = calendar.roll_forward(day)
    assert calendar.is_workday(rolled)
    assert walk(calendar, day, rolled) == 0
    assert calendar.next_workday(day) == calendar.roll_forward(day + DAY) == calendar.after(day, 1)


@given(calendars(), MIDDLE, NUMBERS)
def test_night_of_a_position_is_the_first_working_night_that_has_it(
    calendar: WorkCalendar, breach: date, position: int
) -> None:
    """A step fires on the first working night with position >= at."""
    night = calendar.night_of(breach, position)
    assert calendar.is_workday(night)
    assert calendar.position(breach, night) >= position
    earlier = (breach + n * DAY for n in range((night - breach).days))
    assert not any(calendar.is_workday(day) and calendar.position(breach, day) >= position for day in earlier)


@given(calendars(), DAYS, DAYS)
def test_position_rises_by_one_over_a_worked_day_and_by_none_over_a_closed_one(
    calendar: WorkCalendar, breach: date, night: date
) -> None:
    """Invariant 1: it never falls, whatever nights ran."""
    if night < breach:
        assert calendar.position(breach, night) == 0
    elif night < LAST:
        step = calendar.position(breach, night + DAY) - calendar.position(breach, night)
        assert step == calendar.is_workday(night)


def limit_of_forum(calendar: WorkCalendar, held: date) -> date:
    """The last day of a report due 15 days after an event held on a day."""
    book = worlds.book(
        [worlds.rule("d/forum", Overdue("r", None, AfterEvent(15, "forum"), ()), "x.ubnd_xa")], calendar=calendar
    )
    chart = OrgChart({"x.ubnd_xa": worlds.unit("x.ubnd_xa")}, ())
    (demand,) = direct_demands(book, chart, held, [TriggerEvent("x.ubnd_xa", "forum", held)])
    assert demand.last_day is not None
    return demand.last_day


@given(calendars(), MIDDLE, MIDDLE, st.integers(1, 8))
def test_one_more_closed_day_makes_no_step_earlier_and_no_reminder_later(
    calendar: WorkCalendar, day: date, start: date, k: int
) -> None:
    """Invariant 16, and the other way round: opening a day makes nothing later, reminders move against it."""
    if not calendar.is_workday(day):
        return
    worked = {one: name for one, name in calendar.worked.items() if one != day}
    shut = replace(calendar, closed={**calendar.closed, day: "nghỉ"}, worked=worked)
    assert shut.night_of(start, k) >= calendar.night_of(start, k)
    assert shut.after(start, k) >= calendar.after(start, k)
    assert shut.before(start, k) <= calendar.before(start, k)
    assert limit_of_forum(shut, start) >= limit_of_forum(calendar, start)


def test_without_closed_days_weekends_alone_are_closed() -> None:
    """Monday to Friday, whatever the year says."""
    week = WorkCalendar("week", date(2026, 1, 1), date(2026, 1, 11), {}, {})
    assert [n for n in range(1, 12) if not week.is_workday(date(2026, 1, n))] == [3, 4, 10, 11]


def test_a_holiday_that_is_worked_after_all_is_closed_no_more() -> None:
    """Nor may a make-up day stand for it."""
    holiday = date(2019, 4, 15)
    calendar = vietnam(
        "vn", date(2019, 1, 1), date(2019, 12, 31), closed={}, worked={holiday: "làm bù"}, stands_for={}
    )
    assert calendar.is_workday(holiday)
    assert holiday not in calendar.closed
