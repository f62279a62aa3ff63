"""Takes nights back: a copy of the database becomes what it would be if they had not been judged.

What was imported stays, also what came after them. Only a copy is treated so: the service's role deletes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import update_many
from dondoc.engine.store.night.cases import cases_before
from dondoc.engine.store.recall.copies import tasks_before

_STAYED = (LetterState.HELD, LetterState.READY, LetterState.DROPPED, LetterState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """How many nights were taken back, and how many of their letters had left or may have."""

    nights: int
    left: int


def withdraw(conn: Connection, first: date) -> Withdrawn | None:
    """Takes back the nights from `first` on; None, and nothing changed, if no night before them is stored."""
    theirs = t.night.c.as_of >= first
    known_by = conn.scalar(select(func.max(t.night.c.cutoff)).where(~theirs))
    if known_by is None:
        return None
    found = Withdrawn(
        conn.scalar(select(func.count()).select_from(t.night).where(theirs)) or 0,
        conn.scalar(
            select(func.count())
            .select_from(t.letter)
            .where(t.letter.c.night >= first, t.letter.c.state.not_in(_STAYED))
        )
        or 0,
    )
    cases = [dict(row) for row in conn.execute(cases_before(first)).mappings()]
    kept = t.task.c.recorded_at <= known_by
    tasks = [dict(row) for row in conn.execute(tasks_before(first, known_by).where(kept)).mappings()]
    made = select(t.task.c.id).where(~kept)
    opened = select(t.case_file.c.id).where(t.case_file.c.opened_on >= first)
    letters = select(t.letter.c.id).where(t.letter.c.night >= first)
    gone: tuple[tuple[object, ColumnElement[bool]], ...] = (
        (t.delivery_attempt, t.delivery_attempt.c.letter.in_(letters)),
        (t.letter, t.letter.c.night >= first),
        (t.notice, t.notice.c.night >= first),
        (t.case_before, or_(t.case_before.c.night >= first, t.case_before.c.case_id.in_(opened))),
        # What was said of a case that is none any more goes with it.
        (t.act, t.act.c.case_id.in_(opened)),
        (t.case_file, t.case_file.c.opened_on >= first),
        (t.waiver, t.waiver.c.recorded_at > known_by),
    )
    for table, which in gone:
        conn.execute(delete(table).where(which))  # type: ignore[arg-type]
    conn.execute(update(t.notice).where(t.notice.c.untold_on >= first).values(untold_on=None))
    conn.execute(update(t.waiver).where(t.waiver.c.superseded_at > known_by).values(superseded_at=None))
    update_many(conn, t.case_file, cases)
    for facts, fresh in ((t.submission, {"task_id": None, "revision": False}), (t.assignment, {"task_id": None})):
        late = or_(facts.c.recorded_at > known_by, facts.c.task_id.in_(made))
        conn.execute(update(facts).where(late).values(fresh))
    conn.execute(
        delete(t.task_before).where(or_(t.task_before.c.night >= first, t.task_before.c.task_id.in_(made)))
    )
    conn.execute(delete(t.task_bearer).where(t.task_bearer.c.task_id.in_(made)))
    conn.execute(delete(t.task).where(~kept))
    update_many(conn, t.task, tasks)
    conn.execute(delete(t.night).where(theirs))
    return found
