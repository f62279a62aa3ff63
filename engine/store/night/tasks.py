"""Tasks in SQL: stores the demands of rules as rows, and gives imported tasks their rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from dondoc.engine.domain.demand import BEHIND, Demand, TriggerEvent
from dondoc.engine.domain.rulebook import Condition, Derived, RuleBook
from dondoc.engine.domain.terms import VOID, TaskKind
from dondoc.engine.kinds import direct_kind
from dondoc.engine.store.db.database import insert_many, update_many
from dondoc.engine.store.db.tables import activity, rule, task, task_bearer
from dondoc.engine.store.matching.fact_sql import counted
from dondoc.engine.store.matching.known_rows import visible
from dondoc.engine.store.night.findings import slices
from dondoc.engine.store.night.orgchart import UnitNumbers

_Key = tuple[int, int, str]
_SLICE = 5_000
# How far back a night looks for corrections of activities; a missed night is caught up within 31 days.
_LOOK_BACK = timedelta(days=62)
# The longest counted period that a rule may give after an event.
_LONGEST = timedelta(days=366)


def stored_rules(conn: Connection) -> dict[str, int]:
    """The store's number of every rule that a night or a decision has ever named."""
    return {row.id: row.no for row in conn.execute(select(rule))}


def rule_numbers(conn: Connection, book: RuleBook) -> dict[str, int]:
    """The store's number of every rule of the book and of every earlier one; new rules get a number."""
    known = stored_rules(conn)
    fresh = [{"id": name} for name in sorted(book.rules) if name not in known]
    if fresh:
        conn.execute(insert(rule), fresh)
        known = stored_rules(conn)
    return known


def happenings(
    conn: Connection, book: RuleBook, as_of: date, cutoff: datetime, units: UnitNumbers
) -> list[TriggerEvent]:
    """The activities that start a counted period of a rule, as known by the cut-off."""
    wanted = {
        event
        for entry in book.rules.values()
        if not isinstance(condition := entry.condition, Derived)
        and (event := direct_kind(condition).trigger(condition)) is not None
    }
    if not wanted:
        return []
    rows = conn.execute(
        select(activity.c.unit_no, activity.c.activity, activity.c.done_on).where(
            activity.c.activity.in_(sorted(wanted)),
            activity.c.done_on >= as_of - BEHIND - _LONGEST,
            visible(activity, cutoff),
        )
    )
    return [TriggerEvent(units.ids[row.unit_no], row.activity, row.done_on) for row in rows]


def sync(
    conn: Connection,
    demands: Iterable[Demand],
    asking: Mapping[str, date],
    rules: Mapping[str, int],
    units: UnitNumbers,
    as_of: date,
    cutoff: datetime,
) -> None:
    """Makes a task for every demand that has none, and moves the limit of open ones.

    `asking` are the rules whose demands are complete in `demands`, each up to a last day: a task that they no
    longer demand becomes void, and one that they demand again reopens.
    """
    asked = {rules[rule]: until for rule, until in asking.items()}
    known = _known(conn, asked, as_of)
    fresh: list[Demand] = []
    moved: list[dict[str, Any]] = []
    wanted: set[_Key] = set()
    for demand in demands:
        key = (rules[demand.rule], units.of[demand.unit], demand.subject)
        wanted.add(key)
        row = known.get(key)
        if row is None:
            fresh.append(demand)
        elif row.ended == VOID or (row.finished_on is None and _is_moved(row, demand)):
            moved.append(
                {
                    "id": row.id,
                    "last_day": demand.last_day,
                    "issued_on": demand.issued_on,
                    "need": demand.need,
                    "scope": demand.scope,
                    "finished_on": None,
                    "ended": "",
                }
            )
    insert_many(conn, task, (_row(demand, rules, units, cutoff) for demand in fresh))
    update_many(conn, task, moved)
    gone = [row for key, row in known.items() if key not in wanted]
    _make_void(conn, [row.id for row in gone if _still_asked_for(row, as_of, asked[row.rule_no])], as_of)
    _share(conn, [demand for demand in fresh if demand.bearers], rules, units)


