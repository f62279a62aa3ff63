"""What goes over the wire, how a connection is kept, and what we rely on inside aiosmtplib."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.delivery.outcome import Outcome, Refused, Sent, Unknown
from dondoc.notifications.delivery.smtp import Sender
from dondoc.notifications.delivery.smtp_settings import SmtpSettings, Tls
from dondoc.notifications.lifecycle import Claimed
from tests.support.planned_letters import claimed, mime
from tests.support.scripted_server import DROP, SILENCE, Scripted, serving

QUICK = SmtpSettings("127.0.0.1", 0, Tls.PLAIN, hello_name="dondoc.example", dot_seconds=0.3, command_seconds=5)


async def yes() -> bool:
    """The dot may leave."""
    return True


def in_turn(
    script: Scripted, letters: list[Claimed], how: SmtpSettings = QUICK, pause: float = 0
) -> list[Outcome]:
    """Send letters one after another through one sender."""

    async def go() -> list[Outcome]:
        async with serving(script) as port, Sender(replace(how, port=port)) as sender:
            outcomes = []
            for letter in letters:
                outcomes.append(await sender.send(letter, yes))
                await asyncio.sleep(pause)
            return outcomes

    return asyncio.run(go())


TEXTS = st.lists(
    st.text(st.sampled_from([".", "a", " ", "-", "=", "5"]), max_size=8).map(lambda line: f"{line}\r\n"),
    max_size=20,
).map("".join)


@given(text=TEXTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_byte_arrives(sink: Mailsink, text: str) -> None:
    """Lines of dots, empty lines, nothing at all: the mail that is kept is the mail that was planned."""
    content = mime(text)

    async def go() -> Outcome:
        async with Sender(replace(QUICK, port=sink.port, dot_seconds=5)) as sender:
            return await sender.send(claimed(content=content), yes)

    assert isinstance(asyncio.run(go()), Sent)
    newest = max(sink.folder.glob("*/*.eml"))
    assert newest.read_bytes() == content


@pytest.mark.parametrize(
    "text",
    [
        ".\r\n",
        "..\r\n.\r\nMAIL FROM:<evil@example.org>\r\nRCPT TO:<xa@example.org>\r\nDATA\r\n.\r\n",
        "a\r\n.\r\nQUIT\r\n",
        ".",
    ],
    ids=["a lone dot", "a second mail inside", "a command inside", "no line end at all"],
)
def test_no_second_mail_can_be_smuggled_in(text: str) -> None:
    """Whatever the body says, the server sees one mail and no command of it (bare line ends cannot be planned)."""
    script = Scripted()
    content = mime(text if text.endswith("\r\n") else f"{text}\r\n")
    (outcome,) = in_turn(script, [claimed(content=content)])
    assert isinstance(outcome, Sent)
    (raw,) = script.mails
    assert re.sub(rb"(?m)^\.", b"", raw.removesuffix(b".\r\n")) == content
    assert [line.split()[0] for line in script.heard] == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


def test_the_envelope_is_said_exactly() -> None:
    """The sender that names the letter, one recipient, and the size to a server that wants to know it."""
    script = Scripted({"EHLO": "250-scripted\n250 SIZE 1000000"})
    letter = claimed()
    in_turn(script, [letter])
    assert script.heard[:3] == [
        "EHLO dondoc.example",
        f"MAIL FROM:<bounce+{letter.id}@dondoc.example> SIZE={len(letter.mime)}",
        "RCPT TO:<baodai@example.org>",
    ]


@pytest.mark.parametrize(("room", "fits"), [(0, True), (-1, False)])
def test_a_letter_as_large_as_the_server_allows_is_sent(room: int, fits: bool) -> None:  # noqa: FBT001 - a column
    """The limit is that of the letter itself (RFC 1870): one byte more is not tried."""
    letter = claimed()
    (outcome,) = in_turn(Scripted({"EHLO": f"250-scripted\n250 SIZE {len(letter.mime) + room}"}), [letter])
    assert isinstance(outcome, Sent) is fits


def test_one_connection_carries_many_letters() -> None:
    """Reset between letters, also after one that was refused, and a polite end."""
    script = Scripted()
    outcomes = in_turn(script, [claimed(), claimed(recipient="nobody"), claimed(), claimed()])
    assert [type(outcome) for outcome in outcomes] == [Sent, Refused, Sent, Sent]
    assert (script.connections, len(script.mails), script.heard.count("RSET")) == (1, 3, 3)
    assert script.heard[-1] == "QUIT"


def test_a_refused_recipient_leaves_no_trace() -> None:
    """The letter after a refusal is whole: its own recipient and nothing of the one before."""
    script = Scripted({"RCPT": "550 5.1.1 unknown"})
    assert [type(one) for one in in_turn(script, [claimed(), claimed()])] == [Refused, Refused]
    assert script.connections == 1
    said = [line.split()[0] for line in script.heard]
    assert said == ["EHLO", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "QUIT"]


@pytest.mark.parametrize(
    ("limits", "pause", "connections"),
    [({"letters_per_connection": 2}, 0.0, 2), ({"connection_seconds": 0.01}, 0.02, 4), ({}, 0.0, 1)],
    ids=["two letters each", "a moment each", "as it is"],
)
def test_a_connection_is_not_used_for_ever(limits: dict[str, float], pause: float, connections: int) -> None:
    """At most so many letters and so many seconds."""
    script = Scripted()
    how = SmtpSettings(QUICK.host, 0, Tls.PLAIN, hello_name="x", **limits)  # type: ignore[arg-type]
    in_turn(script, [claimed()] * 4, how, pause)
    assert script.connections == connections


def test_a_server_that_hung_up_meanwhile_is_asked_anew() -> None:
    """A connection that died between two letters costs neither of them anything."""
    script = Scripted({"RSET": DROP})
    assert [type(one) for one in in_turn(script, [claimed()] * 3, pause=0.05)] == [Sent, Sent, Sent]
    assert script.connections == 3


def test_a_late_answer_is_never_given_to_the_next_letter() -> None:
    """The server answers the first letter's dot after we gave up: that connection is never used again."""
    script = Scripted(delay={"DOT": 0.5})
    outcomes = in_turn(script, [claimed(), claimed()])
    assert [type(one) for one in outcomes] == [Unknown, Unknown]
    assert script.connections == 2


