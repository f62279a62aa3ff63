"""The two tables of the audit log, and the guards with which both databases refuse to change their rows.

`log_entry` has one entry for each transaction in which something happened, `event` has what happened. An entry
seals its events and the entry before it: docs/en/audit-log.md says what is hashed, byte by byte.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)
from sqlalchemy.event import listen

from dondoc.engine.store.db.tables.columns import Instant, Number, metadata

log_entry = Table(
    "log_entry",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("events", Integer, nullable=False),
    Column("events_sha256", String(64), nullable=False),
    # The hash of the entry before, and the hash of this one.
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("entry", Number, nullable=False),
    # Its place among the events of its entry, from 0.
    Column("position", Integer, nullable=False),
    # The night it belongs to; null for an import.
    Column("night", Date),
    Column("kind", String(40), nullable=False),
    Column("task_id", Number),
    Column("detail", Text, nullable=False),
    PrimaryKeyConstraint("entry", "position"),
)
Index("ix_event_night", event.c.night)

# Created before every table, because a trigger names the function it calls.
REFUSAL = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$"
)


def guards(table: str, dialect: str) -> list[str]:
    """The statements that make a database refuse every change to the rows of a table, but not new rows.

    SQLite has no TRUNCATE, and replaces a row without running its DELETE triggers, so an INSERT over a row is
    refused.
    """
    if dialect == "postgresql":
        acts = "UPDATE OR DELETE OR TRUNCATE"
        call = "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        return [f"CREATE TRIGGER {table}_stays BEFORE {acts} ON {table} {call}"]
    refuse = "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
    key = {"log_entry": "number = NEW.number", "event": "entry = NEW.entry AND position = NEW.position"}[table]
    taken = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key})"  # noqa: S608 - no text from outside
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {taken} {refuse}",
    ]


def _refusal(_: MetaData, conn: Connection, **_more: object) -> None:
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(REFUSAL)


def _guarded(table: Table, conn: Connection, **_more: object) -> None:
    for guard in guards(table.name, conn.dialect.name):
        conn.exec_driver_sql(guard)


listen(metadata, "before_create", _refusal)
listen(log_entry, "after_create", _guarded)
listen(event, "after_create", _guarded)
