"""The tables of decisions.md on indicators and shared quotas, each row through SQL and durable_rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from dondoc.engine.domain.model import SCALE, Finding
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Against, Condition, Quota, Rise, Threshold, Window
from dondoc.engine.domain.terms import Scope, Verdict
from dondoc.engine.store.db.database import writing
from dondoc.engine.store.matching.evaluate import decide_all
from dondoc.engine.store.night import levels, nights, orgchart
from dondoc.engine.store.night.prepared import Night
from tests.support import worlds
from tests.support.random_worlds import DAY, QUARTERS
from tests.support.town import Town, finding, only, rules
from tests.support.worlds import at, day

AS_OF = "2019-05-06"
ABOVE = Threshold("i", PeriodKind.CALENDAR_QUARTER, "u.a", worlds.SINCE, above=Decimal(3))
BELOW = replace(ABOVE, above=None, below=Decimal("2.5"))
TWICE = replace(ABOVE, clear=Decimal(2), periods=2)


def findings(store: Engine, condition: Condition, *, as_of: str = AS_OF) -> list[Finding]:
    """What a night finds by one rule on two units."""
    book = worlds.book([worlds.rule("d/r", condition, "u.a", "u.b")])
    cutoff = at(f"{as_of}T02:00")
    with writing(store) as conn:
        ready = nights.prepare(conn, book, orgchart.chart(conn, cutoff), Night(day(as_of), cutoff))
        decided = decide_all(conn, ready.shapes, ready.rules, cutoff)
        found = {one.task.id: one for one in levels.within_limits(conn, ready, decided)}
        return list((found | {one.task.id: one for one in nights.findings(conn, ready, decided)}).values())


@pytest.fixture
def store(database: Engine) -> Engine:
    """A store that knows two units."""
    with writing(database) as conn:
        worlds.settle_in(conn, "u.a", "u.b")
    return database


def reads(store: Engine, series: str, *, recorded: str = "") -> None:
    """Readings of the last quarters of one unit, recorded three days after each; a dash is a missing one."""
    values = series.split()
    with writing(store) as conn:
        for n, (value, (_, first, last)) in enumerate(zip(values, QUARTERS[-len(values) :], strict=True)):
            if value != "-":
                instant = at(recorded or f"{last + 3 * DAY}T10:00")
                row = worlds.reading(str(n), "u.a", "i", first, last, int(Decimal(value) * SCALE), instant)
                assert not worlds.take(conn, "readings", row).refused


SERIES = {
    "beyond twice, in the band, cleared": (TWICE, "4 4 3 3 2", "no"),
    "still open in the band": (TWICE, "4 4 3 3", "yes"),
    "the band breaks a building run": (TWICE, "4 3 4", "no"),
    "and the run starts again": (TWICE, "4 3 4 4", "yes"),
    "a gap never clears": (replace(TWICE, periods=1), "4 - 3", "yes"),
    "a gap breaks a building run": (TWICE, "4 - 4", "no"),
    "equal to the limit": (ABOVE, "3", "no"),
    "beyond by the last digit": (ABOVE, "3.0000001", "yes"),
    "no clearing value: cleared at the limit": (ABOVE, "4 3", "no"),
    "no clearing value: not cleared above it": (ABOVE, "4 3.0000001", "yes"),
    "below: equal to the limit": (BELOW, "2.5", "no"),
    "below by the last digit": (BELOW, "2.4999999", "yes"),
    "below: zero": (BELOW, "0", "yes"),
    "below: back at the limit": (BELOW, "2 2.5", "no"),
    "the largest number there is": (ABOVE, "999999999.9999999", "yes"),
    "a negative number": (ABOVE, "-1", "no"),
    "nothing at all": (ABOVE, "-", "unjudged"),
}


@pytest.mark.parametrize(("threshold", "series", "open_"), SERIES.values(), ids=SERIES)
def test_series(store: Engine, threshold: Threshold, series: str, open_: str) -> None:
    """Open or not after the last reading."""
    reads(store, series)
    assert answer(findings(store, threshold)) == open_


@pytest.mark.parametrize("series", ["2.4", "2.6"], ids=["below it", "not below it"])
@pytest.mark.parametrize(("threshold", "is_floor"), [(BELOW, True), (ABOVE, False)], ids=["a floor", "a ceiling"])
def test_a_finding_says_which_way_is_worse(
    store: Engine, threshold: Threshold, series: str, *, is_floor: bool
) -> None:
    """Whether the figure is missed or met: a case is told of again only when it moves away from its limit."""
    reads(store, series)
    (one,) = findings(store, threshold)
    assert one.is_floor is is_floor


@pytest.mark.parametrize(
    ("recorded", "breach"),
    [("2019-04-03T23:59", "2019-04-04"), ("2019-04-04T00:30", "2019-04-05"), ("2019-04-04T06:59", "2019-04-05")],
    ids=["before midnight", "after midnight", "the last minute in which it is yesterday in UTC"],
)
def test_the_day_of_recording_is_the_day_in_vietnam(store: Engine, recorded: str, breach: str) -> None:
    """The breach is the day after the recording, by a clock in Vietnam (decision 13)."""
    reads(store, "4", recorded=recorded)
    (one,) = findings(store, ABOVE)
    assert one.breach == day(breach)


def answer(found: list[Finding]) -> str:
    """Whether the one indicator is open."""
    if not found:
        return "unjudged"
    (one,) = found
    return "yes" if one.verdict is Verdict.BREACH else "no"


RISES = {
    "equal to the percentage": ("10 12", "no"),
    "beyond it by the last digit": ("10 12.0000001", "yes"),
    "from 10 to 13": ("10 13", "yes"),
    "from 4 to 8": ("4 8", "yes"),
    "beyond the percentage, at the floor": ("4 5", "yes"),
    "beyond the percentage, one digit below the floor": ("4 4.9999999", "no"),
    "above the floor, equal to the percentage": ("100 120", "no"),
    "one digit more": ("100 120.0000001", "yes"),
    "small numbers stay below the floor": ("2 3", "no"),
    "from nothing, beyond the floor": ("0 6", "yes"),
    "from nothing, at the floor": ("0 5", "yes"),
    "from nothing, below it": ("0 4", "no"),
    "from nothing to nothing": ("0 0", "no"),
    "the base is missing": ("- 9", "unjudged"),
}


@pytest.mark.parametrize("against", Against)
@pytest.mark.parametrize(("series", "open_"), RISES.values(), ids=RISES)
def test_rise_of_20_percent_and_at_least_5(store: Engine, series: str, open_: str, against: Against) -> None:
    """Against the quarter before, and against the same quarter of last year (decision 25)."""
    rise = replace(ABOVE, above=None, rise=Rise(Decimal(20), against, Decimal(5)))
    base, now = series.split()
    reads(store, series if against is Against.PREVIOUS_PERIOD else f"{base} - - - {now}")
    found = findings(store, rise)
    mine = [one for one in found if one.period == "2019-Q1"]
    assert answer(mine) == open_
    if open_ == "yes":
        assert mine[0].before == int(Decimal(base) * SCALE)
        assert mine[0].limit is None


def test_correction_downward_withdraws_and_upward_begins_anew(store: Engine) -> None:
    """5 corrected to 3 never was beyond; 5 again, it is since the day after that (decisions 13, 26)."""
    reads(store, "5", recorded="2019-04-10T10:00")
    (one,) = findings(store, ABOVE)
    assert (one.verdict, one.breach, one.corrected) == (Verdict.BREACH, day("2019-04-11"), False)
    assert (one.recorded_on, one.period, one.value) == (day("2019-04-10"), "2019-Q1", 5 * SCALE)
    reads(store, "3", recorded="2019-04-20T10:00")
    (one,) = findings(store, ABOVE)
    assert (one.verdict, one.corrected) == (Verdict.MET, True)
    reads(store, "5", recorded="2019-04-25T10:00")
    (one,) = findings(store, ABOVE)
    assert (one.verdict, one.breach) == (Verdict.BREACH, day("2019-04-26"))


@pytest.mark.parametrize(
    ("recorded", "breach"),
    [("2019-05-03T10:00", "2019-05-04"), ("2019-05-06T01:00", AS_OF)],
    ids=["the day after it was recorded", "never after tonight"],
)
def test_breach_of_a_late_reading(store: Engine, recorded: str, breach: str) -> None:
    """Decision 13: the superior does not hear together with the unit."""
    reads(store, "4", recorded=recorded)
    assert [one.breach for one in findings(store, ABOVE)] == [day(breach)]


@pytest.mark.parametrize(
    ("set_on", "open_"), [("2019-01-01", "yes"), ("2019-01-02", "unjudged")], ids=["on that day", "a day later"]
)
def test_only_periods_that_begin_when_the_limit_is_set_count(store: Engine, set_on: str, open_: str) -> None:
    """Decision 47; the reading is of the first quarter of 2019."""
    reads(store, "4")
    assert answer(findings(store, replace(ABOVE, set_on=day(set_on)))) == open_


@pytest.mark.parametrize("value", ["3", "4", "-"])
def test_missing_reading_is_a_finding_of_its_own(store: Engine, value: str) -> None:
    """Missing and above are two cases (decisions 18 and 24); a reading at any time satisfies."""
    reads(store, f"1 1 1 1 {value}")
    found = {
        one.task.subject: one.verdict
        for one in findings(store, replace(ABOVE, no_data_after=10))
        if one.task.unit == "u.a"
    }
    assert found["i"] is (Verdict.BREACH if value == "4" else Verdict.MET)
    assert found["i@2019-Q1"] is (Verdict.BREACH if value == "-" else Verdict.MET)


INSIDE = (("u.a", "2019-04-01"), ("u.b", "2019-04-30"))
OUTSIDE = (("u.a", "2019-03-31"), ("u.b", "2019-05-01"), ("u.c", "2019-04-15"))
SHARED = {
    "one each, any": (Scope.ANY, INSIDE, 1),
    "one each, sum": (Scope.SUM, INSIDE, 0),
    "one each, each": (Scope.EACH, INSIDE, 2),
    "two and one, any": (Scope.ANY, (*INSIDE, ("u.b", "2019-04-02")), 0),
    "two and one, each": (Scope.EACH, (*INSIDE, ("u.b", "2019-04-02")), 1),
    "two and none, any": (Scope.ANY, (("u.b", "2019-04-02"), ("u.b", "2019-04-02")), 0),
    "one alone, sum": (Scope.SUM, INSIDE[:1], 1),
}


@pytest.mark.parametrize(("scope", "held", "breaches"), SHARED.values(), ids=SHARED)
def test_two_events_wanted_of_two_units(
    store: Engine, scope: Scope, held: tuple[tuple[str, str], ...], breaches: int
) -> None:
    """How they count together (decision 18); those outside the window or of another unit never do."""
    with writing(store) as conn:
        worlds.settle_in(conn, "u.c")
        rows = [
            worlds.activity(str(n), unit, "event", day(on), at(f"{on}T10:00"))
            for n, (unit, on) in enumerate((*held, *OUTSIDE))
        ]
        assert worlds.take(conn, "activities", *rows).added == len(rows)
    window = Window(day("2019-04-01"), day("2019-04-30"), yearly=False)
    found = findings(store, Quota("event", 2, window, scope))
    assert sum(one.verdict is Verdict.BREACH for one in found) == breaches


@pytest.mark.parametrize(
    ("first", "last"),
    [("2019-01-01", "2019-03-31"), ("2018-01-01", "2018-12-31"), ("2018-01-01", "2019-03-31")],
    ids=["a calendar quarter", "a calendar year", "fifteen months"],
)
def test_per_reading_takes_each_reading_with_the_period_it_brings(first: str, last: str) -> None:
    """Whether or not the period has a name of its own, a value beyond the limit is found."""
    town = Town.founded(only(rules(), "bao-ve-tre-em-2019/drowning-deaths"))
    town.reads("bp.ubnd_tinh", "child-drowning-deaths", first, last, 22, "2019-05-03T09:00")
    assert town.night(date(2019, 5, 4)).after


@pytest.mark.parametrize(
    ("recorded", "came"),
    [("2019-04-25T23:30", "2019-04-25"), ("2019-04-26T00:00", "2019-04-26")],
    ids=["before midnight in Vietnam", "at midnight"],
)
def test_a_figure_that_must_come_has_come_on_its_day_in_vietnam(store: Engine, recorded: str, came: str) -> None:
    """A report too; whoever was told of its absence is told of that day."""
    reads(store, "1", recorded=recorded)
    found = {
        (one.task.unit, one.task.subject): one.recorded_on
        for one in findings(store, replace(ABOVE, no_data_after=10))
    }
    assert found["u.a", "i@2019-Q1"] == day(came)
    town = Town.founded(only(rules(), "279-ubnd-ldtbxh/report-round-1"))
    town.submits("ln.ubnd_xa.bao_dai", "child-protection", "2015-04-17", f"2015-04-{recorded[8:]}")
    report = finding(town.night(date(2015, 4, 27)), "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai")
    assert report is not None
    assert report.recorded_on == day(f"2015{came[4:]}")
