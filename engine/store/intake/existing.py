"""Reads what the store already has for imported rows: under their keys, and in places that one row may hold."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ARRAY, Column, ColumnElement, Connection, Select, any_, bindparam, func, select

from dondoc.engine.store.intake.kinds import SheetMapping, Values

Stored = dict[str, Any]


def whole_table(conn: Connection, kind: SheetMapping) -> list[Stored]:
    """Every row, for a table of the chart."""
    return _rows(conn, select(kind.table))


def under_keys(conn: Connection, kind: SheetMapping, rows: Sequence[Values]) -> list[Stored]:
    """Every version of the facts under the keys of some rows, in the order in which they were stored."""
    if not rows:
        return []
    (named_by,) = (kind.table.c[column] for column in kind.key)
    query = select(kind.table).where(_among(conn, named_by, {row[named_by.name] for row in rows}))
    return _rows(conn, query.order_by(kind.table.c.id))


def in_places(conn: Connection, kind: SheetMapping, rows: Sequence[Values]) -> list[Stored]:
    """The current readings for the units, indicators and periods of some rows, perhaps of a few more."""
    table = kind.table
    current = select(*table.c[*kind.key, *kind.place]).where(table.c.superseded_at.is_(None))
    found: list[Stored] = []
    # A file lists units or periods: group by the other one, so that few queries find all rows along the index.
    fixed, listed = min((_grouped(rows, "unit_no", "period"), _grouped(rows, "period", "unit_no")), key=_many)
    for (indicator, value), values in listed.items():
        query = current.where(table.c.indicator == indicator, table.c[fixed] == value)
        other = table.c.period if fixed == "unit_no" else table.c.unit_no
        found += _rows(conn, query.where(_among(conn, other, values)))
    return found


def _among(conn: Connection, column: Column[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether a column is among some thousand values, which are sent as one parameter instead of one each."""
    if conn.dialect.name == "postgresql":
        return column == any_(bindparam(None, list(values), type_=ARRAY(column.type)))
    listed = func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(select(listed.c.value))


_Grouped = tuple[str, dict[tuple[Any, Any], set[Any]]]


def _grouped(rows: Sequence[Values], fixed: str, listed: str) -> _Grouped:
    groups: dict[tuple[Any, Any], set[Any]] = defaultdict(set)
    for row in rows:
        groups[row["indicator"], row[fixed]].add(row[listed])
    return fixed, groups


def _many(grouped: _Grouped) -> int:
    return len(grouped[1])


def _rows(conn: Connection, query: Select[Any]) -> list[Stored]:
    result = conn.execute(query)
    columns = tuple(result.keys())
    return [dict(zip(columns, row, strict=True)) for row in result]
