"""Derived rules in SQL: their open tasks, and what is known of the tasks of their base rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from dondoc.engine.demands.derived import in_order
from dondoc.engine.domain.model import Finding, Task
from dondoc.engine.domain.rulebook import Derived, Rule, RuleBook
from dondoc.engine.domain.terms import VOID, TaskKind
from dondoc.engine.judge.derived import DerivedPass
from dondoc.engine.kinds import derived_kind, kind_of_task
from dondoc.engine.kinds.second_pass import PartTask, PartVerdict, part_of
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.night.findings import Names, bearers_of, task_value
from dondoc.engine.store.night.prepared import Prepared

_DAY = timedelta(days=1)
_DERIVED = tuple(kind for kind in TaskKind if kind_of_task(kind).is_derived())


def reopen(conn: Connection, book: RuleBook, rules: Mapping[str, int], as_of: date) -> None:
    """Reopens finished derived tasks where a correction has reopened a part."""
    for rule, condition in in_order(book, as_of):
        if derived_kind(condition).by_subject():
            part = t.task.alias("part")
            again = select(part.c.subject).where(
                part.c.rule_no == rules[condition.of], part.c.finished_on.is_(None), part.c.last_day < as_of
            )
            conn.execute(
                update(t.task)
                .where(
                    t.task.c.rule_no == rules[rule.id],
                    t.task.c.finished_on.is_not(None),
                    t.task.c.ended != VOID,
                    t.task.c.subject.in_(again),
                )
                .values(finished_on=None)
            )


def of_derived(conn: Connection, night: Prepared, found: Iterable[Finding]) -> list[Finding]:
    """Tonight's findings of derived rules, given those of all other rules.

    Raises `EngineFault` when durable_rules did not read all counts.
    """
    since, names = night.plan.previous, night.names
    rules = in_order(night.book, night.as_of, since)
    if not rules:
        return []
    bearers = bearers_of(conn, names.units)
    tasks: dict[str, list[Task]] = defaultdict(list)
    open_ = and_(t.task.c.kind.in_(_DERIVED), t.task.c.finished_on.is_(None))
    for row in conn.execute(select(t.task).where(open_).order_by(t.task.c.id)):
        task = task_value(row, names, bearers)
        tasks[task.rule].append(task)
    parts = _stored(conn, rules, night.rules, names, bearers)
    for finding in found:
        if finding.task.rule in parts:
            parts[finding.task.rule][finding.task.id] = part_of(finding)
    return list(DerivedPass(night.book, night.chart, night.as_of, tasks, parts, since).findings())


def _stored(
    conn: Connection,
    rules: Sequence[tuple[Rule, Derived]],
    numbers: Mapping[str, int],
    names: Names,
    bearers: Mapping[int, tuple[str, ...]],
) -> dict[str, dict[int, PartTask]]:
    """By base rule, each of its tasks as the store knows it."""
    parts: dict[str, dict[int, PartTask]] = {condition.of: {} for _, condition in rules}
    wanted = list(_wanted(rules, numbers))
    for row in conn.execute(select(t.task).where(or_(*wanted), t.task.c.ended != VOID).order_by(t.task.c.id)):
        task = task_value(row, names, bearers)
        breach = task.last_day + _DAY if task.last_day else None
        parts[task.rule][task.id] = PartTask(
            task, _mark(row.kind, row.ended, finished=bool(row.finished_on)), breach
        )
    return parts


def _wanted(rules: Iterable[tuple[Rule, Derived]], numbers: Mapping[str, int]) -> Iterator[ColumnElement[bool]]:
    """The conditions for every task that a derived one may count: all, or those of the subjects of open ones."""
    for rule, condition in rules:
        base = t.task.c.rule_no == numbers[condition.of]
        if derived_kind(condition).by_subject():
            open_ = t.task.alias()
            subjects = select(open_.c.subject).where(
                open_.c.rule_no == numbers[rule.id], open_.c.finished_on.is_(None)
            )
            base = and_(base, t.task.c.subject.in_(subjects))
        yield base


def _mark(kind: TaskKind, ended: str, *, finished: bool) -> PartVerdict:
    """What is known of a task that was not judged tonight."""
    return kind_of_task(kind).ended_as(ended) if finished else PartVerdict.UNKNOWN
