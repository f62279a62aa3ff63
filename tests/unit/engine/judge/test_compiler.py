"""What the rules become for durable_rules: every field guarded, every window right, every number exact."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.engine.domain.model import scaled
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Against, Condition, OnDate, Overdue, Quota, Rise, Threshold, growth
from dondoc.engine.domain.terms import Verdict
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.judge.compiler import compile_book
from dondoc.engine.judge.durable_rules import Chunk, Ruleset
from dondoc.engine.kinds.shapes import FactSource, MatchMeaning, Shape, multiple
from tests.support import worlds
from tests.support.town import rules
from tests.support.worlds import SINCE, day

DAY = timedelta(days=1)
QUARTER = PeriodKind.CALENDAR_QUARTER


def guarded(test: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """The fields a conjunction has asked `$ex` for, and those it reads without having asked."""
    known: set[str] = set()
    bare: set[str] = set()
    for part in test["$and"]:
        ((word, inner),) = part.items()
        if word == "$ex":
            known |= set(inner)
        elif word != "$nex":
            bare |= set(fields(part)) - known
    return known, bare


def fields(test: Any) -> Iterator[str]:
    """Every field a comparison reads: what it compares, and what `$m` brings in."""
    if isinstance(test, list):
        for part in test:
            yield from fields(part)
    elif isinstance(test, dict):
        for word, inner in test.items():
            if word == "$m":
                yield inner
            elif word in {"$lt", "$lte", "$gt", "$gte"}:
                yield from inner
                yield from fields(list(inner.values()))
            else:
                yield from fields(inner)


def compiled(*conditions: Condition, as_of: date = date(2019, 7, 1), **more: Any) -> tuple[Shape, ...]:
    """The shapes of rules with these conditions."""
    made = [worlds.rule(f"d/r{n}", condition, "u.a") for n, condition in enumerate(conditions)]
    return compile_book(worlds.book(made, **more), as_of)


def level(**more: Any) -> Threshold:
    """A threshold on one indicator by quarter."""
    return Threshold("i", QUARTER, "u.a", SINCE, **more)


EVERYTHING = (
    Overdue("r", None, OnDate(day("2019-07-10"), exclusive=True), (5, 1)),
    Overdue(None, "assigned", None, ()),
    Quota("a", 2, PeriodKind.CALENDAR_MONTH, warn_before=(5,)),
    level(above=Decimal(3), clear=Decimal(2), no_data_after=10),
    level(below=Decimal(90)),
    level(rise=Rise(Decimal(20), Against.PREVIOUS_PERIOD, Decimal(5)), clear=Decimal(10)),
    level(rise=Rise(Decimal("12.5"), Against.SAME_PERIOD_LAST_YEAR, Decimal(5))),
)


def test_every_field_that_is_read_is_asked_for_first() -> None:
    """durable_rules fires on a missing field; no rule of the project or of this test leaves that open."""
    project = [shape for year in range(2015, 2026) for shape in compile_book(rules(), date(year, 6, 30))]
    tests = [test for shape in (*project, *compiled(*EVERYTHING)) for test in shape.definition.values()]
    assert len(tests) > 50
    for test in tests:
        known, bare = guarded(test)
        assert known
        assert bare == set()


def test_guard_check_sees_an_unguarded_field() -> None:
    """The check above is no rubber stamp: an unguarded comparison, also inside `$or` and `$mul`, is seen."""
    share = {"$mul": {"$l": {"$m": "b"}, "$r": 6}}
    test = {"$and": [{"$ex": {"v": 1}}, {"$or": [{"$lt": {"v": 1}}, {"$gt": {"w": share}}]}]}
    assert guarded(test)[1] == {"w", "b"}


def test_every_hit_has_a_meaning() -> None:
    """Each durable rule's name stands for one verdict, or for one rule's word on a reading."""
    for shape in compiled(*EVERYTHING):
        assert shape.meanings.keys() == shape.definition.keys()
        for meaning in shape.meanings.values():
            assert (meaning.verdict is None) == (shape.source is FactSource.READINGS)


def test_rules_that_read_the_same_share_a_shape() -> None:
    """Two rules with the same reminders are one shape; other reminders or another indicator make another."""
    due = OnDate(day("2019-07-10"), exclusive=True)
    shapes = compiled(Overdue("r", None, due, (5,)), Overdue("s", None, due, (5,)), Overdue("r", None, due, (1,)))
    assert [shape.rules for shape in shapes] == [("d/r0", "d/r1"), ("d/r2",)]
    (shape,) = compiled(level(above=Decimal(3)), level(above=Decimal(5)))
    assert set(shape.definition) == {"d/r0|beyond-0", "d/r1|beyond-0"}


def test_an_indicator_has_a_shape_for_each_figure_that_it_is_compared_with() -> None:
    """With none, the period before, that of a year ago; no two share a name, by which matches are known."""
    shapes = compiled(
        level(above=Decimal(3)), *(level(rise=Rise(Decimal(20), against, Decimal(5))) for against in Against)
    )
    assert [shape.against for shape in shapes] == [None, *Against]
    assert len({shape.name for shape in shapes}) == len(shapes)


def test_a_clearing_value_of_its_own_makes_a_band() -> None:
    """Between the limit and another clearing value a reading is named; without one, beyond is all there is."""
    (shape,) = compiled(level(above=Decimal(3), clear=Decimal(2)))
    assert set(shape.definition) == {"d/r0|beyond-0", "d/r0|band-1"}


@pytest.mark.parametrize("as_of", ["2019-06-25", "2020-02-13"])
def test_directive_out_of_force_has_no_shape(as_of: str) -> None:
    """Invariant 17: before the first day, and after the night that knows the last on which it is followed up."""
    directive = worlds.directive("d", since=day("2019-06-26"), until=day("2019-12-31"))
    assert compiled(*EVERYTHING, as_of=day(as_of), directives=[directive]) == ()
    assert compiled(*EVERYTHING, as_of=day("2019-06-26"), directives=[directive])
    assert compiled(*EVERYTHING, as_of=day("2020-02-12"), directives=[directive])
    sooner = replace(directive, follow_until=day("2020-01-10"))
    assert compiled(*EVERYTHING, as_of=day("2020-01-11"), directives=[sooner])
    assert compiled(*EVERYTHING, as_of=day("2020-01-12"), directives=[sooner]) == ()


def test_a_count_is_missed_or_met_and_never_both() -> None:
    """Two are wanted by the end of June: none or one is missed, two or more is met, and in time is neither."""
    (shape,) = compiled(Quota("a", 2, PeriodKind.CALENDAR_MONTH))
    facts = [{"id": n, "n": n, "last": "2019-06-30"} for n in range(4)] + [{"id": 9, "n": 0, "last": "2019-07-01"}]
    with Ruleset(shape.name, shape.definition) as ruleset:
        hits = ruleset.judge(Chunk(json.dumps(facts)[1:-1], len(facts)))
    assert hits == [("met", 2), ("met", 3), ("missed", 0), ("missed", 1)]


REMINDERS = {
    "2015-04-13": ("2015-04-19", 5),
    "2015-04-17": ("2015-04-19", 1),
    "2015-10-28": ("2015-10-29", 1),
    "2016-07-08": ("2016-07-09", 1),
}


def reminded(calendar: WorkCalendar, as_of: date, last: date, k: int) -> bool:
    """Whether the compiled window of the k-day reminder takes in a last day on a night."""
    made = worlds.rule("d/r", Overdue("r", None, OnDate(last, exclusive=False), (k,)), "u.a")
    (shape,) = compile_book(worlds.book([made], calendar=calendar), as_of)
    assert shape.meanings[f"ending-{k}"] == MatchMeaning(Verdict.ENDING, k)
    parts = {word: value for part in shape.definition[f"ending-{k}"]["$and"] for word, value in part.items()}
    return bool(parts["$gte"]["last"] <= last.isoformat() <= parts["$lte"]["last"])


@pytest.mark.parametrize("night", REMINDERS)
def test_reminder_begins_on_its_working_day(night: str) -> None:
    """The worked nights of 2015 and 2016: due tonight, and not on the working day before."""
    last, k = day(REMINDERS[night][0]), REMINDERS[night][1]
    vn = rules().calendars["vn"]
    assert reminded(vn, day(night), last, k)
    assert not reminded(vn, vn.before(day(night), 1), last, k)


@given(
    st.lists(st.dates(day("2019-05-01"), day("2019-07-31")), max_size=15),
    st.dates(day("2019-06-01"), day("2019-06-30")),
    st.dates(day("2019-06-01"), day("2019-07-10")),
    st.integers(1, 6),
)
def test_reminder_window_is_from_the_kth_working_day_to_the_last_day(
    closed: list[date], as_of: date, last: date, k: int
) -> None:
    """Decision 4, on every working night: once the k-th working day before has come, until the last day."""
    shut = {one: "nghỉ" for one in closed if one.weekday() < 5}
    calendar = WorkCalendar("invented", day("2019-01-01"), day("2019-12-31"), shut, {})
    if calendar.is_workday(as_of):
        assert reminded(calendar, as_of, last, k) == (calendar.before(last, k) <= as_of <= last)


@pytest.mark.parametrize(
    ("number", "whole"),
    [
        ("3", 30_000_000),
        ("3.0000001", 30_000_001),
        ("-0.0000001", -1),
        ("999999999.9999999", 9_999_999_999_999_999),
    ],
)
def test_numbers_are_scaled_exactly(number: str, whole: int) -> None:
    """Seven decimals, as the facts hold them."""
    assert scaled(Decimal(number)) == whole


def test_an_eighth_decimal_is_refused() -> None:
    """Rather than rounded in silence."""
    with pytest.raises(ValueError, match="seven decimals"):
        scaled(Decimal("0.00000001"))


def test_rise_compares_whole_numbers() -> None:
    """20 % is 6/5: five times the value against six times the base, and the multiple is asked of the facts."""
    assert growth(Decimal(20)).as_integer_ratio() == (6, 5)
    (shape,) = compiled(level(rise=Rise(Decimal(20), Against.PREVIOUS_PERIOD, Decimal(5)), clear=Decimal("12.5")))
    assert shape.factors == (5, 8)
    assert multiple(5) in str(shape.definition["d/r0|beyond-0"])
    with pytest.raises(ValueError, match="too fine"):
        compiled(level(rise=Rise(Decimal("0.01"), Against.PREVIOUS_PERIOD, Decimal(5))))
