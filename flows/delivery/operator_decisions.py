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
    """An id, or the beginning of one, that matches no letter of unknown fate, or several."""


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
    """Makes letters of unknown fate due again: the same bytes with the same Message-ID.

    `beginnings` are ids or their beginnings. Raises `LetterUnknown`, and changes nothing then.
    """
    with audited(engine) as tx:
        return outbox.decide(tx, _unknown(tx.conn, beginnings), LetterState.READY, now)


def arrived(engine: Engine, beginnings: Sequence[str], now: datetime) -> list[LetterStatus]:
    """Marks letters of unknown fate that were found to have arrived as sent. Raises `LetterUnknown`."""
    with audited(engine) as tx:
        return outbox.decide(tx, _unknown(tx.conn, beginnings), LetterState.SENT, now)


def _held(conn: Connection, night: date) -> list[str]:
    return [letter.id for letter in outbox.listing(conn, [LetterState.HELD], night)]


def _unknown(conn: Connection, beginnings: Sequence[str]) -> list[str]:
    known = [letter.id for letter in outbox.listing(conn, [LetterState.UNKNOWN])]
    found = []
    for beginning in beginnings:
        meant = [letter for letter in known if beginning and letter.startswith(beginning)]
        if len(meant) != 1:
            raise LetterUnknown(
                f"«{beginning}»: có {len(meant)} thư «chưa rõ» bắt đầu như vậy; xem mã bằng dondoc outbox list. "
                f"({len(meant)} letters of unknown fate have an id that begins so: see dondoc outbox list.)"
            )
        found += meant
    return found
