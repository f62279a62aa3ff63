"""Decisions on who inherits the demands of an ended unit.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inheritance",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column("rule_no", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=120), server_default="", nullable=False),
        sa.Column(
            "scope",
            sa.Enum("each", "any", "sum", name="scope", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("by_no", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_no"], ["unit.no"], name=op.f("fk_inheritance_by_no")),
        sa.ForeignKeyConstraint(["rule_no"], ["rule.no"], name=op.f("fk_inheritance_rule_no")),
        sa.ForeignKeyConstraint(["unit_no"], ["unit.no"], name=op.f("fk_inheritance_unit_no")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_inheritance")),
    )
    op.create_table(
        "inheritance_heir",
        sa.Column("inheritance_no", sa.Integer(), nullable=False),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inheritance_no"], ["inheritance.no"], name=op.f("fk_inheritance_heir_inheritance_no")
        ),
        sa.ForeignKeyConstraint(["unit_no"], ["unit.no"], name=op.f("fk_inheritance_heir_unit_no")),
        sa.PrimaryKeyConstraint("inheritance_no", "unit_no", name=op.f("pk_inheritance_heir")),
    )


def downgrade() -> None:
    op.drop_table("inheritance_heir")
    op.drop_table("inheritance")
