"""Statistics of closed cases, which stay when the rows of the cases are removed.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_KEY = ("rule", "unit_kind", "year", "outcome", "days_late")


def upgrade() -> None:
    op.create_table(
        "case_statistic",
        sa.Column("rule", sa.String(160), nullable=False),
        sa.Column("unit_kind", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(30), nullable=False),
        sa.Column("days_late", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*_KEY, name=op.f("pk_case_statistic")),
    )


def downgrade() -> None:
    op.drop_table("case_statistic")
