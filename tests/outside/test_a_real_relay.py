"""A night through a real Postfix, with TLS and a password, into a real Dovecot: every letter, byte for byte."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.db.tables import letter
from dondoc.flows.config.settings import Journal
from dondoc.flows.delivery import deliver
from dondoc.flows.night import steps
from dondoc.notifications.delivery.breaker import Halt
from dondoc.notifications.delivery.imap_account import ImapAccount
from dondoc.notifications.delivery.journal_mailbox import Imap, JournalUnreadable, Maildir
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.delivery.relay import DeliveryReport
from dondoc.notifications.delivery.smtp_settings import SmtpSettings, Tls
from dondoc.notifications.letter.build import due_from
from dondoc.notifications.replies import mail_reader
from dondoc.notifications.replies.mailboxes import AnswerImap, MailboxUnreadable
from tests.outside.relay import HERE, PASSWORD, Relay, relaying
from tests.support.story_stage import Stage

pytestmark = pytest.mark.outside

NIGHT = date(2015, 4, 20)
JOURNAL = "nhatky@example.vn"


@pytest.fixture(scope="module")
def relay() -> Iterator[Relay]:
    """Both servers, for all tests of this file; each test has mailboxes of its own night."""
    with relaying() as running:
        yield running


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """A night that was judged; nothing has left yet."""
    stage = Stage.set(database, sink)
    planned = steps.plan_nights(database, NIGHT, catch_up=False)
    assert isinstance(planned, tuple)
    stage.judged(planned[-1])
    return stage


def delivered(stage: Stage, smtp: SmtpSettings, journal: Journal | None = None, hours: int = 0) -> DeliveryReport:
    """The night's delivery through the relay."""
    shift = due_from(NIGHT) + timedelta(hours=hours) - datetime.now(UTC)
    return deliver.deliver(stage.engine, stage.book.mail, smtp, lambda: datetime.now(UTC) + shift, journal)


def arrived(relay: Relay, address: str, number: int) -> list[bytes]:
    """The mails of an address, once there are so many."""
    deadline = time.monotonic() + 30
    while len(relay.kept(address)) < number:
        assert time.monotonic() < deadline, f"{address}: {len(relay.kept(address))} of {number}"
        time.sleep(0.05)
    return relay.kept(address)


def test_a_night_arrives_whole(stage: Stage, relay: Relay) -> None:
    """Below the lines that the servers add, every byte is the one that was stored; the journal is seen by nobody.

    Then an answer is lost: the journal settles that letter, read as a Maildir and by IMAP.
    """
    smtp = replace(relay.smtp, journal=JOURNAL)
    before = {row.recipient: len(relay.kept(row.recipient)) for row in _letters(stage)}
    kept = len(relay.kept(JOURNAL))
    report = delivered(stage, smtp)
    assert (report.sent, report.remaining, report.halt) == (10, 0, None), report
    for row in _letters(stage):
        newest = arrived(relay, row.recipient, before[row.recipient] + 1)
        ours = row.mime.replace(b"\r\n", b"\n")
        (mail,) = [one for one in newest if one.endswith(ours)][-1:]
        added = mail.removesuffix(ours).decode()
        assert "with ESMTPSA" in added
        assert JOURNAL not in mail.decode()
    assert len(arrived(relay, JOURNAL, kept + 10)) == kept + 10
    imap = Imap(ImapAccount(HERE, relay.imaps, "nhatky", PASSWORD, ca_file=relay.smtp.ca_file))
    for hours, read in enumerate((Maildir(relay.maildir(JOURNAL)), imap), 1):
        with writing(stage.engine) as conn:
            lost = letter.c.office == "ln.ubnd_xa.bao_dai"
            conn.execute(update(letter).where(lost).values(state=LetterState.UNKNOWN))
        again = delivered(stage, smtp, Journal(read, timedelta(minutes=15)), hours)
        assert (again.arrived, again.again, again.sent, again.journal_fault) == (1, 0, 0, "")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "wrong"}, "AUTHENTICATIONFAILED"),
        ({"ca_file": None}, "CERTIFICATE_VERIFY_FAILED"),
        ({"folder": "Elsewhere"}, "exist"),
        ({"port": 9}, "refused"),
    ],
    ids=["wrong password", "unknown authority", "no such folder", "nobody there"],
)
def test_a_journal_that_cannot_be_read_by_imap_says_nothing(
    relay: Relay, wrong: dict[str, Any], said: str
) -> None:
    """Whatever is wrong is told; no letter counts as absent for it."""
    imap = Imap(ImapAccount(HERE, relay.imaps, "nhatky", PASSWORD, ca_file=relay.smtp.ca_file))
    with pytest.raises(JournalUnreadable, match=said):
        Imap(replace(imap.account, **wrong))(["<a@example.vn>"], due_from(NIGHT))
    assert imap(["<a@example.vn>"], due_from(NIGHT)) == frozenset()


