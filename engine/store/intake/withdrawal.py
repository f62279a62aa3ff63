"""Withdraws a fact that never was: its row is superseded without a successor, and the log says on what basis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from dondoc.engine.domain.model import Event
from dondoc.engine.domain.terms import SheetKind
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.intake.kinds import KINDS

# The event that logs it.
FACT_WITHDRAWN = "fact-withdrawn"


@dataclass(frozen=True, slots=True)
class StoredFact:
    """The current row under a ref: its number, its unit, and when it was withdrawn (None: it stands)."""

    id: int
    unit: str
    withdrawn_at: datetime | None


def fact(conn: Connection, kind: SheetKind, ref: str) -> StoredFact | None:
    """The latest version of a fact; None: there is no row under that ref."""
    table = KINDS[kind].table
    row = conn.execute(
        select(table.c.id, t.unit.c.id.label("unit"), table.c.superseded_at)
        .join(t.unit, t.unit.c.no == table.c.unit_no)
        .where(table.c.ref == ref)
        .order_by(table.c.recorded_at.desc())
        .limit(1)
    ).one_or_none()
    return StoredFact(row.id, row.unit, row.superseded_at) if row else None


def withdraw(
    tx: AuditedTransaction, kind: SheetKind, ref: str, standing: StoredFact, basis: str, at: datetime
) -> None:
    """Withdraws a standing fact: nights that begin after `at` judge as if it were not there."""
    table = KINDS[kind].table
    # An assignment without its task is looked at by the next night, which makes that task void.
    freed = {"task_id": None} if kind is SheetKind.TASKS else {}
    tx.conn.execute(
        update(table)
        .where(table.c.id == standing.id, table.c.superseded_at.is_(None))
        .values(superseded_at=at, **freed)
    )
    tx.log(None, [Event(FACT_WITHDRAWN, None, {"kind": kind, "ref": ref, "unit": standing.unit, "basis": basis})])
