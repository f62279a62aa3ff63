"""What a night knows: the rows recorded by its cut-off."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, and_, or_


def visible(table: FromClause, cutoff: datetime) -> ColumnElement[bool]:
    """Rows known at the cut-off: recorded by then, and not superseded by then (decision 27)."""
    return and_(
        table.c.recorded_at <= cutoff,
        or_(table.c.superseded_at.is_(None), table.c.superseded_at > cutoff),
    )
