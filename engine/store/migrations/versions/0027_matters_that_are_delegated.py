"""Units have one below them do a matter, and stay responsible.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_KIND = "delegated"


def upgrade() -> None:
    _allow("act", "actkind", "kind", [*_allowed("act", "actkind"), _KIND])


def downgrade() -> None:
    """Raises `RuntimeError` where a unit has said such a thing: no earlier version can read it."""
    said = op.get_bind().scalar(sa.text("SELECT count(*) FROM act WHERE kind = :kind"), {"kind": _KIND})
    if said:
        raise RuntimeError(f"{said} acts delegate a matter")
    _allow("act", "actkind", "kind", [word for word in _allowed("act", "actkind") if word != _KIND])


def _allowed(table: str, check: str) -> list[str]:
    """The words that a check allows now, whichever migrations have added to them."""
    checks = sa.inspect(op.get_bind()).get_check_constraints(table)
    (text,) = [one["sqltext"] for one in checks if one["name"] == f"ck_{table}_{check}"]
    return re.findall(r"'([^']*)'", text)


def _allow(table: str, check: str, column: str, words: Sequence[str]) -> None:
    conn, condition = op.get_bind(), f"{column} IN ({_listed(words)})"
    if conn.dialect.name != "sqlite":
        op.drop_constraint(op.f(f"ck_{table}_{check}"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_{check}"), table, condition)
        return
    # SQLite can change a check only in the text of its schema, as its manual has it.
    stored = conn.execute(
        sa.text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}
    ).scalar_one()
    version = conn.exec_driver_sql("PRAGMA schema_version").scalar_one()
    conn.exec_driver_sql("PRAGMA writable_schema = ON")
    conn.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :name"),
        {"sql": re.sub(rf"\b{column} IN \([^)]*\)", condition, stored), "name": table},
    )
    conn.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    conn.exec_driver_sql("PRAGMA writable_schema = OFF")


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
