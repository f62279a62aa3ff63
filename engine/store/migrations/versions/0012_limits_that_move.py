"""Limits that move: the first limit of a task, since when it could be known, the round and the clock of a case.

And what a case was opened for, so that an edited limit is not told as changed data.

What earlier versions moved, they did not keep: such a task counts as never moved, and every case as in its first
round.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_BEFORE = ("late", "withdrawn", "resumed", "cleared", "lapsed", "retired")
_AFTER = ("late", "extended", "withdrawn", "resumed", "cleared", "changed", "lapsed", "retired")
_LIMITS = ("first_limit", "moved_on", "known_on")
_ROUNDS = ("last_day", "steps_from")


def upgrade() -> None:
    op.add_column("rule", sa.Column("asked", sa.BigInteger(), nullable=True))
    for name in _LIMITS:
        op.add_column("task", sa.Column(name, sa.Date(), nullable=True))
    op.create_table(
        "task_before",
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=True) for name in _LIMITS),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_before_task_id_task")),
        sa.PrimaryKeyConstraint("task_id", "night", name=op.f("pk_task_before")),
    )
    for table in ("case_file", "case_before"):
        for name in _ROUNDS:
            op.add_column(table, sa.Column(name, sa.Date(), nullable=True))
        op.add_column(table, sa.Column("asked", sa.BigInteger(), nullable=True))
    op.add_column("case_before", sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("case_before", sa.Column("breach", sa.Date(), nullable=False, server_default="1970-01-01"))
    conn = op.get_bind()
    conn.execute(
        sa.text("UPDATE case_file SET last_day = (SELECT last_day FROM task WHERE task.id = case_file.task_id)")
    )
    for name in ("breach", "last_day"):
        given = f"(SELECT {name} FROM case_file WHERE case_file.id = case_before.case_id)"  # noqa: S608 - no text from outside
        conn.execute(sa.text(f"UPDATE case_before SET {name} = {given}"))  # noqa: S608 - no text from outside
    for table in ("case_file", "case_before"):
        _allow(table, _BEFORE, _AFTER)


def downgrade() -> None:
    conn = op.get_bind()
    for table in ("case_file", "case_before"):
        for new, old in (("extended", "late"), ("changed", "cleared")):
            conn.execute(
                sa.text(f"UPDATE {table} SET outcome = :old WHERE outcome = :new"),  # noqa: S608 - no text from outside
                {"old": old, "new": new},
            )
        _allow(table, _AFTER, _BEFORE)
    for name in ("breach", "round"):
        op.drop_column("case_before", name)
    for table in ("case_before", "case_file"):
        op.drop_column(table, "asked")
        for name in reversed(_ROUNDS):
            op.drop_column(table, name)
    op.drop_table("task_before")
    for name in reversed(_LIMITS):
        op.drop_column("task", name)
    op.drop_column("rule", "asked")


def _allow(table: str, before: Sequence[str], after: Sequence[str]) -> None:
    """Changes the words that the check of a table's outcomes allows."""
    conn, name = op.get_bind(), op.f(f"ck_{table}_outcome")
    if conn.dialect.name != "sqlite":
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, f"outcome IN ({_listed(after)})")
        return
    # SQLite can change a check only in the text of its schema, as its manual has it.
    version = conn.exec_driver_sql("PRAGMA schema_version").scalar_one()
    conn.exec_driver_sql("PRAGMA writable_schema = ON")
    conn.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = :name"
        ),
        {"before": f"outcome IN ({_listed(before)})", "after": f"outcome IN ({_listed(after)})", "name": table},
    )
    conn.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    conn.exec_driver_sql("PRAGMA writable_schema = OFF")


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
