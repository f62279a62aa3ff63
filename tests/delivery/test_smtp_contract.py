"""What `dondoc.notifications.delivery.smtp` relies on inside aiosmtplib: a new version must not change it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import aiosmtplib
import pytest

from dondoc.notifications.delivery.outcome import Misconfigured
from dondoc.notifications.delivery.smtp_settings import Tls
from tests.support.certificates import certificate
from tests.support.scripted_server import DROP, Scripted, serving
from tests.support.smtp_attempts import QUICK, attempt


async def _connected(port: int) -> aiosmtplib.SMTP:
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, local_hostname="x", timeout=0.2)
    await client.connect()
    return client


def _with_client(script: Scripted, work: Callable[[aiosmtplib.SMTP], Awaitable[None]]) -> None:
    async def go() -> None:
        async with serving(script) as port:
            client = await _connected(port)
            await work(client)
            client.close()

    asyncio.run(go())


def test_contract_the_buffer_shows_what_came_too_early() -> None:
    """The rest of a packet stays in `protocol._buffer` and would be the next answer."""

    async def work(client: aiosmtplib.SMTP) -> None:
        assert client.protocol is not None
        assert (await client.execute_command(b"DATA")).code == 354
        assert bytes(client.protocol._buffer) == b"250 too early\r\n"

    _with_client(Scripted({"DATA": "354 go\n250 too early"}), work)


def test_contract_listening_can_begin_before_speaking() -> None:
    """`read_response` waits for the next answer, whoever speaks first; its ends are results and SMTP faults."""

    async def work(client: aiosmtplib.SMTP) -> None:
        assert client.protocol is not None
        listening = asyncio.ensure_future(client.protocol.read_response())
        await asyncio.sleep(0)
        client.protocol.write(b"RSET\r\n")
        answer = await listening
        assert (answer.code, answer.message) == (250, "one\ntwo")
        listening = asyncio.ensure_future(client.protocol.read_response())
        await asyncio.sleep(0)
        client.protocol.write(b"QUIT\r\n")
        with pytest.raises(aiosmtplib.SMTPServerDisconnected):
            await listening

    _with_client(Scripted({"RSET": "250-one\n250 two", "QUIT": DROP}), work)


def test_contract_a_timeout_ends_the_connection() -> None:
    """A late answer must find nobody (5.1.0 gave it to the next command)."""

    async def work(client: aiosmtplib.SMTP) -> None:
        with pytest.raises(aiosmtplib.SMTPTimeoutError):
            await client.execute_command(b"RSET", timeout=0.05)
        assert not client.is_connected

    _with_client(Scripted(delay={"RSET": 0.1}), work)


def test_contract_words_before_encryption_are_forgotten(tmp_path: Path) -> None:
    """What a stranger slips in behind `220` is not believed inside TLS (RFC 3207, 4.2; 5.1.0 believed it)."""
    server = certificate(tmp_path, "127.0.0.1")
    answers = {"EHLO": "250-scripted\n250 STARTTLS", "STARTTLS": "220 go\n250 AUTH PLAIN"}
    script = Scripted(answers, tls=server.server)
    how = replace(QUICK, tls=Tls.STARTTLS, ca_file=server.ca_file, username="u", password="p", connect_seconds=5)
    assert isinstance(attempt(script, how).outcome, Misconfigured)
    assert not any(line.startswith("AUTH") for line in script.heard)
