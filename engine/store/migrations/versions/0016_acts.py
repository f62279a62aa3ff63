"""What offices say of cases.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dondoc.engine.store.db.tables import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_KINDS = (
    *("acknowledged", "explained", "extension-asked", "extension-granted", "extension-refused"),
    "taken-back",
)

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=30)


def upgrade() -> None:
    op.create_table(
        "act",
        sa.Column("no", _NUMBER, nullable=False),
        sa.Column("case_id", _NUMBER, nullable=False),
        sa.Column("kind", _words("actkind", *_KINDS), nullable=False),
        sa.Column("office_no", sa.Integer(), nullable=False),
        sa.Column("door", _words("door", "command"), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("document", sa.Text(), server_default="", nullable=False),
        sa.Column("about", sa.Integer()),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_act")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_act_case_id_case_file")),
        sa.ForeignKeyConstraint(["office_no"], ["unit.no"], name=op.f("fk_act_office_no_unit")),
    )
    op.create_index("ix_act_case", "act", ["case_id"])


def downgrade() -> None:
    op.drop_table("act")
