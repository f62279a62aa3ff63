"""How each case was before a night changed it, so that a night can be judged again from what it knew.

What earlier versions did not keep is taken from the log: the steps a case climbed, its waiting for heirs, its end.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_STATUS = ("open", "waiting", "exhausted", "closed")
_OUTCOMES = ("late", "withdrawn", "resumed", "cleared", "lapsed", "retired")


def upgrade() -> None:
    table = op.create_table(
        "case_before",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("status", _words("casestatus", _STATUS), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("outcome", _words("outcome", _OUTCOMES), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_told", sa.Boolean(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("waived_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_before_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", "night", name=op.f("pk_case_before")),
    )
    rows = list(_from_the_log(op.get_bind()))
    if rows:
        op.bulk_insert(table, rows)


def downgrade() -> None:
    op.drop_table("case_before")


def _words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _from_the_log(conn: sa.Connection) -> Iterator[dict[str, Any]]:
    event = sa.table(
        "event",
        *(sa.column(name) for name in ("kind", "task_id", "detail", "entry", "position")),
        sa.column("night", sa.Date()),
    )
    case = sa.table(
        "case_file",
        *(sa.column(name) for name in ("id", "task_id", "reached", "floor", "value", "ladder")),
        sa.column("opened_on", sa.Date()),
        sa.column("closed_on", sa.Date()),
    )
    logged: dict[int, list[sa.Row[Any]]] = defaultdict(list)
    wanted = event.c.kind.in_(("case-climbed", "case-waiting", "case-inherited"))
    for row in conn.execute(sa.select(event).where(wanted).order_by(event.c.entry, event.c.position)):
        logged[row.task_id].append(row)
    for row in conn.execute(sa.select(case)):
        last = row.closed_on
        mine = [
            one
            for one in logged[row.task_id]
            if row.opened_on <= one.night and (last is None or one.night <= last)
        ]
        status, step = "open", min(row.reached, sum(at <= 0 for at, *_ in json.loads(row.ladder)["steps"]))
        for night in sorted({one.night for one in mine} | ({last} if last else set())):
            if night > row.opened_on:
                yield _before(row, night, status, step)
            for one in (one for one in mine if one.night == night):
                if one.kind == "case-climbed":
                    step = int(json.loads(one.detail)["step"])
                else:
                    status = "waiting" if one.kind == "case-waiting" else "open"


def _before(case: sa.Row[Any], night: Any, status: str, step: int) -> dict[str, Any]:
    return {
        "case_id": case.id,
        "night": night,
        "status": status,
        "reached": step,
        "floor": case.floor,
        "value": case.value,
        "outcome": None,
        "closed_on": None,
        "closing_told": True,
        "next_on": None,
        "waived_until": None,
    }
