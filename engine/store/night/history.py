"""Reads the history that the letters of a night need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, case, func, select

from dondoc.engine.cases.history import History, TaskCounts
from dondoc.engine.cases.waivers import Waivers, by_demand, holding, of_task
from dondoc.engine.domain.rulebook import Waiver
from dondoc.engine.domain.terms import Section, TaskKind
from dondoc.engine.kinds import kind_of_task
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.night.findings import Names, bearers_of, slices, task_value

_COUNTED = tuple(kind for kind in TaskKind if kind_of_task(kind).is_counted(kind))


def history(
    conn: Connection, tasks: Collection[int], names: Names, as_of: date, waivers: Iterable[Waiver] = ()
) -> History:
    """The letters and reminders before tonight about these tasks, and the counts of every rule and unit.

    Waived tasks are counted apart (decision 50). A notice of a waiver does not count as a letter about the task:
    it urged nobody.
    """
    written: dict[int, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    reminders: dict[int, list[date]] = defaultdict(list)
    for ids in slices(tasks):
        rows = conn.execute(
            select(t.notice.c.task_id, t.notice.c.reader_no, t.notice.c.section, t.notice.c.night)
            .where(
                t.notice.c.task_id.in_(ids),
                t.notice.c.untold_on.is_(None),
                t.notice.c.waived_until.is_(None),
                t.notice.c.night < as_of,
            )
            .order_by(t.notice.c.night)
        )
        for task, reader, section, night in rows:
            if section is Section.ENDING:
                reminders[task].append(night)
            elif section is not Section.RESOLVED:
                written[task][names.units.ids[reader]].append(night)
    return History(
        {task: {office: tuple(days) for office, days in by.items()} for task, by in written.items()},
        {task: tuple(dict.fromkeys(days)) for task, days in reminders.items()},
        _standing(conn, names, as_of) | _beside_waived(conn, names, as_of, by_demand(waivers)),
        _bearers(conn, names, tasks),
    )


def _standing(conn: Connection, names: Names, as_of: date) -> dict[tuple[str, str], TaskCounts]:
    """The four counts by rule and unit: done in time, done late, open in time, open overdue (decision 50)."""
    open_ = t.task.c.ended == ""
    late = open_ & (t.task.c.last_day < as_of)
    missed = t.task.c.ended == "missed"
    rows = conn.execute(
        select(
            t.task.c.rule_no,
            t.task.c.unit_no,
            func.sum(case((t.task.c.ended == "on-time", 1), else_=0)).label("on_time"),
            func.sum(case((t.task.c.ended == "late", 1), else_=0)).label("late"),
            func.sum(case((open_ & (t.task.c.last_day >= as_of), 1), else_=0)).label("in_time"),
            func.sum(case((late | missed, 1), else_=0)).label("overdue"),
            func.min(case((late | missed, t.task.c.last_day))).label("oldest"),
        )
        .where(t.task.c.kind.in_(_COUNTED), t.task.c.rule_no.is_not(None))
        .group_by(t.task.c.rule_no, t.task.c.unit_no)
    )
    return {
        (names.rules[row.rule_no], names.units.ids[row.unit_no]): TaskCounts(
            row.on_time, row.late, row.in_time, row.overdue, row.oldest
        )
        for row in rows
    }


def _beside_waived(
    conn: Connection, names: Names, as_of: date, waivers: Waivers
) -> dict[tuple[str, str], TaskCounts]:
    """The same counts for every rule and unit with a waived task, with its waived tasks apart."""
    rules = {rule for (rule, _), held in waivers.items() if holding(held, as_of)}
    if not rules:
        return {}
    bearers = bearers_of(conn, names.units)
    found: dict[tuple[str, str], list[tuple[Row[Any], bool]]] = defaultdict(list)
    numbers = [no for no, rule in names.rules.items() if rule in rules]
    for row in conn.execute(select(t.task).where(t.task.c.kind.in_(_COUNTED), t.task.c.rule_no.in_(numbers))):
        task = task_value(row, names, bearers)
        waived = row.ended == "" and holding(of_task(waivers, task), as_of) is not None
        found[task.rule, task.unit].append((row, waived))
    return {demand: _counted(held, as_of) for demand, held in found.items() if any(waived for _, waived in held)}


def _counted(tasks: Iterable[tuple[Row[Any], bool]], as_of: date) -> TaskCounts:
    found = list(tasks)
    judged = [row for row, waived in found if not waived]
    late = [row for row in judged if row.ended == "missed" or (row.ended == "" and row.last_day < as_of)]
    return TaskCounts(
        on_time=sum(row.ended == "on-time" for row in judged),
        late=sum(row.ended == "late" for row in judged),
        in_time=sum(row.ended == "" and row.last_day >= as_of for row in judged),
        overdue=len(late),
        oldest=min((row.last_day for row in late), default=None),
        waived=sum(waived for _, waived in found),
    )


def _bearers(conn: Connection, names: Names, tasks: Iterable[int]) -> dict[tuple[str, str], int]:
    """By rule and subject, how many units carry the same demand as one of the tasks; assigned tasks left out."""
    rules, subjects = set[int](), set[str]()
    for ids in slices(tasks):
        for rule_no, subject in conn.execute(
            select(t.task.c.rule_no, t.task.c.subject)
            .where(t.task.c.id.in_(ids), t.task.c.rule_no.is_not(None), t.task.c.kind != TaskKind.ASSIGNED)
            .distinct()
        ):
            rules.add(rule_no)
            subjects.add(subject)
    rows = conn.execute(
        select(t.task.c.rule_no, t.task.c.subject, func.count().label("n"))
        .where(t.task.c.rule_no.in_(rules), t.task.c.subject.in_(subjects))
        .group_by(t.task.c.rule_no, t.task.c.subject)
    )
    return {(names.rules[row.rule_no], row.subject): row.n for row in rows}
