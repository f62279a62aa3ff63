"""The audit log: append-only, chained by hashes, written in the same transaction as the changes it records.

A function that changes a night, a case, a letter, the rule book or the data takes an `AuditedTransaction` and logs
the change there; the entry that seals the events is made just before the commit. docs/en/audit-log.md is the
specification of the bytes, and `hash_chain` beside this module checks them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from dondoc.engine.domain.model import Event, Head
from dondoc.engine.store.db.database import insert_many, writing
from dondoc.engine.store.db.tables import event, log_entry

# The hash that the first entry names as that of the entry before it.
NOTHING_BEFORE = "0" * 64
_LOCK = 0x646F6E646F64
# Created once: a night may log a hundred thousand events.
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class AuditedTransaction:
    """A transaction that writes and whose changes are logged: `events` so far, each with its night.

    `audited` makes one, and seals its events.
    """

    conn: Connection
    events: list[tuple[date | None, Event]] = field(default_factory=list, init=False, repr=False)

    def log(self, night: date | None, events: Iterable[Event]) -> None:
        """Logs what this transaction does; `night` is the night it belongs to, None for an import.

        May be called any number of times; the log keeps the order. Details are ids, dates and fixed words: never a
        person's name, and no figure that letters would mask.
        """
        self.events.extend((night, one) for one in events)


@contextmanager
def audited(engine: Engine) -> Iterator[AuditedTransaction]:
    """A `writing` transaction whose events become one entry of the log at its end; without events there is none.

    On any error nothing is changed and nothing is logged. Raises `DatabaseFault`.
    """
    with writing(engine) as conn:
        tx = AuditedTransaction(conn)
        yield tx
        # Last: every transaction needs the lock of the log, so that it is held shortly and none waits for another.
        seal(conn, tx.events)


def head(conn: Connection) -> Head:
    """The last committed entry, without what this transaction is about to log."""
    found = conn.execute(
        select(log_entry.c.number, log_entry.c.hash).order_by(log_entry.c.number.desc()).limit(1)
    ).one_or_none()
    return Head(*found) if found else Head(0, NOTHING_BEFORE)


def compact(value: Mapping[str, Any]) -> str:
    """JSON as the log writes it: keys sorted, no spaces, no escapes for characters beyond ASCII."""
    return _ENCODER.encode(value)


def event_line(night: str | None, kind: str, task: int | None, detail: str) -> bytes:
    """One event as it is hashed and exported: a line of JSON with its line end; `detail` is `compact` JSON."""
    said = f'"night":{_ENCODER.encode(night)},"task":{_ENCODER.encode(task)}'
    return f'{{"detail":{detail},"kind":{_ENCODER.encode(kind)},{said}}}\n'.encode()


def entry_line(number: int, at: str, events: int, events_sha256: str, previous: str) -> bytes:
    """One entry as it is hashed and exported: a line of JSON with its line end."""
    entry = {"number": number, "at": at, "events": events, "events_sha256": events_sha256, "previous": previous}
    return f"{compact(entry)}\n".encode()


def instant(at: datetime) -> str:
    """An instant as it is hashed: in UTC, to the microsecond, `2026-11-27T01:46:09.123456Z`."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def seal(conn: Connection, events: list[tuple[date | None, Event]]) -> None:
    """Adds one entry over the events of this transaction; on PostgreSQL others wait here until it has ended.

    An advisory lock instead of a row with the latest hash: so the database role needs no right to change rows
    here.
    """
    if not events:
        return
    rows = [(night, one.kind, one.task, compact(one.detail)) for night, one in events]
    digest = hashlib.sha256()
    for night, kind, task, detail in rows:
        digest.update(event_line(night.isoformat() if night else None, kind, task, detail))
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    before, now = head(conn), datetime.now(UTC)
    number, sealed = before.number + 1, digest.hexdigest()
    line = entry_line(number, instant(now), len(rows), sealed, before.hash)
    entry = {"number": number, "at": now, "events": len(rows), "events_sha256": sealed, "previous": before.hash}
    insert_many(conn, log_entry, [entry | {"hash": hashlib.sha256(line).hexdigest()}])
    insert_many(
        conn,
        event,
        (
            {
                "entry": number,
                "position": position,
                "night": night,
                "kind": kind,
                "task_id": task,
                "detail": detail,
            }
            for position, (night, kind, task, detail) in enumerate(rows)
        ),
    )
