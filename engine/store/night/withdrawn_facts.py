"""Facts that were withdrawn: rows that never were, superseded without a successor (decision 0064)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, null, or_, select

from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.terms import SheetKind, TaskKind
from dondoc.engine.store.db.tables import activity, assignment, reading, submission, task, task_bearer
from dondoc.engine.store.matching.known_rows import is_withdrawn
from dondoc.engine.store.night.findings import slices

# How long after a withdrawal its first night may come: a missed one is caught up within 31 days.
_CAUGHT_UP = timedelta(days=31)


# The task, the ref, the day that it was about, the withdrawal, and the night that freed the task of it.
_Found = Select[tuple[int, str, date, datetime, date | None]]


@dataclass(frozen=True, slots=True)
class WithdrawnFact:
    """A withdrawn row: its sheet and ref, the day that it was about, and when it was withdrawn."""

    kind: SheetKind
    ref: str
    about: date
    at: datetime

    @property
    def on(self) -> date:
        """The day on which it was withdrawn."""
        return self.at.astimezone(ZONE).date()


def withdrawn_of(
    conn: Connection, tasks: Collection[int], cutoff: datetime
) -> Iterator[tuple[int, WithdrawnFact]]:
    """The withdrawn facts of some tasks known by the cut-off, each with its task, in order of the withdrawal."""
    found: list[tuple[int, WithdrawnFact]] = []
    for kind, query in _queries(cutoff):
        for some in slices(tasks):
            rows = conn.execute(query.where(task.c.id.in_(some)))
            found += [(row[0], WithdrawnFact(kind, *row[1:4])) for row in rows if _known_since(row[3], row[4])]
    return iter(sorted(found, key=lambda entry: (entry[1].at, entry[1].ref)))


def _queries(cutoff: datetime) -> Iterator[tuple[SheetKind, _Found]]:
    kind = task.c.kind
    bearers = select(task_bearer.c.unit_no).where(task_bearer.c.task_id == task.c.id).correlate(task)
    # A report says no more which task it settled; the task was freed by the night that first knew.
    yield (
        SheetKind.SUBMISSIONS,
        _of(
            submission,
            submission.c.submitted_on,
            cutoff,
            kind.in_([TaskKind.REPORT, TaskKind.ASSIGNED]),
            submission.c.unit_no == task.c.unit_no,
            submission.c.report == task.c.counts,
            task.c.known_on.is_not(None),
            freed=True,
        ),
    )
    yield (
        SheetKind.ACTIVITIES,
        _of(
            activity,
            activity.c.done_on,
            cutoff,
            kind == TaskKind.QUOTA,
            or_(activity.c.unit_no == task.c.unit_no, activity.c.unit_no.in_(bearers)),
            activity.c.activity == task.c.counts,
            activity.c.done_on.between(task.c.first_day, task.c.final_day),
        ),
    )
    yield (
        SheetKind.READINGS,
        _of(
            reading,
            reading.c.last_day,
            cutoff,
            kind.in_([TaskKind.READING, TaskKind.LEVEL]),
            reading.c.unit_no == task.c.unit_no,
            reading.c.indicator == task.c.counts,
            or_(kind == TaskKind.LEVEL, reading.c.last_day.between(task.c.first_day, task.c.final_day)),
        ),
    )
    yield (
        SheetKind.TASKS,
        _of(
            assignment,
            assignment.c.issued_on,
            cutoff,
            kind == TaskKind.ASSIGNED,
            assignment.c.ref == task.c.subject,
        ),
    )


def _of(
    table: Table, about: ColumnElement[date], cutoff: datetime, *joined: ColumnElement[bool], freed: bool = False
) -> _Found:
    freed_on = task.c.known_on if freed else null()
    columns = task.c.id, table.c.ref, about, table.c.superseded_at, freed_on
    return select(*columns).join_from(task, table, and_(*joined)).where(is_withdrawn(table, cutoff))


def _known_since(at: datetime, known_on: date | None) -> bool:
    """Whether a task that was freed on a night was freed by a withdrawal."""
    if known_on is None:
        return True
    return timedelta() <= known_on - at.astimezone(ZONE).date() <= _CAUGHT_UP
