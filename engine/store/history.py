"""What letters need to look back on: who was written to when, and how many tasks stand where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, case, func, select

from engine.model import Section, TaskKind
from engine.store import tables as t
from engine.store.findings import Names, slices

COUNTED = (TaskKind.REPORT, TaskKind.ASSIGNED, TaskKind.QUOTA)


@dataclass(frozen=True, slots=True)
class Standing:
    """The four counts of one rule and unit, and the last day of the longest overdue task (None: none)."""

    on_time: int = 0
    late: int = 0
    in_time: int = 0
    overdue: int = 0
    oldest: date | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Earlier letters by task and reader, reminders by task, counts by rule and unit, bearers of each demand."""

    written: Mapping[int, Mapping[str, tuple[date, ...]]] = field(default_factory=dict)
    reminders: Mapping[int, tuple[date, ...]] = field(default_factory=dict)
    standing: Mapping[tuple[str, str], Standing] = field(default_factory=dict)
    bearers: Mapping[tuple[str, str], int] = field(default_factory=dict)


def history(conn: Connection, tasks: Iterable[int], names: Names, as_of: date) -> History:
    """Everything before tonight on these tasks, and the counts of every rule, as of the night."""
    written: dict[int, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    reminders: dict[int, list[date]] = defaultdict(list)
    for ids in slices(tasks):
        rows = conn.execute(
            select(t.notice)
            .where(t.notice.c.task_id.in_(ids), t.notice.c.untold_on.is_(None), t.notice.c.night < as_of)
            .order_by(t.notice.c.night)
        )
        for row in rows:
            if row.section is Section.ENDING:
                reminders[row.task_id].append(row.night)
            elif row.section is not Section.RESOLVED:
                written[row.task_id][names.units.ids[row.reader_no]].append(row.night)
    return History(
        {task: {office: tuple(days) for office, days in by.items()} for task, by in written.items()},
        {task: tuple(dict.fromkeys(days)) for task, days in reminders.items()},
        _standing(conn, names, as_of),
        _bearers(conn, names),
    )


def _standing(conn: Connection, names: Names, as_of: date) -> dict[tuple[str, str], Standing]:
    """Counted by rule and unit: done in time, done late, open in time, open overdue (decision 50)."""
    open_ = t.task.c.ended == ""
    late = open_ & (t.task.c.last_day < as_of)
    missed = t.task.c.ended == "missed"
    rows = conn.execute(
        select(
            t.task.c.rule_no,
            t.task.c.unit_no,
            func.sum(case((t.task.c.ended == "on-time", 1), else_=0)).label("on_time"),
            func.sum(case((t.task.c.ended == "late", 1), else_=0)).label("late"),
            func.sum(case((open_ & (t.task.c.last_day >= as_of), 1), else_=0)).label("in_time"),
            func.sum(case((late | missed, 1), else_=0)).label("overdue"),
            func.min(case((late | missed, t.task.c.last_day))).label("oldest"),
        )
        .where(t.task.c.kind.in_(COUNTED), t.task.c.rule_no.is_not(None))
        .group_by(t.task.c.rule_no, t.task.c.unit_no)
    )
    return {
        (names.rules[row.rule_no], names.units.ids[row.unit_no]): Standing(
            row.on_time, row.late, row.in_time, row.overdue, row.oldest
        )
        for row in rows
    }


def _bearers(conn: Connection, names: Names) -> dict[tuple[str, str], int]:
    """How many units carry the same demand."""
    rows = conn.execute(
        select(t.task.c.rule_no, t.task.c.subject, func.count().label("n"))
        .where(t.task.c.rule_no.is_not(None))
        .group_by(t.task.c.rule_no, t.task.c.subject)
    )
    return {(names.rules[row.rule_no], row.subject): row.n for row in rows}
