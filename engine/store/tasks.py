"""Tasks in SQL: the demands that rules make become rows, and imported tasks find their rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from engine.demands import BEHIND, Demand, Happening
from engine.model import TaskKind
from engine.rules import AfterEvent, Overdue, RuleBook
from engine.store.database import insert_many
from engine.store.facts import visible
from engine.store.people import Numbers
from engine.store.tables import activity, rule, task, task_bearer


def rule_numbers(conn: Connection, book: RuleBook) -> dict[str, int]:
    """The store's number of every rule of the book and of every rule ever seen; new rules get one."""
    known = {row.id: row.no for row in conn.execute(select(rule))}
    fresh = [{"id": name} for name in sorted(book.rules) if name not in known]
    if fresh:
        conn.execute(insert(rule), fresh)
        known = {row.id: row.no for row in conn.execute(select(rule))}
    return known


def happenings(conn: Connection, book: RuleBook, as_of: date, cutoff: datetime, units: Numbers) -> list[Happening]:
    """The activities that start a counted period for some rule."""
    wanted = {
        condition.due.event
        for entry in book.rules.values()
        if isinstance(condition := entry.condition, Overdue) and isinstance(condition.due, AfterEvent)
    }
    if not wanted:
        return []
    rows = conn.execute(
        select(activity.c.unit_no, activity.c.activity, activity.c.done_on).where(
            activity.c.activity.in_(sorted(wanted)),
            activity.c.done_on >= as_of - BEHIND,
            visible(activity, cutoff),
        )
    )
    return [Happening(units.ids[row.unit_no], row.activity, row.done_on) for row in rows]


def sync(
    conn: Connection,
    demands: Iterable[Demand],
    rules: Mapping[str, int],
    units: Numbers,
    as_of: date,
    cutoff: datetime,
) -> int:
    """Makes a row for every demand that has none, and moves the last day of open ones; how many were made."""
    known = {
        (row.rule_no, row.unit_no, row.subject): row
        for row in conn.execute(
            select(
                task.c.id,
                task.c.rule_no,
                task.c.unit_no,
                task.c.subject,
                task.c.last_day,
                task.c.need,
                task.c.finished_on,
            ).where(
                task.c.rule_no.is_not(None),
                (task.c.last_day.is_(None)) | (task.c.last_day >= as_of - BEHIND - 2 * BEHIND),
            )
        )
    }
    fresh: list[dict[str, Any]] = []
    moved: list[dict[str, Any]] = []
    shared: list[tuple[tuple[int, int, str], tuple[str, ...]]] = []
    for demand in demands:
        key = (rules[demand.rule], units.of[demand.unit], demand.subject)
        row = known.get(key)
        if row is None:
            fresh.append(_row(demand, key, cutoff))
            if demand.bearers:
                shared.append((key, demand.bearers))
        elif row.finished_on is None and (row.last_day, row.need) != (demand.last_day, demand.need):
            moved.append({"which": row.id, "day": demand.last_day, "number": demand.need})
    insert_many(conn, task, fresh)
    if moved:
        conn.execute(
            update(task)
            .where(task.c.id == bindparam("which"))
            .values(last_day=bindparam("day"), need=bindparam("number")),
            moved,
        )
    for (rule_no, unit_no, subject), bearers in shared:
        which = conn.execute(
            select(task.c.id).where(
                task.c.rule_no == rule_no, task.c.unit_no == unit_no, task.c.subject == subject
            )
        ).scalar_one()
        rows = [{"task_id": which, "unit_no": units.of[bearer]} for bearer in bearers]
        conn.execute(insert(task_bearer), rows)
    return len(fresh)


def _row(demand: Demand, key: tuple[int, int, str], cutoff: datetime) -> dict[str, Any]:
    return {
        "rule_no": key[0],
        "unit_no": key[1],
        "subject": demand.subject,
        "kind": demand.kind,
        "counts": demand.counts,
        "need": demand.need,
        "scope": demand.scope,
        "first_day": demand.first_day,
        "final_day": demand.final_day,
        "last_day": demand.last_day,
        "issued_on": demand.issued_on,
        "recorded_at": cutoff,
    }


def adopt(conn: Connection, book: RuleBook, rules: Mapping[str, int], covered: Mapping[str, list[int]]) -> int:
    """Gives imported tasks the rule that judges their kind; `covered` holds the unit numbers of each rule."""
    adopted = 0
    for name in sorted(covered):
        condition = book.rules[name].condition
        if isinstance(condition, Overdue) and condition.task is not None:
            adopted += conn.execute(
                update(task)
                .where(
                    task.c.rule_no.is_(None),
                    task.c.kind == TaskKind.ASSIGNED,
                    task.c.counts == condition.task,
                    task.c.unit_no.in_(covered[name]),
                )
                .values(rule_no=rules[name])
            ).rowcount
    return adopted
