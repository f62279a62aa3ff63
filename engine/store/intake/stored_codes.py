"""Which codes the stored facts have, to be held against those that rules read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, Connection, func, select

from dondoc.engine.domain.terms import SheetKind
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.matching.known_rows import visible

_CODES: Mapping[SheetKind, Column[str]] = {
    SheetKind.TASKS: t.assignment.c.counts,
    SheetKind.SUBMISSIONS: t.submission.c.report,
    SheetKind.ACTIVITIES: t.activity.c.activity,
    SheetKind.READINGS: t.reading.c.indicator,
}


def stored_codes(conn: Connection, now: datetime) -> dict[SheetKind, dict[str, int]]:
    """By sheet, how many rows known at `now` have each code. Reads every fact: not for a night."""
    found = {}
    for sheet, code in _CODES.items():
        rows = select(code, func.count()).where(visible(code.table, now)).group_by(code).order_by(code)
        found[sheet] = dict(conn.execute(rows).tuples().all())
    return found
