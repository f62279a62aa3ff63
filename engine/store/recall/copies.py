"""Copies from the store into a sandbox: units, imported facts, and what the nights made of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, case, func, or_, select

from dondoc.engine.demands.related import words_read
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import VOID
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import insert_many
from dondoc.engine.store.night.cases import cases_before

# Imported data: the units, and the facts about them. Everything else follows from these.
_PEOPLE = (t.unit, t.unit_name, t.relation, t.mailbox, t.succession)
# The rules are here because a decision on heirs names its rule by number.
_FACTS = (t.assignment, t.submission, t.activity, t.reading, t.rule, t.inheritance, t.inheritance_heir)
# What the nights have made of them so far.
_MADE = (
    *(t.task, t.task_bearer, t.task_before, t.case_file, t.case_before, t.act, t.waiver),
    *(t.notice, t.log_entry, t.event, t.night),
)
# The facts as they were before any night: nothing settled, no task made.
_FRESH: Mapping[str, Mapping[str, Any]] = {
    "submission": {"task_id": None, "revision": False},
    "assignment": {"task_id": None},
}
# A replayed night makes the tasks of assignments again, as they were known then.
_AGAIN: Mapping[str, Mapping[str, Any]] = {"assignment": {"task_id": None}}
_ROWS = 5_000


def copy_units(source: Connection, target: Connection) -> None:
    """Copies the units and their relations, and nothing else."""
    for table in _PEOPLE:
        _copy(source, target, select(table), table, {})


def copy_facts(source: Connection, target: Connection, *, made: bool, known_by: datetime | None = None) -> None:
    """Copies the units and all imported facts; with `made`, also what the nights made of them so far.

    Without `made`, nothing is judged yet. Rows recorded after `known_by` are left out (None: none are).
    """
    copy_units(source, target)
    for table in _FACTS:
        _copy(source, target, _known(table, known_by), table, (_AGAIN if made else _FRESH).get(table.name, {}))
    for table in _MADE if made else ():
        rows = _known(table, known_by) if table in (t.task, t.act) else select(table)
        _copy(source, target, rows, table, {})


def copy_before(source: Connection, target: Connection, night: date, known_by: datetime, book: RuleBook) -> None:
    """Copies what a night knew when it began: the facts recorded by `known_by`, what the nights before it made.

    Only of what the rules of `book` ask for. A submission counts as settled if it was by then.
    """
    copy_units(source, target)
    asked = {word for rule in book.rules.values() for word in words_read(rule.condition)}
    numbers = select(t.rule.c.no).where(t.rule.c.id.in_(sorted(book.rules)))
    mine = and_(
        t.task.c.recorded_at <= known_by,
        or_(t.task.c.rule_no.in_(numbers), t.task.c.rule_no.is_(None) & t.task.c.counts.in_(sorted(asked))),
    )
    tasks = select(t.task.c.id).where(mine)
    for table in _FACTS:
        rows = _known(table, known_by)
        if table.name in _ASKED_BY:
            rows = rows.where(table.c[_ASKED_BY[table.name]].in_(sorted(asked)))
        _copy(source, target, rows, table, _AGAIN.get(table.name, {}))
    _copy(source, target, tasks_before(night, known_by, moved=True).where(mine), t.task, {})
    bearers = select(t.task_bearer).where(t.task_bearer.c.task_id.in_(tasks))
    _copy(source, target, bearers, t.task_bearer, {})
    replaced = select(t.task_before).where(t.task_before.c.night <= night, t.task_before.c.task_id.in_(tasks))
    _copy(source, target, replaced, t.task_before, {})
    _copy(source, target, cases_before(night).where(t.case_file.c.task_id.in_(tasks)), t.case_file, {})
    notices = _then(t.notice, {"untold_on": case((t.notice.c.untold_on < night, t.notice.c.untold_on))})
    notices = notices.where(t.notice.c.night < night, t.notice.c.task_id.in_(tasks))
    _copy(source, target, notices, t.notice, {})
    about = t.act.c.case_id.in_(select(t.case_file.c.id).where(t.case_file.c.task_id.in_(tasks)))
    # A case of which an act speaks was opened by an earlier night, because the act was known to this one.
    _copy(source, target, _known(t.act, known_by).where(about), t.act, {})


# The column by which a table of facts says what it is about.
_ASKED_BY = {"assignment": "counts", "submission": "report", "activity": "activity", "reading": "indicator"}


def tasks_before(night: date, known_by: datetime, *, moved: bool = False) -> Select[Any]:
    """The tasks as before a night: unfinished if it or a later one finished them, undone if not known by then.

    With `moved` their limits are as the night itself left them: by which rules it set them is not kept.
    """
    task, was = t.task, t.task_before
    kept = was.alias()
    first = (
        select(func.min(kept.c.night))
        .where(kept.c.task_id == task.c.id, (kept.c.night > night) if moved else (kept.c.night >= night))
        .correlate(task)
        .scalar_subquery()
    )
    done, finished = task.c.done_recorded_at <= known_by, task.c.finished_on < night
    # A report that is known says how a task ended; that it is void only the night says that finished it.
    kept_as_ended = or_(and_(done, task.c.ended != VOID), finished)
    return _then(
        task,
        {name: case((done, task.c[name])) for name in ("submission_id", "done_on", "done_recorded_at")}
        | {
            "finished_on": case((finished, task.c.finished_on)),
            "ended": case((kept_as_ended, task.c.ended), else_=""),
        }
        | {
            column.name: case((was.c.task_id.is_not(None), column), else_=task.c[column.name])
            for column in was.c
            if column.name not in ("task_id", "night")
        },
    ).select_from(task.outerjoin(was, and_(was.c.task_id == task.c.id, was.c.night == first)))


def _then(table: Table, changed: Mapping[str, Any]) -> Select[Any]:
    return select(*(changed[c.name].label(c.name) if c.name in changed else c for c in table.c))


def _known(table: Table, by: datetime | None) -> Select[Any]:
    """The rows recorded by an instant, as they were then: a later correction supersedes nothing."""
    if by is None or table is t.rule:
        return select(table)
    if table is t.inheritance_heir:
        decided = select(t.inheritance.c.no).where(t.inheritance.c.recorded_at <= by)
        return select(table).where(table.c.inheritance_no.in_(decided))
    then = {}
    if (later := table.c.get("superseded_at")) is not None:
        then["superseded_at"] = case((later <= by, later))
    return _then(table, then).where(table.c.recorded_at <= by)


def _copy(
    source: Connection, target: Connection, rows: Select[Any], table: Table, changed: Mapping[str, Any]
) -> None:
    for part in source.execute(rows).mappings().partitions(_ROWS):
        insert_many(target, table, [{**row, **changed} for row in part])
