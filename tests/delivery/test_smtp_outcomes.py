"""What a server does, and what becomes of the letter: real sockets, a scripted server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from time import monotonic

import pytest

from dondoc.notifications.delivery.answers import Phase, enhanced
from dondoc.notifications.delivery.outcome import (
    Deferred,
    Doubtful,
    Misconfigured,
    Outcome,
    Refused,
    Sent,
    Unknown,
    printable,
)
from tests.support.planned_letters import claimed
from tests.support.scripted_server import DROP, SILENCE, Scripted
from tests.support.smtp_attempts import QUICK, attempt, sent_to

KINDS: Mapping[str, type[Outcome]] = {
    "sent": Sent,
    "try again": Deferred,
    "refused": Refused,
    "doubted": Doubtful,
    "unknown": Unknown,
    "settings": Misconfigured,
}
# What the server does | what becomes of the letter | how far it came | whether the dot was sent
TABLE: Mapping[str, tuple[dict[str, str], str, Phase | None, bool]] = {
    "takes the letter": ({}, "sent", None, True),
    "takes it with another 2xx": ({"DOT": "252 2.0.0 will try"}, "sent", None, True),
    "receipts on several lines": ({"DOT": "250-2.0.0 queued\n250-as\n250 1"}, "sent", None, True),
    "forwards the recipient": ({"RCPT": "251 will forward"}, "sent", None, True),
    "greets with 421": ({"BANNER": "421 busy"}, "try again", Phase.CONNECT, False),
    "greets with 450": ({"BANNER": "450 busy"}, "try again", Phase.CONNECT, False),
    "greets with 554": ({"BANNER": "554 go away"}, "try again", Phase.CONNECT, False),
    "hangs up instead of greeting": ({"BANNER": DROP}, "try again", Phase.CONNECT, False),
    "never greets": ({"BANNER": SILENCE}, "try again", Phase.CONNECT, False),
    "knows no EHLO": ({"EHLO": "502 what?"}, "settings", None, False),
    "wants a password first": ({"MAIL": "530 5.7.0 authentication required"}, "settings", None, False),
    "refuses our sender": ({"MAIL": "550 5.1.8 no such sender"}, "settings", None, False),
    "defers our sender": ({"MAIL": "451 4.3.0 later"}, "try again", Phase.MAIL, False),
    "finds the letter too big": ({"MAIL": "552 5.3.4 too big"}, "refused", Phase.MAIL, False),
    "finds it too big, by the code alone": ({"MAIL": "552 exceeds our limit"}, "refused", Phase.MAIL, False),
    "finds it too big in other words": ({"MAIL": "550 5.2.3 too long"}, "refused", Phase.MAIL, False),
    "names a smaller limit": ({"EHLO": "250-scripted\n250 SIZE 20"}, "refused", Phase.MAIL, False),
    "names no limit": ({"EHLO": "250-scripted\n250 SIZE 0"}, "sent", None, True),
    "names a limit that is no number": ({"EHLO": "250-scripted\n250 SIZE much"}, "sent", None, True),
    "greylists": ({"RCPT": "450 4.2.0 greylisted, come back"}, "try again", Phase.RCPT, False),
    "has no such mailbox": ({"RCPT": "550 5.1.1 unknown"}, "refused", Phase.RCPT, False),
    "has no such mailbox, on two lines": (
        {"RCPT": "550-5.1.1 unknown\n550 5.1.1 here"},
        "refused",
        Phase.RCPT,
        False,
    ),
    "closes shop at RCPT": ({"RCPT": "421 4.3.2 closing"}, "try again", Phase.RCPT, False),
    "hangs up at RCPT": ({"RCPT": DROP}, "try again", Phase.RCPT, False),
    "is silent at RCPT": ({"RCPT": SILENCE}, "try again", Phase.RCPT, False),
    "babbles at RCPT": ({"RCPT": "hello?"}, "try again", Phase.RCPT, False),
    "talks without end": ({"RCPT": "250-" + "x" * 40_000}, "try again", Phase.RCPT, False),
    "defers DATA": ({"DATA": "451 4.3.0 later"}, "try again", Phase.DATA, False),
    "refuses DATA": ({"DATA": "554 5.5.1 no valid recipients"}, "refused", Phase.DATA, False),
    "answers DATA as if it were over": ({"DATA": "250 ok"}, "try again", Phase.DATA, False),
    "accepts before it has the letter": ({"DATA": "354 go on\n250 ok"}, "try again", Phase.BODY, False),
    "hangs up in the body": ({"BODY": DROP}, "try again", Phase.BODY, False),
    "defers in the middle of the body": ({"BODY": "451 4.3.1 disk full"}, "try again", Phase.BODY, False),
    "refuses in the middle of the body": ({"BODY": "552 5.3.4 enough"}, "refused", Phase.BODY, False),
    "says yes before the dot": ({"BODY": "250 ok"}, "try again", Phase.BODY, False),
    "defers after the dot": ({"DOT": "451 4.3.0 try later"}, "try again", Phase.DATA_SENT, True),
    "refuses after the dot": ({"DOT": "550 5.7.1 policy"}, "doubted", Phase.DATA_SENT, True),
    "calls it spam after the dot": ({"DOT": "554 5.7.1 Spam message rejected"}, "refused", Phase.DATA_SENT, True),
    "refuses our sender at RCPT": ({"RCPT": "553 5.7.1 <a@b>: Sender address rejected"}, "settings", None, False),
    "refuses without a word": ({"RCPT": "554 Access denied"}, "doubted", Phase.RCPT, False),
    "has a full mailbox": ({"RCPT": "552 5.2.2 mailbox full"}, "try again", Phase.RCPT, False),
    "closes shop after the dot": ({"DOT": "421 4.3.2 closing"}, "try again", Phase.DATA_SENT, True),
    "hangs up after the dot": ({"DOT": DROP}, "unknown", Phase.DATA_SENT, True),
    "is silent after the dot": ({"DOT": SILENCE}, "unknown", Phase.DATA_SENT, True),
    "babbles after the dot": ({"DOT": "fine"}, "unknown", Phase.DATA_SENT, True),
    "answers the dot with 354": ({"DOT": "354 more?"}, "unknown", Phase.DATA_SENT, True),
}


@pytest.mark.parametrize("does", TABLE)
def test_a_server_that(does: str) -> None:
    """Each row of the table: what it does, and what becomes of the letter."""
    answers, outcome, phase, dotted = TABLE[does]
    tried = attempt(Scripted(answers))
    assert type(tried.outcome) is KINDS[outcome], tried.outcome
    assert getattr(tried.outcome, "phase", None) is phase
    assert bool(tried.server.mails) is dotted
    assert tried.marks == dotted or "BODY" in answers, "no dot without its announcement"


@pytest.mark.parametrize(
    ("script", "whole"),
    [
        (Scripted({"BANNER": "421 busy"}), True),
        (Scripted({"RCPT": "421 closing"}), True),
        (Scripted({"RCPT": "450 4.7.1 Error: too much mail from 10.0.0.1"}), True),
        (Scripted({"RCPT": "450 greylisted"}), False),
        (Scripted({"RCPT": DROP}), False),
    ],
    ids=["busy", "closing", "too much mail", "greylisting", "hanging up on one letter"],
)
def test_some_failures_are_the_connections(script: Scripted, *, whole: bool) -> None:
    """A server that is away would be away for every letter; a greylisted one is a letter's own."""
    outcome = attempt(script).outcome
    assert isinstance(outcome, Deferred)
    assert outcome.whole_connection is whole


