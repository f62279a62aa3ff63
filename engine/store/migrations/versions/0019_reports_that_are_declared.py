"""Offices declare that they have handed in, and others confirm it, demand an explanation, close and reopen.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from dondoc.engine.store.db.tables import Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_BEFORE = (
    *("acknowledged", "explained", "extension-asked", "extension-granted", "extension-refused"),
    "taken-back",
)
_KINDS = (*_BEFORE, "done", "declared", "confirmed", "not-confirmed", "explanation-demanded", "closed", "reopened")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COLUMNS = "no, case_id, kind, office_no, door, said_on, until, words, document, about, recorded_at"
_CHECK = "ck_act_actkind"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(_CHECK), "act", type_="check")
        op.create_check_constraint(op.f(_CHECK), "act", _is_one_of(_KINDS))
        op.add_column("act", sa.Column("done_on", sa.Date()))
        return
    # SQLite changes no condition of a table that is there.
    _made_anew(_KINDS, sa.Column("done_on", sa.Date()))


def downgrade() -> None:
    """Refused by the database where an office has declared something."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(_CHECK), "act", type_="check")
        op.create_check_constraint(op.f(_CHECK), "act", _is_one_of(_BEFORE))
        op.drop_column("act", "done_on")
        return
    _made_anew(_BEFORE)


def _is_one_of(kinds: tuple[str, ...]) -> str:
    return f"kind IN ({', '.join(repr(kind) for kind in kinds)})"


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=30)


def _made_anew(kinds: tuple[str, ...], *more: sa.Column[Any]) -> None:
    """The table with other kinds and these columns at its end, and every row as it was."""
    op.drop_index("ix_act_case", "act")
    op.rename_table("act", "act_before")
    op.create_table(
        "act",
        sa.Column("no", _NUMBER, nullable=False),
        sa.Column("case_id", _NUMBER, nullable=False),
        sa.Column("kind", _words("actkind", *kinds), nullable=False),
        sa.Column("office_no", sa.Integer(), nullable=False),
        sa.Column("door", _words("door", "command"), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("document", sa.Text(), server_default="", nullable=False),
        sa.Column("about", sa.Integer()),
        sa.Column("recorded_at", Instant(), nullable=False),
        *more,
        sa.PrimaryKeyConstraint("no", name=op.f("pk_act")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_act_case_id_case_file")),
        sa.ForeignKeyConstraint(["office_no"], ["unit.no"], name=op.f("fk_act_office_no_unit")),
    )
    op.execute(f"INSERT INTO act ({_COLUMNS}) SELECT {_COLUMNS} FROM act_before")  # noqa: S608 - names of ours
    op.drop_table("act_before")
    op.create_index("ix_act_case", "act", ["case_id"])
