"""The clock of the steps begins when a matter could first be known: nobody above hears first of it (0038)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from dondoc.engine.domain.rulebook import OnDate, Overdue, RuleBook, Selector, Threshold
from dondoc.engine.domain.terms import Outcome
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night import nights
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from tests.support.town import Town, at, finding, only, rules

ROUND_1, ROUND_2 = "279-ubnd-ldtbxh/report-round-1", "279-ubnd-ldtbxh/report-round-2"
UNIT = "ln.ubnd_xa.bao_dai"
DAY = date(2015, 6, 4)


def _book(*names: str) -> RuleBook:
    """Rules on one commune alone; without a name, tasks that are given to it."""
    book = only(rules(), *(names or (ROUND_1,)))
    made = {name: replace(rule, applies_to=Selector(units=(UNIT,))) for name, rule in book.rules.items()}
    if not names:
        rule = replace(made[ROUND_1], condition=Overdue(None, "given", None, ()))
        made = {ROUND_1: rule}
    return replace(book, rules=made)


def _judged(town: Town, on: date, *, baseline: bool = False) -> dict[str, int]:
    """A night of a store, as it is planned; the steps that its readers were told of."""
    with reading(town.engine) as conn:
        before = nights.latest(conn)
    planned = steps.plan_nights(town.engine, on, catch_up=before is not None, baseline=baseline)
    assert isinstance(planned, tuple)
    for night in planned:
        steps.judge_night(town.engine, town.book, night)
    assert isinstance(planned[-1], Night)
    return {case.task.rule: case.reached for case in town.cases()}


def test_a_task_that_is_recorded_late_begins_at_the_first_step() -> None:
    """Due on 15/4, recorded on 3/6: its unit alone hears on 4/6, and the office above five working days later."""
    town = Town.founded(_book())
    town.is_assigned(UNIT, "given", "2015-04-15", "2015-06-03T09:00", ref="N1")
    town.night(DAY)
    assert [(one.reader, one.step) for _, one in town.notified] == [(UNIT, 1)]
    (case,) = town.cases()
    assert (case.breach, case.clock) == (date(2015, 4, 16), DAY)
    town.night(date(2015, 6, 10))
    assert {one.reader for day, one in town.notified if day == date(2015, 6, 10)} == set()
    town.night(date(2015, 6, 11))
    assert {one.step for day, one in town.notified if day == date(2015, 6, 11)} == {2}


def test_lateness_is_printed_from_the_limit() -> None:
    """However late it could be known."""
    town = Town.founded(_book())
    town.is_assigned(UNIT, "given", "2015-04-15", "2015-06-03T09:00", ref="N1")
    made = town.night(DAY)
    (notice,) = made.notices
    assert notice.finding.breach == date(2015, 4, 16)


def test_the_night_need_not_have_run() -> None:
    """After an outage of our own all who are due hear at once: the clock ran meanwhile (decision 5)."""
    town = Town.founded(_book())
    town.is_assigned(UNIT, "given", "2015-04-15", "2015-05-06T09:00", ref="N1")
    town.night(DAY)
    (case,) = town.cases()
    assert case.clock == date(2015, 5, 7)
    assert len({one.reader for _, one in town.notified}) > 1


def test_a_rule_that_is_written_late_begins_at_the_first_step() -> None:
    """Loaded in June about April, in a store that had other rules until then, and in one that had none."""
    town = Town.founded(_book(ROUND_2))
    _judged(town, date(2015, 6, 3))
    town.book = _book(ROUND_1, ROUND_2)
    assert _judged(town, DAY) == {ROUND_1: 1}
    first = Town.founded(_book(ROUND_1))
    assert _judged(first, DAY) == {ROUND_1: 1}


def test_a_baseline_counts_the_steps_that_have_passed_as_done() -> None:
    """It notifies nobody, and what is old when it runs climbs no ladder afterwards."""
    town = Town.founded(_book(ROUND_1))
    reached = _judged(town, DAY, baseline=True)[ROUND_1]
    assert reached > 4
    (case,) = town.cases()
    assert case.floor == reached


def test_an_outage_of_our_own_starts_no_clock_again() -> None:
    """The demand was there before the limit; judged again six weeks later, everybody who is due hears."""
    town = Town.founded(_book(ROUND_1))
    _judged(town, date(2015, 4, 10))
    assert _judged(town, DAY)[ROUND_1] > 3


def test_a_report_that_proves_wrong_begins_at_the_first_step() -> None:
    """In time, and in June it turns out to be of another kind: nobody could know of that before."""
    town = Town.founded(_book(ROUND_1))
    town.submits(UNIT, "child-protection", "2015-04-18", ref="B1")
    for night in (date(2015, 4, 20), date(2015, 6, 2)):
        town.night(night)
    town.brings(
        "submissions",
        [
            (
                2,
                {
                    "ref": "B1",
                    "unit": UNIT,
                    "report": "another",
                    "submitted_on": date(2015, 4, 18),
                    "recorded_at": at("2015-06-03T09:00"),
                    "document": "12/BC",
                    "task": "",
                },
            )
        ],
    )
    town.night(DAY)
    (case,) = town.cases()
    assert (case.breach, case.reached) == (date(2015, 4, 20), 1)


def test_a_fixed_day_is_put_back_after_its_rule_was_gone() -> None:
    """What no rule demanded for a while is demanded anew: the unit hears first."""
    town = Town.founded(_book(ROUND_1))
    town.night(date(2015, 4, 20))
    whole = town.book
    town.book = replace(whole, rules={})
    assert {case.outcome for case in town.night(date(2015, 4, 21)).after} == {Outcome.RETIRED}
    condition = whole.rules[ROUND_1].condition
    assert isinstance(condition, Overdue)
    assert isinstance(condition.due, OnDate)
    town.book = whole
    town.night(DAY)
    (case,) = town.cases()
    assert (case.breach, case.clock, case.reached) == (date(2015, 4, 20), DAY, 1)


def test_a_limit_that_is_lowered_under_an_old_figure_begins_at_the_first_step() -> None:
    """A figure of May above the limit that is set in June: its unit hears first, and the office above later."""
    name, province = "bao-ve-tre-em-2019/drowning-deaths", "bp.ubnd_tinh"
    book = only(rules(), name)
    condition = book.rules[name].condition
    assert isinstance(condition, Threshold)
    town = Town.founded(book)
    town.reads(province, "child-drowning-deaths", "2018-01-01", "2019-03-31", 21, "2019-05-03T08:00")
    town.night(date(2019, 5, 4))
    assert town.notified == []
    lowered = replace(condition, above=Decimal(10), clear=None)
    town.book = replace(book, rules={name: replace(book.rules[name], condition=lowered)})
    town.night(date(2019, 6, 4))
    assert [(one.reader, one.step) for _, one in town.notified] == [(province, 1)]
    (case,) = town.cases()
    assert (case.breach, case.clock) == (date(2019, 5, 4), date(2019, 6, 4))


@pytest.mark.parametrize(
    ("last_day", "known_on"),
    [
        pytest.param(
            "2015-06-03", date(2015, 6, 10), id="the last night ahead of it would have made it, had it known of it"
        ),
        pytest.param("2015-06-04", None, id="one day further on it did not look that far ahead"),
    ],
)
def test_after_months_without_a_night_a_demand_was_first_known_on(last_day: str, known_on: date | None) -> None:
    """The service stood still from 2/4 to 10/6/2015; a night looks 62 days ahead, to 3/6."""
    town = Town.founded(_book(ROUND_1))
    town.night(date(2015, 4, 2))
    due = OnDate(date.fromisoformat(last_day), exclusive=False)
    other = replace(town.book.rules[ROUND_1], id=f"{ROUND_1}-too", condition=Overdue("other", None, due))
    town.book = replace(town.book, rules={**town.book.rules, other.id: other})
    found = finding(town.night(date(2015, 6, 10)), other.id, UNIT)
    assert found is not None
    assert found.known_on == known_on
