"""Letters without their bodies, and the attempts to send them.

What proves that a letter was sent stays for good: its number, day, office, mailbox, hash and the server's answer.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update

from dondoc.engine.domain.model import Event
from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.audit_log.removals import ATTEMPTS_REMOVED, LETTERS_EMPTIED, letters_sha256
from dondoc.engine.store.db.tables import delivery_attempt, letter
from dondoc.engine.store.retention.removed import Kept, Removal

# Neither a relay nor a person sends one of these (`outbox.emptied`).
_ENDED = (LetterState.SENT, LetterState.DEAD, LetterState.EXPIRED, LetterState.DROPPED)


def with_bodies(before: date) -> ColumnElement[bool]:
    """The condition: a letter of a night before a day that has ended and has its body."""
    return and_(letter.c.night < before, ended(), letter.c.mime != b"")


def ended() -> ColumnElement[bool]:
    """The condition: nothing more is done with a letter, unless a person asks for it."""
    return letter.c.state.in_(_ENDED)


def old_bodies(conn: Connection, before: date) -> Removal:
    """How many bodies would go, and their bytes."""
    which = with_bodies(before)
    rows, size = conn.execute(select(func.count(), func.coalesce(func.sum(letter.c.size), 0)).where(which)).one()
    return Removal(Kept.LETTERS, before, rows, int(size))


def empty(tx: AuditedTransaction, which: ColumnElement[bool]) -> int:
    """Removes the bodies of letters and logs, night by night, of which letters; returns how many."""
    each = (letter.c.night, func.count(), func.sum(letter.c.size))
    found = tx.conn.execute(select(*each).where(which).group_by(letter.c.night).order_by(letter.c.night)).all()
    tx.conn.execute(update(letter).where(which).values(mime=b""))
    for night, rows, size in found:
        without = select(letter.c.id).where(letter.c.night == night, letter.c.mime == b"")
        ids = tx.conn.scalars(without).all()
        detail = {"letters": str(rows), "bytes": str(size), "total": str(len(ids)), "sha256": letters_sha256(ids)}
        tx.log(night, [Event(LETTERS_EMPTIED, None, detail)])
    return sum(rows for _, rows, _ in found)


def old_attempts(conn: Connection, before: date) -> Removal:
    """How many attempts would go."""
    tried = select(func.count()).select_from(delivery_attempt.join(letter)).where(ended(), letter.c.night < before)
    return Removal(Kept.ATTEMPTS, before, conn.scalar(tried) or 0)


def remove_attempts(tx: AuditedTransaction, before: date) -> int:
    """Removes the attempts of letters that have ended and logs, night by night, how many; returns how many."""
    mine = (ended(), letter.c.night < before)
    each = select(letter.c.night, func.count()).select_from(delivery_attempt.join(letter)).where(*mine)
    found = tx.conn.execute(each.group_by(letter.c.night).order_by(letter.c.night)).tuples().all()
    ids = select(letter.c.id).where(*mine)
    tx.conn.execute(delete(delivery_attempt).where(delivery_attempt.c.letter.in_(ids)))
    for night, rows in found:
        tx.log(night, [Event(ATTEMPTS_REMOVED, None, {"attempts": str(rows)})])
    return sum(rows for _, rows in found)
