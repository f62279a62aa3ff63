"""Waivers: until when a case is waived, and which notices are about that.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_file", sa.Column("waived_until", sa.Date(), nullable=True))
    op.add_column("notice", sa.Column("waived_until", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("notice", "waived_until")
    op.drop_column("case_file", "waived_until")
