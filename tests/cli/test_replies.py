"""`dondoc replies`: answers are read, and what nobody understood is confirmed or dismissed by the operator."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.flows.cli.program import program
from dondoc.flows.records.audit import audit
from dondoc.flows.replies.desk import line, read_now
from dondoc.flows.replies.reading import ReadingReport
from dondoc.notifications.replies.mailboxes import AnswerMaildir
from tests.cli.test_case import COMMUNE, ROUND_1, opened
from tests.support.town import ROOT, Town, at

MONITOR = "ln.phong_ldtbxh"


class Office:
    """A town with an open case, a mailbox for answers, and the command."""

    def __init__(self, folder: Path) -> None:
        self.town: Town = opened(folder)
        case = self.town.case(ROUND_1, COMMUNE)
        assert case is not None
        self.code, self.box = case.code, folder / "answers"
        (self.box / "new").mkdir(parents=True)
        self.settings = {"DONDOC_DATABASE": f"sqlite:///{folder / 'x.db'}", "DONDOC_RULES": str(ROOT / "rules")}

    def receives(self, text: str, unit: str = COMMUNE) -> None:
        """A mail from an office's mailbox."""
        with reading(self.town.engine) as conn:
            box = select(t.mailbox.c.address).join(t.unit).where(t.unit.c.id == unit)
            mail = EmailMessage()
            mail["From"] = str(conn.scalar(box))
        mail["Subject"] = "Trả lời"
        mail.set_content(text)
        (self.box / "new" / f"{len(list(self.box.rglob('*')))}").write_bytes(mail.as_bytes())

    def reads(self) -> ReadingReport:
        """What becomes of the mails, on the morning after."""
        return read_now(self.settings, AnswerMaildir(self.box), at("2015-04-21T09:00"))

    def types(self, *words: str, **settings: str) -> Result:
        """The command as it is typed."""
        return CliRunner().invoke(program(), ["replies", *words], env=self.settings | settings)

    def waiting(self) -> list[dict[str, object]]:
        """What waits, as a program reads it."""
        found = json.loads(self.types("list", "--json").stdout)
        assert isinstance(found, list)
        return found


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """One for every test."""
    return Office(tmp_path)


def test_an_answer_is_read_once_and_said_in_a_line(office: Office) -> None:
    """By the mailbox that is typed, or that of the settings; the log stays whole."""
    office.receives(f"{office.code}: đã biết")
    (made,) = office.reads().answers
    assert line(made).vi == f"1. 21/04/2015 {COMMUNE} {office.code}: đã ghi → đã biết và sẽ xử lý"
    # The commune was merged since, and its mailbox is that of no office today.
    office.receives(f"{office.code}: xin gia hạn")
    first = office.types("read", "--maildir", str(office.box))
    assert first.exit_code == 0, first.output
    assert "chờ người vận hành (người gửi không phải hộp thư của cơ quan nào) → xin lùi hạn" in first.output
    assert "1 trả lời, 0 đã nhận từ trước, 0 thư bị trả lại, 0 thư bỏ qua" in first.output
    again = office.types("read", DONDOC_REPLIES_MAILDIR=str(office.box))
    assert "0 trả lời" in again.output
    assert office.types("list").output.endswith("1 trả lời.\n")
    assert "đã ghi" in office.types("list", "--all").output
    with reading(office.town.engine) as conn:
        assert audit(conn).flaws == ()


def test_what_waits_is_listed_with_its_doubt_its_words_and_its_proposal(office: Office) -> None:
    """As a person needs it to decide."""
    office.receives(f"{office.code}: có lẽ xin gia hạn đến 30/5/2035 vì mưa lũ")
    office.reads()
    said = office.types("list").output
    assert "chờ người vận hành (trả lời có điều kiện) → xin lùi hạn 30/05/2035" in said
    assert f"«{office.code}: có lẽ xin gia hạn đến 30/5/2035 vì mưa lũ»" in said


