"""An index for the receipts of what was said lately by links.

Revision ID: 0025
Revises: 0023
"""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_act_recorded", "act", ["recorded_at"])


def downgrade() -> None:
    op.drop_index("ix_act_recorded", "act")