def test_a_command_is_waited_for_as_long_as_its_own_setting_says() -> None:
    """A connection may take longer to come about than an answer."""
    patient, began = replace(QUICK, connect_seconds=30), monotonic()
    assert isinstance(attempt(Scripted({"MAIL": SILENCE}), patient).outcome, Deferred)
    assert monotonic() - began < patient.connect_seconds


def test_without_the_mark_there_is_no_dot() -> None:
    """A relay that has lost its lease leaves the letter unfinished, so that the server forgets it."""
    tried = attempt(Scripted(), marked=False)
    assert isinstance(tried.outcome, Deferred)
    assert (tried.marks, tried.server.mails) == (1, [])


def test_nobody_listens() -> None:
    """A port where nothing is: try again, all of it."""
    outcome = asyncio.run(sent_to(replace(QUICK, port=1)))
    assert isinstance(outcome, Deferred)
    assert (outcome.phase, outcome.code, outcome.whole_connection) == (Phase.CONNECT, None, True)


@pytest.mark.parametrize(
    ("address", "kind", "said"),
    [
        ("xa@example.org", Sent, "RCPT TO:<xa@example.org>"),
        ("xa@tỉnh.example", Sent, "RCPT TO:<xa@xn--tnh-dlz.example>"),
        ("a@x.example,b@y.example", Refused, None),
        ("a@x.example)@y.example(", Refused, None),
        ("a@x.example> SIZE=1", Refused, None),
        ("xã@example.org", Refused, None),
        ("nobody", Refused, None),
        ("a@x..example", Refused, None),
    ],
)
def test_one_letter_goes_to_one_address(address: str, kind: type[Outcome], said: str | None) -> None:
    """What is not exactly one address is refused here, and nothing else than the address is said."""
    tried = attempt(Scripted(), letter=claimed(recipient=address))
    assert type(tried.outcome) is kind
    assert [line for line in tried.server.heard if line.startswith("RCPT")] == ([said] if said else [])


def test_what_a_server_says_can_be_stored_and_shown() -> None:
    """One line, nothing invisible, not without end; its code is found where there is one."""
    assert printable("5.1.1 a\r\n\0b\x1b[31m\udcff  c" + "x" * 999)[:20] == "5.1.1 a b [31m cxxxx"
    assert len(printable("x" * 999)) == 500
    assert enhanced("5.1.1 no such user") == "5.1.1"
    assert enhanced("see 10.5.1.1 or 2015") is None


def test_the_last_answer_is_stored_as_one_printable_line() -> None:
    """Whatever a server sends behind the dot is shown to the operator on a terminal."""
    outcome = attempt(Scripted({"DOT": "550 5.7.1 no\x1b[31m\tthanks\x07"})).outcome
    assert outcome == Doubtful(Phase.DATA_SENT, 550, "5.7.1 no [31m thanks")
