"""Waivers are rows of their own: what the log says that nights have seen of them is carried over.

Why they were granted, and on what basis, the log does not say: the next night that reads them records it.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from dondoc.engine.store.audit_log.covered_rows import COVERED, digests, log_written
from dondoc.engine.store.audit_log.events import AuditedTransaction, seal
from dondoc.engine.store.db.tables.columns import Instant, Number

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_NUMBERED = {"rule_no": "rule", "unit_no": "unit", "granted_by_no": "unit"}
_SAID = ("reason", "reason_en", "legal_basis", "legal_basis_en")


def upgrade() -> None:
    waiver = op.create_table(
        "waiver",
        sa.Column("no", Number, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _NUMBERED),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _SAID),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("superseded_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_waiver")),
        *(
            sa.ForeignKeyConstraint([name], [f"{other}.no"], name=op.f(f"fk_waiver_{name}"))
            for name, other in _NUMBERED.items()
        ),
    )
    op.create_index("ix_waiver_recorded", "waiver", ["recorded_at"])
    tx = AuditedTransaction(op.get_bind())
    rows = list(_seen(tx.conn).values())
    if rows:
        tx.conn.execute(sa.insert(waiver), rows)
        log_written(tx, None, COVERED["waiver"], {}, digests(tx.conn, COVERED["waiver"]))
        seal(tx.conn, tx.events)


def downgrade() -> None:
    op.drop_table("waiver")


def _seen(conn: sa.Connection) -> Mapping[tuple[int, int, date], dict[str, Any]]:
    """By rule, unit and first day, what a night has read last of a waiver."""
    units = {row.id: row.no for row in conn.execute(sa.text("SELECT id, no FROM unit"))}
    rules = {row.id: row.no for row in conn.execute(sa.text("SELECT id, no FROM rule"))}
    found: dict[tuple[int, int, date], dict[str, Any]] = {}
    for detail, read in _logged(conn):
        said = json.loads(detail)
        if said["rule"] not in rules or not {said["unit"], said["granted_by"]} <= units.keys():
            continue
        rule, unit, first = rules[said["rule"]], units[said["unit"]], date.fromisoformat(said["from"])
        found[rule, unit, first] = {
            "rule_no": rule,
            "unit_no": unit,
            "granted_by_no": units[said["granted_by"]],
            **dict.fromkeys(_SAID, ""),
            "first_day": first,
            "last_day": date.fromisoformat(said["until"]),
            "recorded_at": found[rule, unit, first]["recorded_at"] if (rule, unit, first) in found else read,
        }
    return found


def _logged(conn: sa.Connection) -> list[tuple[str, datetime]]:
    """What was logged of each waiver that a night had not seen before, and the cut-off of that night."""
    event = sa.table("event", *map(sa.column, ("entry", "position", "night", "kind", "detail")))
    night = sa.table("night", sa.column("as_of"), sa.column("cutoff", Instant()))
    query = (
        sa.select(event.c.detail, night.c.cutoff)
        .join_from(event, night, night.c.as_of == event.c.night)
        .where(event.c.kind == "waiver-seen")
        .order_by(event.c.entry, event.c.position)
    )
    return [(row.detail, row.cutoff) for row in conn.execute(query)]
