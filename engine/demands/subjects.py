"""What the subject of a task names: a period or a day, or something else, such as the ref of an assigned task."""

from __future__ import annotations

from datetime import date

from dondoc.engine.domain.model import Task
from dondoc.engine.domain.periods import parse
from dondoc.engine.domain.rulebook import Derived, RuleBook
from dondoc.engine.kinds import derived_kind, direct_kind


def period_of(book: RuleBook, task: Task) -> tuple[date, date] | None:
    """The first and last day of the period that a task is about; None for a day, a ref, or a level."""
    if task.first_day is not None and task.final_day is not None:
        return task.first_day, task.final_day
    try:
        period = parse(period_key(book, task.rule, task.subject))
    except ValueError:
        return None
    return period.first, period.last


def period_key(book: RuleBook, rule: str, subject: str) -> str:
    """The key of the period, or the day, in the subject of a rule's task; empty where it names none.

    Only the kind of the rule can tell: an assigned task's ref may look like a month.
    """
    found = book.rules.get(rule)
    while found is not None and isinstance(condition := found.condition, Derived):
        if not derived_kind(condition).by_subject():
            return ""
        found = book.base_of(found.id)
    if found is None or isinstance(found.condition, Derived):
        return ""
    return direct_kind(found.condition).period_key(found.condition, subject)
