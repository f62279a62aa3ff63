"""Units say that a matter is another one's, and an office gives it to that one, which closes the first case.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_KINDS = ("not-ours", "reassigned", "not-reassigned")
_OUTCOME = ("reassigned",)
_CHECKS = (
    ("act", "actkind", "kind", _KINDS),
    ("case_file", "outcome", "outcome", _OUTCOME),
    ("case_before", "outcome", "outcome", _OUTCOME),
)


def upgrade() -> None:
    # Alembic adds no column with a reference on SQLite.
    op.execute("ALTER TABLE act ADD COLUMN to_no INTEGER CONSTRAINT fk_act_to_no_unit REFERENCES unit (no)")
    op.add_column("act", sa.Column("dated", sa.Date()))
    for table, check, column, words in _CHECKS:
        _allow(table, check, column, [*_allowed(table, check), *words])


def downgrade() -> None:
    """Raises `RuntimeError` where an office has said such a thing: no earlier version can read it."""
    conn = op.get_bind()
    said = conn.scalar(sa.text(f"SELECT count(*) FROM act WHERE kind IN ({_listed(_KINDS)})"))  # noqa: S608 - words of ours
    if said:
        raise RuntimeError(f"{said} acts say whose a matter is")
    for table, check, column, words in _CHECKS:
        _allow(table, check, column, [word for word in _allowed(table, check) if word not in words])
    op.execute("ALTER TABLE act DROP COLUMN to_no")
    op.drop_column("act", "dated")


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
