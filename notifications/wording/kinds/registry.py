"""Which wording belongs to which kind of task."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from dondoc.engine.domain.rulebook import Condition, Overdue, Quota, Rollup, Streak, Threshold
from dondoc.engine.domain.terms import TaskKind
from dondoc.notifications.digest import Entry
from dondoc.notifications.wording.kinds.kind import KindWording, RuleDays
from dondoc.notifications.wording.kinds.overdue import AssignedWording, ReportWording
from dondoc.notifications.wording.kinds.quota import QuotaWording
from dondoc.notifications.wording.kinds.rollup import RollupWording
from dondoc.notifications.wording.kinds.streak import StreakWording
from dondoc.notifications.wording.kinds.threshold import LevelWording, ReadingWording
from dondoc.notifications.wording.numbers import repeated


def wording_of(kind: TaskKind) -> KindWording:
    """What a letter says of this kind of task."""
    return _WORDINGS[kind]


def _made(kind: TaskKind) -> KindWording:
    match kind:
        case TaskKind.REPORT:
            return ReportWording()
        case TaskKind.ASSIGNED:
            return AssignedWording()
        case TaskKind.QUOTA:
            return QuotaWording()
        case TaskKind.READING:
            return ReadingWording()
        case TaskKind.LEVEL:
            return LevelWording()
        case TaskKind.STREAK:
            return StreakWording(wording_of)
        case TaskKind.ROLLUP:
            return RollupWording(wording_of)
        case _:
            assert_never(kind)


_WORDINGS = {kind: _made(kind) for kind in TaskKind}


def kind_of(condition: Condition) -> TaskKind:
    """What a task of its rule waits for; an assigned task and a missing reading are known by the task only."""
    match condition:
        case Overdue():
            return TaskKind.REPORT
        case Quota():
            return TaskKind.QUOTA
        case Threshold():
            return TaskKind.LEVEL
        case Streak():
            return TaskKind.STREAK
        case Rollup():
            return TaskKind.ROLLUP
        case _:
            assert_never(condition)


@repeated
def days_of(condition: Condition) -> RuleDays:
    """What a condition says of the days of its demands."""
    return wording_of(kind_of(condition)).days(condition)


def shared(entries: Iterable[Entry]) -> KindWording:
    """The wording of rows of one kind; for rows of several kinds the general words, which are those of tasks."""
    kinds = {entry.kind for entry in entries}
    return wording_of(kinds.pop() if len(kinds) == 1 else TaskKind.ASSIGNED)
