"""Reports that an office has declared: each is a submission that names its demand, which the next night settles.

A submission that an act made has the ref `act:` and the number of that act.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from dondoc.engine.domain.acts import Act, ActKind
from dondoc.engine.domain.model import Case
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.night.findings import Names


def hand_in(conn: Connection, case: Case, said: Act, names: Names, now: datetime) -> None:
    """Adds the submission that an act of `done` or `closed`, or a confirmed declaration, stands for.

    It is of the office that said so, or of the responsible unit where another one did.
    """
    bearers = case.task.bearers or (case.task.unit,)
    assert said.done_on is not None
    task = conn.execute(select(t.task.c.counts, t.task.c.subject).where(t.task.c.id == case.task.id)).one()
    conn.execute(
        insert(t.submission).values(
            ref=_ref(said.number),
            unit_no=names.units.of[said.office if said.office in bearers else bearers[0]],
            report=task.counts,
            submitted_on=said.done_on,
            document=said.document,
            task_ref=f"{case.task.rule}@{task.subject}",
            recorded_at=now,
        )
    )


def withdraw(conn: Connection, number: int, now: datetime) -> None:
    """Withdraws the submission of an act, where there is one: nights from `now` on know nothing of it."""
    mine = t.submission.c.ref == _ref(number), t.submission.c.superseded_at.is_(None)
    conn.execute(update(t.submission).where(*mine).values(superseded_at=now))


def settling(conn: Connection, case: Case) -> str | None:
    """The ref of the submission that settles the demand of a case; None: none does."""
    mine = select(t.task.c.submission_id).where(t.task.c.id == case.task.id)
    return conn.scalar(select(t.submission.c.ref).where(t.submission.c.id == mine.scalar_subquery()))


def is_settled_by(conn: Connection, case: Case, acts: Sequence[Act], said: Act) -> bool:
    """Whether the report that an act takes back is the one that settles the demand of a case."""
    about = next((one for one in acts if said.kind is ActKind.TAKEN_BACK and one.number == said.about), None)
    if about is None:
        return False
    confirmed = about.about if about.kind is ActKind.CONFIRMED else None
    return settling(conn, case) == _ref(confirmed or about.number)


def _ref(number: int) -> str:
    return f"act:{number}"
