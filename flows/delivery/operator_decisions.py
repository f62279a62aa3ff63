"""The operator's decisions on letters that wait: held nights, and letters of unknown fate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.terms import LetterState
from dondoc.engine.errors import DonDocError
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import Connection, Engine
from dondoc.engine.store.night import cases as stored
from dondoc.notifications.delivery import outbox
from dondoc.notifications.lifecycle import LetterStatus


class LetterUnknown(DonDocError):
    """An id, or the beginning of one, that matches no letter which waits for this decision, or several."""


class NotifiedAgain(DonDocError):
    """A dead letter whose readers a later night has notified again: sent now it would say things twice."""


class BodyRemoved(DonDocError):
    """A dead letter whose body was removed when its time was over, so that there is nothing to send."""


def release(engine: Engine, night: date, now: datetime) -> list[LetterStatus]:
    """Releases the held letters of a night for the next delivery; returns those released.

    One that is too old by then expires there, and the next night notifies its readers again.
    """
    with audited(engine) as tx:
        return outbox.decide(tx, _held(tx.conn, night), LetterState.READY, now)


def drop(engine: Engine, night: date, now: datetime) -> list[LetterStatus]:
    """Drops the held letters of a night and retracts their notices; the next night notifies the readers."""
    with audited(engine) as tx:
        moved = outbox.decide(tx, _held(tx.conn, night), LetterState.DROPPED, now)
        for letter in moved:
            stored.retract(tx, letter.id, now.astimezone(ZONE).date())
        return moved


def resend(engine: Engine, beginnings: Sequence[str], now: datetime) -> list[LetterStatus]:
    """Makes letters of unknown fate, and letters refused for good, due again: the same bytes, the same Message-ID.

    `beginnings` are ids or their beginnings. Raises `LetterUnknown`, `NotifiedAgain` or `BodyRemoved`, and
    changes nothing then.
    """
    with audited(engine) as tx:
        ids = _meant(tx.conn, beginnings, LetterState.UNKNOWN, LetterState.DEAD)
        for key in outbox.emptied(tx.conn, ids):
            raise BodyRemoved(
                f"thư {key[:12]} không gửi lại được: nội dung đã hết hạn giữ và dondoc retain đã bỏ. (Not sent "
                "again: its body was kept for its time, and removed.)"
            )
        for key in ids:
            later = stored.reinstate(tx, outbox.original(tx.conn, key))
            if later is not None:
                raise NotifiedAgain(
                    f"thư {key[:12]} không gửi lại được: đêm {later:%d/%m/%Y} đã báo lại các việc của thư này "
                    f"trong thư khác. (Not sent again: the night of {later} notified its readers in another one.)"
                )
        return outbox.decide(tx, ids, LetterState.READY, now)


def arrived(engine: Engine, beginnings: Sequence[str], now: datetime) -> list[LetterStatus]:
    """Marks letters of unknown fate that were found to have arrived as sent. Raises `LetterUnknown`."""
    with audited(engine) as tx:
        return outbox.decide(tx, _meant(tx.conn, beginnings, LetterState.UNKNOWN), LetterState.SENT, now)


def _held(conn: Connection, night: date) -> list[str]:
    return [letter.id for letter in outbox.listing(conn, [LetterState.HELD], night)]


_WORDS = {LetterState.UNKNOWN: "chưa rõ", LetterState.DEAD: "trả lại"}


def _meant(conn: Connection, beginnings: Sequence[str], *states: LetterState) -> list[str]:
    known = [letter.id for letter in outbox.listing(conn, states)]
    found = []
    for beginning in beginnings:
        meant = [letter for letter in known if beginning and letter.startswith(beginning)]
        if len(meant) != 1:
            which = " hoặc ".join(f"«{_WORDS[state]}»" for state in states)
            raise LetterUnknown(
                f"«{beginning}»: có {len(meant)} thư {which} bắt đầu như vậy; xem mã bằng dondoc outbox list. "
                f"({len(meant)} such letters, {' or '.join(states)}, have an id that begins so: see dondoc outbox "
                "list.)"
            )
        found += meant
    return found
