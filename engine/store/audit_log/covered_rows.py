"""The rows of which the log keeps digests: who exists and hears, what the nights found, and whom they told.

An event `rows-written` names a table, its columns, and each row that a transaction wrote: `key=digest`, then
`<digest` of the row as it stood before where there was one; no digest after the `=` says that the row went. So a
row that somebody changed behind the log shows as long as it stands, and also once a night has written it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, TypeDecorator, select, type_coerce

from dondoc.engine.domain.model import Event
from dondoc.engine.store.audit_log.events import AuditedTransaction, instant
from dondoc.engine.store.db import tables as t

# Rows written by a transaction; rows that an upgrade found, of which nobody knows how they came to be so.
WRITTEN, FOUND = "rows-written", "rows-found"
COVERED: Mapping[str, Table] = {
    table.name: table
    for table in (
        *(t.unit, t.unit_name, t.relation, t.mailbox, t.succession),
        *(t.inheritance, t.inheritance_heir, t.night, t.case_file, t.notice, t.case_statistic, t.act, t.waiver),
    )
}
_PER_EVENT = 250
_AT_ONCE = 5_000
# Half a SHA-256: nobody can find another row for it, and a night of a country logs a hundred thousand.
_DIGITS = 32


@dataclass(frozen=True, slots=True)
class LoggedRow:
    """What an event says of a row: its digest (empty: it went), and the digest before (empty: there was none)."""

    key: str
    digest: str
    before: str


def digests(
    conn: Connection,
    table: Table,
    which: ColumnElement[bool] | None = None,
    columns: Sequence[str] = (),
    *,
    changing: bool = False,
) -> dict[str, str]:
    """By key, the digests of the rows of a table in the order of their keys.

    `columns` are those that are hashed, all of them if empty. `changing`: PostgreSQL lets nobody else change these
    rows until the transaction ends, so that they are the rows which it changes.
    """
    names = tuple(columns) or tuple(table.c.keys())
    keys = table.primary_key.columns
    query = select(*(_as_stored(table.c[name]) for name in names), *keys).order_by(*keys)
    if which is not None:
        query = query.where(which)
    if changing:
        query = query.with_for_update()
    width, found = len(names), {}
    # A whole table is read in pieces; a connection that breaks in a transaction would leave such a cursor behind.
    for row in conn.execute(query, execution_options={"yield_per": _AT_ONCE} if which is None else {}):
        found[_key(row[width:])] = _digest(row[:width])
    return found


def digests_of(table: Table, rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Like `digests`, of rows of the chart that were read whole."""
    keys, names = table.primary_key.columns.keys(), table.c.keys()
    return {_key([row[name] for name in keys]): _digest([row[name] for name in names]) for row in rows}


def log_written(
    tx: AuditedTransaction,
    night: date | None,
    table: Table,
    before: Mapping[str, str],
    after: Mapping[str, str],
    columns: Sequence[str] = (),
) -> None:
    """Logs the rows of a table whose digests differ before and after what the transaction did.

    `columns` are those that were hashed, all of them if empty.
    """
    changed = (
        LoggedRow(key, after.get(key, ""), before.get(key, ""))
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key)
    )
    tx.log(night, _events(WRITTEN, table, tuple(columns) or tuple(table.c.keys()), changed))


@contextmanager
def rows_logged(
    tx: AuditedTransaction, night: date | None, *places: tuple[Table, ColumnElement[bool]], changing: bool = False
) -> Iterator[None]:
    """Logs what the block changes in these places; their conditions must choose the same rows before and after."""
    before = [digests(tx.conn, table, which, changing=changing) for table, which in places]
    yield
    for (table, which), was in zip(places, before, strict=True):
        log_written(tx, night, table, was, digests(tx.conn, table, which))


def found(conn: Connection, table: Table, columns: Sequence[str]) -> Iterator[Event]:
    """The events of an upgrade: every row of a table, as it stands."""
    rows = digests(conn, table, columns=columns)
    return _events(FOUND, table, columns, (LoggedRow(key, digest, "") for key, digest in rows.items()))


def parsed(rows: str) -> Iterator[LoggedRow]:
    """The rows of an event, from its detail."""
    for said in rows.split():
        key, _, digests_ = said.partition("=")
        yield LoggedRow(key, *digests_.partition("<")[::2])


def _events(kind: str, table: Table, columns: Sequence[str], rows: Iterable[LoggedRow]) -> Iterator[Event]:
    waiting = iter(rows)
    while some := list(islice(waiting, _PER_EVENT)):
        said = (f"{row.key}={row.digest}" + (f"<{row.before}" if row.before else "") for row in some)
        yield Event(kind, None, {"table": table.name, "columns": " ".join(columns), "rows": " ".join(said)})


def _as_stored(column: Column[Any]) -> ColumnElement[Any]:
    """A column whose values are read as they are stored, and not as values of the domain; instants are both."""
    kind = column.type
    return (
        type_coerce(column, kind.impl)
        if isinstance(kind, TypeDecorator) and not isinstance(kind, t.Instant)
        else column
    )


def _key(values: Iterable[Any]) -> str:
    return "/".join(map(str, values))


def _digest(values: Iterable[Any]) -> str:
    return hashlib.sha256(_ENCODER.encode([*values]).encode()).hexdigest()[:_DIGITS]


def _plain(value: object) -> str:
    """A day or an instant as it is hashed."""
    if isinstance(value, datetime):
        return instant(value)
    assert isinstance(value, date)
    return value.isoformat()


# Created once: a night may write a hundred thousand rows.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)
