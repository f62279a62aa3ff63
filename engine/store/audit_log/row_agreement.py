"""Checks that every covered row is as the log last recorded it, and that the log's digests of it follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, String, Table, cast, func, select, type_coerce

from dondoc.engine.store.audit_log.covered_rows import COVERED, FOUND, WRITTEN, digests, parsed
from dondoc.engine.store.audit_log.hash_chain import Flaw
from dondoc.engine.store.audit_log.logged import detail_of
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.tables import event, log_entry

_ROWS = 100


@dataclass(frozen=True, slots=True)
class _Last:
    """What the log says last of a row: the entry and its night, the digest, and over which columns."""

    entry: int
    night: str
    digest: str
    columns: str


def row_differences(conn: Connection) -> Iterator[Flaw]:
    """Every covered row that is not as it was logged, table by table: now, or before a later entry changed it."""
    for table in COVERED.values():
        last: dict[str, _Last] = {}
        yield from _followed(conn, table, last)
        yield from _compared(conn, table, last)


def covered_since(conn: Connection) -> str:
    """The day on which an upgrade found the rows that stood then; empty: all are known from the first."""
    at = type_coerce(log_entry.c.at, String)
    found = conn.scalar(
        select(func.max(at)).join(event, event.c.entry == log_entry.c.number).where(event.c.kind == FOUND)
    )
    return str(found)[:10] if found else ""


def _followed(conn: Connection, table: Table, last: dict[str, _Last]) -> Iterator[Flaw]:
    """Fills `last`; the rows that a transaction found in another state than the log had them in."""
    query = (
        select(event.c.entry, type_coerce(event.c.night, String).label("night"), event.c.kind, event.c.detail)
        # Its keys are sorted, so that a detail ends with its table.
        .where(event.c.kind.in_((WRITTEN, FOUND)), event.c.detail.endswith(f'"table":"{table.name}"}}'))
        .order_by(event.c.entry, event.c.position)
    )
    found_in = 0
    for row in conn.execute(query, execution_options={"yield_per": _ROWS}):
        # What cannot be read the proof of the log reports.
        detail = detail_of(row.detail) or {}
        columns, night = detail.get("columns", ""), str(row.night or "")
        # An upgrade found every row: what an older version did before it, which logged none, is not known.
        if row.kind == FOUND and row.entry != found_in:
            found_in = row.entry
            last.clear()
        for said in parsed(detail.get("rows", "")):
            known = last.get(said.key)
            follows = known is None or known.columns != columns or known.digest == said.before
            if row.kind == WRITTEN and not (follows and (known or not said.before)):
                yield _changed_before(conn, table, said.key, row.entry, night, known)
            last[said.key] = _Last(row.entry, night, said.digest, columns)


def _compared(conn: Connection, table: Table, last: dict[str, _Last]) -> Iterator[Flaw]:
    every = tuple(table.c.keys())
    stored = {" ".join(every): digests(conn, table)}
    for key in stored[" ".join(every)].keys() - {key for key, one in last.items() if one.digest}:
        yield _flaw(conn, table, key, last.get(key), "không có trong sổ", "was never logged")
    for key, one in last.items():
        # Rows that an earlier version logged, which had fewer columns.
        if one.columns not in stored:
            columns = [name for name in one.columns.split() if name in every]
            stored[one.columns] = digests(conn, table, columns=columns)
        now = stored[one.columns].get(key, "")
        if one.digest and now != one.digest:
            words = ("không như trong sổ", "is not as it was logged") if now else ("không còn", "is gone")
            yield _flaw(conn, table, key, one, *words)


def _flaw(conn: Connection, table: Table, key: str, last: _Last | None, vi: str, en: str) -> Flaw:
    which = _named(conn, table, key)
    if last is None:
        return Flaw(0, "", f"{which} {vi}", f"{which} {en}")
    at = _at(conn, last.entry)
    return Flaw(last.entry, last.night, f"{which} {vi}; sổ ghi lúc {at}", f"{which} {en} at {at} UTC")


def _changed_before(conn: Connection, table: Table, key: str, entry: int, night: str, known: _Last | None) -> Flaw:
    which, at = _named(conn, table, key), _at(conn, entry)
    first = known.entry if known else 0
    return Flaw(
        entry,
        night,
        f"{which} đã bị sửa ngoài sổ, sau mục {first} và trước mục này ({at} UTC)",
        f"{which} was changed beside the log, after entry {first} and before this one of {at} UTC",
    )


def _at(conn: Connection, entry: int) -> str:
    at = conn.scalar(select(type_coerce(log_entry.c.at, String)).where(log_entry.c.number == entry))
    return str(at)[:16]


def _named(conn: Connection, table: Table, key: str) -> str:
    """A row for people: its table and key, and where it still stands its case or unit."""
    which = f"{table.name} {key}"
    keys = table.primary_key.columns
    parts = key.split("/")
    if len(parts) != len(keys):
        return which
    condition = [cast(column, String) == part for column, part in zip(keys, parts, strict=True)]
    row: Any = conn.execute(select(table).where(*condition)).mappings().one_or_none()
    if row is None:
        return which
    number = next((row[name] for name in ("unit_no", "reader_no", "old_no") if name in row), None)
    unit = conn.scalar(select(t.unit.c.id).where(t.unit.c.no == number)) if number is not None else None
    said = row.get("code") or unit or (row["id"] if table is t.unit else "")
    return f"{which} ({said})" if said else which
