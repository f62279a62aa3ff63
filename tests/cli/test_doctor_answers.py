"""What `dondoc doctor` says of the mailbox for answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dondoc.flows.config.settings import AnswerSettings, Settings, load
from dondoc.flows.doctor.answers import attachments, mailbox
from dondoc.flows.doctor.diagnosis import Grade
from dondoc.notifications.delivery.imap_account import ImapAccount
from dondoc.notifications.replies.mailboxes import AnswerBox, AnswerImap, AnswerMaildir
from tests.support.answering import maildir
from tests.support.ports import free_port


def given(tmp_path: Path, box: AnswerBox | None, asked: str = "") -> Settings:
    """Settings with this mailbox, whose letters ask for answers at `asked`."""
    rules = tmp_path / "rules"
    rules.mkdir()
    text = (Path(__file__).parents[2] / "rules" / "mail.yaml").read_text("utf-8")
    (rules / "mail.yaml").write_text(f"{text}\n  answers: {asked}\n" if asked else text, "utf-8")
    return replace(load({"DONDOC_RULES": str(rules)}), answers=AnswerSettings(box))


def test_without_answers_by_mail_there_is_nothing_to_say(tmp_path: Path) -> None:
    """Neither a mailbox nor letters that ask for answers there."""
    assert list(mailbox(given(tmp_path, None))) == []


def test_a_mailbox_that_is_read(tmp_path: Path) -> None:
    """How many wait; none is moved, and a link in it does not count."""
    box = maildir(tmp_path)
    (box / "new" / "1").write_text("From: a@b.vn\n\nx")
    (box / "new" / "2").symlink_to(box / "new" / "1")
    (found,) = mailbox(given(tmp_path, AnswerMaildir(box), "traloi@example.vn"))
    assert (found.grade, "traloi@example.vn: đọc được, 1 thư đang chờ" in found.said) == (Grade.GOOD, True)
    assert len(list((box / "new").iterdir())) == 2


def no_folder(tmp_path: Path) -> AnswerBox:
    """A folder that is not there."""
    return AnswerMaildir(tmp_path / "nowhere")


def empty(tmp_path: Path) -> AnswerBox:
    """One in which nothing waits."""
    return AnswerMaildir(maildir(tmp_path))


def none(_tmp_path: Path) -> None:
    """No mailbox at all."""


def no_server(_tmp_path: Path) -> AnswerBox:
    """A port at which nobody answers."""
    return AnswerImap(ImapAccount("127.0.0.1", free_port(), "traloi", "secret"))


@pytest.mark.parametrize(
    ("box", "asked", "grade", "said"),
    [
        pytest.param(no_folder, "traloi@example.vn", Grade.WRONG, "nowhere", id="no such folder"),
        pytest.param(no_server, "traloi@example.vn", Grade.WRONG, "refused", id="no such server"),
        pytest.param(empty, "", Grade.LOOK, "no letter asks", id="no letter asks"),
        pytest.param(none, "traloi@example.vn", Grade.LOOK, "nobody reads them", id="nobody reads"),
    ],
)
def test_what_is_amiss(
    tmp_path: Path, box: Callable[[Path], AnswerBox | None], asked: str, grade: Grade, said: str
) -> None:
    """With what to do, and no password."""
    (found,) = mailbox(given(tmp_path, box(tmp_path), asked))
    assert (found.grade, said in found.said, "secret" in found.said) == (grade, True, False)
    assert found.remedy


def test_a_mailbox_in_which_this_account_may_not_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its mails could not be marked as taken."""
    box = maildir(tmp_path)
    # Whoever runs the tests as root may write everywhere.
    monkeypatch.setattr("os.access", lambda place, _mode: Path(place).name != "cur")
    (found,) = mailbox(given(tmp_path, AnswerMaildir(box), "traloi@example.vn"))
    assert (found.grade, str(box / "cur") in found.said) == (Grade.WRONG, True)


def test_a_folder_of_attachments_that_others_may_read(tmp_path: Path) -> None:
    """Nothing is kept there until its rights are mended; one that is not there yet is made for us alone."""
    settings = given(tmp_path, None)
    for rights, found in ((0o755, [Grade.WRONG]), (0o700, [])):
        folder = tmp_path / f"{rights:o}"
        folder.mkdir(rights)
        folder.chmod(rights)
        kept = replace(settings, answers=AnswerSettings(attachments=folder))
        assert [one.grade for one in attachments(kept)] == found
    assert not list(attachments(replace(settings, answers=AnswerSettings(attachments=tmp_path / "new"))))
    assert not list(attachments(settings))
