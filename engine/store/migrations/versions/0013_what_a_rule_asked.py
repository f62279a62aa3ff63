"""What a rule asked for, in full: beside its level for how many periods, where it clears, from how much on.

And the outcome of a case whose whole period was waived after it had opened.

Of what earlier versions kept only the level is known; nothing shows that the rest was edited.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_CASES = ("case_file", "case_before")
_TABLES = ("rule", *_CASES)
_BEFORE = ("late", "extended", "withdrawn", "resumed", "cleared", "changed", "lapsed", "retired")
_AFTER = ("late", "extended", "withdrawn", "resumed", "cleared", "changed", "excused", "lapsed", "retired")


def upgrade() -> None:
    for table in _TABLES:
        _replace(table, sa.Text(), "CAST(asked AS TEXT)")
    for table in _CASES:
        _allow(table, _BEFORE, _AFTER)


def downgrade() -> None:
    conn = op.get_bind()
    for table in _CASES:
        conn.execute(sa.text(f"UPDATE {table} SET outcome = 'changed' WHERE outcome = 'excused'"))  # noqa: S608 - no text from outside
        _allow(table, _AFTER, _BEFORE)
    for table in reversed(_TABLES):
        # The level stands first.
        _replace(table, sa.BigInteger(), "CAST(substr(asked, 1, instr(asked || ' ', ' ') - 1) AS BIGINT)")


def _replace(table: str, kind: sa.Text | sa.BigInteger, what: str) -> None:
    conn = op.get_bind()
    if conn.dialect.name != "sqlite":
        what = what.replace("instr(asked || ' ', ' ')", "position(' ' in asked || ' ')")
        op.alter_column(table, "asked", type_=kind, postgresql_using=what)
        return
    # SQLite changes no column's type: another takes its place.
    op.add_column(table, sa.Column("asked_new", kind, nullable=True))
    conn.execute(sa.text(f"UPDATE {table} SET asked_new = {what}"))  # noqa: S608 - no text from outside
    op.drop_column(table, "asked")
    op.alter_column(table, "asked_new", new_column_name="asked")


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
