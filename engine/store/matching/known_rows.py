"""What a night knows: the rows recorded by its cut-off, and which of them were withdrawn."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, Table, and_, exists, or_


def visible(table: FromClause, cutoff: datetime) -> ColumnElement[bool]:
    """Rows known at the cut-off: recorded by then, and not superseded by then (decision 27)."""
    return and_(
        table.c.recorded_at <= cutoff,
        or_(table.c.superseded_at.is_(None), table.c.superseded_at > cutoff),
    )


def is_withdrawn(table: Table, cutoff: datetime) -> ColumnElement[bool]:
    """Facts that were withdrawn by the cut-off; of a corrected one the correction is recorded at that instant."""
    later = table.alias("later")
    corrected = exists().where(later.c.ref == table.c.ref, later.c.recorded_at == table.c.superseded_at)
    return and_(table.c.superseded_at <= cutoff, ~corrected)
