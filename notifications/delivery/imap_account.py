"""A folder on an IMAP server, opened over implicit TLS: the journal's, and that of the answers."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from dondoc.notifications.delivery.tls import SettingsWrong, tls_context

_SECONDS = 30


class ImapFault(Exception):
    """The folder cannot be read. The text says where and why."""


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """Where the folder is, and whose; `ca_file` as for SMTP."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    ca_file: str | None = None

    @contextmanager
    def opened(self, *, readonly: bool, seconds: float = _SECONDS) -> Iterator[imaplib.IMAP4]:
        """The server with the folder selected; each answer is awaited `seconds`. Raises `ImapFault`."""
        with self.asked():
            context = tls_context(self.ca_file)
            with imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=seconds) as server:
                server.login(self.username, self.password)
                good(server.select(f'"{self.folder}"', readonly=readonly))
                yield server

    @contextmanager
    def asked(self) -> Iterator[None]:
        """What is asked inside fails as `ImapFault`."""
        try:
            yield
        except (imaplib.IMAP4.error, OSError, SettingsWrong) as error:
            raise ImapFault(f"imaps://{self.host}:{self.port}/{self.folder}: {error}") from error


def good(answer: tuple[str, Sequence[bytes | None]]) -> Sequence[bytes | None]:
    """The data of an answer. Raises `imaplib.IMAP4.error` unless the server said OK."""
    said, found = answer
    if said != "OK":
        raise imaplib.IMAP4.error(b" ".join(words or b"" for words in found).decode("utf-8", "replace"))
    return found
