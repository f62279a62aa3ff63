"""Tasks that were assigned to units: a night makes a `task` of each assignment that it knows.

An assignment is a fact, of which every version is kept. Nights judge the `task` with its ref, which has the values
of the version known by the cut-off (decision 27).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, insert, literal, select, update

from dondoc.engine.domain.terms import TaskKind
from dondoc.engine.store.db.database import update_many
from dondoc.engine.store.db.tables import assignment, task, words
from dondoc.engine.store.matching.known_rows import visible

# The columns that a version and its task have in common.
_SHARED = (
    *("unit_no", "counts", "last_day", "exclusive", "issued_on", "title", "title_en"),
    *("issuer_no", "monitor_no", "reports_no"),
)


# Whether a task is the one of an assignment.
_of_it = and_(task.c.kind == TaskKind.ASSIGNED, task.c.subject == assignment.c.ref)


def make_tasks(conn: Connection, cutoff: datetime) -> None:
    """Makes a task of every assignment known by the cut-off, and gives corrected ones the values known by then.

    A task counts as known since its first version, so that a replay of an earlier night finds it.
    """
    fresh = assignment.c.task_id.is_(None), visible(assignment, cutoff)
    if conn.scalar(select(assignment.c.id).where(*fresh).limit(1)) is None:
        return
    corrections = conn.execute(
        select(task.c.id, *(assignment.c[name] for name in _SHARED)).join(task, _of_it).where(*fresh)
    )
    update_many(conn, task, [dict(row) for row in corrections.mappings()])
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
    conn.execute(update(assignment).where(*fresh).values(task_id=there.scalar_subquery()))
