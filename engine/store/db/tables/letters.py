"""The outbox: every letter that was planned, and every attempt to send it."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.db.tables.columns import Instant, metadata, words

letter = Table(
    "letter",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("night", Date, nullable=False),
    Column("office", String(80), nullable=False),
    Column("part", Integer, nullable=False),
    Column("message_id", String(250), nullable=False, unique=True),
    Column("envelope_from", String(320), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("mime", LargeBinary, nullable=False),
    Column("mime_sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("state", words(LetterState), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("owner", String(80)),
    Column("lease_until", Instant),
    # Rises with every claim, so that a relay that lost its lease can change nothing.
    Column("lease_token", Integer, nullable=False),
    Column("dot_at", Instant),
    # The server accepted the journal's mailbox too, so that the journal can show whether the letter was delivered.
    Column("journaled", Boolean, nullable=False, server_default=false()),
    Column("reply", Text, nullable=False),
    Column("last_code", Integer),
    Column("last_enhanced", String(12)),
    Column("fallback_of", ForeignKey("letter.id")),
    Column("expires_at", Instant, nullable=False),
    Column("planned_at", Instant, nullable=False),
    UniqueConstraint("night", "office", "part"),
    CheckConstraint("size > 0", name="size"),
    CheckConstraint("attempt >= 0", name="attempt"),
)
# Not a partial index: SQLite cannot prove that `state = ?` implies its condition.
Index("ix_letter_state", letter.c.state, letter.c.next_at, letter.c.id)
_passed_on = letter.c.fallback_of.is_not(None)
Index("ix_letter_fallback", letter.c.fallback_of, postgresql_where=_passed_on, sqlite_where=_passed_on)

delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    Column("letter", ForeignKey("letter.id"), nullable=False),
    Column("lease_token", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("phase", String(12), nullable=False),
    Column("code", Integer),
    Column("enhanced", String(12)),
    Column("text", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=False),
    PrimaryKeyConstraint("letter", "lease_token"),
)
