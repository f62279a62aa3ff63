"""Tasks that were assigned to units: a night makes a `task` of each assignment that it knows.

An assignment is a fact, of which every version is kept. Nights judge the `task` with its ref, which has the values
of the version known by the cut-off (decision 27).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, and_, insert, literal, select, update

from dondoc.engine.domain.terms import VOID, TaskKind
from dondoc.engine.store.db.database import update_many
from dondoc.engine.store.db.tables import assignment, task, words
from dondoc.engine.store.matching.known_rows import is_withdrawn, visible
from dondoc.engine.store.night.findings import slices
from dondoc.engine.store.night.moved_limits import moved, remember
from dondoc.engine.store.night.prepared import Night

_DAY = timedelta(days=1)
# The columns that a version and its task have in common.
_SHARED = (
    *("unit_no", "counts", "last_day", "exclusive", "issued_on", "title", "title_en"),
    *("issuer_no", "monitor_no", "reports_no"),
)


# Whether a task is the one of an assignment.
_of_it = and_(task.c.kind == TaskKind.ASSIGNED, task.c.subject == assignment.c.ref)


def make_tasks(conn: Connection, night: Night) -> None:
    """Makes a task of every assignment known by the cut-off, and gives corrected ones the values known by then.

    A task counts as known since its first version, so that a replay of an earlier night finds it.
    """
    _end_withdrawn(conn, night)
    fresh = assignment.c.task_id.is_(None), visible(assignment, night.cutoff)
    if conn.scalar(select(assignment.c.id).where(*fresh).limit(1)) is None:
        return
    corrections = [dict(row) for row in _corrections(conn, night)]
    remember(conn, [row["id"] for row in corrections], night.as_of)
    update_many(conn, task, corrections)
    recorded_late = list(_recorded_late(conn, night))
    there = select(task.c.id).where(_of_it).correlate(assignment)
    given = select(
        assignment.c.ref,
        literal(TaskKind.ASSIGNED, words(TaskKind)),
        assignment.c.recorded_at,
        *(assignment.c[name] for name in _SHARED),
    ).where(*fresh, ~there.exists())
    conn.execute(
        insert(task).from_select(["subject", "kind", "recorded_at", *_SHARED], given.order_by(assignment.c.id))
    )
    for ref, known_on in recorded_late:
        conn.execute(
            update(task).where(task.c.kind == TaskKind.ASSIGNED, task.c.subject == ref).values(known_on=known_on)
        )
    conn.execute(update(assignment).where(*fresh).values(task_id=there.scalar_subquery()))


def _end_withdrawn(conn: Connection, night: Night) -> None:
    """Makes the tasks of withdrawn assignments void: nobody has to do them any more."""
    gone = assignment.c.task_id.is_(None), is_withdrawn(assignment, night.cutoff)
    known = assignment.c.recorded_at <= night.cutoff
    if conn.scalar(select(assignment.c.id).where(*gone, known).limit(1)) is None:
        return
    ended = conn.scalars(select(task.c.id).join(assignment, _of_it).where(*gone, known)).all()
    remember(conn, ended, night.as_of)
    for some in slices(ended):
        conn.execute(update(task).where(task.c.id.in_(some)).values(finished_on=night.as_of, ended=VOID))
    there = select(task.c.id).where(_of_it).correlate(assignment).scalar_subquery()
    conn.execute(update(assignment).where(*gone, known).values(task_id=there))


def _corrections(conn: Connection, night: Night) -> Iterator[dict[str, Any]]:
    """What the tasks of corrected assignments become."""
    fresh = assignment.c.task_id.is_(None), visible(assignment, night.cutoff)
    was = {name: task.c[name].label(f"was_{name}") for name in ("last_day", "first_limit", "moved_on", "known_on")}
    rows = conn.execute(
        select(
            task.c.id,
            task.c.done_on,
            task.c.ended,
            task.c.finished_on,
            *was.values(),
            assignment.c.recorded_at,
            *(assignment.c[name] for name in _SHARED),
        )
        .join(task, _of_it)
        .where(*fresh)
    )
    for row in rows:
        limit = moved(
            row.was_last_day, row.was_first_limit, row.last_day, night.as_of, night.knowing(row.recorded_at)
        ) or {name: getattr(row, label.name) for name, label in was.items()}
        # What was done already is held against the limit that it turns out to have had (decision 14).
        done = "on-time" if row.done_on is not None and row.done_on <= limit["last_day"] else "late"
        ended, finished_on = row.ended, row.finished_on
        if ended == VOID:
            # Assigned again after it was withdrawn.
            ended, finished_on = "", None
        if row.done_on is not None and row.ended in ("on-time", "late", VOID):
            ended = done
        shared = {name: getattr(row, name) for name in _SHARED}
        yield {"id": row.id, **shared, **limit, "ended": ended, "finished_on": finished_on}


def _recorded_late(conn: Connection, night: Night) -> Iterator[tuple[str, date]]:
    """The refs of new assignments that were recorded after their limit, with the first night that knew of each."""
    there = select(task.c.id).where(_of_it).correlate(assignment)
    rows = conn.execute(
        select(assignment.c.ref, assignment.c.recorded_at, assignment.c.last_day).where(
            assignment.c.task_id.is_(None), visible(assignment, night.cutoff), ~there.exists()
        )
    )
    for ref, recorded_at, last_day in rows:
        known_on = night.knowing(recorded_at)
        if known_on > last_day + _DAY:
            yield ref, known_on
