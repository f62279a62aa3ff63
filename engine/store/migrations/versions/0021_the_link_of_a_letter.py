"""Acts that come through the link of a letter, and the links that were revoked.

Revision ID: 0021
Revises: 0019
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from dondoc.engine.store.db.tables import Instant

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

_BEFORE, _AFTER = ("command",), ("command", "link")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "link_revocation",
        sa.Column("no", _NUMBER, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("office", sa.String(length=80), nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_link_revocation")),
    )
    op.create_index("ix_link_revocation_code", "link_revocation", ["code"])
    _allow(_BEFORE, _AFTER)


def downgrade() -> None:
    # An earlier version knows one door alone.
    op.execute(sa.text("UPDATE act SET door = 'command' WHERE door = 'link'"))
    _allow(_AFTER, _BEFORE)
    op.drop_table("link_revocation")


def _allow(before: Sequence[str], after: Sequence[str]) -> None:
    """Changes the words that the check of an act's door allows."""
    conn, name = op.get_bind(), op.f("ck_act_door")
    if conn.dialect.name != "sqlite":
        op.drop_constraint(name, "act", type_="check")
        op.create_check_constraint(name, "act", f"door IN ({_listed(after)})")
        return
    # SQLite can change a check only in the text of its schema, as its manual has it.
    version = conn.exec_driver_sql("PRAGMA schema_version").scalar_one()
    conn.exec_driver_sql("PRAGMA writable_schema = ON")
    conn.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = 'act'"
        ),
        {"before": f"door IN ({_listed(before)})", "after": f"door IN ({_listed(after)})"},
    )
    conn.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    conn.exec_driver_sql("PRAGMA writable_schema = OFF")


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
