"""Indexes of open rows: a night reads these and must not go through all closed ones.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Name, table, columns and condition; the condition once more where the two databases write it differently.
_INDEXES = (
    ("ix_submission_waiting", "submission", ["unit_no"], "task_id IS NULL", None),
    ("ix_submission_superseded", "submission", ["superseded_at"], "superseded_at IS NOT NULL", None),
    ("ix_activity_superseded", "activity", ["superseded_at"], "superseded_at IS NOT NULL", None),
    ("ix_activity_kind", "activity", ["activity", "done_on"], None, None),
    (
        "ix_case_live",
        "case_file",
        ["id"],
        "status != 'closed' OR closing_told IS false",
        "status != 'closed' OR closing_told IS 0",
    ),
    ("ix_notice_waived", "notice", ["case_id"], "waived_until IS NOT NULL", None),
    ("ix_notice_night", "notice", ["night"], None, None),
    ("ix_letter_fallback", "letter", ["fallback_of"], "fallback_of IS NOT NULL", None),
)


def upgrade() -> None:
    for name, table, columns, which, on_sqlite in _INDEXES:
        here = on_sqlite if op.get_bind().dialect.name == "sqlite" and on_sqlite else which
        where = sa.text(here) if here else None
        op.create_index(name, table, columns, postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    for name, table, *_ in reversed(_INDEXES):
        op.drop_index(name, table_name=table)
