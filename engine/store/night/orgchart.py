"""Reads the organisation chart from SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from dondoc.engine.domain.model import Mailbox, Name, Relation, Succession, Unit
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.matching.known_rows import visible
from dondoc.engine.store.night.interner import Interner


@dataclass(frozen=True, slots=True)
class UnitNumbers:
    """The store's number by unit id, and the unit id by number."""

    of: dict[str, int]
    ids: dict[int, str]


def numbers(conn: Connection) -> UnitNumbers:
    """The numbers of all units in the store."""
    of = {row.id: row.no for row in conn.execute(select(t.unit.c.id, t.unit.c.no))}
    return UnitNumbers(of, {no: unit for unit, no in of.items()})


def chart(conn: Connection, cutoff: datetime, *, mailboxes: bool = True) -> OrgChart:
    """The chart as recorded by the cut-off; without its mailboxes for what writes to nobody.

    Raises `ChartRefused` when it contradicts itself.
    """
    ids = numbers(conn).ids
    ends = ("valid_from", "valid_to")
    days: Interner[Any] = Interner()
    words: Interner[str] = Interner()
    names: dict[int, list[Name]] = defaultdict(list)
    # A name decides nothing, so one recorded later is better than the unit's id. In order of their first days, as
    # `Unit.name` expects.
    wanted = select(*t.unit_name.c["unit_no", "name", "name_en", "short", *ends])
    for unit, vi, en, short, first, last in conn.execute(wanted.order_by(t.unit_name.c.valid_from)):
        names[unit].append(Name(vi, en, words[short], days[first], days[last]))
    units = {
        row.id: Unit(
            row.id,
            words[row.kind],
            row.level,
            tuple(names[row.no]) or (Name(row.id, row.id, row.id, row.valid_from, None),),
            days[row.valid_from],
            days[row.valid_to],
        )
        for row in _known(conn, t.unit, "id", cutoff, "no", "id", "kind", "level", *ends)
    }
    relations = tuple(
        Relation(ids[unit], ids[other], kind, line, days[first], days[last])
        for unit, other, kind, line, first, last in _known(
            conn, t.relation, "no", cutoff, "unit_no", "other_no", "kind", "line", *ends
        )
    )
    columns = "unit_no", "role", "address", "languages", *ends
    boxes = tuple(
        Mailbox(ids[unit], role, address, words[languages], days[first], days[last])
        for unit, role, address, languages, first, last in (
            _known(conn, t.mailbox, "no", cutoff, *columns) if mailboxes else ()
        )
    )
    successions = tuple(
        Succession(ids[old], ids[new], words[scope], days[effective])
        for old, new, scope, effective in _known(
            conn, t.succession, "no", cutoff, "old_no", "new_no", "scope", "effective"
        )
    )
    return OrgChart(units, relations, boxes, successions, _readers(conn, cutoff))


def _readers(conn: Connection, cutoff: datetime) -> dict[str, str]:
    """By ended office, the one that is confirmed to read in its place."""
    ended, heir = t.unit.alias("ended"), t.unit.alias("heir")
    rows = conn.execute(
        select(ended.c.id, heir.c.id.label("heir"))
        .select_from(t.inheritance)
        .join(ended, ended.c.no == t.inheritance.c.unit_no)
        .join(t.inheritance_heir, t.inheritance_heir.c.inheritance_no == t.inheritance.c.no)
        .join(heir, heir.c.no == t.inheritance_heir.c.unit_no)
        .where(t.inheritance.c.rule_no.is_(None), visible(t.inheritance, cutoff))
    )
    return {row.id: row.heir for row in rows}


def _known(conn: Connection, table: Table, order: str, cutoff: datetime, *columns: str) -> Iterator[Row[Any]]:
    """Some columns of the rows recorded by the cut-off; for a whole country, more columns would cost time."""
    wanted = select(*table.c[columns]).where(table.c.recorded_at <= cutoff).order_by(table.c[order])
    return iter(conn.execute(wanted))
