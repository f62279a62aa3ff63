"""Nights look for corrected readings, as they do for corrected activities and submissions.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_CORRECTED = sa.text("superseded_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_reading_superseded",
        "reading",
        ["superseded_at"],
        postgresql_where=_CORRECTED,
        sqlite_where=_CORRECTED,
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_index("ix_reading_superseded", table_name="reading")
