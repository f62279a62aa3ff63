"""The journal in a delivery: its settings, what it settles, and what the operator hears of it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.errors import Remedy
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.db.tables import event, letter
from dondoc.flows.config.settings import Journal, SettingsRefused, load
from dondoc.flows.delivery import deliver
from dondoc.flows.delivery.deliver import JournalRefused
from dondoc.flows.night import report_text
from dondoc.notifications.delivery.imap_account import ImapAccount
from dondoc.notifications.delivery.journal_mailbox import Imap, Maildir
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.delivery.relay import DeliveryReport
from dondoc.notifications.delivery.smtp_settings import SmtpSettings, Tls
from dondoc.notifications.letter.build import due_from
from tests.support.scripted_server import DROP, Scripted, played_beside
from tests.support.story_stage import Stage

NIGHT = date(2015, 4, 20)
GRACE = timedelta(minutes=15)
BOTH = {"DONDOC_JOURNAL_ADDRESS": "nhatky@example.vn", "DONDOC_JOURNAL_MAILDIR": "/var/mail/journal"}


def test_a_journal_is_an_address_and_a_place_to_read_it() -> None:
    """Both together, with a grace of fifteen minutes unless told otherwise."""
    given = load(BOTH)
    assert given.smtp.journal == "nhatky@example.vn"
    assert given.journal == Journal(Maildir(Path("/var/mail/journal")), GRACE)
    assert load({}).journal is None


def test_a_journal_elsewhere_is_read_by_imap(tmp_path: Path) -> None:
    """The password comes from a file and is in no representation."""
    (tmp_path / "password").write_text("canary\n", "utf-8")
    given = load(
        {
            "DONDOC_JOURNAL_ADDRESS": "nhatky@example.vn",
            "DONDOC_JOURNAL_IMAP": "imaps://nhatky%40example.vn@mail.example.vn/T%20h%C6%B0",
            "DONDOC_JOURNAL_PASSWORD_FILE": str(tmp_path / "password"),
        }
    )
    assert given.journal is not None
    assert given.journal.read == Imap(ImapAccount("mail.example.vn", 993, "nhatky@example.vn", "canary", "T hư"))
    assert "canary" not in repr(given)


IMAP = {"DONDOC_JOURNAL_ADDRESS": "nhatky@example.vn", "DONDOC_JOURNAL_PASSWORD_FILE": "/dev/null"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (BOTH | {"DONDOC_JOURNAL_IMAP": "imaps://a@mail.example.vn"}, "đúng một trong hai"),
        (IMAP | {"DONDOC_JOURNAL_IMAP": "imap://a@mail.example.vn"}, "imaps://"),
        (IMAP | {"DONDOC_JOURNAL_IMAP": "imaps://mail.example.vn"}, "imaps://"),
        (IMAP | {"DONDOC_JOURNAL_IMAP": "imaps://a:secret@mail.example.vn"}, "journal_password_file"),
        ({"DONDOC_JOURNAL_ADDRESS": "nhatky@example.vn"}, "journal_maildir"),
        ({"DONDOC_JOURNAL_MAILDIR": "/var/mail/journal"}, "journal_address"),
        (BOTH | {"DONDOC_JOURNAL_ADDRESS": "a@x.example,b@y.example"}, "không phải một địa chỉ"),
        (BOTH | {"DONDOC_JOURNAL_GRACE": "soon"}, "journal_grace"),
    ],
    ids=[
        "two places",
        "no encryption",
        "no account",
        "a password in the open",
        "no place",
        "no address",
        "two addresses",
        "a grace that is no number",
    ],
)
def test_half_a_journal_is_refused(given: dict[str, str], said: str) -> None:
    """Before anything is sent, with what is missing."""
    with pytest.raises(SettingsRefused, match=said) as caught:
        load(given)
    assert "secret" not in str(caught.value)


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """A night whose letters have left for their readers and for the journal; two answers were lost."""
    stage = Stage.set(database, sink)
    stage.night(NIGHT.isoformat())
    with writing(database) as conn:
        conn.execute(update(letter).values(journaled=True))
        doubtful = letter.c.office.in_(["ln.ubnd_xa.bao_dai", "ln.ubnd_xa.vo_tranh"])
        conn.execute(update(letter).where(doubtful).values(state=LetterState.UNKNOWN, dot_at=letter.c.planned_at))
    return stage


def kept(stage: Stage, maildir: Path, *, without: str) -> Path:
    """A journal that holds every letter but one."""
    for place in ("new", "cur"):
        (maildir / place).mkdir(parents=True)
    with reading(stage.engine) as conn:
        rows = conn.execute(select(letter.c.id, letter.c.mime).where(letter.c.office != without))
        for row in rows:
            (maildir / "new" / row.id).write_bytes(row.mime)
    return maildir


def delivered(stage: Stage, maildir: Path, address: str = "nhatky@example.vn") -> DeliveryReport:
    """A delivery an hour later, with the journal."""
    smtp = SmtpSettings("127.0.0.1", stage.sink.port, Tls.PLAIN, journal=address)
    now = due_from(NIGHT) + timedelta(hours=1)
    return deliver.deliver(stage.engine, stage.book.mail, smtp, lambda: now, Journal(Maildir(maildir), GRACE))


def test_what_arrived_is_settled_and_what_did_not_leaves_again(stage: Stage, tmp_path: Path) -> None:
    """One letter lies in the journal, the other does not though later ones do: it is sent in the same run."""
    maildir = kept(stage, tmp_path / "journal", without="ln.ubnd_xa.vo_tranh")
    report = delivered(stage, maildir)
    assert (report.arrived, report.again, report.sent, report.journal_fault) == (1, 1, 1, "")
    assert "Nhật ký: 1 thư chưa rõ đã tới, 1 thư sẽ gửi lại." in report_text.delivery_line(report).vi
    with reading(stage.engine) as conn:
        assert set(conn.scalars(select(letter.c.state))) == {LetterState.SENT}
        rows = conn.execute(select(event.c.kind, event.c.detail)).all()
        assert [kind for kind, detail in rows if json.loads(detail).get("by") == "journal"] == [
            "letter-sent",
            "letter-ready",
        ]


def test_a_journal_that_cannot_be_read_is_said_and_settles_nothing(stage: Stage, tmp_path: Path) -> None:
    """The delivery goes on without it; the operator is needed."""
    report = delivered(stage, tmp_path / "not-mounted")
    assert (report.arrived, report.again) == (0, 0)
    assert "Không đọc được nhật ký thư" in report_text.delivery_line(report).vi
    with reading(stage.engine) as conn:
        states = list(conn.scalars(select(letter.c.state)))
    assert states.count(LetterState.UNKNOWN) == 2


def test_a_journal_abroad_is_refused(stage: Stage, tmp_path: Path) -> None:
    """Letters go to the allowed domains only, and so does their copy."""
    with pytest.raises(JournalRefused, match="allowed_domains") as caught:
        delivered(stage, tmp_path, "journal@elsewhere.example")
    assert caught.value.remedy is Remedy.USAGE


def test_a_late_journal_changes_nothing_that_an_operator_decided(stage: Stage, tmp_path: Path) -> None:
    """Settled by hand, a letter is no longer asked about."""
    with writing(stage.engine) as conn:
        conn.execute(update(letter).where(letter.c.state == LetterState.UNKNOWN).values(state=LetterState.SENT))
    assert delivered(stage, tmp_path / "not-mounted").journal_fault == ""


def test_a_letter_of_an_earlier_run_is_not_taken_off_the_count_of_this_one(stage: Stage) -> None:
    """The journal is slow: read before the delivery it has nothing, read behind it both letters of yesterday."""
    answers = iter([frozenset[str](), None])

    def read(wanted: Collection[str], _since: datetime) -> frozenset[str]:
        answer = next(answers)
        return frozenset(wanted) if answer is None else answer

    smtp = SmtpSettings("127.0.0.1", stage.sink.port, Tls.PLAIN, journal="nhatky@example.vn")
    now = due_from(NIGHT) + timedelta(hours=1)
    report = deliver.deliver(stage.engine, stage.book.mail, smtp, lambda: now, Journal(read, GRACE))
    assert (report.arrived, report.unknown) == (2, 0)


def test_a_letter_that_a_slow_journal_lacks_behind_the_delivery_leaves_again(stage: Stage) -> None:
    """It is counted as one that was missing before the delivery is."""
    with reading(stage.engine) as conn:
        missing = conn.scalar(select(letter.c.id).where(letter.c.office == "ln.ubnd_xa.vo_tranh")) or ""
    asked: list[Collection[str]] = []

    def read(wanted: Collection[str], _since: datetime) -> frozenset[str]:
        asked.append(wanted)
        return frozenset(one for one in wanted if len(asked) > 1 and missing not in one)

    smtp = SmtpSettings("127.0.0.1", stage.sink.port, Tls.PLAIN, journal="nhatky@example.vn")
    now = due_from(NIGHT) + timedelta(hours=1)
    report = deliver.deliver(stage.engine, stage.book.mail, smtp, lambda: now, Journal(read, GRACE))
    assert (report.arrived, report.again, report.unknown) == (1, 1, 0)


def test_a_letter_whose_answer_was_lost_and_that_lies_in_the_journal_is_not_unknown(stage: Stage) -> None:
    """Both letters are sent again here, the server hangs up behind the dot, and the journal has both at once."""
    with writing(stage.engine) as conn:
        again = {"state": LetterState.READY, "dot_at": None}
        conn.execute(update(letter).where(letter.c.state == LetterState.UNKNOWN).values(again))

    def read(wanted: Collection[str], _since: datetime) -> frozenset[str]:
        return frozenset(wanted)

    now = due_from(NIGHT) + timedelta(hours=1)
    with played_beside(Scripted({"DOT": DROP})) as port:
        smtp = SmtpSettings("127.0.0.1", port, Tls.PLAIN, journal="nhatky@example.vn")
        report = deliver.deliver(stage.engine, stage.book.mail, smtp, lambda: now, Journal(read, GRACE))
    assert (report.unknown, report.arrived, report.sent) == (0, 2, 0)