def test_answers_wait_on_a_real_imap_server_until_they_are_taken(relay: Relay) -> None:
    """Read without being marked, marked as seen once taken, and never removed."""
    answers = "traloi@example.vn"
    context = ssl.create_default_context(cafile=relay.smtp.ca_file)
    with smtplib.SMTP(relay.smtp.host, relay.smtp.port) as server:
        server.starttls(context=context)
        server.login(relay.smtp.username, relay.smtp.password)
        for words in ("Đã biết", "Xin gia hạn đến 30/5"):
            mail = EmailMessage()
            mail["From"], mail["To"], mail["Subject"] = "vt@example.vn", answers, "Trả lời"
            mail.set_content(words)
            server.send_message(mail)
    arrived(relay, answers, 2)
    box = AnswerImap(ImapAccount(HERE, relay.imaps, "traloi", PASSWORD, ca_file=relay.smtp.ca_file))
    assert box.waiting() == 2
    assert sorted(mail_reader.read(one.raw).words for one in box()) == ["Xin gia hạn đến 30/5", "Đã biết"]
    first = next(iter(waiting := box()))
    first.taken()
    waiting.close()
    (second,) = box()
    assert {mail_reader.read(first.raw).words, mail_reader.read(second.raw).words} == {
        "Xin gia hạn đến 30/5",
        "Đã biết",
    }
    assert len([*relay.maildir(answers).glob("cur/*")]) == 2
    with pytest.raises(MailboxUnreadable, match="AUTHENTICATIONFAILED"):
        list(AnswerImap(replace(box.account, password="wrong"))())


@pytest.mark.parametrize(
    "wrong",
    [{"password": "wrong"}, {"tls": Tls.PLAIN}, {"ca_file": None}],
    ids=["wrong password", "no encryption", "unknown authority"],
)
def test_a_real_relay_refuses_what_it_must(stage: Stage, relay: Relay, wrong: dict[str, object]) -> None:
    """Nothing leaves, nothing is lost, and the right settings send it all."""
    report = delivered(stage, replace(relay.smtp, **wrong))  # type: ignore[arg-type]
    assert (report.halt, report.sent, report.remaining) == (Halt.MISCONFIGURED, 0, 10), report
    assert delivered(stage, relay.smtp, hours=1).sent == 10


def test_a_real_relay_that_knows_no_such_sender_kills_no_letter(stage: Stage, relay: Relay) -> None:
    """Postfix says so at RCPT, with the code of a missing mailbox: every letter waits for the right settings.

    Five hours later Bảo Sơn has reported, and its letter is not needed any more.
    """
    report = delivered(stage, relay.strict)
    assert (report.halt, report.refused, report.remaining) == (Halt.MISCONFIGURED, 0, 10), report
    assert "Sender address rejected: User unknown" in report.message
    later = delivered(stage, relay.smtp, hours=5)
    assert (later.sent, later.answered, later.remaining) == (9, 1, 0)


def _letters(stage: Stage) -> list[Any]:
    with reading(stage.engine) as conn:
        return list(conn.execute(select(letter)))
