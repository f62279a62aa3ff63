"""Numbers for the periods of a rule: consecutive periods have consecutive numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from dondoc.engine.domain.model import Task
from dondoc.engine.domain.periods import PeriodKind, parse
from dondoc.engine.domain.rulebook import EveryPeriod, EveryYear, OccasionWindow, Overdue, Quota, Rule, Window


def number_of(rule: Rule, task: Task, occasions: Mapping[str, Sequence[date]]) -> int:
    """The number of a task's period; two periods are consecutive when their numbers are.

    Raises `ValueError` for a rule that has no periods; the loader allows no streak of such a rule.
    """
    match rule.condition:
        case Quota(per=PeriodKind() as kind):
            return _named(kind, task.subject)
        case Overdue(due=EveryPeriod(per=kind)):
            return _named(kind, task.subject)
        case Overdue(due=EveryYear()):
            return int(task.subject)
        case Quota(per=Window(yearly=True)):
            return _end(task).year
        case Quota(per=OccasionWindow(occasion=occasion)):
            return sorted(occasions[occasion]).index(_end(task))
    raise ValueError(f"{rule.id} has no periods")


# Thousands of units share the same few periods.
@lru_cache(maxsize=1024)
def _named(kind: PeriodKind, key: str) -> int:
    """Named periods are numbered by the month in which they end."""
    last = parse(key).last
    return (last.year * 12 + last.month - 1) // kind.months


def _end(task: Task) -> date:
    assert task.final_day is not None
    return task.final_day
