"""What units have already reported, so that a form shows it and a correction on the form supersedes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, select

from dondoc.engine.domain.terms import TaskKind
from dondoc.engine.store.db import tables as t


@dataclass(frozen=True, slots=True)
class FilledReport:
    """The latest version of a report that was handed in."""

    ref: str
    report: str
    submitted_on: date
    document: str
    task: str


@dataclass(frozen=True, slots=True)
class FilledActivity:
    """The latest version of an activity."""

    ref: str
    activity: str
    done_on: date
    quantity: int


@dataclass(frozen=True, slots=True)
class FilledReading:
    """The latest version of a figure, scaled by `model.SCALE`; both days are inclusive."""

    ref: str
    indicator: str
    first_day: date
    last_day: date
    value: int
    source: str


@dataclass(frozen=True, slots=True)
class FilledTask:
    """An imported task that a report of its kind settles, until the end of `last_day`."""

    ref: str
    task: str
    title: str
    title_en: str
    last_day: date


@dataclass(slots=True)
class FilledForm:
    """What one unit has reported; `settled` are its demands, as (kind, subject), that a submission has settled."""

    submitted: dict[str, FilledReport] = field(default_factory=dict)
    done: list[FilledActivity] = field(default_factory=list)
    read: list[FilledReading] = field(default_factory=list)
    assigned: list[FilledTask] = field(default_factory=list)
    settled: set[tuple[str, str]] = field(default_factory=set)


def filled_form(conn: Connection, units: Mapping[int, str], since: date) -> Mapping[str, FilledForm]:
    """By unit, what is dated or due since that day (inclusive), in order of time; `units` are ids by number."""
    found: dict[str, FilledForm] = defaultdict(FilledForm)
    s, a, r, g, w = (table.c for table in (t.submission, t.activity, t.reading, t.assignment, t.task))
    for row in conn.execute(_current(t.submission, s.submitted_on >= since).order_by(s.submitted_on, s.id)):
        found[units[row.unit_no]].submitted[row.ref] = FilledReport(
            row.ref, row.report, row.submitted_on, row.document, row.task_ref
        )
    for row in conn.execute(_current(t.activity, a.done_on >= since).order_by(a.done_on, a.id)):
        found[units[row.unit_no]].done.append(FilledActivity(row.ref, row.activity, row.done_on, row.quantity))
    for row in conn.execute(_current(t.reading, r.last_day >= since).order_by(r.last_day, r.id)):
        found[units[row.unit_no]].read.append(
            FilledReading(row.ref, row.indicator, row.first_day, row.last_day, row.value, row.source)
        )
    for row in conn.execute(_current(t.assignment, g.last_day >= since).order_by(g.last_day, g.id)):
        found[units[row.unit_no]].assigned.append(
            FilledTask(row.ref, row.counts, row.title, row.title_en, row.last_day)
        )
    settled = w.kind.in_((TaskKind.REPORT, TaskKind.ASSIGNED)), w.last_day >= since, w.submission_id.is_not(None)
    for row in conn.execute(select(w.unit_no, w.counts, w.subject).where(*settled)):
        found[units[row.unit_no]].settled.add((row.counts, row.subject))
    return found


def _current(table: Table, since: ColumnElement[bool]) -> Select[Any]:
    return select(table).where(table.c.superseded_at.is_(None), since)
