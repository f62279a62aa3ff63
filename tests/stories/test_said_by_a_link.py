"""What was said by a link: the office hears of it by a receipt, and takes it back for one working day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from dondoc.engine.domain.acts import ActKind, Door
from dondoc.engine.domain.answers import AnswerState
from dondoc.engine.domain.mail_policy import Brake
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading
from dondoc.flows.records.acts import Said, recorded
from dondoc.flows.replies.link_receipts import RECEIPTS_A_DAY, plan_receipts
from dondoc.flows.replies.reading import take_answers
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.letter.build import due_from
from dondoc.notifications.replies.mailboxes import AnswerMaildir
from tests.stories.test_assigned_tasks import assigned
from tests.support.answering import BOX, Post, maildir
from tests.support.ready_databases import upgrade
from tests.support.story_stage import Mail, Stage, flat, hand_in, mail_to
from tests.support.town import Town, at, letters
from tests.support.web_pages import BASE, COMMUNE, DISTRICT, ROUND_1, Pages, Seen, get, lucnam

SAID, NEXT_DAY = "2015-04-21T09:00", "2015-04-22T09:00"


@dataclass
class Morning:
    """The pages of Lục Nam, and the mails that leave from there."""

    pages: Pages
    stage: Stage
    folder: Path

    def receipts(self, when: str = SAID, box: str = BOX) -> list[Mail]:
        """The receipts that leave at an instant, to a mailbox."""
        now = at(when)
        plan_receipts(self.stage.engine, self.stage.book, self.pages.desk.links, now)
        self.stage.delivered(now.date(), now - due_from(now.date()))
        mails = self.stage.mails(now.date())
        return [one for one in mails if one.to.startswith(box) and "qua liên kết" in one.subject]

    def says(self, form: str, office: str = COMMUNE, **typed: str) -> Seen:
        """Somebody says something by the link of an office."""
        return self.pages.opened(office).follow(form).send(**typed).send()

    def back(self, receipt: Mail) -> Seen:
        """What the link of a receipt leads to."""
        (link,) = set(re.findall(rf"{re.escape(BASE)}/c/\S+taken-back\?about=\d+(?!\S)", receipt.text))
        return get(link.replace(BASE, self.pages.root))

    def kinds(self) -> list[str]:
        """What is on record, in order."""
        with reading(self.stage.engine) as conn:
            return [kind.value for kind in conn.scalars(select(t.act.c.kind).order_by(t.act.c.no))]


@pytest.fixture
def morning(tmp_path: Path, sink: Mailsink) -> Iterator[Morning]:
    """After the night of 20 April."""
    with lucnam(tmp_path) as pages:
        # One commune's news is much of a town's, and no night is held for it.
        book = pages.town.book
        pages.town.book = replace(book, mail=replace(book.mail, brake=Brake()))
        yield Morning(pages, Stage(pages.town.engine, sink, pages.town.book), tmp_path)


def test_the_office_hears_what_was_said_by_its_link_and_takes_it_back_there(morning: Morning) -> None:
    """Once, with what, when, and how; opening its link changes nothing, and the act stays on record."""
    morning.says("Giải trình và hẹn ngày", until="2015-05-05", words="Lũ hỏng đường")
    (receipt,) = morning.receipts()
    said = flat(receipt)
    assert receipt.subject == f"Đã ghi nhận trả lời qua liên kết: {morning.pages.code()}"
    for words in (
        "ngày 21/04/2015, UBND xã Bảo Đài giải trình và hẹn xong ngày 05/05/2015: «Lũ hỏng đường».",
        "Trả lời lúc 09 giờ 00 ngày 21/04/2015",
        "rút lại đến hết ngày 22/04/2015",
        "trả lời thư này «rút lại 1», hoặc dùng liên kết dưới đây",
    ):
        assert words in said
    assert len(morning.receipts("2015-04-21T11:00")) == 1, "the one that was there"
    form = morning.back(receipt)
    assert "Rút lại trả lời số 1" in form.words
    assert morning.kinds() == ["explained"]
    assert "Đã ghi nhận, số 2" in form.send().send().words
    assert morning.kinds() == ["explained", "taken-back"]
    assert len(morning.receipts("2015-04-21T12:00")) == 2, "that it was taken back is said too"


def test_the_office_takes_it_back_by_answering_the_receipt(morning: Morning) -> None:
    """Whoever holds the mailbox needs no link."""
    morning.says("Đã biết, sẽ xử lý")
    (receipt,) = morning.receipts()
    post = Post(morning.stage, maildir(morning.folder), receipt)
    post.says("Rút lại 1", to_letter=receipt)
    box = AnswerMaildir(post.maildir)
    (made,) = take_answers(morning.stage.engine, morning.stage.book, box, "", at("2015-04-21T10:00")).answers
    assert (made.state, made.case, made.office) == (AnswerState.RECORDED, morning.pages.code(), COMMUNE)
    assert morning.kinds() == ["acknowledged", "taken-back"]


def test_a_report_that_closed_the_case_is_taken_back_and_the_case_goes_on(morning: Morning) -> None:
    """Under its number, and whoever was told that it is closed hears that it is not."""
    code = morning.pages.code()
    morning.says("Đã gửi báo cáo", document="12/BC-UBND", done_on="2015-04-20")
    (receipt,) = morning.receipts()
    morning.pages.night("2015-04-22")
    assert morning.pages.town.case(ROUND_1, COMMUNE) is None
    morning.pages.now = at(NEXT_DAY)
    form = morning.back(receipt)
    assert "đã đóng ngày 22/04/2015" in form.words
    review = form.send()
    done = review.send()
    assert "Đã ghi nhận, số 2" in done.words
    assert morning.kinds() == ["done", "taken-back", "reopened"]
    assert review.send().status == 200, "sent again, it is what was recorded"
    assert morning.kinds() == ["done", "taken-back", "reopened"]
    morning.pages.night("2015-04-23")
    case = morning.pages.town.case(ROUND_1, COMMUNE)
    assert case is not None
    assert (case.code, case.closed_on) == (code, None)
    morning.stage.delivered(date(2015, 4, 23))
    told = flat(mail_to(morning.stage.mails(date(2015, 4, 23)), BOX))
    assert "mở lại hồ sơ: «rút lại trả lời số 1»" in told


def test_a_limit_that_somebody_else_extended_moves_back(morning: Morning) -> None:
    """To the day before the night that knows it: nobody is accused of days that he could not know of."""
    # The district hears of the case on 7 May.
    morning.pages.night("2015-05-07")
    morning.pages.now = at("2015-05-07T09:00")
    morning.says("Cho lùi hạn", DISTRICT, until="2015-05-29", document="9/UBND")
    morning.pages.night("2015-05-08")
    assert limits(morning) == (date(2015, 5, 29), date(2015, 4, 19))
    back = Said(morning.pages.code(), ActKind.TAKEN_BACK, DISTRICT, about=1)
    recorded(morning.stage.engine, morning.stage.book, back, at("2015-05-08T16:00"), Door.COMMAND)
    morning.pages.night("2015-05-09")
    assert limits(morning) == (date(2015, 5, 8), date(2015, 4, 19))
    morning.pages.night("2015-05-11")
    assert limits(morning) == (date(2015, 5, 8), date(2015, 4, 19))


def limits(morning: Morning) -> tuple[date | None, date | None]:
    """The limit of the commune's case, and its first one."""
    case = morning.pages.town.case(ROUND_1, COMMUNE)
    assert case is not None
    return case.last_day, case.task.first_limit


