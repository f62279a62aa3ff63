"""The organisation chart: units with their names, relations, mailboxes and successors."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from dondoc.engine.domain.terms import Level, Line, MailboxRole, RelationKind
from dondoc.engine.store.db.tables.columns import Instant, metadata, words

unit = Table(
    "unit",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("id", String(80), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("level", words(Level), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("recorded_at", Instant, nullable=False),
)

unit_name = Table(
    "unit_name",
    metadata,
    Column("unit_no", ForeignKey(unit.c.no), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("short", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("recorded_at", Instant, nullable=False),
    PrimaryKeyConstraint("unit_no", "valid_from"),
)

relation = Table(
    "relation",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("unit_no", ForeignKey(unit.c.no), nullable=False),
    Column("other_no", ForeignKey(unit.c.no), nullable=False),
    Column("kind", words(RelationKind), nullable=False),
    Column("line", words(Line)),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("basis", Text, nullable=False, server_default=""),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("unit_no", "other_no", "kind", "line", "valid_from"),
)

mailbox = Table(
    "mailbox",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("unit_no", ForeignKey(unit.c.no), nullable=False),
    Column("role", words(MailboxRole), nullable=False),
    Column("address", String(254), nullable=False),
    Column("languages", String(20), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("unit_no", "role", "valid_from"),
)

succession = Table(
    "succession",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("old_no", ForeignKey(unit.c.no), nullable=False),
    Column("new_no", ForeignKey(unit.c.no), nullable=False),
    Column("scope", Text, nullable=False),
    Column("effective", Date, nullable=False),
    Column("basis", Text, nullable=False, server_default=""),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("old_no", "new_no", "scope", "effective"),
)
# For every figure without an earlier one, a night looks up which units its unit succeeds.
Index("ix_succession_new", succession.c.new_no)
