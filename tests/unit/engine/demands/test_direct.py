"""Which demands exist: decisions 6, 16 and 17 in rows, and that none lies outside a directive's force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.engine.demands.direct import direct_demands
from dondoc.engine.domain.demand import Demand, TriggerEvent
from dondoc.engine.domain.orgchart import OrgChart
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
    Threshold,
    Window,
)
from dondoc.engine.domain.terms import Scope
from dondoc.engine.domain.workdays import WorkCalendar
from tests.support import worlds
from tests.support.town import rules
from tests.support.worlds import SINCE, day, unit

DAY = timedelta(days=1)
MID_AUTUMN = {"trung-thu": (day("2019-09-13"), day("2020-10-01"))}
ACTION_MONTH = Window(day("2019-06-01"), day("2019-06-30"), yearly=True)
JUNE_2019 = Window(day("2019-06-01"), day("2019-06-30"), yearly=False)


def asked(
    condition: Condition,
    as_of: str,
    *,
    since: str = "2015-01-01",
    until: str | None = None,
    born: date = SINCE,
    died: date | None = None,
    calendar: WorkCalendar = worlds.WEEK,
    held: tuple[str, ...] = (),
) -> list[Demand]:
    """The demands of one rule on one unit, in a directive in force from `since` to `until`."""
    directive = worlds.directive("d", since=day(since), until=day(until) if until else None)
    book = worlds.book([worlds.rule("d/r", condition, "u")], [directive], calendar=calendar, occasions=MID_AUTUMN)
    chart = OrgChart({"u": unit("u", valid_from=born, valid_to=died)}, ())
    happened = [TriggerEvent("u", "forum", day(on)) for on in held]
    return list(direct_demands(book, chart, day(as_of), happened))


def last_days(found: list[Demand]) -> list[str]:
    """Their last days, in order."""
    return sorted(str(demand.last_day) for demand in found)


def due(condition_due: OnDate | EveryYear | EveryPeriod | AfterEvent) -> Overdue:
    """A report that is due so."""
    return Overdue("report", None, condition_due, ())


def quota(per: PeriodKind | Window | OccasionWindow, grace: int = 0) -> Quota:
    """One event in each period."""
    return Quota("event", 1, per, Scope.EACH, grace)


def test_before_means_the_day_before_and_by_means_the_day() -> None:
    """Decision 1 of the house; fixed dates do not roll off a weekend."""
    sunday = day("2015-04-19")
    assert last_days(asked(due(OnDate(sunday + DAY, exclusive=True)), "2015-04-01")) == ["2015-04-19"]
    assert last_days(asked(due(OnDate(sunday, exclusive=False)), "2015-04-01")) == ["2015-04-19"]


WINDOWS = {
    "Month of Action 2019 began before the directive of 26/6": (quota(ACTION_MONTH), "2019-07-01", []),
    "Month of Action 2020 is the first": (quota(ACTION_MONTH), "2020-07-01", ["2020-06-30"]),
    "28/6/2019, two days after the directive, is not judged": (
        quota(Window(day("2019-06-14"), day("2019-06-28"), yearly=True)),
        "2019-07-01",
        [],
    ),
    "Trung thu 13/9/2019 is": (quota(OccasionWindow("trung-thu", 15)), "2019-09-14", ["2019-09-13"]),
    "June 2019 is no whole month, July is": (
        quota(PeriodKind.CALENDAR_MONTH),
        "2019-08-01",
        ["2019-07-31", "2019-08-31", "2019-09-30"],
    ),
    "the reporting month that begins on 15/7 is the first whole one": (
        quota(PeriodKind.REPORTING_MONTH),
        "2019-08-15",
        ["2019-08-14", "2019-09-14", "2019-10-14"],
    ),
}


@pytest.mark.parametrize(("condition", "as_of", "expected"), WINDOWS.values(), ids=WINDOWS)
def test_window_must_lie_in_force_as_a_whole(condition: Quota, as_of: str, expected: list[str]) -> None:
    """Decision 16, for the directive of 26/6/2019."""
    assert last_days(asked(condition, as_of, since="2019-06-26")) == expected


def test_occasion_window_ends_on_the_occasion() -> None:
    """Fifteen days, the occasion itself the last of them."""
    (found,) = asked(quota(OccasionWindow("trung-thu", 15)), "2019-09-14", since="2019-06-26")
    assert (found.first_day, found.final_day) == (day("2019-08-30"), day("2019-09-13"))


YEARLY = EveryYear(7, 20, exclusive=True)


@pytest.mark.parametrize(
    ("yearly", "as_of", "expected"),
    [
        pytest.param(YEARLY, "2025-07-21", [], id="a commune born on 1/7/2025 owes nothing for 2025"),
        pytest.param(YEARLY, "2026-07-20", ["2026-07-19"], id="2026 is its first whole year"),
        pytest.param(
            EveryYear(7, 20, exclusive=True, first=2025),
            "2025-07-21",
            ["2025-07-19"],
            id="unless the pack names 2025 as the first",
        ),
    ],
)
def test_yearly_report_asks_for_a_whole_year(yearly: EveryYear, as_of: str, expected: list[str]) -> None:
    """Decision 16 on a report that is due every year."""
    assert last_days(asked(due(yearly), as_of, born=day("2025-07-01"))) == expected


@pytest.mark.parametrize(
    ("until", "judged"),
    [
        pytest.param("2015-12-30", False, id="December is not whole"),
        pytest.param("2015-12-31", True, id="it is, and judged on 1/1"),
    ],
)
def test_the_last_day_must_still_be_in_force(until: str, judged: bool) -> None:  # noqa: FBT001 - a column
    """Decision 17 as 0041 amends it: `until` is inclusive and counts for the last day; its breach comes later."""
    found = asked(quota(PeriodKind.CALENDAR_MONTH), "2015-12-20", until=until)
    assert ("2015-12-31" in last_days(found)) is judged
    assert bool(asked(due(OnDate(day("2015-12-31"), exclusive=False)), "2015-12-20", until=until)) is judged


LIVES = {
    "alive through the window": (SINCE, None, True),
    "born on its first day": (day("2019-06-01"), None, True),
    "born a day later": (day("2019-06-02"), None, False),
    "ended after its last day": (SINCE, day("2019-07-01"), True),
    "ended on its last day": (SINCE, day("2019-06-30"), False),
}


@pytest.mark.parametrize(("born", "died", "asks"), LIVES.values(), ids=LIVES)
def test_quota_asks_for_a_life_through_its_window(born: date, died: date | None, asks: bool) -> None:  # noqa: FBT001 - a column
    """The window lies wholly in the unit's life; the unit's end is exclusive."""
    assert bool(asked(quota(JUNE_2019), "2019-06-20", born=born, died=died)) is asks


def test_report_asks_only_for_a_unit_alive_on_the_last_day() -> None:
    """A unit that began the day before the last day owes the report, one that ended then does not."""
    once = due(OnDate(day("2019-06-10"), exclusive=False))
    assert asked(once, "2019-06-01", born=day("2019-06-10"))
    assert not asked(once, "2019-06-01", died=day("2019-06-10"))


def test_grace_moves_the_limit_and_not_the_window() -> None:
    """The last day is the g-th working day after the period; activities still lie in the period (decision 13)."""
    found = asked(quota(PeriodKind.CALENDAR_MONTH, grace=3), "2019-08-01", since="2019-07-01")
    july = next(demand for demand in found if demand.subject == "2019-07")
    assert (july.final_day, july.last_day) == (day("2019-07-31"), day("2019-08-05"))


def test_limit_after_an_event_rolls_over_tet() -> None:
    """Fifteen days after 30/1/2026 fall on Saturday 14/2; the days up to 22/2/2026 are Tết and weekends."""
    vn = rules().calendars["vn"]
    (found,) = asked(due(AfterEvent(15, "forum")), "2026-02-01", held=("2026-01-30",), calendar=vn)
    assert found.last_day == day("2026-02-23")


@pytest.mark.parametrize(
    ("held", "last"),
    [("2025-12-18", "2026-01-05"), ("2026-01-05", "2026-01-20"), ("2025-12-26", "2026-01-10")],
    ids=["rolls from the closed 2/1 over the weekend", "an ordinary Tuesday", "ends on a made-up Saturday"],
)
def test_day_of_the_event_is_not_counted(held: str, last: str) -> None:
    """Decision 6, by the calendar of the project."""
    vn = rules().calendars["vn"]
    (found,) = asked(due(AfterEvent(15, "forum")), "2026-01-12", held=(held,), calendar=vn)
    assert (found.last_day, found.subject) == (day(last), held)


def test_an_event_recorded_twice_asks_for_one_report() -> None:
    """Two rows of one event on one day are one occasion; events on two days are two."""
    after = due(AfterEvent(15, "forum"))
    assert len(asked(after, "2019-06-01", held=("2019-05-20", "2019-05-20"))) == 1
    assert len(asked(after, "2019-06-01", held=("2019-05-20", "2019-05-21"))) == 2


def test_event_outside_the_directive_asks_for_nothing() -> None:
    """Neither the one before it came into force, nor one whose limit would come after its end."""
    after = due(AfterEvent(15, "forum"))
    assert not asked(after, "2019-06-20", since="2019-06-10", held=("2019-06-09",))
    assert not asked(after, "2019-06-20", until="2019-06-27", held=("2019-06-13",))
    assert asked(after, "2019-06-20", until="2019-06-28", held=("2019-06-13",))


def test_missing_reading_is_due_after_ten_working_days() -> None:
    """Decision 24: the first nights of three quarters, by the calendar of the project."""
    vn = rules().calendars["vn"]
    threshold = Threshold("i", PeriodKind.CALENDAR_QUARTER, "u", SINCE, above=Decimal(3), no_data_after=10)
    limits = {
        demand.subject: demand.last_day + DAY
        for demand in asked(threshold, "2026-07-20", calendar=vn)
        if demand.last_day
    }
    assert {key: limits[f"i@{key}"] for key in ("2025-Q4", "2026-Q1", "2026-Q2")} == {
        "2025-Q4": day("2026-01-16"),
        "2026-Q1": day("2026-04-15"),
        "2026-Q2": day("2026-07-15"),
    }


SHARED = {Scope.EACH: [("u", ()), ("v", ())], Scope.ANY: [("u", ("u", "v"))], Scope.SUM: [("u", ("u", "v"))]}


@pytest.mark.parametrize("scope", Scope)
def test_shared_quota_is_one_demand_on_the_bearers(scope: Scope) -> None:
    """`each` asks every unit, `any` and `sum` ask them together (decision 18)."""
    condition = Quota("event", 1, JUNE_2019, scope)
    book = worlds.book([worlds.rule("d/r", condition, "v", "u", "x.missing")])
    chart = OrgChart({"u": unit("u"), "v": unit("v")}, ())
    found = [(demand.unit, demand.bearers) for demand in direct_demands(book, chart, day("2019-06-20"))]
    assert found == SHARED[scope]


CONDITIONS = st.sampled_from(
    [
        due(OnDate(day("2019-06-15"), exclusive=True)),
        due(YEARLY),
        due(EveryPeriod(PeriodKind.REPORTING_MONTH, 25)),
        due(AfterEvent(15, "forum")),
        quota(PeriodKind.CALENDAR_MONTH, grace=2),
        quota(ACTION_MONTH),
        quota(OccasionWindow("trung-thu", 15)),
        Threshold("i", PeriodKind.CALENDAR_QUARTER, "u", SINCE, above=Decimal(3), no_data_after=10),
    ]
)
DATES = st.dates(day("2018-06-01"), day("2020-06-01"))


@given(CONDITIONS, DATES, DATES, st.integers(0, 500))
def test_nothing_is_demanded_outside_the_directives_force(
    condition: Condition, as_of: date, since: date, length: int
) -> None:
    """Invariant 17: silent before and long after; every window, and every limit without one, lies in force."""
    until = since + length * DAY
    found = asked(condition, str(as_of), since=str(since), until=str(until), held=("2019-05-20", "2019-03-01"))
    if not since <= as_of <= until + timedelta(weeks=6, days=1):
        assert found == []
    for demand in found:
        if demand.last_day is not None:
            assert since <= (demand.first_day or demand.last_day)
            assert (demand.final_day or demand.last_day) <= until


@pytest.mark.parametrize(
    ("condition", "set_on", "expected"),
    [
        pytest.param(
            quota(PeriodKind.CALENDAR_MONTH),
            "2019-06-15",
            ["2019-07-31", "2019-08-31"],
            id="a month that had begun is not judged",
        ),
        pytest.param(
            quota(PeriodKind.CALENDAR_MONTH),
            "2019-07-01",
            ["2019-07-31", "2019-08-31"],
            id="one that begins on that day is",
        ),
        pytest.param(quota(JUNE_2019), "2019-06-02", [], id="nor a window"),
        pytest.param(
            due(OnDate(day("2019-06-30"), exclusive=False)), "2019-06-30", ["2019-06-30"], id="a day to come"
        ),
        pytest.param(
            due(OnDate(day("2019-06-30"), exclusive=False)), "2019-07-01", [], id="a day that has passed"
        ),
        pytest.param(due(AfterEvent(5, "forum")), "2019-06-20", ["2019-06-27"], id="after an event from then on"),
        pytest.param(
            due(EveryPeriod(PeriodKind.CALENDAR_MONTH, 25)),
            "2019-06-02",
            ["2019-07-25", "2019-08-25"],
            id="a month that had begun, due later",
        ),
        pytest.param(
            due(EveryYear(7, 15, exclusive=False, first=2019)), "2019-01-02", [], id="a year that had begun"
        ),
        pytest.param(
            due(EveryYear(7, 15, exclusive=False, first=2019)), "2019-01-01", ["2019-07-15"], id="one that had not"
        ),
    ],
)
def test_what_an_office_sets_binds_from_that_day(
    condition: Overdue | Quota, set_on: str, expected: list[str]
) -> None:
    """As if the directive had begun then (decision 16); events were held on 10 and 22 June 2019."""
    for made in (
        replace(condition, set_by="u", set_on=day(set_on)),
        replace(condition, judge_from=day(set_on)),
        replace(condition, set_by="u", set_on=day("2019-08-30"), judge_from=day(set_on)),
    ):
        held = ("2019-06-10", "2019-06-22")
        assert last_days(asked(made, "2019-08-01", since="2019-01-01", until="2019-08-31", held=held)) == expected


@pytest.mark.parametrize(
    ("as_of", "latest"),
    [
        pytest.param("2019-05-29", "2019-05-31", id="one that ends in 32 days not yet"),
        pytest.param("2019-05-30", "2019-06-30", id="one that ends in 31 days is"),
        pytest.param("2022-11-29", "2022-11-30", id="nor one whose limit the calendar does not reach by then"),
    ],
)
def test_figures_are_asked_for_of_periods_that_end_soon(as_of: str, latest: str) -> None:
    """So that a night is not refused because a calendar ends before a limit that is still far away."""
    monthly = Threshold("i", PeriodKind.CALENDAR_MONTH, "u", SINCE, above=Decimal(3), no_data_after=5)
    found = [one for one in asked(monthly, as_of) if one.last_day is not None]
    assert max(str(one.final_day) for one in found) == latest
