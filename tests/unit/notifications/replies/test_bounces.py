"""Which letter did not arrive, and why, by the mails of mail servers; and which mails say nothing of the kind."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.notifications.delivery.answers import About, Phase, about
from dondoc.notifications.replies.bounces import bounced
from dondoc.notifications.replies.mail_reader import read
from tests.unit.notifications.replies.bounce_mails import BOX, FOR_GOOD, ID, NOT_FOR_GOOD


@pytest.mark.parametrize("name", FOR_GOOD)
def test_a_report_that_is_for_good(name: str) -> None:
    """Which letter, which mailbox, which code and which words; and nobody takes it for an answer."""
    raw, code, said = FOR_GOOD[name]
    made = bounced(raw.encode())
    assert made is not None
    assert (made.letters, BOX in made.recipients, made.code) == ((ID,), True, code)
    assert said in made.text
    assert read(raw.encode()).automatic is not None


@pytest.mark.parametrize("name", NOT_FOR_GOOD)
def test_a_mail_that_says_nothing_of_the_kind(name: str) -> None:
    """A letter that may still arrive, has arrived, or is none of ours."""
    assert bounced(NOT_FOR_GOOD[name].encode()) is None


WHOM = {
    "Postfix, no such mailbox": About.RECIPIENT,
    "Exchange Online": About.RECIPIENT,
    "Exchange 2003, a status and no words": About.RECIPIENT,
    "Exchange in Vietnamese, over a full mailbox": About.FULL,
    "Gmail, refused as spam": About.LETTER,
    "Zimbra, an account that was closed": About.RECIPIENT,
    "qmail": About.RECIPIENT,
    "MDaemon": About.RECIPIENT,
}


@pytest.mark.parametrize("name", WHOM)
def test_whom_a_report_is_about(name: str) -> None:
    """By the words that are read of the answers of servers."""
    made = bounced(FOR_GOOD[name][0].encode())
    assert made is not None
    assert about(Phase.RCPT, made.code, made.text) is WHOM[name]


@given(st.binary(max_size=3000), st.integers(0, 3000))
def test_no_bytes_are_too_odd(noise: bytes, place: int) -> None:
    """Whatever stands in the middle of a report, it is read, or is none."""
    raw = FOR_GOOD["Postfix, no such mailbox"][0].encode()
    made = bounced(raw[:place] + noise + raw[place:])
    assert made is None or set(made.letters) >= {ID} or made.letters


@pytest.mark.parametrize("piece", ["Status: ", "---- copy\n", "550 ", "user ", "a@b.", "bounce+", "X:\n "])
def test_no_report_takes_long(piece: str) -> None:
    """Half a line a hundred thousand times."""
    raw = FOR_GOOD["qmail"][0].encode() + piece.encode() * 100_000
    start = time.process_time()
    bounced(raw)
    assert time.process_time() - start < 2
