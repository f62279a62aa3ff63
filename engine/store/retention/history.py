"""Rows that something newer has replaced: corrected facts, and how cases and tasks were before a night.

They let any night be judged again as it was known then; without them, no night before they were removed.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, select

from dondoc.engine.domain.model import Event
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.audit_log.removals import HISTORY_REMOVED
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.retention.removed import Kept, Removal, instant_of


def _old(before: date) -> tuple[tuple[Table, ColumnElement[bool]], ...]:
    at = instant_of(before)
    # A corrected submission that still settles a task is freed by the next night, and goes after that.
    corrected = and_(t.submission.c.superseded_at < at, t.submission.c.task_id.is_(None))
    return (
        (t.submission, corrected),
        (t.activity, t.activity.c.superseded_at < at),
        (t.reading, t.reading.c.superseded_at < at),
        (t.assignment, t.assignment.c.superseded_at < at),
        (t.case_before, t.case_before.c.night < before),
        (t.task_before, t.task_before.c.night < before),
    )


def old_history(conn: Connection, before: date) -> Removal:
    """How many replaced rows would go."""
    counts = (conn.scalar(select(func.count()).select_from(table).where(which)) for table, which in _old(before))
    return Removal(Kept.HISTORY, before, sum(number or 0 for number in counts))


def remove_history(tx: AuditedTransaction, before: date) -> int:
    """Removes them and logs how many of each table; returns how many."""
    removed = 0
    for table, which in _old(before):
        rows = tx.conn.execute(delete(table).where(which)).rowcount
        if rows:
            detail = {"table": table.name, "rows": str(rows), "before": before.isoformat()}
            tx.log(None, [Event(HISTORY_REMOVED, None, detail)])
        removed += rows
    return removed
