"""Told means that a letter left: what a mail server refuses is told again, and claimed by nobody."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from importlib import import_module

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, func, select, update

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.audit_log import agreement
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.delivery import deliver, operator_decisions
from dondoc.flows.delivery.operator_decisions import NotifiedAgain
from dondoc.flows.night import steps
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.delivery.relay import DeliveryReport
from dondoc.notifications.delivery.smtp_settings import SmtpSettings, Tls
from dondoc.notifications.letter.build import due_from
from dondoc.notifications.lifecycle import LetterStatus
from tests.support.scripted_server import USUAL, Scripted, played_beside
from tests.support.story_stage import Stage

NIGHT, NEXT = date(2015, 4, 20), date(2015, 4, 21)
MORNING = due_from(NIGHT)
OPERATOR, BAO_DAI = "vanhanh@example.vn", "ubnd.baodai.lucnam@example.vn"
DEAD_BOX = "550 5.1.1 no such mailbox"
RETRACTS = "dondoc.engine.store.migrations.versions.0017_told_by_nothing"


class Postmaster(Scripted):
    """Answers RCPT by the address; every other address is taken."""

    boxes: Mapping[str, str] = {}

    def text(self, verb: str) -> str:
        """What is said this time."""
        if verb == "RCPT":
            address = self.heard[-1].partition("<")[2].rpartition(">")[0]
            said = next((say for part, say in self.boxes.items() if part in address), None)
            return said or USUAL["RCPT"]
        return super().text(verb)


class Filter(Scripted):
    """Takes the second letter for spam, at its dot, and every other one."""

    def text(self, verb: str) -> str:
        """What is said this time."""
        return "554 5.7.1 Spam message rejected" if verb == "DOT" and len(self.mails) == 2 else super().text(verb)


def postmaster(**boxes: str) -> Postmaster:
    """A server that answers so for the mailboxes whose address begins so; `_` stands for a dot."""
    script = Postmaster()
    script.boxes = {name.replace("_", "."): said for name, said in boxes.items()}
    return script


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """The night of 20/4/2015 is judged, and no letter has left."""
    stage = Stage.set(database, sink)
    stage.judged(Night(NIGHT, steps.cutoff_of(NIGHT)))
    return stage


def delivered(stage: Stage, script: Scripted, at: datetime = MORNING) -> DeliveryReport:
    """One delivery to that server."""
    with played_beside(script) as port:
        # One connection, because the postmaster looks at the last line that it has heard.
        smtp = SmtpSettings("127.0.0.1", port, Tls.PLAIN, connections=1, command_seconds=2, dot_seconds=2)
        return deliver.deliver(stage.engine, stage.book.mail, smtp, lambda: at)


def told(stage: Stage) -> int:
    """How many notices stand."""
    with reading(stage.engine) as conn:
        return conn.scalar(select(func.count()).where(t.notice.c.untold_on.is_(None))) or 0


def states(stage: Stage) -> dict[LetterState, int]:
    """How many letters are in each state, the empty ones left out."""
    with reading(stage.engine) as conn:
        return {state: n for state, n in outbox.counts(conn).items() if n}


def cut_off(stage: Stage) -> None:
    """The district's mailbox lies outside the domains that letters may go to."""
    moved = update(t.mailbox).where(t.mailbox.c.address == "ubnd.lucnam@example.vn")
    with writing(stage.engine) as conn:
        conn.execute(moved.values(address="ubnd.lucnam@elsewhere.example"))


def dead_one(stage: Stage) -> LetterStatus:
    """The commune's own letter, which its mailbox refused."""
    with reading(stage.engine) as conn:
        (dead,) = [
            one
            for one in outbox.listing(conn, [LetterState.DEAD])
            if "bao_dai" in one.office and one.fallback_of is None
        ]
    return dead


