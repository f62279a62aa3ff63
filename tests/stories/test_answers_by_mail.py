"""Offices answer letters by mail: from the letter over real SMTP to the act, the receipt and the next night."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine, select

from dondoc.engine.domain.answers import AnswerState
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading
from dondoc.flows.data.importer import bring_in
from dondoc.flows.records.attachments import Attachments
from dondoc.flows.records.forgetting import StillNeeded, forgotten
from dondoc.flows.replies.reading import ANSWERS_A_DAY, RECEIPTS_A_DAY
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.answering import ANSWERS, BAO_DAI, BOX, OPENED, STEP_2, Post, id_of, maildir, morning
from tests.support.ready_databases import upgrade
from tests.support.story_stage import Mail, Stage, flat, hand_in, mail_to, to
from tests.support.town import at


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Stage, Mail]:
    """That morning in a file to copy from, with the letter to the commune."""
    folder = tmp_path_factory.mktemp("morning")
    engine = connect(f"sqlite:///{folder / 'x.db'}")
    upgrade(engine)
    with Mailsink(folder / "mails") as sink:
        stage = morning(engine, sink)
        letter = mail_to(stage.mails(OPENED), BOX)
    engine.dispose()
    return folder / "x.db", stage, letter


@pytest.fixture
def post(delivered: tuple[Path, Stage, Mail], sink: Mailsink, tmp_path: Path) -> Iterator[Post]:
    """That morning in a database of the test's own."""
    file, stage, letter = delivered
    shutil.copy(file, tmp_path / "own.db")
    engine = connect(f"sqlite:///{tmp_path / 'own.db'}")
    yield Post(Stage(engine, sink, stage.book), maildir(tmp_path), letter)
    engine.dispose()


@pytest.fixture
def anywhere(database: Engine, sink: Mailsink, tmp_path: Path) -> Post:
    """That morning on either database."""
    stage = morning(database, sink)
    return Post(stage, maildir(tmp_path), mail_to(stage.mails(OPENED), BOX))


def test_an_office_explains_by_mail_and_the_next_night_knows(anywhere: Post) -> None:
    """Act, receipt to the office's own mailbox, a pause, and the mail counted as read."""
    post = anywhere
    assert f"Reply-To: {ANSWERS}".encode() in post.letter.raw
    made = post.answer("Giải trình: lũ làm hỏng đường về huyện. Cam kết 5/5.\n\nTrân trọng,\nVăn thư")
    assert (made.state, made.case, made.office, made.until) == (
        AnswerState.RECORDED,
        post.code,
        BAO_DAI,
        date(2015, 5, 5),
    )
    assert [path.name for path in (post.maildir / "cur").iterdir()] == ["000000.mail:2,S"]
    post.stage.delivered(OPENED, timedelta(days=1, hours=3))
    receipt = mail_to(post.stage.mails(date(2015, 4, 21)), BOX)
    assert receipt.subject == f"Đã ghi nhận trả lời: {post.code}"
    assert (
        "Đã ghi nhận, có hiệu lực từ đêm tới: ngày 21/04/2015, UBND xã Bảo Đài giải trình và hẹn xong ngày "
        "05/05/2015: «Giải trình: lũ làm hỏng đường về huyện. Cam kết 5/5.»." in flat(receipt)
    )
    assert f"«rút lại {made.act}»" in flat(receipt)
    assert b"Auto-Submitted: auto-generated" in receipt.raw
    assert BOX not in to(post.night(STEP_2))


def test_a_link_of_the_letter_begins_an_answer_that_needs_no_letter(post: Post) -> None:
    """On a telephone the mail that it opens answers nothing: the code that stands in it ties it."""
    (link,) = set(re.findall(r"mailto:\S+(?= |$)", flat(post.letter)))
    given = parse_qs(urlsplit(link).query)
    assert urlsplit(link).path == ANSWERS
    post.says(f"{given['body'][0]}Đã biết", subject=given["subject"][0])
    (made,) = post.read().answers
    assert (made.state, made.case, made.office) == (AnswerState.RECORDED, post.code, BAO_DAI)


