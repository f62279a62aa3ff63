"""Two more kinds of task: a streak of missed periods, and a rollup, which is judged by its parts.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BEFORE = ("report", "assigned", "quota", "reading", "level")
_AFTER = (*_BEFORE, "streak", "whole")
_NAME = "ck_task_taskkind"


def upgrade() -> None:
    _allow(_BEFORE, _AFTER)


def downgrade() -> None:
    derived = "SELECT id FROM task WHERE kind IN ('streak', 'whole')"
    of_cases = f"SELECT id FROM case_file WHERE task_id IN ({derived})"  # noqa: S608 - no text from outside
    op.execute(f"DELETE FROM notice WHERE task_id IN ({derived}) OR case_id IN ({of_cases})")  # noqa: S608
    for table in ("case_file", "task_bearer"):
        op.execute(f"DELETE FROM {table} WHERE task_id IN ({derived})")  # noqa: S608
    op.execute("DELETE FROM task WHERE kind IN ('streak', 'whole')")
    _allow(_AFTER, _BEFORE)


def _allow(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Allows the kinds `after` in the column instead of `before`."""
    conn = op.get_bind()
    if conn.dialect.name == "sqlite":
        _rewrite(conn, _listed(before), _listed(after))
        return
    op.drop_constraint(op.f(_NAME), "task", type_="check")
    op.create_check_constraint(op.f(_NAME), "task", f"kind IN ({_listed(after)})")


def _listed(kinds: tuple[str, ...]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)


def _rewrite(conn: sa.Connection, before: str, after: str) -> None:
    """Changes a constraint as https://www.sqlite.org/lang_altertable.html says: only the text of the schema changes.

    Copying the table instead would break every row that refers to it, and take long where it is large.
    """
    version = conn.exec_driver_sql("PRAGMA schema_version").scalar_one()
    conn.exec_driver_sql("PRAGMA writable_schema = ON")
    conn.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = 'task'"
        ),
        {"before": before, "after": after},
    )
    conn.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    conn.exec_driver_sql("PRAGMA writable_schema = OFF")
