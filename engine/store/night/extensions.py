"""Demands as offices have decided on them: limits that were extended, and matters that went to another unit.

A grant moves the limit of one task to a later day, and never to an earlier one than its rule or assignment sets.
One that is taken back, because somebody else had said it by a link, moves the limit back from that night on. A
demand that was reassigned is another unit's, with the limit that it had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, or_, select

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.demand import Demand
from dondoc.engine.domain.terms import TaskKind
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import update_many
from dondoc.engine.store.matching.known_rows import visible
from dondoc.engine.store.night.moved_limits import moved, remember
from dondoc.engine.store.night.orgchart import UnitNumbers
from dondoc.engine.store.night.prepared import Night

# The rule (None: an assigned task), the unit and the subject of a task.
_Key = tuple[int | None, int, str]


@dataclass(frozen=True, slots=True)
class _Grant:
    """The last day that was granted for a task, or holds again, and when that was recorded.

    `back`: a later day was granted, and that was taken back.
    """

    until: date
    recorded_at: datetime
    back: bool = False


def _is_granted(cutoff: datetime) -> ColumnElement[bool]:
    """Whether an act is a grant that was recorded by the cut-off, and not taken back by then."""
    back = t.act.alias("back")
    taken_back = exists().where(
        back.c.about == t.act.c.no, back.c.kind == ActKind.TAKEN_BACK, back.c.recorded_at <= cutoff
    )
    return and_(t.act.c.kind == ActKind.EXTENSION_GRANTED, t.act.c.recorded_at <= cutoff, ~taken_back)


def is_extended(cutoff: datetime) -> ColumnElement[bool]:
    """Whether an office had given more time for a task by the cut-off, as a condition on `task`."""
    granted = (
        select(t.case_file.c.task_id).join(t.act, t.act.c.case_id == t.case_file.c.id).where(_is_granted(cutoff))
    )
    return t.task.c.id.in_(granted)


def _decisions(conn: Connection, cutoff: datetime) -> Sequence[Row[Any]]:
    """The grants and reassignments that were recorded by the cut-off, each with its task, in that order."""
    act, task = t.act.c, t.task.c
    return conn.execute(
        select(act.kind, act.until, act.to_no, act.recorded_at, task.id, task.rule_no, task.unit_no, task.subject)
        .join(t.case_file, t.case_file.c.id == act.case_id)
        .join(t.task, task.id == t.case_file.c.task_id)
        .where(or_(_is_granted(cutoff), and_(act.kind == ActKind.REASSIGNED, act.recorded_at <= cutoff)))
        .order_by(act.no)
    ).all()


def decided(
    conn: Connection, demands: Iterable[Demand], rules: Mapping[str, int], units: UnitNumbers, night: Night
) -> Iterable[Demand]:
    """The demands, extended ones with their later last day, reassigned ones as the other unit's."""
    made = _decisions(conn, night.cutoff)
    if not made:
        return demands
    found: dict[_Key, Demand] = {
        (rules[demand.rule], units.of[demand.unit], demand.subject): demand for demand in demands
    }
    limits: dict[_Key, date] = {}
    for row in made:
        key = row.rule_no, row.unit_no, row.subject
        demand = found.get(key)
        if demand is None:
            continue
        if row.kind is ActKind.REASSIGNED:
            del found[key]
            # What is demanded of the other unit anyway stays as it is.
            found.setdefault(
                (row.rule_no, row.to_no, row.subject), replace(demand, unit=units.ids[row.to_no], bearers=())
            )
        elif demand.last_day is not None:
            # Of several grants the latest holds.
            asked = limits.setdefault(key, demand.last_day)
            found[key] = replace(demand, last_day=max(asked, row.until))
    return found.values()


def _taken_back(conn: Connection, cutoff: datetime, granted: Mapping[int, _Grant]) -> Mapping[int, _Grant]:
    """By assigned task of which a grant was taken back by the cut-off, the last day that holds again since."""
    grant = t.act.alias("grant")
    rows = conn.execute(
        select(t.task.c.id, t.act.c.recorded_at, t.assignment.c.last_day)
        .join(grant, grant.c.no == t.act.c.about)
        .join(t.case_file, t.case_file.c.id == grant.c.case_id)
        .join(t.task, t.task.c.id == t.case_file.c.task_id)
        .join(t.assignment, t.assignment.c.ref == t.task.c.subject)
        .where(
            t.act.c.kind == ActKind.TAKEN_BACK,
            t.act.c.recorded_at <= cutoff,
            grant.c.kind == ActKind.EXTENSION_GRANTED,
            t.task.c.kind == TaskKind.ASSIGNED,
            visible(t.assignment, cutoff),
        )
        .order_by(t.act.c.no)
    )
    found: dict[int, _Grant] = {}
    for task, recorded_at, last_day in rows:
        before = granted.get(task)
        # Another grant, or one made since, holds as the latest word.
        if before is None or before.recorded_at < recorded_at:
            until = max(last_day, before.until) if before is not None else last_day
            found[task] = _Grant(until, recorded_at, back=True)
    return found


def extend_assigned(conn: Connection, night: Night) -> None:
    """Moves the limit of assigned tasks to the day granted, unless it has moved since the grant."""
    # A night that is judged again has every limit as that night left it.
    if night.again:
        return
    made = _decisions(conn, night.cutoff)
    granted = {row.id: _Grant(row.until, row.recorded_at) for row in made if row.kind is ActKind.EXTENSION_GRANTED}
    granted |= _taken_back(conn, night.cutoff, granted)
    if not granted:
        return
    mine = t.task.c.id.in_(granted), t.task.c.kind == TaskKind.ASSIGNED, t.task.c.finished_on.is_(None)
    changed: list[dict[str, Any]] = []
    for row in conn.execute(select(t.task).where(*mine).order_by(t.task.c.id)):
        grant = granted[row.id]
        known_on = night.knowing(grant.recorded_at)
        later = grant.until > row.last_day or (grant.back and grant.until < row.last_day)
        if later and (row.moved_on is None or row.moved_on < known_on):
            changed.append(
                {"id": row.id, **moved(row.last_day, row.first_limit, grant.until, night.as_of, known_on)}
            )
    remember(conn, [row["id"] for row in changed], night.as_of)
    update_many(conn, t.task, changed)