def test_a_refusal_in_the_middle_of_a_body_ends_the_connection() -> None:
    """That server still waits for the rest of the body: the next letter must not become it."""
    script = Scripted({"BODY": "552 5.3.4 enough"})

    async def slow() -> bool:
        await asyncio.sleep(0.2)
        return True

    async def go() -> bool:
        async with serving(script) as port, Sender(replace(QUICK, port=port)) as sender:
            assert isinstance(await sender.send(claimed(), slow), Refused)
            return sender._client is None

    assert asyncio.run(go())
    assert script.mails == []


def test_a_cancelled_letter_closes_its_connection() -> None:
    """Whoever gives up in the middle leaves nothing half-said behind."""
    script = Scripted({"DOT": SILENCE})

    async def go() -> bool:
        async with serving(script) as port, Sender(replace(QUICK, port=port, dot_seconds=60)) as sender:
            sending = asyncio.create_task(sender.send(claimed(), yes))
            while not script.mails:  # noqa: ASYNC110 - the server is what we wait for
                await asyncio.sleep(0.01)
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
            return sender._client is None

    assert asyncio.run(go())


def test_a_fault_of_the_mark_keeps_the_dot_back() -> None:
    """When nothing could be written down, nothing may leave; the fault is the caller's to see."""
    script = Scripted()

    async def broken() -> bool:
        raise RuntimeError("disk full")

    async def go() -> None:
        async with serving(script) as port, Sender(replace(QUICK, port=port)) as sender:
            with pytest.raises(RuntimeError, match="disk full"):
                await sender.send(claimed(), broken)
            assert isinstance(await sender.send(claimed(), yes), Sent)

    asyncio.run(go())
    assert (script.connections, len(script.mails)) == (2, 1)


def test_a_long_letter_is_with_the_server_before_the_dot_is_announced() -> None:
    """A megabyte does not fit into the socket's buffer; the mark waits until it has left ours."""
    left: list[int] = []

    async def go() -> Outcome:
        async with serving(Scripted()) as port, Sender(replace(QUICK, port=port, dot_seconds=5)) as sender:

            async def mark() -> bool:
                assert sender._client is not None
                assert isinstance(sender._client.transport, asyncio.WriteTransport)
                left.append(sender._client.transport.get_write_buffer_size())
                return True

            return await sender.send(claimed(content=mime("a line of it\r\n" * 400_000)), mark)

    assert isinstance(asyncio.run(go()), Sent)
    assert left == [0]
