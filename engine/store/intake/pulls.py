"""Records every pull of a source, and reads from them the status of each source."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select

from dondoc.engine.domain.data_sources import DataSource
from dondoc.engine.domain.model import Event, Text
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.judge.staleness import SourceStatus, fresh_until
from dondoc.engine.store.db.tables import event, pull

STALE = "source-stale"


@dataclass(frozen=True, slots=True)
class Pull:
    """One attempt to pull a source: the numbers of its rows, what went wrong, and the reject files."""

    source: str
    at: datetime
    added: int = 0
    corrected: int = 0
    unchanged: int = 0
    rejected: int = 0
    faults: tuple[Text, ...] = ()
    given_back: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """The number of accepted rows, known ones included."""
        return self.added + self.corrected + self.unchanged


def record(conn: Connection, made: Pull) -> None:
    """Stores a pull. A pull without a single row does not keep its source fresh, even if the source answered."""
    said = {"faults": [[fault.vi, fault.en] for fault in made.faults], "given_back": made.given_back}
    conn.execute(
        insert(pull).values(
            source=made.source,
            at=made.at,
            heard=made.rows > 0,
            added=made.added,
            corrected=made.corrected,
            unchanged=made.unchanged,
            rejected=made.rejected,
            said=json.dumps(said, ensure_ascii=False),
        )
    )


def source_statuses(
    conn: Connection, sources: Iterable[DataSource], calendars: Mapping[str, WorkCalendar]
) -> tuple[SourceStatus, ...]:
    """The status of each source, in the given order. Raises `CalendarUncovered`."""
    wanted = tuple(sources)
    if not wanted:
        return ()
    last, good = _latest(conn), _latest(conn, with_rows=True)
    return tuple(_status(source, last.get(source.id), good.get(source.id), calendars) for source in wanted)


def pulled_well(conn: Connection, since: datetime) -> frozenset[str]:
    """The ids of the sources whose latest pull came after an instant and met no fault."""
    return frozenset(source for source, last in _latest(conn).items() if last.at >= since and not last.faults)


def last_arrivals(conn: Connection) -> dict[str, datetime | None]:
    """By id, in order, when each source that was ever pulled last brought rows; None: never."""
    good = _latest(conn, with_rows=True)
    return {source: good[source].at if source in good else None for source in sorted(_latest(conn))}


def stale_on(conn: Connection, night: date) -> frozenset[str]:
    """The ids of the sources that were stale on a judged night."""
    details = conn.scalars(select(event.c.detail).where(event.c.night == night, event.c.kind == STALE))
    return frozenset(json.loads(detail)["source"] for detail in details)


def staleness_event(source: SourceStatus) -> Event:
    """The event that a source was stale on a night."""
    since = source.at.isoformat() if source.at else ""
    return Event(STALE, None, {"source": source.source.id, "heard": since})


def _status(
    source: DataSource, last: Pull | None, good: Pull | None, calendars: Mapping[str, WorkCalendar]
) -> SourceStatus:
    known = (
        SourceStatus(source)
        if last is None
        else SourceStatus(
            source, tried=last.at, faults=last.faults, rejected=last.rejected, given_back=last.given_back
        )
    )
    if good is None:
        return known
    return replace(known, at=good.at, until=fresh_until(source, calendars, good.at), rows=good.rows)


def _latest(conn: Connection, *, with_rows: bool = False) -> dict[str, Pull]:
    """By source, its latest pull, or the latest that brought rows."""
    newest = select(func.max(pull.c.id)).group_by(pull.c.source)
    if with_rows:
        newest = newest.where(pull.c.heard)
    found = {}
    for row in conn.execute(select(pull).where(pull.c.id.in_(newest))):
        said = json.loads(row.said)
        found[row.source] = Pull(
            row.source,
            row.at,
            row.added,
            row.corrected,
            row.unchanged,
            row.rejected,
            tuple(Text(*fault) for fault in said["faults"]),
            tuple(said["given_back"]),
        )
    return found
