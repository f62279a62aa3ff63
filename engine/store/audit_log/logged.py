"""Reads the events of the log back as values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, String, func, select, type_coerce

from dondoc.engine.store.db.tables import case_file, event, log_entry

PLANNED = "letter-planned"
# The pages could not be written after a night.
BOARD_FAILED = "board-failed"
# Nights from a day on were taken back: what the log says of them before it does not count.
WITHDRAWN = "nights-withdrawn"
_ROWS = 500
# More calendars than a pack has; each has one span on a day.
_SPANS = 100


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One event: its entry and when that was written, its night (None: none), kind, case code, and details."""

    entry: int
    at: datetime
    night: date | None
    kind: str
    case: str
    detail: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlannedDigest:
    """What the log has of a letter: the hash of its bytes and of its recipient (empty before 2026-11-29)."""

    mime_sha256: str
    recipient_sha256: str


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event as the log's checks read it: `night` as text, empty where it has none."""

    entry: int
    night: str
    kind: str
    task: int | None
    detail: Mapping[str, str]


def read_back(conn: Connection, *kinds: str) -> Iterator[StoredEvent]:
    """The events of these kinds, in order.

    Skips events that cannot be read, which the proof of the log reports, and those of nights that were taken back
    afterwards.
    """
    taken_back = _taken_back(conn)
    query = (
        select(
            event.c.entry,
            # Raw, because an invalid date must be a flaw and not an error.
            type_coerce(event.c.night, String).label("night"),
            event.c.kind,
            event.c.task_id,
            event.c.detail,
        )
        .where(event.c.kind.in_(kinds))
        .order_by(event.c.entry, event.c.position)
    )
    for row in conn.execute(query, execution_options={"yield_per": _ROWS}):
        detail = detail_of(row.detail)
        on = str(row.night or "")
        if detail is not None and not any(row.entry < entry and on >= first for entry, first in taken_back):
            yield StoredEvent(row.entry, on, row.kind, row.task_id, detail)


def _taken_back(conn: Connection) -> list[tuple[int, str]]:
    """By entry of the log, from which night on it took nights back."""
    rows = conn.execute(select(event.c.entry, event.c.detail).where(event.c.kind == WITHDRAWN))
    read = ((entry, detail_of(text)) for entry, text in rows)
    return [(entry, str(detail["from"])) for entry, detail in read if detail is not None and "from" in detail]


def detail_of(text: object) -> dict[str, str] | None:
    """The details of an event; None where they cannot be read."""
    try:
        found = json.loads(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def planned_letters(conn: Connection, night: date) -> dict[str, PlannedDigest]:
    """The letters that were planned for a night, by id."""
    query = select(event.c.detail).where(event.c.night == night, event.c.kind == PLANNED)
    details = (json.loads(detail) for detail in conn.scalars(query))
    return {one["letter"]: PlannedDigest(one["sha256"], one.get("to_sha256", "")) for one in details}


def judged_at(conn: Connection, night: date) -> datetime | None:
    """When a night was judged; None: the log does not say."""
    mine = (event.c.night == night) & (event.c.kind == "night-judged")
    at: datetime | None = conn.scalar(
        select(func.max(log_entry.c.at)).join(event, event.c.entry == log_entry.c.number).where(mine)
    )
    return at


def quiet_spans(conn: Connection, night: date) -> tuple[tuple[str, date], ...]:
    """The spans without letters that a night lies in, by name, each with its last day."""
    found = [one.detail for one in latest(conn, _SPANS, night=night, kind="letters-quiet")]
    return tuple(sorted({(one["name"], date.fromisoformat(one["until"])) for one in found}))


def latest(conn: Connection, last: int, *, night: date | None = None, kind: str = "") -> list[LoggedEvent]:
    """The last `last` events, oldest first; only of one night, and of kinds that begin with `kind`, if given."""
    query = _events().order_by(event.c.entry.desc(), event.c.position.desc()).limit(last)
    if night is not None:
        query = query.where(event.c.night == night)
    if kind:
        query = query.where(event.c.kind.startswith(kind, autoescape=True))
    return list(_values(conn.execute(query)))[::-1]


def every(conn: Connection) -> Iterator[LoggedEvent]:
    """All events, oldest first."""
    return _values(conn.execute(_events().order_by(event.c.entry, event.c.position)))


def kinds(conn: Connection) -> dict[str, int]:
    """The number of events of each kind."""
    counted = select(event.c.kind, func.count()).group_by(event.c.kind).order_by(event.c.kind)
    return dict(conn.execute(counted).tuples().all())


def _events() -> Select[Any]:
    code = select(func.max(case_file.c.code)).where(case_file.c.task_id == event.c.task_id).scalar_subquery()
    columns = (event.c.entry, log_entry.c.at, event.c.night, event.c.kind, event.c.detail, code.label("code"))
    return select(*columns).join(log_entry, log_entry.c.number == event.c.entry)


def _values(rows: Iterable[Row[Any]]) -> Iterator[LoggedEvent]:
    for row in rows:
        yield LoggedEvent(row.entry, row.at, row.night, row.kind, row.code or "", json.loads(row.detail))
