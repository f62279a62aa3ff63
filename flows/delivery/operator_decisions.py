"""What the operator decides of letters that wait for him: held nights, and letters of unknown fate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.terms import LetterState
from dondoc.engine.errors import DonDocError
from dondoc.engine.store.db.database import Connection, Engine, writing
from dondoc.engine.store.night import cases as stored
from dondoc.notifications.delivery import outbox
from dondoc.notifications.lifecycle import LetterStatus


class LetterUnknown(DonDocError):
    """An id, or the beginning of one, that means no letter of unknown fate, or more than one."""


def release(engine: Engine, night: date, now: datetime) -> list[LetterStatus]:
    """Lets the held letters of a night leave at the next delivery; those it moved.

    One that has grown too old meanwhile expires there, and its readers are notified again.
    """
    with writing(engine) as conn:
        return outbox.decide(conn, _held(conn, night), LetterState.READY, now)


def drop(engine: Engine, night: date, now: datetime) -> list[LetterStatus]:
    """Gives the held letters of a night up: their readers have heard nothing, and the next night tells them."""
    with writing(engine) as conn:
        moved = outbox.decide(conn, _held(conn, night), LetterState.DROPPED, now)
        for letter in moved:
            stored.retract(conn, letter.id, now.astimezone(ZONE).date())
        return moved


def resend(engine: Engine, beginnings: Sequence[str], now: datetime) -> list[LetterStatus]:
    """Sends letters of unknown fate once more, the same bytes under the same Message-ID.

    Raises `LetterUnknown`; nothing is moved then.
    """
    with writing(engine) as conn:
        return outbox.decide(conn, _unknown(conn, beginnings), LetterState.READY, now)


def arrived(engine: Engine, beginnings: Sequence[str], now: datetime) -> list[LetterStatus]:
    """Settles letters of unknown fate that turned out to have arrived. Raises `LetterUnknown`."""
    with writing(engine) as conn:
        return outbox.decide(conn, _unknown(conn, beginnings), LetterState.SENT, now)


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
                f"({len(meant)} letters of unknown fate begin with that: see dondoc outbox list.)"
            )
        found += meant
    return found
