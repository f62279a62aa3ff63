"""Assignments: every version of a task that was assigned to a unit; so far only the last one was kept.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dondoc.engine.store.db.tables import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SAID = """unit_no, counts, last_day, exclusive, issued_on, title, title_en, issuer_no, monitor_no, reports_no,
    recorded_at"""
_KEPT = f"""
INSERT INTO assignment (ref, task_id, {_SAID})
SELECT subject, id, {_SAID} FROM task WHERE kind = 'assigned' ORDER BY id
"""  # noqa: S608 - constants
# A version without a task yet becomes what an import wrote before this migration: a task with its values.
_NEW = "ref = task.subject AND superseded_at IS NULL AND task_id IS NULL"
_CORRECTED = f"""
UPDATE task SET ({_SAID}) = (SELECT {_SAID} FROM assignment WHERE {_NEW})
WHERE kind = 'assigned' AND EXISTS (SELECT 1 FROM assignment WHERE {_NEW})
"""  # noqa: S608 - constants
_GIVEN = f"""
INSERT INTO task (subject, kind, {_SAID})
SELECT ref, 'assigned', {_SAID} FROM assignment
WHERE task_id IS NULL AND superseded_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM task WHERE task.kind = 'assigned' AND task.subject = assignment.ref)
ORDER BY id
"""  # noqa: S608 - constants


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(120), nullable=False),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column("counts", sa.String(80), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("issuer_no", sa.Integer(), nullable=True),
        sa.Column("monitor_no", sa.Integer(), nullable=True),
        sa.Column("reports_no", sa.Integer(), nullable=True),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("superseded_at", Instant(), nullable=True),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], ["unit.no"], name=op.f(f"fk_assignment_{column}"))
            for column in ("unit_no", "issuer_no", "monitor_no", "reports_no")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("ref", "recorded_at", name=op.f("uq_assignment_ref_recorded_at")),
    )
    new, assigned = sa.text("task_id IS NULL"), sa.text("kind = 'assigned'")
    op.create_index("ix_assignment_new", "assignment", ["recorded_at"], postgresql_where=new, sqlite_where=new)
    op.create_index("ix_task_assigned", "task", ["subject"], postgresql_where=assigned, sqlite_where=assigned)
    op.execute(_KEPT)


def downgrade() -> None:
    op.execute(_CORRECTED)
    op.execute(_GIVEN)
    op.drop_index("ix_task_assigned", table_name="task")
    op.drop_index("ix_assignment_new", table_name="assignment")
    op.drop_table("assignment")
