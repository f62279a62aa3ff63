"""The mailbox to which offices answer: the mails that nobody has taken yet, from a Maildir or over IMAP.

A mail stays where it is until it has been taken; then it counts as read, and is never removed.
"""

from __future__ import annotations

import imaplib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from dondoc.engine.errors import DonDocError, Remedy
from dondoc.notifications.delivery.tls import SettingsWrong, tls_context
from dondoc.notifications.replies.mail_reader import LARGEST

# A run takes so many; the rest waits for the next one.
MOST_AT_ONCE = 500
_IMAP_SECONDS = 30


class MailboxUnreadable(DonDocError):
    """The mailbox of answers cannot be read. The text says where and why."""

    remedy = Remedy.USAGE


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A mail that waits: its bytes, cut where they are too many for any answer, and how it is marked as taken."""

    raw: bytes = field(repr=False)
    taken: Callable[[], None]


# The mails that wait, at most `MOST_AT_ONCE`. Raises `MailboxUnreadable`.
AnswerBox = Callable[[], Iterator[WaitingMail]]


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
    """A folder on an IMAP server, over implicit TLS: what waits is unseen; `ca_file` as for SMTP."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    ca_file: str | None = None

    def __call__(self) -> Iterator[WaitingMail]:
        """The unseen mails, oldest first; of one that is too large only the beginning."""
        with self._asked():
            context = tls_context(self.ca_file)
            with imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=_IMAP_SECONDS) as server:
                server.login(self.username, self.password)
                _good(server.select(f'"{self.folder}"'))
                (found,) = _good(server.uid("SEARCH", "UNSEEN", "UNDELETED"))
                for uid in str(found or b"", "ascii").split()[:MOST_AT_ONCE]:
                    yield WaitingMail(_fetched(server, uid), partial(self._seen, server, uid))

    def _seen(self, server: imaplib.IMAP4, uid: str) -> None:
        with self._asked():
            _good(server.uid("STORE", uid, "+FLAGS", r"(\Seen)"))

    @contextmanager
    def _asked(self) -> Iterator[None]:
        try:
            yield
        except (imaplib.IMAP4.error, OSError, SettingsWrong) as error:
            raise MailboxUnreadable(
                f"imaps://{self.host}:{self.port}/{self.folder}: không đọc được hộp thư trả lời (the mailbox of "
                f"answers cannot be read): {error}"
            ) from error


def _fetched(server: imaplib.IMAP4, uid: str) -> bytes:
    """The bytes of a mail, without marking it as seen; at most one more than an answer may have."""
    _, said = server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST + 1}>)")
    return next((bytes(piece[1]) for piece in said if isinstance(piece, tuple)), b"")


def _good(answer: tuple[str, Sequence[bytes | None]]) -> Sequence[bytes | None]:
    """The data of an answer. Raises `imaplib.IMAP4.error` unless the server said OK."""
    said, found = answer
    if said != "OK":
        raise imaplib.IMAP4.error(b" ".join(words or b"" for words in found).decode("utf-8", "replace"))
    return found
