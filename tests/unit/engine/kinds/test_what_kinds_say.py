"""What each kind of task is by itself: rows that the night, the letters and the second pass rest on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from dondoc.engine.domain.model import Asked, Finding, MissedParts, Task, scaled
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import (
    Against,
    Condition,
    EveryPeriod,
    OnDate,
    Overdue,
    Quota,
    Rise,
    Rollup,
    Streak,
    Threshold,
)
from dondoc.engine.domain.terms import Scope, TaskKind, Verdict
from dondoc.engine.kinds import Kind, kind_of, kind_of_task
from tests.support.worlds import day

LAST = day("2019-06-30")
PART = Task(1, "d/r", "u", "2019-06", TaskKind.QUOTA, LAST)
FIGURE = Task(2, "d/r", "u", "i", TaskKind.LEVEL, None)
QUESTIONS: Mapping[str, Callable[[Kind[Any], TaskKind], bool]] = {
    "is counted in letters": lambda kind, task: kind.is_counted(task),
    "is measured on a living unit": lambda kind, task: kind.is_measured(task),
    "is never made up": lambda kind, task: kind.is_never_made_up(task),
    "gets worse with time": lambda kind, task: kind.is_worse_with_time(task),
    "counts other findings": lambda kind, task: kind.is_derived(),
    "gives way to a newer one": lambda kind, task: kind.is_superseded(
        Finding(Task(9, "d/r", "u", "s", task, LAST), Verdict.BREACH)
    ),
}
SAID = {
    TaskKind.REPORT: {"is counted in letters", "gets worse with time"},
    TaskKind.ASSIGNED: {"is counted in letters", "gets worse with time"},
    TaskKind.QUOTA: {
        "is counted in letters",
        "is never made up",
        "gets worse with time",
        "gives way to a newer one",
    },
    TaskKind.LEVEL: {"is measured on a living unit"},
    TaskKind.READING: {"gets worse with time"},
    TaskKind.STREAK: {"is measured on a living unit", "gets worse with time", "counts other findings"},
    TaskKind.ROLLUP: {"is measured on a living unit", "gets worse with time", "counts other findings"},
}


@pytest.mark.parametrize("task", TaskKind)
def test_of_a_task_it_is_true_that_it(task: TaskKind) -> None:
    """And nothing else of these."""
    kind = kind_of_task(task)
    assert {question for question, asks in QUESTIONS.items() if asks(kind, task)} == SAID[task]


@pytest.mark.parametrize(
    ("parts", "gives_way"),
    [(None, False), (MissedParts((), 1, 1), False), (MissedParts((PART,), 1, 1), True)],
    ids=["of which nothing is known", "without a missed month", "with a missed month"],
)
def test_a_rollup_gives_way_to_a_newer_one(parts: MissedParts | None, *, gives_way: bool) -> None:
    """As the months of a quota do that it counts."""
    whole = Finding(Task(9, "d/w", "h", "2019-06", TaskKind.ROLLUP, LAST), Verdict.BREACH, parts=parts)
    assert kind_of_task(TaskKind.ROLLUP).is_superseded(whole) is gives_way


MONTHLY = Quota("event", 1, PeriodKind.CALENDAR_MONTH)
LIMIT = Threshold("i", PeriodKind.CALENDAR_MONTH, "u", day("2018-01-01"), above=Decimal(3))
RISE = replace(LIMIT, above=None, rise=Rise(Decimal(20), Against.PREVIOUS_PERIOD, Decimal(0)))
WHOLE = Rollup("d/r", units=2)
FIFTH = scaled(Decimal(20))


def risen(value: int, before: int | None) -> Finding:
    """A figure, and the one that it is compared with."""
    return Finding(FIGURE, Verdict.MET, value=value, before=before)


def late(missed: int, judged: int) -> Finding:
    """A body of which so many parts were late, of those that were judged."""
    whole = Task(9, "d/w", "h", "2019-06", TaskKind.ROLLUP, LAST)
    return Finding(whole, Verdict.MET, parts=MissedParts((PART,) * missed, judged, judged))


@pytest.mark.parametrize(
    ("condition", "shared", "each", "periods", "covers"),
    [
        pytest.param(MONTHLY, False, True, True, False, id="a quota of each unit"),
        pytest.param(Quota("event", 1, MONTHLY.per, Scope.SUM), True, False, True, False, id="one of all units"),
        pytest.param(
            Overdue("r", None, EveryPeriod(MONTHLY.per, 15)), False, True, True, False, id="a monthly report"
        ),
        pytest.param(
            Overdue("r", None, OnDate(LAST, exclusive=False)), False, True, False, False, id="one report"
        ),
        pytest.param(Overdue(None, "t", None), False, False, False, False, id="an assigned task"),
        pytest.param(LIMIT, False, True, False, False, id="a figure"),
        pytest.param(Streak("d/r", 2), False, True, False, False, id="missed months running"),
        pytest.param(Rollup("d/r", units=2), False, True, False, False, id="units late together"),
        pytest.param(Rollup("d/r", units=2, covers=True), False, True, False, True, id="and covering them"),
    ],
)
def test_a_condition_says_of_itself(
    condition: Condition, *, shared: bool, each: bool, periods: bool, covers: bool
) -> None:
    """Whether units carry it together, each owes the same, it comes in periods, and it covers its parts."""
    kind = kind_of(condition)
    assert kind.is_shared(condition) is shared
    assert kind.asks_each(condition) is each
    assert kind.has_periods(condition) is periods
    assert kind.covers(condition) is covers
    assert kind.judged_since(condition) == (day("2018-01-01") if condition is LIMIT else None)


@pytest.mark.parametrize(
    ("condition", "finding", "asked", "misses"),
    [
        pytest.param(MONTHLY, Finding(PART, Verdict.MET, count=2), 2, False, id="two of two are enough"),
        pytest.param(MONTHLY, Finding(PART, Verdict.MET, count=2), 3, True, id="two of three are not"),
        pytest.param(MONTHLY, Finding(PART, Verdict.MET), 3, False, id="an unknown number says nothing"),
        pytest.param(Streak("d/r", 2), Finding(PART, Verdict.MET), 2, False, id="no more do unknown months"),
        pytest.param(
            Overdue("r", None, OnDate(LAST, exclusive=False)),
            Finding(PART, Verdict.MET),
            1,
            False,
            id="a report has no number",
        ),
        pytest.param(LIMIT, Finding(FIGURE, Verdict.MET, value=4, limit=5), 3, True, id="4 is above 3"),
        pytest.param(LIMIT, Finding(FIGURE, Verdict.MET, value=3, limit=5), 3, False, id="3 is not"),
        pytest.param(
            LIMIT, Finding(FIGURE, Verdict.MET, value=3, limit=2, is_floor=True), 3, False, id="nor below"
        ),
        pytest.param(
            LIMIT, Finding(FIGURE, Verdict.MET, value=2, limit=2, is_floor=True), 3, True, id="2 is below 3"
        ),
        pytest.param(LIMIT, Finding(FIGURE, Verdict.MET, limit=5), 3, False, id="an unknown figure says nothing"),
        pytest.param(
            LIMIT, Finding(PART, Verdict.MET, value=4, limit=5), 3, False, id="nor one that must only come"
        ),
        pytest.param(
            Streak("d/r", 2),
            Finding(PART, Verdict.MET, parts=MissedParts((PART,), 1, 1)),
            1,
            True,
            id="a streak of 1",
        ),
        pytest.param(
            Streak("d/r", 2),
            Finding(PART, Verdict.MET, parts=MissedParts((PART,), 1, 1)),
            2,
            False,
            id="is none of 2",
        ),
        pytest.param(RISE, risen(12, 10), FIFTH, False, id="12 after 10 is a rise of a fifth, and not of more"),
        pytest.param(RISE, risen(121, 100), FIFTH, True, id="121 after 100 is one of more"),
        pytest.param(RISE, risen(1, 0), FIFTH, True, id="any is after nothing"),
        pytest.param(RISE, risen(1, -1), FIFTH, False, id="none is after less than nothing"),
        pytest.param(RISE, risen(12, None), FIFTH, False, id="none is known without the figure before"),
        pytest.param(WHOLE, late(1, 4), scaled(Decimal(25)), True, id="one of four is a quarter"),
        pytest.param(WHOLE, late(1, 4), scaled(Decimal("25.1")), False, id="and no more than that"),
        pytest.param(WHOLE, late(2, 4), -2, True, id="two of four are two units"),
        pytest.param(WHOLE, late(1, 4), -2, False, id="one is not"),
        pytest.param(WHOLE, Finding(PART, Verdict.MET), -2, False, id="of unknown parts nothing is said"),
    ],
)
def test_what_is_met_would_be_missed_if_its_rule_asked_as_before(
    condition: Condition, finding: Finding, asked: int, *, misses: bool
) -> None:
    """So a rule that was edited closes no case as if the unit had done something (decision 40)."""
    assert kind_of(condition).misses(finding, Asked(asked)) is misses


@pytest.mark.parametrize(
    ("condition", "asked"),
    [
        pytest.param(Rollup("d/r", units=3), -3, id="three units"),
        pytest.param(Rollup("d/r", percent=Decimal(25)), scaled(Decimal(25)), id="a quarter of them"),
    ],
)
def test_a_rollup_asks_for_a_number_below_zero_or_for_a_share(condition: Rollup, asked: int) -> None:
    """So that one is told from the other where only the number is kept."""
    assert kind_of(condition).asked(condition) == Asked(asked)


@pytest.mark.parametrize("finding", [Finding(PART, Verdict.MET), Finding(PART, Verdict.BREACH)])
def test_missed_months_running_are_never_finished(finding: Finding) -> None:
    """The next month is counted as well."""
    assert not kind_of_task(TaskKind.STREAK).is_finished(finding, None)
