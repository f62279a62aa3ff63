"""Indexes: open tasks by rule, so that reading one rule's facts skips no rows of others; successions by heir.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OPEN = sa.text("finished_on IS NULL")


def upgrade() -> None:
    op.drop_index("ix_task_open", table_name="task")
    op.create_index("ix_task_open", "task", ["rule_no", "id"], postgresql_where=_OPEN, sqlite_where=_OPEN)
    op.create_index("ix_succession_new", "succession", ["new_no"])


def downgrade() -> None:
    op.drop_index("ix_succession_new", table_name="succession")
    op.drop_index("ix_task_open", table_name="task")
    op.create_index("ix_task_open", "task", ["id"], postgresql_where=_OPEN, sqlite_where=_OPEN)
