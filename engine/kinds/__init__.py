"""The kinds of rules, each with one home, and the one registry of them.

mypy names this module when a condition or a kind of task has no kind, and when a kind does not answer all that
`dondoc.engine.kinds.kind` asks. docs/en/adding-a-kind.md lists what a new kind needs.
"""

from __future__ import annotations

from typing import Any, assert_never

from dondoc.engine.domain.rulebook import (
    Condition,
    Derived,
    Direct,
    Overdue,
    Quota,
    Rollup,
    Streak,
    Threshold,
)
from dondoc.engine.domain.terms import TaskKind
from dondoc.engine.kinds.kind import DerivedKind, DirectKind, Kind
from dondoc.engine.kinds.overdue import OverdueKind
from dondoc.engine.kinds.quota import QuotaKind
from dondoc.engine.kinds.rollup import RollupKind
from dondoc.engine.kinds.streak import StreakKind
from dondoc.engine.kinds.threshold import ThresholdKind

__all__ = ["KINDS", "DerivedKind", "DirectKind", "Kind", "derived_kind", "direct_kind", "kind_of", "kind_of_task"]

_OVERDUE: DirectKind[Overdue] = OverdueKind()
_QUOTA: DirectKind[Quota] = QuotaKind()
_THRESHOLD: DirectKind[Threshold] = ThresholdKind()
_STREAK: DerivedKind[Streak] = StreakKind()
_ROLLUP: DerivedKind[Rollup] = RollupKind()


def kind_of(condition: Condition) -> Kind[Any]:
    """The kind of a condition."""
    return derived_kind(condition) if isinstance(condition, Derived) else direct_kind(condition)


def direct_kind(condition: Direct) -> DirectKind[Any]:
    """The kind of a condition that is judged on facts."""
    match condition:
        case Overdue():
            return _OVERDUE
        case Quota():
            return _QUOTA
        case Threshold():
            return _THRESHOLD
        case _:
            assert_never(condition)


def derived_kind(condition: Derived) -> DerivedKind[Any]:
    """The kind of a condition that is judged on the findings of its base rule."""
    match condition:
        case Streak():
            return _STREAK
        case Rollup():
            return _ROLLUP
        case _:
            assert_never(condition)


def _home(task: TaskKind) -> Kind[Any]:
    match task:
        case TaskKind.REPORT | TaskKind.ASSIGNED:
            return _OVERDUE
        case TaskKind.QUOTA:
            return _QUOTA
        case TaskKind.LEVEL | TaskKind.READING:
            return _THRESHOLD
        case TaskKind.STREAK:
            return _STREAK
        case TaskKind.ROLLUP:
            return _ROLLUP
        case _:
            assert_never(task)


_BY_TASK = {task: _home(task) for task in TaskKind}
# Every kind once, in the order of the kinds of task that they make.
KINDS = tuple(dict.fromkeys(_BY_TASK.values()))


def kind_of_task(task: TaskKind) -> Kind[Any]:
    """The kind whose rules make such tasks, also where the rule itself is gone."""
    return _BY_TASK[task]
