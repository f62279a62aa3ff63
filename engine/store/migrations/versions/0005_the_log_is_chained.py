"""The log becomes append-only and chained: earlier events and the present state of nights and letters come first.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from dondoc.engine.store.audit_log.events import NOTHING_BEFORE, compact, entry_line, event_line, instant
from dondoc.engine.store.db.tables.log import REFUSAL, guards

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ROWS = 5_000
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLES = ("log_entry", "event")
# For the log, a letter that a relay is sending still waits.
_IN_HAND = ("leased", "dot")


def upgrade() -> None:
    op.execute("CREATE TABLE event_before AS SELECT * FROM event")
    op.drop_table("event")
    op.create_table(
        "log_entry",
        sa.Column("number", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("events_sha256", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_entry")),
    )
    op.create_table(
        "event",
        sa.Column("entry", _NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("night", sa.Date(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("task_id", _NUMBER, nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "position", name=op.f("pk_event")),
    )
    op.create_index("ix_event_night", "event", ["night"], unique=False)
    _convert(op.get_bind())
    op.drop_table("event_before")
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(REFUSAL)
    for table in _TABLES:
        for guard in guards(table, dialect):
            op.execute(guard)


def downgrade() -> None:
    """Keeps the events and drops the chain; the old table has no place for events without a night."""
    op.execute("CREATE TABLE event_after AS SELECT * FROM event")
    op.drop_table("event")
    op.drop_table("log_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
    op.create_table(
        "event",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("task_id", _NUMBER, nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_night", "event", ["night"], unique=False)
    op.execute(
        "INSERT INTO event (night, kind, task_id, detail) SELECT night, kind, task_id, detail FROM event_after "
        "WHERE night IS NOT NULL ORDER BY entry, position"
    )
    op.drop_table("event_after")


def _convert(conn: sa.Connection) -> None:
    """Writes one entry over everything that was logged, then the present state of every night and letter."""
    event = sa.table("event", *map(sa.column, ("entry", "position", "night", "kind", "task_id", "detail")))
    digest, written = hashlib.sha256(), 0
    batch: list[dict[str, Any]] = []
    for night, kind, task, detail in _found(conn):
        digest.update(event_line(str(night), kind, task, detail))
        row = {"entry": 1, "position": written, "night": night, "kind": kind, "task_id": task, "detail": detail}
        batch.append(row)
        written += 1
        if len(batch) == _ROWS:
            conn.execute(sa.insert(event), batch)
            batch.clear()
    if batch:
        conn.execute(sa.insert(event), batch)
    if not written:
        return
    now, sealed = datetime.now(UTC), digest.hexdigest()
    line = entry_line(1, instant(now), written, sealed, NOTHING_BEFORE)
    log_entry = sa.table(
        "log_entry",
        *map(sa.column, ("number", "events", "events_sha256", "previous", "hash")),
        sa.column("at", sa.DateTime(timezone=True)),
    )
    entry = {"number": 1, "at": now, "events": written, "events_sha256": sealed, "previous": NOTHING_BEFORE}
    conn.execute(sa.insert(log_entry), [entry | {"hash": hashlib.sha256(line).hexdigest()}])


def _found(conn: sa.Connection) -> Iterator[tuple[Any, str, int | None, str]]:
    for row in conn.execute(sa.text("SELECT night, kind, task_id, detail FROM event_before ORDER BY id")):
        yield row.night, row.kind, row.task_id, compact(json.loads(row.detail))
    for row in conn.execute(sa.text("SELECT as_of, state, rules_sha256 FROM night ORDER BY as_of")):
        yield row.as_of, "night-judged", None, compact({"state": row.state, "rules_sha256": row.rules_sha256})
    for row in conn.execute(
        sa.text("SELECT id, night, office, part, state, mime_sha256 FROM letter ORDER BY night, office, part")
    ):
        state = "ready" if row.state in _IN_HAND else row.state
        told = {"letter": row.id, "office": row.office, "part": str(row.part), "sha256": row.mime_sha256}
        yield row.night, "letter-planned", None, compact({**told, "state": state})
