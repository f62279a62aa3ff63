"""The database edge: connections, transactions, and the lock that lets one night run at a time.

SQLite serves one machine, PostgreSQL (psycopg 3) more than one; everything above this module is the same for both.
Errors of the drivers are raised as `faults.DatabaseFault`.
"""

from __future__ import annotations

import fcntl
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Connection,
    Dialect,
    Engine,
    StaticPool,
    Table,
    TextClause,
    TypeDecorator,
    bindparam,
    create_engine,
    event,
    func,
    insert,
    make_url,
    select,
    text,
    update,
)
from sqlalchemy.exc import ArgumentError

from dondoc.engine.store.db.faults import DatabaseNotWritable, DatabaseUnreachable, NightRunning, place, translated

# Callers that open transactions need these two types of SQLAlchemy and no others.
__all__ = [
    "WAIT_SECONDS",
    "Connection",
    "Engine",
    "compact",
    "connect",
    "insert_many",
    "is_address",
    "is_in_memory",
    "night_lock",
    "reading",
    "server_time",
    "update_many",
    "writing",
]

WAIT_SECONDS = 30  # for another's lock, on both databases, before `faults.DatabaseLocked`

_DATABASES = frozenset({"sqlite", "postgresql"})
_AT_ONCE = 2_000
_NIGHT_KEY = 0x646F6E646F63
_SQLITE_SETTINGS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY")
_POSTGRES_SETTINGS = ("timezone = 'UTC'", "jit = off", "work_mem = '64MB'")
_memory_locks: WeakKeyDictionary[Engine, threading.Lock] = WeakKeyDictionary()


def is_address(url: str) -> bool:
    """Whether `connect` accepts a URL; opens nothing."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return False
    kind = parsed.get_backend_name()
    # In a password with a bare @, the rest would count as the host, and every error would show it.
    return kind in _DATABASES and "@" not in (parsed.host or "") and not (kind == "sqlite" and parsed.host)


def connect(url: str, wait_seconds: float = WAIT_SECONDS) -> Engine:
    """An engine for `sqlite:///path`, `sqlite://` (in memory, one connection) or `postgresql://...`.

    Opens nothing yet. `wait_seconds` is how long a statement waits for a lock that another process holds.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, connect_args={"connect_timeout": 10}
        )
        # Many rows in one statement: psycopg by itself sends one statement per row.
        engine.dialect.use_insertmanyvalues_wo_returning = True
        event.listen(engine, "connect", _postgres_settings(wait_seconds))
        return engine
    if _in_memory(parsed.database):
        engine = _memory_engine()
        _memory_locks[engine] = threading.Lock()
    else:
        engine = create_engine(parsed, connect_args={"timeout": wait_seconds})
    event.listen(engine, "connect", _sqlite_settings)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _memory_engine() -> Engine:
    """An engine of a database of its own in memory.

    Such databases are many and live for a night: they share a dialect, and so what has been compiled for it.
    """
    first, compiled = _first_memory_engine()
    return Engine(StaticPool(_memory), first.dialect, first.url, execution_options={"compiled_cache": compiled})


@cache
def _first_memory_engine() -> tuple[Engine, dict[Any, Any]]:
    """The engine whose dialect knows the version of SQLite, and the statements compiled so far."""
    engine = create_engine("sqlite://", poolclass=StaticPool, creator=_memory)
    with engine.connect():
        return engine, {}


def _memory() -> Any:
    return sqlite3.connect(":memory:", check_same_thread=False)


def is_in_memory(engine: Engine) -> bool:
    """Whether an engine's database ends with it."""
    return engine.dialect.name == "sqlite" and _in_memory(engine.url.database)


def _in_memory(database: str | None) -> bool:
    return database in {None, "", ":memory:"}


def _sqlite_settings(raw: Any, _record: object) -> None:
    raw.isolation_level = None
    for setting in _SQLITE_SETTINGS:
        raw.execute(f"PRAGMA {setting}").close()


def _begin_sqlite(conn: Connection) -> None:
    """Begins with the lock if it will write: a deferred transaction that writes later fails instead of waiting."""
    immediate = conn.get_execution_options().get("immediate", False)
    conn.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _postgres_settings(wait_seconds: float) -> Any:
    def prepare(raw: Any, _record: object) -> None:
        for setting in (*_POSTGRES_SETTINGS, f"lock_timeout = {int(wait_seconds * 1000)}"):
            raw.execute(f"SET {setting}")
        raw.commit()

    return prepare


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: committed at the end, rolled back on any error.

    SQLite allows one writer at a time and takes the lock here, so that a second one waits. Raises `DatabaseFault`.
    What the audit log covers is changed in a transaction of `audit_log.events.audited` instead.
    """
    with translated(engine), engine.connect().execution_options(immediate=True) as conn, conn.begin():
        yield conn


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the data; writes are refused or rolled back. Raises `DatabaseFault`."""
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with translated(engine), engine.connect().execution_options(**options) as conn:
        yield conn