@pytest.mark.parametrize(
    ("text", "done_on"),
    [("Đã gửi 123/BC-UBND ngày 18/4", date(2015, 4, 18)), ("Đã gửi 123/BC-UBND", date(2015, 4, 21))],
    ids=["with its day", "without one, on the day of the mail"],
)
def test_what_was_handed_in_is_declared_by_mail_and_closes_the_case(post: Post, text: str, done_on: date) -> None:
    """As a report of that day and number."""
    made = post.answer(text)
    assert (made.state, made.done_on, made.document) == (AnswerState.RECORDED, done_on, "123/BC-UBND")
    assert BOX in to(post.night(STEP_2))
    assert "123/BC-UBND" in flat(mail_to(post.stage.mails(STEP_2), BOX))


def test_that_it_is_another_units_goes_to_whoever_follows_it_up(post: Post) -> None:
    """As any act; the office that decides on it reads so the next night."""
    made = post.answer("Việc này không thuộc trách nhiệm của xã")
    assert (made.state, made.meaning) == (AnswerState.RECORDED, "not-ours")
    sent = post.night(date(2015, 4, 22))
    assert any("đơn vị báo không thuộc trách nhiệm; chờ" in flat(mail) for mail in sent)


def test_what_was_said_is_taken_back_by_answering_the_receipt(post: Post) -> None:
    """The receipt names the words for it."""
    first = post.answer("Đã biết")
    post.stage.delivered(OPENED, timedelta(days=1, hours=3))
    receipt = mail_to(post.stage.mails(date(2015, 4, 21)), BOX)
    post.says(f"rút lại {first.act}\n\nOn Tue wrote:\n> {receipt.text[:60]}", to_letter=receipt)
    (second,) = post.read("2015-04-21T11:00").answers
    assert (second.state, second.case, second.about) == (AnswerState.RECORDED, post.code, first.act)


REFUSED = [
    ("a promise in the past", "Giải trình: mưa lũ, cam kết 20/4", "promise-passed"),
    ("more time, beyond its directive", "Xin gia hạn đến 30/5/2016 vì mưa lũ", "beyond-the-directive"),
    ("an extension without authority", "Đồng ý lùi hạn đến 30/5, văn bản số 12/UBND", "not-its-issuer"),
    ("a person's name", "Giải trình: cháu Nguyễn Văn An bị ốm, cam kết 5/5", "personal-data"),
]


