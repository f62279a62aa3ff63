"""A relay that misbehaves in a new way each day of a week: in the end every reader was told, or is listed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from sqlalchemy import Connection, Engine, select

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.delivery import deliver
from dondoc.flows.night import steps
from dondoc.flows.records.audit import audit
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.delivery.smtp_settings import SmtpSettings, Tls
from dondoc.notifications.letter.build import due_from
from tests.support.scripted_server import DROP, Scripted, played_beside
from tests.support.story_stage import Stage

FIRST, DAY = date(2015, 4, 20), timedelta(days=1)
TRIES = tuple(timedelta(hours=hours) for hours in (0, 2, 4.5, 7.5, 10))
# What the server does on each day; None: nobody answers the call.
WEEK: tuple[dict[str, str] | None, ...] = (
    {"RCPT": "553 5.7.1 Sender address rejected: not owned by user"},
    {"RCPT": "554 Access denied"},
    {"RCPT": "550 5.1.1 User unknown in local recipient table"},
    {"RCPT": "450 4.7.1 Error: too much mail from 10.0.0.1"},
    {"DOT": DROP},
    {"RCPT": "450 4.2.0 greylisted|450 4.2.0 greylisted|250 ok"},
    None,
    {},
    {},
    {},
)


@contextmanager
def server(does: dict[str, str] | None) -> Iterator[SmtpSettings]:
    """The relay of one day."""
    quick = {"command_seconds": 2.0, "dot_seconds": 0.5, "connect_seconds": 2.0}
    if does is None:
        yield SmtpSettings("127.0.0.1", 1, Tls.PLAIN, **quick)  # type: ignore[arg-type]
        return
    with played_beside(Scripted(does)) as port:
        yield SmtpSettings("127.0.0.1", port, Tls.PLAIN, **quick)  # type: ignore[arg-type]


def played(stage: Stage, week: tuple[dict[str, str] | None, ...]) -> None:
    """A night a day, and its deliveries through the working day."""
    for n, does in enumerate(week):
        night = FIRST + n * DAY
        stage.judged(Night(night, steps.cutoff_of(night)))
        with server(does) as smtp:
            for later in TRIES:
                at = due_from(night) + later
                deliver.deliver(stage.engine, stage.book.mail, smtp, lambda at=at: at)  # type: ignore[misc]


def told(conn: Connection) -> set[tuple[str, int]]:
    """Who was notified of which task, and the notice stands."""
    rows = select(t.unit.c.id, t.notice.c.task_id).join(t.unit, t.unit.c.no == t.notice.c.reader_no)
    return {(row.id, row.task_id) for row in conn.execute(rows.where(t.notice.c.untold_on.is_(None)))}


def test_after_a_week_of_it_every_reader_was_told_or_is_listed(
    sqlite: Engine, postgres: Engine, sink: Mailsink
) -> None:
    """Whom an undisturbed relay told is told in the end, or the operator reads which letter it is about.

    Nobody counts as told by a letter that did not leave, and the log agrees with all of it.
    """
    undisturbed, disturbed = Stage.set(sqlite, sink), Stage.set(postgres, sink)
    played(undisturbed, ({},) * len(WEEK))
    played(disturbed, WEEK)
    with reading(sqlite) as conn:
        expected = told(conn)
    with reading(postgres) as conn:
        stands = told(conn)
        done = set(conn.scalars(select(t.task.c.id).where(t.task.c.done_on.is_not(None))))
        listed = {one.id for one in outbox.listing(conn, [LetterState.UNKNOWN, LetterState.DEAD])}
        letters = set(conn.scalars(select(t.notice.c.letter).where(t.notice.c.untold_on.is_(None))))
        waiting = outbox.listing(conn, [LetterState.READY, LetterState.LEASED, LetterState.DATA_SENT])
        assert waiting == []
        assert all(outbox.alive(conn, letter) for letter in letters), "told, and nothing left"
        assert audit(conn).flaws == ()
    assert len(expected) > 9
    assert listed, "the day on which answers were lost"
    # What was done meanwhile needs no letter any more.
    assert {(reader, task) for reader, task in expected - stands if task not in done} == set()
