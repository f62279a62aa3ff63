"""Which period a task is about, read from its subject: only the kind of its rule can tell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dondoc.engine.demands.subjects import period_key, period_of
from dondoc.engine.domain.model import Task
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import EveryPeriod, Overdue, Quota, Rollup, Streak, Threshold
from dondoc.engine.domain.terms import TaskKind
from tests.support.worlds import book, day, rule

MONTH = PeriodKind.CALENDAR_MONTH
JUNE = (day("2019-06-01"), day("2019-06-30"))
BOOK = book(
    rule(f"d/{name}", condition, "u")
    for name, condition in {
        "report": Overdue("report", None, EveryPeriod(MONTH, 15)),
        "assigned": Overdue(None, "assigned", None),
        "quota": Quota("event", 1, MONTH),
        "level": Threshold("i", MONTH, "u", day("2018-01-01"), above=Decimal(3), no_data_after=5),
        "streak": Streak("d/quota", 2),
        "whole": Rollup("d/quota", units=2),
        "wholes": Rollup("d/whole", units=2),
        "whole-of-streaks": Rollup("d/streak", units=2),
    }.items()
)


@pytest.mark.parametrize(
    ("name", "subject", "key"),
    [
        pytest.param("report", "2019-06", "2019-06", id="a report names its month"),
        pytest.param("quota", "2019-06", "2019-06", id="so do activities"),
        pytest.param("assigned", "2019-06", "", id="the ref of a task may look like a month and is none"),
        pytest.param("level", "i@2019-06", "2019-06", id="a missing figure names its month after its indicator"),
        pytest.param("level", "i", "", id="a level goes on"),
        pytest.param("whole", "2019-06", "2019-06", id="a rollup has the period of its parts"),
        pytest.param("wholes", "2019-06", "2019-06", id="and so has one of rollups"),
        pytest.param("streak", "quota", "", id="a streak goes on"),
        pytest.param("whole-of-streaks", "quota", "", id="so does a rollup of streaks"),
        pytest.param("gone", "2019-06", "", id="of a rule that is gone nothing is known"),
    ],
)
def test_a_subject_names_a_period(name: str, subject: str, key: str) -> None:
    """And the days of it, where the task does not have them itself."""
    assert period_key(BOOK, f"d/{name}", subject) == key
    task = Task(1, f"d/{name}", "u", subject, TaskKind.REPORT, JUNE[1])
    assert period_of(BOOK, task) == (JUNE if key else None)


@pytest.mark.parametrize(
    ("first", "final", "days"),
    [
        (day("2019-06-10"), day("2019-06-20"), (day("2019-06-10"), day("2019-06-20"))),
        (day("2019-06-10"), None, JUNE),
        (None, day("2019-06-20"), JUNE),
    ],
)
def test_the_days_that_a_task_has_go_first(
    first: date | None, final: date | None, days: tuple[date, date]
) -> None:
    """As those of a window, whose key may be another."""
    assert period_of(BOOK, Task(1, "d/quota", "u", "2019-06", TaskKind.QUOTA, final, first, final)) == days
