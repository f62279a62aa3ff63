"""Copies everything that is stored from one database into another, and reads a copy back as a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Integer, Table, func, select, text

from dondoc.engine.store.db.database import insert_many
from dondoc.engine.store.db.tables import letter, metadata

_ROWS = 2_000


def filled(conn: Connection) -> str | None:
    """The name of a table that has rows; None: the database is empty."""
    for table in metadata.sorted_tables:
        if conn.execute(select(table).limit(1)).first() is not None:
            return table.name
    return None


def copy_all(giving: Connection, taking: Connection) -> int:
    """Copies every row, referenced tables first; the number of rows. `taking` must have the tables, empty."""
    copied = 0
    for table in metadata.sorted_tables:
        query = select(table)
        if table is letter:
            # A fallback refers to the letter that it replaces, whose part is smaller.
            query = query.order_by(letter.c.part)
        for rows in giving.execute(query).mappings().partitions(_ROWS):
            copied += insert_many(taking, table, [dict(row) for row in rows])
        _count_on(taking, table)
    return copied


def counts(conn: Connection) -> dict[str, int]:
    """The number of rows of every table."""
    return {
        table.name: conn.scalar(select(func.count()).select_from(table)) or 0 for table in metadata.sorted_tables
    }


def damage(path: Path, wanted: Mapping[str, int] | None = None) -> str:
    """What is wrong with a SQLite file; empty: it can be read whole, and has so many rows of each table.

    Reads the file itself and nothing beside it, as it is after it was carried elsewhere; `wanted` None: any rows.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)) as raw:
            for check in ("PRAGMA integrity_check(1)", "PRAGMA foreign_key_check"):
                found = raw.execute(check).fetchone()
                if found not in (None, ("ok",)):
                    return " ".join(map(str, found))
            for table, number in (wanted or {}).items():
                (there,) = raw.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - a table of ours
                if there != number:
                    return f"{table}: {there} != {number}"
    except sqlite3.Error as error:
        return str(error)
    return ""


def _count_on(conn: Connection, table: Table) -> None:
    """Sets PostgreSQL's counter to continue after the highest copied number."""
    keys = list(table.primary_key.columns)
    if conn.dialect.name != "postgresql" or len(keys) != 1 or not isinstance(keys[0].type, Integer):
        return
    sequence = conn.scalar(
        text("SELECT pg_get_serial_sequence(:name, :key)"), {"name": table.name, "key": keys[0].name}
    )
    highest = conn.scalar(select(func.max(keys[0])))
    if sequence and highest:
        conn.execute(text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest})