def compact(engine: Engine) -> None:
    """Gives the space of removed rows back, and overwrites what stood in them; nothing else may write meanwhile.

    SQLite keeps removed rows in its file until then. PostgreSQL's own autovacuum does it there.
    """
    if engine.dialect.name != "sqlite":
        return
    with translated(engine), closing(engine.raw_connection()) as raw:
        # Not inside a transaction, which SQLAlchemy would begin.
        asked = raw.cursor()
        asked.execute("PRAGMA freelist_count")
        (free,) = asked.fetchone() or (0,)
        if free:
            asked.execute("VACUUM")
            asked.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def server_time(conn: Connection) -> datetime | None:
    """The time of the database server's clock; None for SQLite, which has no server."""
    return conn.scalar(select(func.now())) if conn.dialect.name == "postgresql" else None


def insert_many(conn: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
    """Inserts rows with equal keys, 2,000 at a time; the number of rows."""
    stored, waiting = 0, iter(rows)
    while batch := list(islice(waiting, _AT_ONCE)):
        if conn.dialect.name == "sqlite":
            _insert_as_tuples(conn, table, batch)
        else:
            conn.execute(insert(table), batch)
        stored += len(batch)
    return stored


def _insert_as_tuples(conn: Connection, table: Table, batch: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows through the driver itself, converting column by column: a third less work than by row."""
    statement, makers = _insertion(table, tuple(batch[0]), conn.dialect)
    columns = [
        [row[name] for row in batch] if make is None else [make(row[name]) for row in batch]
        for name, make in makers
    ]
    conn.exec_driver_sql(statement, list(zip(*columns, strict=True)))


# A delivery writes two rows for each letter; compiling the statement would cost more than storing them.
@lru_cache(maxsize=64)
def _insertion(
    table: Table, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, Sequence[tuple[str, Callable[[Any], Any] | None]]]:
    """The statement that inserts these columns, and for each placeholder its column and the value's converter."""
    into = insert(table).values({name: bindparam(name) for name in names}).compile(dialect=dialect)
    makers = [
        (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in into.positiontup or []
    ]
    return str(into), makers


def update_many(conn: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Sets the columns that each row (equal keys) names beside its `id`, 2,000 rows at a time.

    PostgreSQL gets them as one JSON text in one statement, since psycopg sends one statement per row.
    """
    waiting = iter(rows)
    while batch := [dict(row) for row in islice(waiting, _AT_ONCE)]:
        names = [name for name in batch[0] if name != "id"]
        if conn.dialect.name == "postgresql":
            conn.execute(_from_json(conn, table, names), {"rows": _as_json(conn, table, batch)})
        else:
            # SQLAlchemy takes a parameter with the name of a column for a value to set.
            marked = [{f"new_{name}": value for name, value in row.items()} for row in batch]
            which = table.c.id == bindparam("new_id")
            conn.execute(
                update(table).where(which).values({name: bindparam(f"new_{name}") for name in names}), marked
            )


def _as_json(conn: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> str:
    """Rows as JSON, with each value as the type of its column stores it."""
    own = {name: kind for name in rows[0] if isinstance(kind := table.c[name].type, TypeDecorator)}
    for row in rows:
        row.update({name: kind.process_bind_param(row[name], conn.dialect) for name, kind in own.items()})
    return json.dumps(rows, default=str)


def _from_json(conn: Connection, table: Table, names: Iterable[str]) -> TextClause:
    """An UPDATE that takes its rows from the JSON parameter `rows`; all names come from the tables."""
    types = ", ".join(f"{name} {table.c[name].type.compile(conn.dialect)}" for name in ("id", *names))
    sets = ", ".join(f"{name} = given.{name}" for name in names)
    return text(
        f"UPDATE {table.name} SET {sets} FROM json_to_recordset(CAST(:rows AS json)) AS given({types}) "  # noqa: S608
        f"WHERE {table.name}.id = given.id"
    )


def night_lock(engine: Engine) -> AbstractContextManager[None]:
    """Lets one night run at a time on a database. Raises `NightRunning` at once if another one holds the lock.

    The lock ends with its process, so a killed night leaves nothing to clean up. SQLite: a lock on the file
    `<database>.lock`, which stays. PostgreSQL: a session's advisory lock, on a separate connection.
    """
    if engine.dialect.name == "postgresql":
        return _session_lock(engine)
    return _memory_lock(engine) if is_in_memory(engine) else _file_lock(engine)


@contextmanager
def _file_lock(engine: Engine) -> Iterator[None]:
    path = Path(f"{engine.url.database}.lock")
    try:
        file = path.open("ab")
    except FileNotFoundError as error:
        raise DatabaseUnreachable(place(engine), str(error)) from error
    except OSError as error:
        raise DatabaseNotWritable(place(engine), str(error)) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NightRunning(place(engine), str(path)) from error
        yield


@contextmanager
def _session_lock(engine: Engine) -> Iterator[None]:
    with translated(engine), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        if not conn.scalar(select(func.pg_try_advisory_lock(_NIGHT_KEY))):
            raise NightRunning(place(engine), "pg_try_advisory_lock")
        # A connection detached from the pool is really closed, which frees the lock even if the server was lost.
        conn.detach()
        yield


@contextmanager
def _memory_lock(engine: Engine) -> Iterator[None]:
    lock = _memory_locks[engine]
    if not lock.acquire(blocking=False):
        raise NightRunning(place(engine), "threading.Lock")
    try:
        yield
    finally:
        lock.release()
