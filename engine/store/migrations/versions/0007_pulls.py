"""Pulls: when each source was pulled, and with what result.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dondoc.engine.store.db.tables import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pull",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("heard", sa.Boolean(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pull")),
    )
    op.create_index("ix_pull_source", "pull", ["source", "id"])


def downgrade() -> None:
    op.drop_index("ix_pull_source", table_name="pull")
    op.drop_table("pull")
