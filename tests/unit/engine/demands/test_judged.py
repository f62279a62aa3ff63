"""The first and the last period that a rule judges, as `check` prints them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from dondoc.engine.demands.judged import judged_spans
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import (
    AfterEvent,
    Condition,
    EveryPeriod,
    EveryYear,
    OnDate,
    Overdue,
    Quota,
    Threshold,
)
from tests.support import worlds
from tests.support.worlds import day

QUARTER = PeriodKind.CALENDAR_QUARTER
WATCHED = Threshold("i", QUARTER, "u", day("2018-01-01"), above=Decimal(3))
# In force from Saturday 5 January 2019 to 31 December 2019.
SPANS: dict[str, tuple[Condition, tuple[str, ...]]] = {
    "a quota": (
        Quota("event", 1, QUARTER),
        ("2019-Q2", "2019-06-30", "2019-07-01", "2019-Q4", "2019-12-31", "2020-01-01"),
    ),
    "with a grace and notices": (
        Quota("event", 1, QUARTER, grace=3, warn_before=(5,)),
        ("2019-Q2", "2019-07-03", "2019-06-24", "2019-Q4", "2020-01-03", "2019-12-24"),
    ),
    "a yearly report": (
        Overdue("r", None, EveryYear(12, 15, exclusive=False)),
        ("2019", "2019-12-15", "2019-12-16", "2019", "2019-12-15", "2019-12-16"),
    ),
    "one of the calendar year": (
        Overdue("r", None, EveryPeriod(PeriodKind.CALENDAR_YEAR, 15)),
        ("2019", "2019-12-15", "2019-12-16", "2019", "2019-12-15", "2019-12-16"),
    ),
    "monthly reports with reminders": (
        Overdue("r", None, EveryPeriod(PeriodKind.CALENDAR_MONTH, 25), (5, 1)),
        ("2019-01", "2019-01-25", "2019-01-18", "2019-12", "2019-12-25", "2019-12-18"),
    ),
    "a fixed day": (
        Overdue("r", None, OnDate(day("2019-04-20"), exclusive=True)),
        ("2019-04-19", "2019-04-19", "2019-04-22", "2019-04-19", "2019-04-19", "2019-04-22"),
    ),
    "judged from a day on": (
        replace(Quota("event", 1, QUARTER), judge_from=day("2019-04-02")),
        ("2019-Q3", "2019-09-30", "2019-10-01", "2019-Q4", "2019-12-31", "2020-01-01"),
    ),
    "figures": (WATCHED, ("2019-Q1", "2019-03-31", "2019-04-01", "2019-Q4", "2019-12-31", "2020-01-01")),
    "figures that must come": (
        replace(WATCHED, no_data_after=2),
        ("2019-Q2", "2019-07-02", "2019-07-03", "2019-Q4", "2020-01-02", "2020-01-03"),
    ),
    "figures judged from a day on": (
        replace(WATCHED, judge_from=day("2019-07-02")),
        ("2019-Q4", "2019-12-31", "2020-01-01", "2019-Q4", "2019-12-31", "2020-01-01"),
    ),
    "after an event": (Overdue("r", None, AfterEvent(5, "forum")), ()),
    "assigned tasks": (Overdue(None, "assigned", None), ()),
}


@pytest.mark.parametrize(("condition", "expected"), SPANS.values(), ids=SPANS)
def test_the_first_and_the_last(condition: Condition, expected: tuple[str, ...]) -> None:
    """Key, last day and first letter of both; nothing where others decide when a demand begins."""
    directive = worlds.directive("d", since=day("2019-01-05"), until=day("2019-12-31"))
    spans = list(judged_spans(worlds.book([worlds.rule("d/r", condition, "u")], [directive])))
    found = [one for span in spans for one in (span.first, span.last) if one]
    said = [str(value) for one in found for value in (one.key, one.last_day, one.first_letter)]
    assert tuple(said) == expected


def test_without_an_end_there_is_no_last_one() -> None:
    """Of a directive without an end the first is known alone."""
    monthly = Overdue("r", None, EveryPeriod(PeriodKind.CALENDAR_MONTH, 25))
    (span,) = judged_spans(
        worlds.book([worlds.rule("d/r", monthly, "u")], [worlds.directive("d", since=date(2019, 1, 5))])
    )
    assert (span.first.key, span.last) == ("2019-01", None)


def test_what_is_judged_long_after_its_directive_began_has_a_first_one_too() -> None:
    """A circular of 2007 whose reports a pack follows from 2019 on."""
    monthly = Overdue("r", None, EveryPeriod(PeriodKind.CALENDAR_MONTH, 25), judge_from=day("2019-01-01"))
    (span,) = judged_spans(
        worlds.book([worlds.rule("d/r", monthly, "u")], [worlds.directive("d", since=date(2007, 1, 5))])
    )
    assert span.first.key == "2019-01"


def test_the_first_figure_that_must_come_is_of_a_period_that_begins_no_earlier_than_its_directive() -> None:
    """The quarter that begins on its first day in force is asked for."""
    for since, first in (("2019-04-01", "2019-Q2"), ("2019-04-02", "2019-Q3")):
        rule = worlds.rule("d/r", replace(WATCHED, no_data_after=2), "u")
        (span,) = judged_spans(worlds.book([rule], [worlds.directive("d", since=day(since))]))
        assert span.first.key == first
