"""The journal: a mailbox of our own that every letter goes to in the same SMTP transaction, seen by no recipient.

A server takes both recipients with one answer. So a letter of unknown fate that lies in the journal was taken;
one that does not lie there was not, once enough time has passed and the journal shows that it is alive: it holds
a letter whose dot left later. Absence alone proves nothing: a mailbox may be full, late, or the wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from engine.store.database import reading, writing
from notifications import outbox
from notifications.lifecycle import LetterState, LetterStatus

_MESSAGE_ID = re.compile(rb"(?mi)^Message-ID:\s*(<[^<>\s]+>)")
_HEAD_BYTES = 65_536
_PASSES = 5
# Files may bear the time of another machine, or of a server that keeps what the sender's clock said.
_SKEW = timedelta(days=1)

# Which of some Message-IDs are in the journal, among the mails that came at that instant or later.
Read = Callable[[Collection[str], datetime], frozenset[str]]


class JournalUnreadable(Exception):
    """The journal cannot be read: nothing can be said of any letter. The text says where and why."""


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
    a row that has moved on since stays as it is. Raises `JournalUnreadable` and a `faults.DatabaseFault`.
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


@dataclass(frozen=True, slots=True)
class Maildir:
    """A journal in a Maildir on this machine, as Postfix and Dovecot deliver into it."""

    folder: Path

    def __call__(self, wanted: Collection[str], since: datetime) -> frozenset[str]:
        """Which of the Message-IDs are there. Raises `JournalUnreadable`."""
        for _ in range(_PASSES):
            try:
                return frozenset(wanted) & frozenset(self._ids((since - _SKEW).timestamp()))
            except FileNotFoundError:
                continue  # a mail was moved or renamed while we looked; it must not count as absent
            except OSError as error:
                raise JournalUnreadable(f"{self.folder}: {error.strerror}") from error
        raise JournalUnreadable(f"{self.folder}: không có new, cur, hoặc đang đổi liên tục (missing or in motion)")

    def _ids(self, since: float) -> Iterator[str]:
        """`new` before `cur`: a mail moves only that way, and so is seen in one of them."""
        for place in ("new", "cur"):
            for path in list((self.folder / place).iterdir()):
                if path.stat().st_mtime >= since and path.is_file():
                    with path.open("rb") as mail:
                        head = mail.read(_HEAD_BYTES).partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
                    if found := _MESSAGE_ID.search(head):
                        yield found[1].decode("ascii", "replace")