def notified_on(stage: Stage, day: date) -> set[str]:
    """The mailboxes that a server which takes everything gets letters of that night for."""
    stage.judged(Night(day, steps.cutoff_of(day)))
    delivered(stage, Scripted(), due_from(day))
    with reading(stage.engine) as conn:
        return {one.recipient for one in outbox.listing(conn, [LetterState.SENT], day)}


def test_a_sender_refused_at_rcpt_costs_no_letter_and_no_notice(stage: Stage) -> None:
    """As Postfix does it: nothing is dead, the operator's own letter included, and all leave when it is right."""
    before, planned = told(stage), sum(states(stage).values())
    refused = Scripted({"RCPT": "553 5.7.1 <bounce@x>: Sender address rejected: not owned by user"})
    assert delivered(stage, refused).halt == "misconfigured"
    assert (states(stage), told(stage)) == ({LetterState.READY: planned}, before)
    later = delivered(stage, Scripted(), MORNING + timedelta(hours=5))
    # Bảo Sơn has reported meanwhile.
    assert (later.sent, later.answered, later.remaining) == (planned - 1, 1, 0)


def test_the_operators_letter_leaves_first(stage: Stage) -> None:
    """However slow the server is, whoever has to act hears first."""
    script = Scripted()
    delivered(stage, script)
    first = next(line for line in script.heard if line.startswith("RCPT"))
    assert OPERATOR in first


def test_a_substitute_that_expires_untells_the_office_that_never_got_the_letter(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """The commune's mailbox is dead, that of its district full for three days: nobody was told, and is now."""
    before = told(stage)
    server = {"ubnd_baodai": DEAD_BOX, "ubnd_lucnam": "452 4.2.2 mailbox full"}
    delivered(stage, postmaster(**server))
    assert told(stage) == before, "the substitute is on its way"
    late = MORNING + timedelta(days=4)
    with caplog.at_level(logging.INFO, "dondoc"):
        assert delivered(stage, Scripted(), late).expired >= 1
    assert told(stage) < before
    with reading(stage.engine) as conn:
        expired = {one.id for one in outbox.listing(conn, [LetterState.EXPIRED])}
    noted = [vars(record)["fields"] for record in caplog.records if record.message == "letter-expired"]
    assert {fields["letter"] for fields in noted} == expired, "the log names them"
    assert BAO_DAI in notified_on(stage, date(2015, 4, 27))


def test_a_letter_whose_substitutes_all_die_was_told_to_nobody(stage: Stage) -> None:
    """Its mailbox and the operator's are refused, the body above cannot be written to: the next night notifies."""
    before = told(stage)
    cut_off(stage)
    delivered(stage, postmaster(ubnd_baodai=DEAD_BOX, vanhanh=DEAD_BOX))
    assert told(stage) < before
    assert BAO_DAI in notified_on(stage, NEXT)


def test_refused_for_its_content_a_letter_has_no_substitute(stage: Stage) -> None:
    """The same bytes would be refused wherever they go: it is dead, and its readers count as not notified."""
    planned, before = sum(states(stage).values()), told(stage)
    delivered(stage, Filter())
    assert states(stage) == {LetterState.SENT: planned - 1, LetterState.DEAD: 1}
    assert told(stage) < before


def test_a_body_above_outside_our_domains_does_not_end_the_delivery(stage: Stage) -> None:
    """The substitute then goes to the operator, and every other letter leaves as ever."""
    cut_off(stage)
    script = postmaster(ubnd_baodai=DEAD_BOX)
    report = delivered(stage, script)
    assert (report.refused, report.remaining) == (1, 0)
    assert not any("elsewhere" in line for line in script.heard)
    assert sum(OPERATOR in line for line in script.heard if line.startswith("RCPT")) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"recipient": "elsewhere@example.vn"}, "hộp thư nhận không như trong sổ"),
        ({"recipient": "somebody@evil.example"}, "ngoài allowed_domains"),
        ({"mime": b"Subject: other\r\n\r\nother\r\n"}, "nội dung không như trong sổ"),
        ({"id": "f" * 32}, "thư không có trong sổ"),
    ],
    ids=["another recipient", "a foreign domain", "other bytes", "a letter that no night planned"],
)
def test_a_letter_changed_in_the_database_does_not_leave(
    stage: Stage, change: dict[str, object], said: str
) -> None:
    """Whoever may write there sends nothing in our name; every other letter leaves, and a person is told."""
    planned = sum(states(stage).values())
    with writing(stage.engine) as conn:
        conn.execute(update(t.letter).where(t.letter.c.recipient == BAO_DAI).values(change))
    script = Scripted()
    report = delivered(stage, script)
    assert (report.sent, report.remaining, report.failed) == (planned - 1, 1, True)
    assert said in report.broken[0]
    with reading(stage.engine) as conn:
        (again,) = conn.scalars(select(t.letter.c.next_at).where(t.letter.c.state == LetterState.READY))
    assert again >= MORNING + timedelta(hours=2), "a person needs hours for it"
    assert not any("elsewhere" in line or "evil" in line for line in script.heard)
    with reading(stage.engine) as conn:
        assert len(list(agreement.differences(conn))) >= 1


