"""What is remembered of the sources: each pull, and from it what each of them was last heard to say."""

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
    """One attempt to bring a source in: how many rows came of it, what went wrong, where rejects lie."""

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
        """How many rows were taken, known ones among them."""
        return self.added + self.corrected + self.unchanged


def record(conn: Connection, made: Pull) -> None:
    """Writes a pull down. A source without a single row has said nothing, whether or not it answered."""
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
    conn: Connection, feeds: Iterable[DataSource], calendars: Mapping[str, WorkCalendar]
) -> tuple[SourceStatus, ...]:
    """What is known of each source, in the order of the rules. Raises `CalendarUncovered`."""
    wanted = tuple(feeds)
    if not wanted:
        return ()
    last, good = _latest(conn), _latest(conn, with_rows=True)
    return tuple(_status(feed, last.get(feed.id), good.get(feed.id), calendars) for feed in wanted)


def last_arrivals(conn: Connection) -> dict[str, datetime | None]:
    """Every source that was ever asked, in order of its id, and when it last brought rows; None for never."""
    good = _latest(conn, with_rows=True)
    return {source: good[source].at if source in good else None for source in sorted(_latest(conn))}


def stale_on(conn: Connection, night: date) -> frozenset[str]:
    """The sources that a night, which was judged, could not hear."""
    details = conn.scalars(select(event.c.detail).where(event.c.night == night, event.c.kind == STALE))
    return frozenset(json.loads(detail)["source"] for detail in details)


def staleness_event(source: SourceStatus) -> Event:
    """That a night could not hear a source, for the log."""
    since = source.at.isoformat() if source.at else ""
    return Event(STALE, None, {"source": source.source.id, "heard": since})


def _status(
    feed: DataSource, last: Pull | None, good: Pull | None, calendars: Mapping[str, WorkCalendar]
) -> SourceStatus:
    known = (
        SourceStatus(feed)
        if last is None
        else SourceStatus(
            feed, tried=last.at, faults=last.faults, rejected=last.rejected, given_back=last.given_back
        )
    )
    if good is None:
        return known
    return replace(known, at=good.at, until=fresh_until(feed, calendars, good.at), rows=good.rows)


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
