"""Of which cases that a letter calls done an office has said since its night that they are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, exists, select

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.terms import Section
from dondoc.engine.store.db import tables as t


@dataclass(frozen=True, slots=True)
class EndedMatter:
    """A demand whose end a letter tells: its unit, its case and its last day; `reopened`: it is open again."""

    unit: str
    code: str
    last_day: date | None
    reopened: bool


def ended_matters(conn: Connection, letter: str, now: datetime) -> Sequence[EndedMatter]:
    """The demands whose end a letter tells, in the order of their tasks, as they stand at `now`."""
    reopened = exists().where(
        t.act.c.case_id == t.notice.c.case_id,
        t.act.c.kind == ActKind.REOPENED,
        t.act.c.recorded_at > t.night.c.cutoff,
        t.act.c.recorded_at <= now,
    )
    rows = conn.execute(
        select(
            t.task.c.id, t.unit.c.id.label("unit"), t.case_file.c.code, t.task.c.last_day, reopened.label("again")
        )
        .select_from(t.notice)
        .join(t.night, t.night.c.as_of == t.notice.c.night)
        .join(t.task, t.task.c.id == t.notice.c.task_id)
        .join(t.unit, t.unit.c.no == t.task.c.unit_no)
        .join(t.case_file, t.case_file.c.id == t.notice.c.case_id)
        .where(t.notice.c.letter == letter, t.notice.c.section == Section.RESOLVED)
        .order_by(t.task.c.id)
        .distinct()
    )
    return [EndedMatter(row.unit, row.code, row.last_day, bool(row.again)) for row in rows]
