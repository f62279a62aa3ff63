"""Answers by mail, and acts that came by that door.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from dondoc.engine.store.db.tables import Instant

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_STATES = ("recorded", "repeated", "refused", "waiting", "confirmed", "dismissed")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MAIL = "mail"


def upgrade() -> None:
    op.create_table(
        "answer",
        sa.Column("no", _NUMBER, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("office", sa.String(80), nullable=False),
        sa.Column("case_code", sa.String(40), nullable=False),
        sa.Column("letter", sa.String(32), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*_STATES, name="answerstate", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("why", sa.String(40), nullable=False),
        sa.Column("meaning", sa.String(40), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("about", sa.Integer()),
        sa.Column("done_on", sa.Date()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("act_no", sa.Integer()),
        sa.Column("receipt", sa.String(32), nullable=False),
        sa.Column("decided_at", Instant()),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_answer")),
        sa.UniqueConstraint("sha256", name=op.f("uq_answer_sha256")),
    )
    op.create_index("ix_answer_office", "answer", ["office", "received_at"])
    op.create_index("ix_answer_state", "answer", ["state"])
    op.create_index("ix_answer_receipt", "answer", ["receipt"])
    _doors([*_known_doors(), _MAIL])


def downgrade() -> None:
    # Nobody would know the door by its word.
    op.get_bind().execute(sa.text("UPDATE act SET door = 'command' WHERE door = 'mail'"))
    _doors([door for door in _known_doors() if door != _MAIL])
    op.drop_table("answer")


def _known_doors() -> list[str]:
    """The words that the check allows now, whichever migrations have added to them."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("act")
    (door,) = [check["sqltext"] for check in checks if check["name"] == "ck_act_door"]
    return re.findall(r"'([^']*)'", door)


def _doors(words: Sequence[str]) -> None:
    conn, check = op.get_bind(), f"door IN ({', '.join(repr(word) for word in words)})"
    if conn.dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_act_door"), "act", type_="check")
        op.create_check_constraint(op.f("ck_act_door"), "act", check)
        return
    # SQLite can change a check only in the text of its schema, as its manual has it.
    stored = conn.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'act'").scalar_one()
    version = conn.exec_driver_sql("PRAGMA schema_version").scalar_one()
    conn.exec_driver_sql("PRAGMA writable_schema = ON")
    conn.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'act'"),
        {"sql": re.sub(r"door IN \([^)]*\)", check, stored)},
    )
    conn.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    conn.exec_driver_sql("PRAGMA writable_schema = OFF")
