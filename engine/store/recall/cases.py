"""What was recorded about a demand up to a night: its notices, its case, its reports and activities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from dondoc.engine.domain.model import Case, Task
from dondoc.engine.domain.terms import TaskKind
from dondoc.engine.explain.reasons import StoredNotice, notified_before
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.matching.known_rows import visible
from dondoc.engine.store.night.cases import case_value, cases_before, ladder_value
from dondoc.engine.store.night.findings import Names, local_date, slices


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """A case by its code: its rule and unit, the night that opened it, and the one that closed it (None: open)."""

    rule: str
    unit: str
    opened_on: date
    closed_on: date | None


def entry(conn: Connection, code: str) -> CaseEntry | None:
    """The case with that code; None: there is none."""
    row = conn.execute(
        select(t.rule.c.id, t.unit.c.id, t.case_file.c.opened_on, t.case_file.c.closed_on)
        .join_from(t.case_file, t.task, t.task.c.id == t.case_file.c.task_id)
        .join(t.unit, t.unit.c.no == t.task.c.unit_no)
        .outerjoin(t.rule, t.rule.c.no == t.task.c.rule_no)
        .where(t.case_file.c.code == code)
    ).one_or_none()
    return CaseEntry(row[0] or "", *row[1:]) if row else None


def codes(conn: Connection) -> Sequence[str]:
    """The code of every case, in order."""
    return conn.scalars(select(t.case_file.c.code).order_by(t.case_file.c.code)).all()


def stored_notices(
    conn: Connection, tasks: Iterable[int], names: Names, on: date
) -> dict[int, tuple[StoredNotice, ...]]:
    """By task, every notice about it up to a night, inclusive; one that was retracted later still counts."""
    found: dict[int, list[StoredNotice]] = defaultdict(list)
    for ids in slices(tasks):
        rows = conn.execute(
            select(t.notice)
            .where(t.notice.c.task_id.in_(ids), t.notice.c.night <= on)
            .order_by(t.notice.c.night, t.notice.c.id)
        )
        for row in rows:
            retracted = row.untold_on if row.untold_on is not None and row.untold_on <= on else None
            reader = names.units.ids[row.reader_no]
            found[row.task_id].append(
                StoredNotice(
                    row.night,
                    reader,
                    row.letter,
                    row.section,
                    row.step,
                    row.reminder,
                    row.waived_until,
                    row.value,
                    retracted,
                    row.case_id,
                )
            )
    return {task: tuple(notices) for task, notices in found.items()}


def cases(
    conn: Connection,
    known: Mapping[int, Task],
    notified: Mapping[int, Sequence[StoredNotice]],
    on: date,
    code: str | None = None,
) -> dict[int, Case]:
    """By task, its latest case as it was after a night, remembering who was notified before it.

    With `code` only the case that has it.
    """
    found: dict[int, Case] = {}
    as_it_was = cases_before(on + timedelta(days=1)).order_by(t.case_file.c.id)
    if code is not None:
        as_it_was = as_it_was.where(t.case_file.c.code == code)
    for ids in slices(known):
        for row in conn.execute(as_it_was.where(t.case_file.c.task_id.in_(ids))):
            # An earlier case of the same task had readers of its own.
            notices = [one for one in notified.get(row.task_id, ()) if one.case == row.id]
            found[row.task_id] = case_value(
                row, known[row.task_id], ladder_value(row.ladder), notified_before(notices, on)
            )
    return found


@dataclass(frozen=True, slots=True)
class KnownReport:
    """A report that was handed in: its number, its day, the day of recording, and whether it is a revision."""

    document: str
    on: date
    recorded_on: date
    revision: bool


@dataclass(frozen=True, slots=True)
class KnownActivity:
    """An activity: by which unit, on which day, how many, and the day of recording."""

    unit: str
    on: date
    quantity: int
    recorded_on: date


def known_reports(conn: Connection, task: Task, cutoff: datetime) -> tuple[KnownReport, ...]:
    """The reports that settle or revise a task and were known by the cut-off, in order of time."""
    s = t.submission
    rows = conn.execute(
        select(s).where(s.c.task_id == task.id, visible(s, cutoff)).order_by(s.c.submitted_on, s.c.id)
    )
    return tuple(
        KnownReport(row.document, row.submitted_on, local_date(row.recorded_at), row.revision) for row in rows
    )


def known_activities(conn: Connection, task: Task, names: Names, cutoff: datetime) -> tuple[KnownActivity, ...]:
    """The activities in the period of a quota known by the cut-off, in order of time; none for other tasks."""
    if task.kind is not TaskKind.QUOTA:
        return ()
    a = t.activity
    kind = select(t.task.c.counts).where(t.task.c.id == task.id).scalar_subquery()
    units = [names.units.of[unit] for unit in task.bearers or (task.unit,)]
    rows = conn.execute(
        select(a)
        .where(
            a.c.activity == kind,
            a.c.unit_no.in_(units),
            a.c.done_on.between(task.first_day, task.final_day),
            visible(a, cutoff),
        )
        .order_by(a.c.done_on, a.c.id)
    )
    return tuple(
        KnownActivity(names.units.ids[row.unit_no], row.done_on, row.quantity, local_date(row.recorded_at))
        for row in rows
    )
