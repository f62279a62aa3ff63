"""Databases that stand ready: what fills an empty one is done once, and the next empty one becomes a copy."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

from sqlalchemy import Engine

from dondoc.engine.store.db import schema_version

# What is copied, by the name of the filling and the tables that stood there before, all of them empty.
_filled: dict[tuple[str, frozenset[str]], sqlite3.Connection] = {}


def fill(engine: Engine, name: str, filling: Callable[[Engine], object]) -> None:
    """Does `filling`, which is the same for one `name`; a second empty SQLite database becomes a copy."""
    tables = _tables_if_empty(engine)
    if tables is None:
        filling(engine)
        return
    with closing(engine.raw_connection()) as connection:
        ready = _filled.get((name, tables))
        if ready is not None:
            ready.backup(_sqlite_of(connection.driver_connection))
            return
    filling(engine)
    # A database of one test may be read in another one's thread.
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(engine.raw_connection()) as connection:
        _sqlite_of(connection.driver_connection).backup(copy)
    _filled[name, tables] = copy


def upgrade(engine: Engine) -> None:
    """Every migration, as before the first night of a service."""
    fill(engine, "migrated", schema_version.upgrade)


def _tables_if_empty(engine: Engine) -> frozenset[str] | None:
    """The names of its tables; None where one has a row, or where the database is not SQLite."""
    if engine.dialect.name != "sqlite":
        return None
    with closing(engine.raw_connection()) as connection:
        raw = _sqlite_of(connection.driver_connection)
        named = [name for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        # The one row there says which tables these are.
        kept = [name for name in named if name != "alembic_version"]
        if any(raw.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone() for name in kept):
            return None
    return frozenset(named)


def _sqlite_of(made: object) -> sqlite3.Connection:
    assert isinstance(made, sqlite3.Connection)
    return made
