"""Consecutive periods have consecutive numbers, so that a streak sees which ones follow each other."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dondoc.engine.domain.model import Task
from dondoc.engine.domain.periods import NAMED, PeriodKind, periods_between
from dondoc.engine.domain.rulebook import Direct, EveryPeriod, EveryYear, OccasionWindow, Overdue, Quota, Window
from dondoc.engine.domain.terms import TaskKind
from dondoc.engine.kinds import kind_of
from tests.support.worlds import day

FAIRS = {"fair": (day("2018-09-24"), day("2019-09-13"), day("2020-10-01"))}


def numbers(condition: Direct, tasks: list[Task]) -> list[int]:
    """The numbers that a kind gives to these tasks."""
    return [kind_of(condition).number_of(condition, task, FAIRS) for task in tasks]


def in_a_row(found: list[int]) -> bool:
    """Whether each number is the one before and one more."""
    return len(found) > 2 and all(after == before + 1 for before, after in pairwise(found))


@pytest.mark.parametrize("kind", NAMED)
def test_named_periods_are_numbered_on_over_new_year(kind: PeriodKind) -> None:
    """Of reports and of activities alike, through four years."""
    keys = [period.key for period in periods_between(kind, day("2016-12-01"), day("2021-01-31"))]
    tasks = [Task(n, "d/r", "u", key, TaskKind.QUOTA, None) for n, key in enumerate(keys)]
    assert in_a_row(numbers(Quota("event", 1, kind), tasks))
    assert in_a_row(numbers(Overdue("report", None, EveryPeriod(kind, 15)), tasks))


@pytest.mark.parametrize(
    "condition",
    [
        Overdue("report", None, EveryYear(12, 15, exclusive=False)),
        Quota("event", 1, Window(day("2019-06-01"), day("2019-06-30"), yearly=True)),
        Quota("event", 1, OccasionWindow("fair", 15)),
    ],
    ids=["a report of every year", "a month of every year", "the days before a fair"],
)
def test_what_comes_every_year_is_numbered_by_years(condition: Direct) -> None:
    """A fair is on another day each year."""
    ends = FAIRS["fair"]
    tasks = [Task(n, "d/r", "u", str(end.year), TaskKind.QUOTA, end, end, end) for n, end in enumerate(ends)]
    assert in_a_row(numbers(condition, tasks))
