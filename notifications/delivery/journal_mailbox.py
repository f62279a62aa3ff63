"""The journal's mailbox, as a Maildir or over IMAP: which of some Message-IDs it contains."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from dondoc.notifications.delivery.imap_account import ImapAccount, ImapFault, good

_MESSAGE_ID = re.compile(rb"(?mi)^Message-ID:\s*(<[^<>\s]+>)")
_HEAD_BYTES = 65_536
_PASSES = 5
# File times may come from the clock of another machine.
_SKEW = timedelta(days=1)

# (Message-IDs, instant) -> those of them in the journal, among the mails that arrived at that instant or later.
Read = Callable[[Collection[str], datetime], frozenset[str]]


class JournalUnreadable(Exception):
    """The journal cannot be read, so it decides no letter. The text says where and why."""


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
                continue  # a mail was moved or renamed meanwhile; it must not count as absent
            except OSError as error:
                raise JournalUnreadable(f"{self.folder}: {error.strerror}") from error
        raise JournalUnreadable(f"{self.folder}: không có new, cur, hoặc đang đổi liên tục (missing or in motion)")

    def _ids(self, since: float) -> Iterator[str]:
        """`new` before `cur`: a mail moves only in that direction, so it is seen in one of them."""
        for place in ("new", "cur"):
            for path in list((self.folder / place).iterdir()):
                if path.stat().st_mtime >= since and path.is_file():
                    with path.open("rb") as mail:
                        head = mail.read(_HEAD_BYTES).partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
                    if found := _MESSAGE_ID.search(head):
                        yield found[1].decode("ascii", "replace")


@dataclass(frozen=True, slots=True)
class Imap:
    """A journal on an IMAP server, opened read-only."""

    account: ImapAccount

    def __call__(self, wanted: Collection[str], _since: datetime) -> frozenset[str]:
        """Which of the Message-IDs are there. Raises `JournalUnreadable`."""
        try:
            with self.account.opened(readonly=True) as server:
                return frozenset(one for one in wanted if _holds(server, one))
        except ImapFault as fault:
            raise JournalUnreadable(str(fault)) from fault


def _holds(server: imaplib.IMAP4, message_id: str) -> bool:
    (found,) = good(server.search(None, "HEADER", "Message-ID", f'"{message_id}"'))
    return bool(found)