def test_what_is_taken_back_after_the_end_is_no_news(morning: Morning) -> None:
    """The unit has heard that its case closed; that it knew of it is taken back, and it hears nothing more."""
    morning.says("Đã biết, sẽ xử lý")
    address = morning.pages.address()
    hand_in(morning.stage.engine, at("2015-04-21T10:00"))
    morning.pages.night("2015-04-22")
    morning.pages.now = at(NEXT_DAY)
    get(address).follow("Rút lại trả lời số 1").send().send()
    assert morning.kinds() == ["acknowledged", "taken-back"]
    assert COMMUNE not in letters(morning.pages.town, "2015-04-23")


def test_so_does_the_limit_of_an_assigned_task(tmp_path: Path) -> None:
    """As its assignment has it; a correction that came later stands."""
    engine = connect(f"sqlite:///{tmp_path / 'x.db'}")
    upgrade(engine)
    town = Town(engine, assigned()).founded_here()
    row = {"ref": "GV-1", "issuer": DISTRICT}
    town.is_assigned(COMMUNE, "assigned", "2015-04-19", "2015-04-01T09:00", **row)
    letters(town, "2015-04-20")
    (case,) = town.cases()
    extends = Said(case.code, ActKind.EXTENSION_GRANTED, DISTRICT, until=date(2015, 5, 15), document="5/UBND")
    recorded(engine, town.book, extends, at(SAID), Door.LINK)
    letters(town, "2015-04-22")
    assert town.cases()[0].last_day == date(2015, 5, 15)
    back = Said(case.code, ActKind.TAKEN_BACK, DISTRICT, about=1)
    recorded(engine, town.book, back, at(NEXT_DAY), Door.COMMAND)
    for day in ("2015-04-23", "2015-04-24"):
        letters(town, day)
        assert town.cases()[0].last_day == date(2015, 4, 22)
    town.is_assigned(COMMUNE, "assigned", "2015-05-05", "2015-04-24T09:00", **row)
    letters(town, "2015-04-25")
    assert town.cases()[0].last_day == date(2015, 5, 5)
    engine.dispose()


def test_whoever_holds_a_link_cannot_flood_its_office(morning: Morning) -> None:
    """Twenty receipts a day and no more."""
    code = morning.pages.code()
    for number in range(1, RECEIPTS_A_DAY + 4):
        known = Said(code, ActKind.ACKNOWLEDGED, COMMUNE, words=str(number))
        what = known if number % 2 else Said(code, ActKind.TAKEN_BACK, COMMUNE, about=number - 1)
        recorded(morning.stage.engine, morning.stage.book, what, at(SAID), Door.LINK)
    assert len(morning.receipts()) == RECEIPTS_A_DAY