@pytest.mark.parametrize(("text", "why"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_the_gate_does_not_accept_is_said_in_the_receipt(post: Post, text: str, why: str) -> None:
    """And nothing of it is kept."""
    made = post.answer(text)
    assert (made.state, made.why, made.act, made.text, made.words) == (AnswerState.REFUSED, why, None, "", "")
    assert made.receipt
    assert post.count("act") == 0


WAITS = [
    ("a day that is in no calendar", "Xin gia hạn đến 31/2", "no-such-day"),
    ("what nobody understands", "Hôm qua trời mưa", "not-understood"),
]


@pytest.mark.parametrize(("text", "why"), [row[1:] for row in WAITS], ids=[row[0] for row in WAITS])
def test_what_is_not_certain_waits_for_a_person(post: Post, text: str, why: str) -> None:
    """With its words, and a receipt that says so."""
    made = post.answer(text)
    assert (made.state, made.why, made.text) == (AnswerState.WAITING, why, text)
    assert made.receipt
    assert post.count("act") == 0


def test_nothing_personal_is_kept_of_what_waits(post: Post) -> None:
    """Neither in the words nor in the name of a file."""
    mail = EmailMessage()
    mail["From"], mail["In-Reply-To"] = post.letter.to, id_of(post.letter)
    mail.set_content("Hôm qua trời mưa\ncháu Nguyễn Văn An, 0912 345 678\nXin chỉ đạo")
    mail.add_attachment(b"x" * 10, maintype="application", subtype="zip", filename="Danh_sách_cháu_An.zip")
    post.put(mail.as_bytes())
    (made,) = post.read().answers
    assert made.text == "Hôm qua trời mưa\n…\nXin chỉ đạo"
    assert [(name, size) for name, size, _ in made.files] == [("…", 10)]


def test_attachments_are_kept_where_the_operator_wants_it(post: Post, tmp_path: Path) -> None:
    """Of an office; of a stranger nothing. Without a folder nothing is ever written."""
    kept = Attachments(tmp_path / "kept")
    for sender in (post.letter.to, "stranger@example.vn"):
        mail = EmailMessage()
        mail["From"], mail["In-Reply-To"] = sender, id_of(post.letter)
        mail.set_content("Đã biết")
        mail.add_attachment(b"x" * 10, maintype="application", subtype="zip", filename="a.zip")
        post.put(mail.as_bytes())
    made = post.read(kept=kept)
    assert (made.kept, made.unkept, [one.office for one in made.answers]) == (1, 0, [BAO_DAI, ""])
    (file,) = kept.folder.iterdir()
    assert (file.read_bytes(), file.name.partition("-")[0]) == (b"x" * 10, str(made.answers[0].number))


def test_a_mailbox_that_is_forgotten_takes_the_attachments_of_its_answers_along(
    post: Post, tmp_path: Path
) -> None:
    """Not before it may be forgotten, and nobody else's."""
    kept, sheet = Attachments(tmp_path / "kept"), tmp_path / "mailboxes.csv"
    for sender in (post.letter.to, "phongldtbxh.lucnam@example.vn"):
        mail = EmailMessage()
        mail["From"], mail["In-Reply-To"] = sender, id_of(post.letter)
        mail.set_content("Đã biết")
        mail.add_attachment(b"x", maintype="application", subtype="zip", filename="a.zip")
        post.put(mail.as_bytes())
    mine, other = (one.number for one in post.read(kept=kept).answers)
    post.stage.delivered(date(2015, 4, 22))
    with pytest.raises(StillNeeded, match="import a replacement"):
        forgotten(post.stage.engine, post.letter.to, "Công văn 12/VP", date(2015, 4, 22), kept)
    assert len(list(kept.folder.iterdir())) == 2
    sheet.write_text(
        f"unit,role,address,languages,from\n{BAO_DAI},registry,moi@example.vn,vi,2015-01-01\n", "utf-8"
    )
    assert not bring_in(post.stage.engine, sheet, at("2015-04-22T08:00")).rejects
    _, files = forgotten(post.stage.engine, post.letter.to, "Công văn 12/VP", date(2015, 4, 22), kept)
    (left,) = kept.folder.iterdir()
    assert (files, left.name.partition("-")[0], mine != other) == (1, str(other), True)


def test_the_same_mail_twice_and_the_same_words_twice(post: Post) -> None:
    """One act in all; the second mail is told that nothing changed."""
    post.says("Đã biết", to_letter=post.letter)
    raw = (post.maildir / "new" / "000000.mail").read_bytes()
    post.read()
    post.put(raw)
    assert (post.read().again, post.read().answers) == (1, [])
    again = post.answer("Đã biết", "2015-04-21T10:00")
    assert (again.state, again.act) == (AnswerState.REPEATED, 1)
    assert post.count("act") == 1


def test_a_reply_from_another_office_is_refused_and_said_to_it(post: Post) -> None:
    """Another commune answers this one's letter: its own mailbox hears that it may not."""
    post.says("Giải trình: mưa lũ, cam kết 5/5", to_letter=post.letter, sender="ubnd.bacluong.lucnam@example.vn")
    with reading(post.stage.engine) as conn:
        other = conn.execute(
            select(t.mailbox.c.address, t.unit.c.id)
            .join(t.unit)
            .where(t.unit.c.id.like("ln.ubnd_xa.%"), t.unit.c.id != BAO_DAI)
        ).first()
    assert other is not None
    post.says("Giải trình: mưa lũ, cam kết 5/5", to_letter=post.letter, sender=other.address)
    stranger, commune = post.read().answers
    assert (stranger.state, stranger.why, stranger.receipt) == (AnswerState.WAITING, "sender-unknown", "")
    assert (commune.state, commune.why, commune.office) == (AnswerState.REFUSED, "not-responsible", other.id)
    assert commune.receipt


def test_a_reply_to_a_closed_case_waits_and_changes_nothing(post: Post) -> None:
    """The case has gone; whoever answers is told that a person will look."""
    hand_in(post.stage.engine, at("2015-04-21T10:00"))
    post.night(date(2015, 4, 22))
    post.night(date(2015, 4, 23))
    made = post.answer("Xin gia hạn đến 30/5 vì mưa lũ", "2015-04-24T09:00")
    assert (made.state, made.why, made.act) == (AnswerState.WAITING, "not-known", None)
    assert made.receipt


AUTOMATIC: list[tuple[str, Callable[[Post], None]]] = [
    ("an absence note", lambda post: post.says("Đã biết", to_letter=post.letter, Auto_Submitted="auto-replied")),
    ("a null return path", lambda post: post.says("Đã biết", to_letter=post.letter, Return_Path="<>")),
    ("a stranger about nothing", lambda post: post.says("Mua hàng giá rẻ", sender="spam@example.com")),
    ("no mail at all", lambda post: post.put(b"\x00\xff" * 100)),
]


@pytest.mark.parametrize("comes", [row[1] for row in AUTOMATIC], ids=[row[0] for row in AUTOMATIC])
def test_what_no_office_wrote_is_passed_over(post: Post, comes: Callable[[Post], None]) -> None:
    """Counted in the log, answered by nobody, taken out of the way."""
    before = post.count("letter")
    comes(post)
    report = post.read()
    assert (report.answers, report.ignored.total()) == ([], 1)
    assert (post.count("answer"), post.count("letter")) == (0, before)
    assert not list((post.maildir / "new").iterdir())


@pytest.mark.parametrize(
    ("proof", "state"),
    [
        pytest.param("mx.example.vn; dmarc=pass header.from=example.vn", AnswerState.RECORDED, id="vouched for"),
        pytest.param(
            "mx.example.vn; dmarc=fail header.from=example.vn", AnswerState.WAITING, id="not vouched for"
        ),
        pytest.param(
            "evil.example.com; dmarc=pass header.from=example.vn", AnswerState.WAITING, id="another server"
        ),
        pytest.param(
            "mx.example.vn; spf=pass smtp.mailfrom=evil.example.com", AnswerState.WAITING, id="another domain"
        ),
    ],
)
def test_the_receiving_server_has_to_vouch_for_the_sender(post: Post, proof: str, state: AnswerState) -> None:
    """Where the operator named it. A sender who is not proven hears nothing."""
    domain = post.letter.to.partition("@")[2]
    post.says(
        "Đã biết", to_letter=post.letter, Authentication_Results=proof.replace("from=example.vn", f"from={domain}")
    )
    (made,) = post.read(server="mx.example.vn").answers
    assert made.state is state
    assert bool(made.receipt) is (state is AnswerState.RECORDED)


def test_a_flood_is_bounded(post: Post) -> None:
    """So many answers and receipts a day for one office; the rest is counted, and nothing earlier is lost."""
    first = post.answer("Đã biết")
    for _ in range(ANSWERS_A_DAY + 10):
        post.says("Hôm qua trời mưa", to_letter=post.letter)
    report = post.read("2015-04-21T10:00")
    assert len(report.answers) == ANSWERS_A_DAY - 1
    assert report.ignored == {"too-many": 11}
    assert sum(bool(one.receipt) for one in [first, *report.answers]) == RECEIPTS_A_DAY
    assert post.count("act") == 1


def test_two_programs_never_answer_each_other(post: Post) -> None:
    """One that answers every receipt, and says nowhere that it is a program, gets no second one."""
    post.answer("Hôm qua trời mưa")
    post.stage.delivered(OPENED, timedelta(days=1, hours=3))
    receipt = mail_to(post.stage.mails(date(2015, 4, 21)), BOX)
    post.says("Tôi đang vắng mặt", to_letter=receipt)
    (made,) = post.read("2015-04-21T11:00").answers
    assert (made.state, made.receipt) == (AnswerState.WAITING, "")


def test_a_code_in_the_words_is_enough(post: Post) -> None:
    """Without any letter that it answers: whoever writes from the office's mailbox."""
    post.says(f"{post.code.lower()}: đã biết")
    (made,) = post.read().answers
    assert (made.state, made.case) == (AnswerState.RECORDED, post.code)


def test_a_bomb_waits_for_a_person(post: Post) -> None:
    """Its head says who sent it; nothing else is read."""
    head = f"From: {post.letter.to}\r\nIn-Reply-To: {id_of(post.letter)}\r\n".encode()
    post.put(head + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' * 1_000)
    (made,) = post.read().answers
    assert (made.state, made.why, made.text) == (AnswerState.WAITING, "unreadable", "")
