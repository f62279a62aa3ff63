"""Sends one letter to one mailbox over SMTP and returns the outcome; the only module that knows aiosmtplib.

The body is sent without its final dot, the end of mail data; then `mark_data_end` records that the dot is about to
be sent; then the dot is sent. After a crash before the mark the letter can be sent again, because the server
cannot have accepted it; only between the dot and its answer can its fate become unknown (RFC 1047).
"""

from __future__ import annotations

import asyncio
import re
import ssl
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Self

import aiosmtplib

from dondoc.notifications.delivery.answers import Phase
from dondoc.notifications.delivery.outcome import (
    Deferred,
    Doubtful,
    Misconfigured,
    Outcome,
    Refused,
    Sent,
    answered,
    interrupted,
    printable,
)
from dondoc.notifications.delivery.smtp_settings import SmtpSettings, Tls, is_address
from dondoc.notifications.delivery.tls import SettingsWrong, loopback, tls_context
from dondoc.notifications.lifecycle import Claimed

MarkDataEnd = Callable[[], Awaitable[bool]]
_LEADING_DOT = re.compile(rb"(?m)^\.")
_GO_AHEAD, _TOO_BIG, _CLOSING = 354, 552, 421
_GOODBYE_SECONDS = 5


class _LetterWrong(Exception):
    """The letter has an address that SMTP cannot carry."""


