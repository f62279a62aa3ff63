"""Reads a source database: each SELECT as a table of cells, read-only, row by row, within a time limit.

Nothing but the SELECT can run: PostgreSQL gets it as a cursor in a read-only transaction, SQLite through an
authorizer on a file opened for reading. A database role that may only read makes this safer still.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from dondoc.engine.domain.model import Text
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.formats.table import Cells, Native
from dondoc.engine.sources.pull.source_faults import TOO_SLOW, source_fault

_BATCH = 2_000
_CONNECT_SECONDS = 10
# SQLite checks after this many of its steps whether the time limit is reached.
_STEPS = 10_000
_READS = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
_FORM = Text("từ cơ sở dữ liệu", "from a database")

# From a SELECT to its rows, of which the first holds the names of the columns.
Ask = Callable[[str], Iterator[Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class QueryTable:
    """One SELECT on an open database; implements `Table`. `spent` says whether the time limit is reached."""

    name: str
    select: str
    ask: Ask
    spent: Callable[[], bool]

    @property
    def form(self) -> Text:
        """A note that it comes from a database."""
        return _FORM

    @property
    def saved(self) -> None:
        """None: a database does not record it."""

    @property
    def done(self) -> float:
        """Always 0: a query does not show how many rows are left."""
        return 0.0

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """The names of the columns, then every row. Raises `SheetRefused` if the database fails or is too slow."""
        with _refusing(self.name), closing(self.ask(self.select)) as rows:  # type: ignore[type-var]
            for line, row in enumerate(rows, 1):
                if self.spent():
                    raise SheetRefused(self.name, *TOO_SLOW)
                yield line, [_cell(value) for value in row]


@contextmanager
def connected(name: str, address: str, seconds: int, spent: Callable[[], bool]) -> Iterator[Ask]:
    """A function that runs SELECTs at `address`, each for `seconds` at most, all on one snapshot of the data.

    `name` is the name of the source in messages. Raises `SheetRefused` if the database cannot be reached.
    """
    url = _url(name, address)
    conn: sqlite3.Connection | psycopg.Connection
    with _refusing(name):
        conn = _sqlite(url, seconds, spent) if url.get_backend_name() == "sqlite" else _postgres(url, seconds)
    with closing(conn):
        yield _asking_sqlite(conn) if isinstance(conn, sqlite3.Connection) else _asking_postgres(conn)


def _url(name: str, address: str) -> URL:
    # No message repeats the address, nor the driver's words about it: they may hold a password, or a part of one.
    try:
        url = make_url(address)
        if url.get_backend_name() in {"postgresql", "sqlite"}:
            return url
    except ArgumentError:
        pass
    except ValueError:
        raise SheetRefused(
            name,
            "địa chỉ có cổng không phải là số; trong mật khẩu viết @ thành %40, : thành %3A, / thành %2F",
            "the port of its address is no number: in a password write @ as %40, : as %3A, / as %2F",
        ) from None
    raise SheetRefused(
        name,
        "địa chỉ phải bắt đầu bằng postgresql:// hoặc sqlite:///; cơ sở dữ liệu khác thì xuất tệp vào thư mục",
        "its address must begin with postgresql:// or sqlite:///; for another database, export files to a folder",
    )


def _sqlite(url: URL, seconds: int, spent: Callable[[], bool]) -> sqlite3.Connection:
    path = quote(str(Path(url.database or "").absolute()))
    conn = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=min(seconds, _CONNECT_SECONDS))
    conn.isolation_level = None
    conn.execute("BEGIN")
    conn.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY)
    conn.set_progress_handler(spent, _STEPS)
    return conn


def _asking_sqlite(conn: sqlite3.Connection) -> Ask:
    def ask(select: str) -> Iterator[Sequence[Any]]:
        with closing(conn.execute(select)) as cursor:
            yield [column[0] for column in cursor.description]
            yield from cursor

    return ask


def _postgres(url: URL, seconds: int) -> psycopg.Connection:
    limits = f"-c statement_timeout={seconds * 1000} -c lock_timeout={seconds * 1000} -c timezone=UTC"
    more = {key: value for key, value in url.query.items() if isinstance(value, str)}
    given = make_conninfo(
        dbname=url.database,
        host=url.host,
        port=url.port,
        user=url.username,
        password=url.password,
        connect_timeout=_CONNECT_SECONDS,
        options=limits,
    )
    conn = psycopg.connect(make_conninfo(given, **more))
    conn.read_only = True
    conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    return conn


def _asking_postgres(conn: psycopg.Connection) -> Ask:
    numbers = count()

    def ask(select: str) -> Iterator[Sequence[Any]]:
        with conn.cursor(name=f"dondoc_{next(numbers)}") as cursor:
            cursor.itersize = _BATCH
            cursor.execute(select.encode())
            yield [column.name for column in cursor.description or ()]
            yield from cursor

    return ask


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    """Turns an error of the driver into a `SheetRefused` that names the source and says what to look at."""
    try:
        yield
    # A driver raises these for an address or a statement that it cannot encode.
    except (sqlite3.Error, psycopg.Error, ValueError) as error:
        raise SheetRefused(name, *source_fault(error)) from error


def _cell(value: Any) -> str:
    """A value as the cell of a sheet; numbers and dates as `Native`."""
    match value:
        case None:
            return ""
        case str():
            return value
        case datetime() if value.tzinfo is None and value.time() == time():
            return Native(value.date().isoformat())
        case datetime() | date():
            return Native(value.isoformat())
        case float():
            return Native(format(Decimal(repr(value)), "f"))
        case Decimal():
            return Native(format(value, "f"))
        case _:
            return Native(str(value))