def _known(conn: Connection, asked: Collection[int], as_of: date) -> dict[_Key, Row[Any]]:
    """The tasks of these rules that tonight's demands may already have; imported tasks have no demand."""
    rows = conn.execute(
        select(
            task.c.id,
            task.c.rule_no,
            task.c.unit_no,
            task.c.subject,
            task.c.last_day,
            task.c.issued_on,
            task.c.need,
            task.c.scope,
            task.c.finished_on,
            task.c.ended,
        ).where(
            task.c.rule_no.in_(asked),
            task.c.kind != TaskKind.ASSIGNED,
            (task.c.last_day.is_(None)) | (task.c.last_day >= as_of - 3 * BEHIND),
        )
    )
    return {(row.rule_no, row.unit_no, row.subject): row for row in rows}


def _is_moved(row: Row[Any], demand: Demand) -> bool:
    """Whether a rule now demands something else than its task; only a report has a first day to settle it."""
    begins = row.issued_on if demand.kind is TaskKind.REPORT else demand.issued_on
    wanted = (demand.last_day, demand.issued_on, demand.need, demand.scope)
    return bool((row.last_day, begins, row.need, row.scope) != wanted)


def _still_asked_for(row: Row[Any], as_of: date, until: date) -> bool:
    """Whether a rule in force must demand this open task tonight, if it still demands it at all."""
    if row.finished_on is not None:
        return False
    return row.last_day is None or as_of - BEHIND <= row.last_day <= until


def _make_void(conn: Connection, tasks: list[int], as_of: date) -> None:
    for start in range(0, len(tasks), _SLICE):
        conn.execute(
            update(task).where(task.c.id.in_(tasks[start : start + _SLICE])).values(finished_on=as_of, ended=VOID)
        )


def _share(conn: Connection, demands: list[Demand], rules: Mapping[str, int], units: UnitNumbers) -> None:
    """Stores the bearers of shared demands."""
    for demand in demands:
        which = conn.execute(
            select(task.c.id).where(
                task.c.rule_no == rules[demand.rule],
                task.c.unit_no == units.of[demand.unit],
                task.c.subject == demand.subject,
            )
        ).scalar_one()
        rows = [{"task_id": which, "unit_no": units.of[bearer]} for bearer in demand.bearers]
        conn.execute(insert(task_bearer), rows)


def reopen_corrected(conn: Connection, cutoff: datetime) -> None:
    """Reopens quotas that were judged met and that corrected activities no longer meet, to be judged again.

    One that is still met stays as it was judged.
    """
    # The few corrections first: with one condition on both tables PostgreSQL compared every task with all
    # activities.
    corrections = conn.scalars(
        select(activity.c.id).where(
            activity.c.superseded_at <= cutoff, activity.c.superseded_at > cutoff - _LOOK_BACK
        )
    ).all()
    for ids in slices(corrections):
        shared = select(task_bearer.c.unit_no).where(task_bearer.c.task_id == task.c.id).correlate(task)
        corrected = activity.alias("corrected")
        touched = conn.scalars(
            select(task.c.id)
            .join(corrected, corrected.c.activity == task.c.counts)
            .where(
                corrected.c.id.in_(ids),
                task.c.kind == TaskKind.QUOTA,
                task.c.ended == "on-time",
                task.c.finished_on.is_not(None),
                corrected.c.done_on.between(task.c.first_day, task.c.final_day),
                (corrected.c.unit_no == task.c.unit_no) | corrected.c.unit_no.in_(shared),
                counted(cutoff, readings=False) < task.c.need,
            )
        ).all()
        for some in slices(touched):
            conn.execute(update(task).where(task.c.id.in_(some)).values(finished_on=None, ended=""))


def _row(demand: Demand, rules: Mapping[str, int], units: UnitNumbers, cutoff: datetime) -> dict[str, Any]:
    return {
        "rule_no": rules[demand.rule],
        "unit_no": units.of[demand.unit],
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


def assigned_to(condition: Condition) -> str | None:
    """The kind of assigned tasks that a rule judges; None: it makes its demands itself."""
    return None if isinstance(condition, Derived) else direct_kind(condition).assigned(condition)


def adopt(conn: Connection, book: RuleBook, rules: Mapping[str, int], covered: Mapping[str, list[int]]) -> None:
    """Gives imported tasks the rule that judges their kind. `covered` has the unit numbers by rule."""
    for name in sorted(covered):
        given = assigned_to(book.rules[name].condition)
        if given is not None:
            conn.execute(
                update(task)
                .where(
                    task.c.rule_no.is_(None),
                    task.c.kind == TaskKind.ASSIGNED,
                    task.c.counts == given,
                    task.c.unit_no.in_(covered[name]),
                )
                .values(rule_no=rules[name])
            )