class Sender:
    """A connection, opened when it is needed, kept for many letters, closed after any answer out of step.

    An async context manager. One letter at a time: each worker has its own sender. `journaled`: for the current
    letter the server accepted the journal's mailbox beside the recipient.
    """

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._client: aiosmtplib.SMTP | None = None
        self._phase = Phase.CONNECT
        self._opened_at = 0.0
        self._letters = 0
        self.journaled = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None and self._client.is_connected and error is None:
            try:
                await self._client.quit(timeout=_GOODBYE_SECONDS)
            except (aiosmtplib.SMTPException, OSError):
                self._close()
        self._close()

    def _close(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None

    async def greet(self) -> Outcome | None:
        """Connect, start TLS and sign in as for a letter. None: a letter could be sent now."""
        try:
            await self._connected()
        except SettingsWrong as error:
            return Misconfigured(str(error))
        except (aiosmtplib.SMTPException, OSError) as error:
            return self._masked(_meaning(Phase.CONNECT, error))
        return None

    async def offer(self, envelope_from: str, recipient: str) -> Outcome | None:
        """Name a sender and a recipient as for a letter, and take both back. None: the server accepts them."""
        try:
            client = await self._connected()
            self._phase = Phase.MAIL
            await self._say(client, b"MAIL", b"FROM:<%s>" % _address(envelope_from))
            self._phase = Phase.RCPT
            await self._say(client, b"RCPT", b"TO:<%s>" % _address(recipient))
            await client.rset(timeout=self._settings.connect_seconds)
        except (SettingsWrong, _LetterWrong) as error:
            return Misconfigured(str(error))
        except (aiosmtplib.SMTPException, OSError) as error:
            return self._masked(_meaning(self._phase, error))
        return None

    async def send(self, letter: Claimed, mark_data_end: MarkDataEnd) -> Outcome:
        """Try to send one letter. `mark_data_end` must record durably; if it returns False, no dot is sent.

        Whatever the server does becomes the outcome. Only an exception of `mark_data_end` or a cancellation is
        raised, after the connection is closed.
        """
        try:
            outcome = self._masked(await self._attempt(letter, mark_data_end))
        except BaseException:
            self._close()
            raise
        if not _in_step(outcome):
            self._close()
        return outcome

    def _masked(self, outcome: Outcome) -> Outcome:
        """The outcome without our password, in case the server repeated it: its answer is stored and shown."""
        user, password = self._settings.username, self._settings.password
        if not password:
            return outcome
        forms = (password, *(b64encode(text.encode()).decode() for text in (password, f"\0{user}\0{password}")))
        text = outcome.text
        for form in forms:
            text = text.replace(form, "***")
        return replace(outcome, text=text)

    async def _attempt(self, letter: Claimed, mark_data_end: MarkDataEnd) -> Outcome:
        self._phase = Phase.CONNECT
        try:
            return await self._hand_over(await self._connected(), letter, mark_data_end)
        except _LetterWrong as error:
            return Refused(self._phase, None, str(error))
        except SettingsWrong as error:
            return Misconfigured(str(error))
        except (aiosmtplib.SMTPException, OSError) as error:
            return _meaning(self._phase, error)

    async def _connected(self) -> aiosmtplib.SMTP:
        """The open connection while it is usable; else a new one."""
        if self._client is not None and await self._usable(self._client):
            return self._client
        self._close()
        settings = self._settings
        plain = settings.tls is Tls.PLAIN
        client = aiosmtplib.SMTP(
            hostname=await loopback(settings) if plain else settings.host,
            port=settings.port,
            use_tls=settings.tls is Tls.IMPLICIT,
            start_tls=settings.tls is Tls.STARTTLS,
            tls_context=None if plain else tls_context(settings.ca_file),
            username=settings.username or None,
            password=settings.password or None,
            local_hostname=settings.hello_name,
            timeout=settings.connect_seconds,
        )
        await client.connect()
        self._client, self._letters, self._opened_at = client, 0, asyncio.get_running_loop().time()
        if client.is_ehlo_or_helo_needed:
            await client.ehlo()
        return client

    async def _usable(self, client: aiosmtplib.SMTP) -> bool:
        """Whether it is connected and below its limits; RSET tests the server and drops an unfinished letter."""
        age = asyncio.get_running_loop().time() - self._opened_at
        worn = age >= self._settings.connection_seconds or self._letters >= self._settings.letters_per_connection
        if worn or not client.is_connected:
            return False
        try:
            await client.rset(timeout=self._settings.connect_seconds)
        except (aiosmtplib.SMTPException, OSError):
            return False
        return True

    async def _hand_over(self, client: aiosmtplib.SMTP, letter: Claimed, mark_data_end: MarkDataEnd) -> Outcome:
        """MAIL, RCPT, DATA, body, mark, dot. Raises `SMTPResponseException` for an answer that ends it early."""
        self._letters += 1
        self._phase = Phase.MAIL
        sender, recipient = _address(letter.envelope_from), _address(letter.recipient)
        declared = _declared(client.esmtp_extensions, len(letter.mime))
        await self._say(client, b"MAIL", b"FROM:<%s>" % sender, *declared)
        self._phase = Phase.RCPT
        await self._say(client, b"RCPT", b"TO:<%s>" % recipient)
        self.journaled = await self._journal_accepted(client)
        self._phase = Phase.DATA
        go = await client.execute_command(b"DATA", timeout=self._settings.data_seconds)
        if go.code != _GO_AHEAD:
            raise aiosmtplib.SMTPResponseException(go.code, go.message)
        self._phase = Phase.BODY
        return await self._send_body(client, _LEADING_DOT.sub(b"..", letter.mime), mark_data_end)

    async def _journal_accepted(self, client: aiosmtplib.SMTP) -> bool:
        """Whether the server accepts the journal as a second recipient; if not, the letter goes without it."""
        if not self._settings.journal:
            return False
        try:
            journal = _address(self._settings.journal)
        except _LetterWrong as error:
            raise SettingsWrong(f"journal_address: {error}") from error
        answer = await client.execute_command(
            b"RCPT", b"TO:<%s>" % journal, timeout=self._settings.command_seconds
        )
        if answer.code == _CLOSING:
            raise aiosmtplib.SMTPResponseException(answer.code, answer.message)
        return answer.code // 100 == 2  # noqa: PLR2004 - the class of success

    async def _say(self, client: aiosmtplib.SMTP, *words: bytes) -> None:
        answer = await client.execute_command(*words, timeout=self._settings.command_seconds)
        if answer.code // 100 != 2:  # noqa: PLR2004 - the class of success
            raise aiosmtplib.SMTPResponseException(answer.code, answer.message)

    async def _send_body(self, client: aiosmtplib.SMTP, stuffed: bytes, mark_data_end: MarkDataEnd) -> Outcome:
        """Listen before the body is sent, so that an early answer is never taken for the answer to the dot."""
        protocol, transport = client.protocol, client.transport
        if protocol is None or not isinstance(transport, asyncio.WriteTransport):
            raise aiosmtplib.SMTPServerDisconnected("connection lost")
        # An answer that arrived together with the 354 would be read as the answer to the dot.
        if protocol._buffer:  # noqa: SLF001 - nothing public shows it; held by a contract test
            raise aiosmtplib.SMTPServerDisconnected("the server answers before it is asked")
        listening = asyncio.ensure_future(protocol.read_response())
        listening.add_done_callback(lambda task: task.cancelled() or task.exception())
        try:
            protocol.write(stuffed)
            async with asyncio.timeout(self._settings.body_seconds):
                while transport.get_write_buffer_size() and not listening.done():  # noqa: ASYNC110 - no event
                    await asyncio.sleep(0.01)
            marked = not listening.done() and await mark_data_end()
            if listening.done():
                early = await listening
                self._close()  # the server still waits for the rest of the body
                raise aiosmtplib.SMTPResponseException(early.code, early.message)
            if not marked:
                raise aiosmtplib.SMTPServerDisconnected("lease lost")
            self._phase = Phase.DATA_SENT
            protocol.write(b".\r\n")
            async with asyncio.timeout(self._settings.dot_seconds):
                last = await listening
        finally:
            listening.cancel()
        return answered(Phase.DATA_SENT, last.code, printable(last.message))


def _in_step(outcome: Outcome) -> bool:
    """Whether client and server are still in step, so that the connection may be used again."""
    if isinstance(outcome, Deferred):
        return outcome.code is not None and not outcome.whole_connection
    return isinstance(outcome, Sent | Refused | Doubtful)


def _declared(extensions: Mapping[str, str], size: int) -> tuple[bytes, ...]:
    """The SIZE parameter of MAIL, where the server knows it; raises if its limit is below `size` (RFC 1870)."""
    limit = extensions.get("size")
    if limit is None:
        return ()
    if limit.isdecimal() and 0 < int(limit) < size:
        raise aiosmtplib.SMTPResponseException(_TOO_BIG, f"5.3.4 {size} > SIZE {limit}")
    return (b"SIZE=%d" % size,)


def _meaning(phase: Phase, error: Exception) -> Outcome:
    """The outcome for a connection error or an unwelcome answer."""
    text = printable(getattr(error, "message", None) or str(error) or "no answer in time")
    if isinstance(error, aiosmtplib.SMTPConnectResponseError):
        return Deferred(Phase.CONNECT, error.code, text, whole_connection=True)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return answered(phase, error.code, text)
    untrusted = any(isinstance(each, ssl.SSLCertVerificationError) for each in (error, error.__cause__))
    # aiosmtplib raises the base class when the server lacks the STARTTLS or AUTH that we ask for.
    if untrusted or type(error) is aiosmtplib.SMTPException:
        return Misconfigured(text)
    return interrupted(phase, text)


def _address(address: str) -> bytes:
    """One ASCII address, its domain in punycode, else `_LetterWrong`; aiosmtplib would cut `a@x,b@y` to `a@x`."""
    local, _, domain = address.rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        plain = ""
    if not is_address(plain):
        raise _LetterWrong(f"địa chỉ không gửi được (not an address that can be sent to): {address!r}")
    return plain.encode("ascii")
