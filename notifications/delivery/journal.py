"""The journal: a mailbox of our own that every letter goes to in the same SMTP transaction, seen by no recipient.

A server takes both recipients with one answer. So a letter of unknown fate that lies in the journal was taken;
one that does not lie there was not, once enough time has passed and the journal shows that it is alive: it holds
a letter whose dot left later. Absence alone proves nothing: a mailbox may be full, late, or the wrong one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.db.database import Engine, reading, writing
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.journal_mailbox import Read
from dondoc.notifications.lifecycle import LetterStatus


@dataclass(frozen=True, slots=True)
class Resolved:
    """Letters that were of unknown fate: found delivered, and to be sent once more."""

    arrived: tuple[LetterStatus, ...] = ()
    again: tuple[LetterStatus, ...] = ()


def resolve(
    engine: Engine,
    read: Read,
    now: datetime,
    grace: timedelta,
) -> Resolved:
    """Settles what the journal can decide, and logs it.

    The rows are chosen before the journal is read, so that nothing which arrives meanwhile counts as absent, and
    a row that has moved on since stays as it is. Raises `mailbox.JournalUnreadable` and a `faults.DatabaseFault`.
    """
    with reading(engine) as conn:
        doubtful = outbox.doubtful(conn)
        witnesses = outbox.witnesses(conn, min(row.dot_at for row in doubtful)) if doubtful else ()
    if not doubtful:
        return Resolved()
    there = read([row.message_id for row in (*doubtful, *witnesses)], min(row.dot_at for row in doubtful))
    alive = max((row.dot_at for row in (*doubtful, *witnesses) if row.message_id in there), default=None)
    arrived, again = [], []
    with writing(engine) as conn:
        for row in doubtful:
            if row.message_id in there:
                arrived += outbox.resolve(conn, row, LetterState.SENT, now)
            elif alive is not None and row.dot_at < alive and row.dot_at + grace <= now:
                again += outbox.resolve(conn, row, LetterState.READY, now)
    return Resolved(tuple(arrived), tuple(again))
