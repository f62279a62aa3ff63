"""The organisation chart out of SQL, as values."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from engine.model import Mailbox, Name, Relation, Succession, Unit
from engine.orgchart import OrgChart
from engine.store import tables as t
from engine.store.known import visible


@dataclass(frozen=True, slots=True)
class Numbers:
    """The store's number of each unit, and back."""

    of: dict[str, int]
    ids: dict[int, str]


def numbers(conn: Connection) -> Numbers:
    """Every unit's number in the store."""
    of = {row.id: row.no for row in conn.execute(select(t.unit.c.id, t.unit.c.no))}
    return Numbers(of, {no: unit for unit, no in of.items()})


def chart(conn: Connection, cutoff: datetime) -> OrgChart:
    """The chart as recorded by the cut-off. Raises `ChartRefused` when it contradicts itself."""
    ids = numbers(conn).ids
    names: dict[int, list[Name]] = defaultdict(list)
    for row in conn.execute(
        select(t.unit_name)
        .where(t.unit_name.c.recorded_at <= cutoff)
        .order_by(t.unit_name.c.unit_no, t.unit_name.c.valid_from)
    ):
        names[row.unit_no].append(Name(row.name, row.name_en, row.short, row.valid_from, row.valid_to))
    units = {
        row.id: Unit(
            row.id,
            row.kind,
            row.level,
            tuple(names[row.no]) or (Name(row.id, row.id, row.id, row.valid_from, None),),
            row.valid_from,
            row.valid_to,
        )
        for row in conn.execute(select(t.unit).where(t.unit.c.recorded_at <= cutoff).order_by(t.unit.c.id))
    }
    relations = tuple(
        Relation(ids[row.unit_no], ids[row.other_no], row.kind, row.line, row.valid_from, row.valid_to)
        for row in conn.execute(
            select(t.relation).where(t.relation.c.recorded_at <= cutoff).order_by(t.relation.c.no)
        )
    )
    mailboxes = tuple(
        Mailbox(ids[row.unit_no], row.role, row.address, row.languages, row.valid_from, row.valid_to)
        for row in conn.execute(
            select(t.mailbox).where(t.mailbox.c.recorded_at <= cutoff).order_by(t.mailbox.c.no)
        )
    )
    successions = tuple(
        Succession(ids[row.old_no], ids[row.new_no], row.scope, row.effective)
        for row in conn.execute(
            select(t.succession).where(t.succession.c.recorded_at <= cutoff).order_by(t.succession.c.no)
        )
    )
    return OrgChart(units, relations, mailboxes, successions, _readers(conn, cutoff))


def _readers(conn: Connection, cutoff: datetime) -> dict[str, str]:
    """By ended office, the one that was confirmed to read in its place."""
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
