"""What has been recorded of a letter's matters since its night was judged, so that it does not leave untrue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, or_, select

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.terms import Section, TaskKind
from dondoc.engine.store.db import tables as t


@dataclass(frozen=True, slots=True)
class Matter:
    """A demand that a letter tells of: its unit, its case (empty: none yet) and its last day.

    `answered`: something that can settle it was recorded after the night; the next night judges whether it does.
    """

    task: int
    unit: str
    code: str
    last_day: date | None
    answered: bool


def matters(conn: Connection, letter: str, now: datetime) -> Sequence[Matter]:
    """The demands that a letter tells of, without those whose end it tells, as they stand at `now`."""
    rows = conn.execute(
        select(t.task.c.id, t.unit.c.id.label("unit"), t.case_file.c.code, t.task.c.last_day, _came(now))
        .select_from(t.notice)
        .join(t.night, t.night.c.as_of == t.notice.c.night)
        .join(t.task, t.task.c.id == t.notice.c.task_id)
        .join(t.unit, t.unit.c.no == t.task.c.unit_no)
        .outerjoin(t.case_file, t.case_file.c.id == t.notice.c.case_id)
        .where(t.notice.c.letter == letter, t.notice.c.section != Section.RESOLVED)
        .order_by(t.task.c.id)
        .distinct()
    )
    return [Matter(row.id, row.unit, row.code or "", row.last_day, bool(row.came)) for row in rows]


def _came(now: datetime) -> ColumnElement[bool]:
    """Whether a fact that can settle a task came after the night's cutoff."""
    report, done, figure, moved = t.submission, t.activity, t.reading, t.assignment

    def fresh(table: Table) -> ColumnElement[bool]:
        columns = table.c
        return and_(
            columns.unit_no == t.task.c.unit_no,
            columns.recorded_at > t.night.c.cutoff,
            columns.recorded_at <= now,
            or_(columns.superseded_at.is_(None), columns.superseded_at > now),
        )

    def gone(table: Table) -> ColumnElement[bool]:
        return and_(table.c.superseded_at > t.night.c.cutoff, table.c.superseded_at <= now)

    handed_in = exists().where(fresh(report), report.c.report == t.task.c.counts)
    held = exists().where(
        fresh(done),
        done.c.activity == t.task.c.counts,
        done.c.done_on >= t.task.c.first_day,
        done.c.done_on <= t.task.c.final_day,
    )
    # Of whatever period: a level is judged by its newest figure, and its task names none.
    # Also one that was withdrawn since: nobody is urged by a figure, or to a task, that never was.
    mine = figure.c.unit_no == t.task.c.unit_no, figure.c.indicator == t.task.c.counts
    measured = exists().where(or_(fresh(figure), gone(figure)), *mine)
    moved_since = exists().where(or_(fresh(moved), gone(moved)), moved.c.ref == t.task.c.subject)
    # Whether it is so another office has still to say.
    back = t.act.alias("back")
    kept = ~exists().where(
        back.c.about == t.act.c.no, back.c.kind == ActKind.TAKEN_BACK, back.c.recorded_at <= now
    )
    declared = exists().where(
        kept,
        t.act.c.case_id == t.notice.c.case_id,
        t.act.c.kind == ActKind.DECLARED,
        t.act.c.recorded_at > t.night.c.cutoff,
        t.act.c.recorded_at <= now,
    )
    kind = t.task.c.kind
    return or_(
        and_(kind.in_([TaskKind.REPORT, TaskKind.ASSIGNED]), or_(handed_in, declared)),
        and_(kind == TaskKind.ASSIGNED, moved_since),
        and_(kind == TaskKind.QUOTA, held),
        and_(kind.in_([TaskKind.READING, TaskKind.LEVEL]), measured),
    ).label("came")
