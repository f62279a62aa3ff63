"""The journal: a mailbox of our own that gets every letter in the same SMTP transaction, unseen by recipients.

A server accepts or refuses both recipients with one answer. So a letter of unknown fate that is in the journal was
accepted. One that is not there was refused, once the grace has passed and the journal contains a letter sent
later. Absence alone proves nothing: the mailbox may be full, slow, or the wrong one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import Engine, reading
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.journal_mailbox import Read
from dondoc.notifications.lifecycle import LetterStatus


@dataclass(frozen=True, slots=True)
class Resolved:
    """Letters that were of unknown fate: `arrived` were found delivered, `again` are sent again."""

    arrived: tuple[LetterStatus, ...] = ()
    again: tuple[LetterStatus, ...] = ()


def resolve(
    engine: Engine,
    read: Read,
    now: datetime,
    grace: timedelta,
) -> Resolved:
    """Settles the letters of unknown fate that the journal can decide, and logs each.

    `read` looks Message-IDs up in the journal; `grace` is how long after its end of mail data a letter may still
    be on its way. Raises `journal_mailbox.JournalUnreadable` and a `DatabaseFault`.
    """
    # Chosen before the journal is read, so that a letter sent meanwhile does not count as absent.
    with reading(engine) as conn:
        doubtful = outbox.doubtful(conn)
        witnesses = outbox.witnesses(conn, min(row.dot_at for row in doubtful)) if doubtful else ()
    if not doubtful:
        return Resolved()
    there = read([row.message_id for row in (*doubtful, *witnesses)], min(row.dot_at for row in doubtful))
    alive = max((row.dot_at for row in (*doubtful, *witnesses) if row.message_id in there), default=None)
    arrived, again = [], []
    with audited(engine) as tx:
        for row in doubtful:
            if row.message_id in there:
                arrived += outbox.resolve(tx, row, LetterState.SENT, now)
            # Sent again only when the journal works (it has a later letter) and this one has had time to arrive.
            elif alive is not None and row.dot_at < alive and row.dot_at + grace <= now:
                again += outbox.resolve(tx, row, LetterState.READY, now)
    return Resolved(tuple(arrived), tuple(again))
