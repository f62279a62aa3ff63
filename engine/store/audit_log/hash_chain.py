"""Checks that the log is intact: every entry in its place, unchanged, and chained to the one before."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, String, select, type_coerce

from dondoc.engine.domain.model import Head
from dondoc.engine.store.audit_log.events import NOTHING_BEFORE, compact, entry_line, event_line, instant
from dondoc.engine.store.db.tables import event, log_entry

_ROWS = 5_000
_NO_MORE: tuple[float, Iterator[Row[Any]]] = math.inf, iter(())


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is not as it was logged: its entry, a night of that entry (empty: none), what is wrong."""

    number: int
    night: str
    vi: str
    en: str

    def text(self) -> str:
        """One line for a terminal."""
        night = f" (đêm {self.night})" if self.night else ""
        return f"mục {self.number}{night}: {self.vi} (entry {self.number}: {self.en})"


@dataclass(frozen=True, slots=True)
class Proof:
    """The result of the check: the last entry, the number of events, the last entry before any flaw, the flaws."""

    head: Head
    events: int
    whole_until: int
    flaws: tuple[Flaw, ...]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A stored entry, with its events as they are hashed."""

    number: int
    at: str
    events: int
    events_sha256: str
    previous: str
    hash: str
    lines: tuple[bytes, ...]
    nights: tuple[str, ...]
    flaw: tuple[str, str] | None

    @property
    def line(self) -> bytes:
        """The entry as it is hashed."""
        return entry_line(self.number, self.at, self.events, self.events_sha256, self.previous)

    @property
    def true_hash(self) -> str:
        """The hash that it must have."""
        return hashlib.sha256(self.line).hexdigest()


def prove(conn: Connection) -> Proof:
    """Reads the whole log once, in order; lists the flaws of a log that was tampered with, and does not raise.

    An entry has one flaw at most, the first found. Entries cut off at the end, and a chain that was rebuilt as a
    whole, show only against a head that was kept elsewhere, or against the data that the log describes
    (`dondoc.flows.records.audit`).
    """
    flaws: list[Flaw] = []
    before = LogEntry(0, "", 0, "", "", NOTHING_BEFORE, (), (), None)
    events = 0
    for entry in entries(conn):
        events += len(entry.lines)
        said = _flaw(entry, before)
        if said is not None:
            flaws.append(Flaw(entry.number, entry.nights[0] if entry.nights else "", *said))
        before = entry
    flaws += _astray(conn)
    first = min((flaw.number for flaw in flaws), default=before.number + 1)
    return Proof(Head(before.number, before.hash), events, min(first - 1, before.number), tuple(flaws))


def has_entry(conn: Connection, kept: str) -> bool:
    """Whether the log still has the entry with the hash `kept`, which was kept elsewhere."""
    return conn.scalar(select(log_entry.c.number).where(log_entry.c.hash == kept)) is not None


def entries(conn: Connection) -> Iterator[LogEntry]:
    """Every entry with its events, in order of their numbers; raw values of the database."""
    # Raw, because an invalid date must be a flaw and not an error.
    logged = select(
        event.c.entry,
        event.c.position,
        type_coerce(event.c.night, String).label("night"),
        event.c.kind,
        event.c.task_id,
        event.c.detail,
    ).order_by(event.c.entry, event.c.position)
    sealed = select(
        log_entry.c.number,
        type_coerce(log_entry.c.at, String).label("at"),
        *(log_entry.c[name] for name in ("events", "events_sha256", "previous", "hash")),
    ).order_by(log_entry.c.number)
    streaming = {"yield_per": _ROWS}
    with conn.execute(logged, execution_options=streaming) as events:
        by_entry = groupby(events, key=lambda row: row.entry)
        number, mine = next(by_entry, _NO_MORE)
        for row in conn.execute(sealed, execution_options=streaming):
            while number < row.number:
                number, mine = next(by_entry, _NO_MORE)
            yield _entry(row, list(mine) if number == row.number else [])


def _entry(row: Row[Any], mine: list[Row[Any]]) -> LogEntry:
    flaw = next((found for place, one in enumerate(mine) if (found := _event_flaw(place, one))), None)
    nights = tuple(str(one.night) for one in mine if one.night is not None)
    lines = () if flaw else tuple(_line(one) for one in mine)
    return LogEntry(
        row.number, _instant(row.at), row.events, row.events_sha256, row.previous, row.hash, lines, nights, flaw
    )


def _line(row: Row[Any]) -> bytes:
    return event_line(None if row.night is None else str(row.night), row.kind, row.task_id, row.detail)


def _instant(stored: object) -> str:
    """A stored instant as it is hashed; PostgreSQL gives a datetime, SQLite its text."""
    return instant(stored) if isinstance(stored, datetime) else f"{str(stored).replace(' ', 'T')}Z"


def _event_flaw(place: int, row: Row[Any]) -> tuple[str, str] | None:
    """Why an event cannot be hashed at all: its place, or a value that the log never writes; None: it can."""
    nth = place + 1
    if row.position != place:
        return f"sự kiện thứ {nth} không có hoặc sai chỗ", f"event {nth} is missing or in another place"
    if not (isinstance(row.kind, str) and isinstance(row.task_id, int | None) and _compact(row.detail)):
        return f"sự kiện thứ {nth} không đọc được", f"event {nth} cannot be read"
    return None


def _compact(detail: object) -> bool:
    """Whether a detail is one object in `compact` JSON: otherwise two events might have the same bytes."""
    try:
        value = json.loads(detail) if isinstance(detail, str) else None
    except ValueError:
        return False
    return isinstance(value, dict) and compact(value) == detail


def _flaw(entry: LogEntry, before: LogEntry) -> tuple[str, str] | None:
    if entry.number != before.number + 1:
        gap = before.number + 1
        return (f"mục {gap} không có trước mục này", f"entry {gap} is missing before it")
    if entry.previous not in (before.hash, before.true_hash if before.number else NOTHING_BEFORE):
        return (
            f"không nối với mục {before.number}: phải ghi {before.hash}, lại ghi {entry.previous}",
            f"not chained to entry {before.number}: expected {before.hash}, found {entry.previous}",
        )
    if entry.hash != entry.true_hash:
        return (
            f"đã bị sửa: mã phải là {entry.true_hash}, lại là {entry.hash}",
            f"changed: its hash must be {entry.true_hash}, it is {entry.hash}",
        )
    if entry.flaw is not None:
        return entry.flaw
    if len(entry.lines) != entry.events:
        return (
            f"phải có {entry.events} sự kiện, nay có {len(entry.lines)}",
            f"{entry.events} events expected, {len(entry.lines)} found",
        )
    sealed = hashlib.sha256(b"".join(entry.lines)).hexdigest()
    if sealed != entry.events_sha256:
        return (
            f"sự kiện đã bị sửa: mã phải là {entry.events_sha256}, nay tính ra {sealed}",
            f"its events were changed: expected {entry.events_sha256}, found {sealed}",
        )
    return None


def _astray(conn: Connection) -> list[Flaw]:
    """Events of an entry that does not exist."""
    query = select(event.c.entry).where(event.c.entry.not_in(select(log_entry.c.number))).distinct()
    return [
        Flaw(number, "", "có sự kiện mà không có mục", "there are events without an entry")
        for number in conn.scalars(query.order_by(event.c.entry))
    ]
