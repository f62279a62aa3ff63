"""Matters that an office gives to another unit: who has them already, and assigned tasks as the other unit's.

A demand that a rule makes is the other unit's by what each night knows (`extensions.decided`). An assigned task is
a fact: that of the first unit is withdrawn, and the other unit gets one of its own with the same limit, whose ref
is that of the first, `#` and the number of the act.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, and_, cast, insert, select, update

from dondoc.engine.domain.acts import Act, ActKind
from dondoc.engine.domain.model import Case
from dondoc.engine.domain.terms import VOID, TaskKind
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.night.findings import Names

# What an assignment and its task have in common, besides the unit and the ref.
_SHARED = (
    *("counts", "last_day", "exclusive", "issued_on", "title", "title_en"),
    *("issuer_no", "monitor_no", "reports_no"),
)


def having(conn: Connection, case: Case, names: Names) -> frozenset[str]:
    """The units of which the rule of a case demands the same, each by a task of its own."""
    mine = t.task.alias("mine")
    alike = t.task.c.rule_no == mine.c.rule_no, t.task.c.subject == mine.c.subject, t.task.c.ended != VOID
    rows = conn.scalars(select(t.task.c.unit_no).where(mine.c.id == case.task.id, *alike))
    return frozenset(names.units.ids[no] for no in rows)


def assign_anew(conn: Connection, case: Case, said: Act, names: Names, now: datetime) -> None:
    """Withdraws the assignment of a case that was reassigned, and adds that of the other unit."""
    if case.task.kind is not TaskKind.ASSIGNED or said.to is None:
        return
    withdrawn = t.assignment.c.ref == case.task.subject, t.assignment.c.superseded_at.is_(None)
    # An assignment without its task is looked at by the next night, which makes that task void.
    conn.execute(update(t.assignment).where(*withdrawn).values(superseded_at=now, task_id=None))
    shared = select(*(t.task.c[name] for name in _SHARED)).where(t.task.c.id == case.task.id)
    task = conn.execute(shared).mappings().one()
    conn.execute(
        insert(t.assignment).values(
            **task,
            ref=f"{case.task.subject}#{said.number}",
            unit_no=names.units.of[said.to],
            recorded_at=now,
        )
    )


def given(cutoff: datetime) -> Select[Any]:
    """The acts recorded by the cut-off that gave a matter to a unit, each with its task there (`given_as`)."""
    act, first = t.act, t.task.alias("first")
    return (
        select(act, t.task.c.id.label("given_as"))
        .join(t.case_file, t.case_file.c.id == act.c.case_id)
        .join(first, first.c.id == t.case_file.c.task_id)
        .join(
            t.task,
            and_(
                t.task.c.rule_no == first.c.rule_no,
                t.task.c.unit_no == act.c.to_no,
                t.task.c.subject.in_((first.c.subject, _ref(first.c.subject))),
            ),
        )
        .where(act.c.kind == ActKind.REASSIGNED, act.c.recorded_at <= cutoff)
        .order_by(act.c.no)
    )


def _ref(first: ColumnElement[str]) -> ColumnElement[str]:
    """The ref of the assignment that an act makes, in SQL, from that of the first one."""
    return first + "#" + cast(t.act.c.no, String)


def keep_rules(conn: Connection, cutoff: datetime) -> None:
    """Gives reassigned tasks the rule that they were judged by, also where it means other units."""
    first = t.task.alias("first")
    made = conn.execute(
        select(t.task.c.id, first.c.rule_no)
        .select_from(t.act)
        .join(t.case_file, t.case_file.c.id == t.act.c.case_id)
        .join(first, first.c.id == t.case_file.c.task_id)
        .join(t.task, t.task.c.subject == _ref(first.c.subject))
        .where(
            t.act.c.kind == ActKind.REASSIGNED,
            t.act.c.recorded_at <= cutoff,
            t.task.c.kind == TaskKind.ASSIGNED,
            t.task.c.rule_no.is_(None),
        )
    ).all()
    for task, rule in made:
        conn.execute(update(t.task).where(t.task.c.id == task).values(rule_no=rule))