def test_a_dead_letter_is_sent_again_when_its_mailbox_is_right(stage: Stage) -> None:
    """By the operator's word, byte for byte; its notices stand again, and the next night says nothing twice."""
    before = told(stage)
    cut_off(stage)
    delivered(stage, postmaster(ubnd_baodai=DEAD_BOX, vanhanh=DEAD_BOX))
    dead = dead_one(stage)
    operator_decisions.resend(stage.engine, [dead.id[:12]], MORNING + timedelta(hours=5))
    delivered(stage, Scripted(), MORNING + timedelta(hours=10))
    with reading(stage.engine) as conn:
        assert outbox.statuses(conn, [dead.id])[dead.id].state is LetterState.SENT
    assert told(stage) == before
    assert BAO_DAI not in notified_on(stage, NEXT)


def test_a_dead_letter_that_a_later_night_told_again_is_not_sent_again(stage: Stage) -> None:
    """It would say to the same office twice what it has heard since."""
    cut_off(stage)
    delivered(stage, postmaster(ubnd_baodai=DEAD_BOX, vanhanh=DEAD_BOX))
    dead = dead_one(stage)
    notified_on(stage, date(2015, 4, 22))
    with pytest.raises(NotifiedAgain, match="22/04/2015 đã báo lại"):
        operator_decisions.resend(stage.engine, [dead.id], MORNING + timedelta(days=2))


@pytest.mark.long
def test_what_a_letter_of_an_earlier_version_said_in_vain_is_told_again(stage: Stage) -> None:
    """Dead, with no fallback that left, and still told: an upgrade retracts it, and the next night tells it."""
    delivered(stage, postmaster(ubnd_baodai=DEAD_BOX))
    with writing(stage.engine) as conn:
        conn.execute(update(t.letter).where(t.letter.c.fallback_of.is_not(None)).values(state=LetterState.DEAD))
    with writing(stage.engine) as conn:
        conn.execute(update(t.notice).values(untold_on=None))
    before = told(stage)
    with writing(stage.engine) as conn, Operations.context(MigrationContext.configure(conn)):
        import_module(RETRACTS).upgrade()
    with reading(stage.engine) as conn:
        lost = conn.execute(
            select(t.notice.c.night, t.letter.c.recipient, t.notice.c.untold_on)
            .join(t.letter, t.letter.c.id == t.notice.c.letter)
            .where(t.notice.c.untold_on.is_not(None))
        ).all()
    assert {(row.recipient, row.untold_on) for row in lost} == {(BAO_DAI, NEXT)}
    assert told(stage) == before - len(lost)
    assert BAO_DAI in {mail.to for mail in stage.night(NEXT.isoformat())}
