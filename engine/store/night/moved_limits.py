"""Limits that move: what becomes of a task whose last day changes, and what is kept of how it was before.

A limit is a dated fact (decisions 21 and 0038): it moves when an assigned task is corrected or a rule edited, a
task keeps its first limit, and a night that is judged again finds every task as it was then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Date, bindparam, exists, insert, select

from dondoc.engine.store.db.tables import task, task_before
from dondoc.engine.store.night.findings import slices

_DAY = timedelta(days=1)
_KEPT = tuple(column.name for column in task_before.c if column.name not in ("task_id", "night"))


def moved(
    before: date | None, first: date | None, after: date | None, night: date, known_on: date
) -> Mapping[str, Any]:
    """What a night stores of a task whose last day moves from `before` to `after`; nothing where nothing changes.

    `first` is the last day that was set first (None: it has not moved yet), `known_on` the first night that could
    know of the new one.
    """
    limit = _no_earlier(before, after, known_on)
    if limit == before:
        return {}
    return {
        "last_day": limit,
        "first_limit": first or before,
        "moved_on": night,
        "known_on": known_on,
    }


def _no_earlier(before: date | None, after: date | None, known_on: date) -> date | None:
    """A shortened limit accuses nobody of the days before it was known (decision 21)."""
    if before is None or after is None or after >= before:
        return after
    return max(after, min(before, known_on - _DAY))


def remember(conn: Connection, tasks: Iterable[int], night: date) -> None:
    """Keeps how these tasks are before a night changes them, unless it has kept that already."""
    for ids in slices(tasks):
        there = exists().where(task_before.c.task_id == task.c.id, task_before.c.night == night)
        rows = select(task.c.id, bindparam("night", night, Date), *(task.c[name] for name in _KEPT))
        conn.execute(
            insert(task_before).from_select(["task_id", "night", *_KEPT], rows.where(task.c.id.in_(ids), ~there))
        )
