"""The mailbox to which offices answer: the mails that nobody has taken yet, from a Maildir or over IMAP.

A mail stays where it is until it has been taken; then it counts as read, and is never removed.
"""

from __future__ import annotations

import errno
import imaplib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from dondoc.engine.errors import DonDocError, Remedy
from dondoc.notifications.delivery.imap_account import ImapAccount, ImapFault, good
from dondoc.notifications.replies.mail_reader import LARGEST

# A run takes so many; the rest waits for the next one.
MOST_AT_ONCE = 500
# How long somebody waits at a terminal for each answer of a server, in seconds.
_HASTY = 5.0


class MailboxUnreadable(DonDocError):
    """The mailbox of answers cannot be read. The text says where and why."""

    remedy = Remedy.USAGE


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A mail that waits: its bytes, cut where they are too many for any answer, and how it is marked as taken."""

    raw: bytes = field(repr=False)
    taken: Callable[[], None]


class AnswerBox(Protocol):
    """A mailbox to which offices answer."""

    def __call__(self) -> Iterator[WaitingMail]:
        """The mails that wait, at most `MOST_AT_ONCE`. Raises `MailboxUnreadable`."""

    def waiting(self) -> int:
        """How many mails wait, and that they can be marked. Changes nothing; raises `MailboxUnreadable`."""


@dataclass(frozen=True, slots=True)
class AnswerMaildir:
    """A Maildir on this machine: what waits is in `new`, what was taken in `cur`, marked as seen."""

    folder: Path

    def __call__(self) -> Iterator[WaitingMail]:
        """The mails in `new`, oldest name first; links and what is no file are passed over."""
        try:
            names = sorted(path.name for path in (self.folder / "new").iterdir())[:MOST_AT_ONCE]
            (self.folder / "cur").mkdir(exist_ok=True)
        except OSError as error:
            raise self._unreadable(error) from error
        for name in names:
            if (raw := self._read(self.folder / "new" / name)) is not None:
                yield WaitingMail(raw, partial(self._move, name))

    def waiting(self) -> int:
        """How many files are in `new`, if this account may read them and move them to `cur`."""
        try:
            found = sum(path.is_file() and not path.is_symlink() for path in (self.folder / "new").iterdir())
        except OSError as error:
            raise self._unreadable(error) from error
        cur = self.folder / "cur"
        for place in (self.folder / "new", cur if cur.exists() else self.folder):
            if not os.access(place, os.W_OK | os.X_OK):
                raise self._unreadable(PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place)))
        return found

    def _read(self, path: Path) -> bytes | None:
        if path.is_symlink() or not path.is_file():
            return None
        try:
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as mail:
                return mail.read(LARGEST + 1)
        except FileNotFoundError:
            return None  # somebody has moved it meanwhile
        except OSError as error:
            raise self._unreadable(error) from error

    def _move(self, name: str) -> None:
        try:
            (self.folder / "new" / name).replace(self.folder / "cur" / f"{name.partition(':')[0]}:2,S")
        except FileNotFoundError:
            return  # another reading has taken it
        except OSError as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: OSError) -> MailboxUnreadable:
        where, why = error.filename or self.folder, error.strerror
        return MailboxUnreadable(
            f"{where}: không đọc hay chuyển được thư trả lời ({why}); hộp thư phải là một Maildir có thư mục new, "
            "và tài khoản chạy Đôn Đốc được ghi vào đó. (Answers cannot be read or moved: the mailbox has to be a "
            "Maildir with a folder new, in which this account may write.)"
        )


@dataclass(frozen=True, slots=True)
class AnswerImap:
    """A folder on an IMAP server: what waits is unseen."""

    account: ImapAccount

    def __call__(self) -> Iterator[WaitingMail]:
        """The unseen mails, oldest first; of one that is too large only the beginning."""
        with _readable(), self.account.opened(readonly=False) as server:
            (found,) = good(server.uid("SEARCH", "UNSEEN", "UNDELETED"))
            for uid in str(found or b"", "ascii").split()[:MOST_AT_ONCE]:
                yield WaitingMail(_fetched(server, uid), partial(self._seen, server, uid))

    def waiting(self) -> int:
        """How many mails are unseen in the folder, if it is not read-only; asked with little patience."""
        with _readable(), self.account.opened(readonly=False, seconds=_HASTY) as server:
            (found,) = good(server.uid("SEARCH", "UNSEEN", "UNDELETED"))
            return len((found or b"").split())

    def _seen(self, server: imaplib.IMAP4, uid: str) -> None:
        with _readable(), self.account.asked():
            good(server.uid("STORE", uid, "+FLAGS", r"(\Seen)"))


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except ImapFault as fault:
        raise MailboxUnreadable(
            f"không đọc được hộp thư trả lời (the mailbox of answers cannot be read): {fault}"
        ) from fault


def _fetched(server: imaplib.IMAP4, uid: str) -> bytes:
    """The bytes of a mail, without marking it as seen; at most one more than an answer may have."""
    _, said = server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST + 1}>)")
    return next((bytes(piece[1]) for piece in said if isinstance(piece, tuple)), b"")