def test_a_proposal_is_confirmed_by_one_command_and_its_words_go(office: Office) -> None:
    """The act came by mail; the answer waits no longer."""
    office.receives(f"{office.code}: đã biết. Bao giờ có hướng dẫn?")
    office.reads()
    done = office.types("confirm", "1")
    assert done.exit_code == 0, done.output
    assert "trả lời đã biết và sẽ xử lý" in done.output
    assert office.waiting() == []
    with reading(office.town.engine) as conn:
        row = conn.execute(select(t.answer)).one()
        assert (row.state, row.text, row.act_no) == ("confirmed", "", 1)
        assert conn.scalar(select(t.act.c.door)) == "mail"
    assert office.types("confirm", "1").exit_code == 2
    with reading(office.town.engine) as conn:
        assert audit(conn).flaws == ()


def test_what_was_not_understood_needs_a_kind_and_what_is_not_tied_a_case(office: Office) -> None:
    """Each refusal says what to add; then it is recorded as corrected."""
    office.receives("Chúng tôi nhớ rồi")
    office.receives(f"{office.code} hôm qua trời mưa")
    office.receives("đã biết", MONITOR)
    office.receives(f"{office.code} trời mưa", MONITOR)
    office.reads()
    waiting = {str(one["text"]): str(one["number"]) for one in office.waiting()}
    assert len(waiting) == 4, "an office that wrote is never passed over"
    assert "--case" in office.types("confirm", waiting["đã biết"]).output
    number = waiting[f"{office.code} hôm qua trời mưa"]
    assert "--kind" in office.types("confirm", number).output
    done = office.types("confirm", number, "--kind", "acknowledged")
    assert done.exit_code == 0, done.output
    refused = office.types("confirm", waiting[f"{office.code} trời mưa"], "--kind", "explained")
    assert refused.exit_code == 2
    assert "không phải đơn vị thực hiện" in refused.output
    assert waiting[f"{office.code} trời mưa"] in {str(one["number"]) for one in office.waiting()}


def test_what_becomes_no_act_is_dismissed(office: Office) -> None:
    """Nothing of its words is kept."""
    office.receives(f"{office.code} hôm qua trời mưa")
    office.reads()
    assert office.types("dismiss", "1").exit_code == 0
    assert office.waiting() == []
    with reading(office.town.engine) as conn:
        assert conn.execute(select(t.answer.c.state, t.answer.c.text)).one() == ("dismissed", "")
    assert office.types("dismiss", "1").exit_code == 2


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        pytest.param({}, "replies_maildir", id="no mailbox is set"),
        pytest.param({"DONDOC_REPLIES_MAILDIR": "/no/such/place"}, "Maildir", id="no such folder"),
        pytest.param(
            {"DONDOC_REPLIES_MAILDIR": "x", "DONDOC_REPLIES_IMAP": "imaps://a@b/INBOX"}, "một trong hai", id="two"
        ),
        pytest.param({"DONDOC_REPLIES_IMAP": "imap://a@b/INBOX"}, "replies_password_file", id="without TLS"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_said_in_a_sentence(
    office: Office, settings: dict[str, str], says: str
) -> None:
    """What is wrong, and what to set."""
    found = office.types("read", **settings)
    assert found.exit_code == 2
    assert says in found.output
    assert "Traceback" not in found.output


def test_links_and_folders_in_the_mailbox_are_passed_over(office: Office, tmp_path: Path) -> None:
    """Nothing is read through a link."""
    (tmp_path / "secret").write_text(f"From: a@b.vn\n\n{office.code}: đã biết")
    (office.box / "new" / "link").symlink_to(tmp_path / "secret")
    (office.box / "new" / "folder").mkdir()
    assert (
        "0 trả lời, 0 đã nhận từ trước, 0 thư bị trả lại, 0 thư bỏ qua"
        in office.types("read", "--maildir", str(office.box)).output
    )
