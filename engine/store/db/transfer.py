"""Copies everything that is stored from one database into another."""

from __future__ import annotations

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
