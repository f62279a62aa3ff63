"""The operator's letters: what needs a person comes first, each with what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.domain.model import ZONE, Head, Text
from dondoc.engine.domain.terms import CaseStatus, NightState
from dondoc.engine.errors import Problem
from dondoc.notifications.letter import operator_letter as letters
from dondoc.notifications.letter.mime import LetterRefused
from dondoc.notifications.letter.operator_letter import ActionItem, NightSummary, WaitingCases
from dondoc.notifications.letter.render import render
from dondoc.notifications.letter.view import LetterView
from dondoc.notifications.morning import Delivery, LetterFate, Morning, SourceStanding
from tests.unit.notifications.letter.test_letter_markup import ATTRIBUTES, PROPERTIES, TAGS, Page
from tests.unit.notifications.wording.test_words_never_used import ALLOWED, FORBIDDEN

GOLDEN = Path(__file__).parent / "golden"
NIGHT = date(2024, 1, 2)
AT, HOUR = datetime(2024, 1, 2, 2, tzinfo=ZONE), timedelta(hours=1)
BOX = "vanhanh@example.vn"
COUNTS = {"found": 8, "opened": 6, "climbed": 2, "closed": 1}
SINCE = date(2024, 1, 1)
SOURCES = (
    SourceStanding(Text("Báo cáo của huyện", "The district's reports"), AT - HOUR, 212, stale=False, failed=False),
    SourceStanding(Text("Phát sóng Tu Mơ Rông", "Broadcasts"), AT - 120 * HOUR, 16, stale=True, failed=True),
)
DOUBT = LetterFate("3f2a9c5d7e1b0000", "dl.ubnd_xa.dai_son", SINCE)
REFUSED = LetterFate("5e1b3f2a9c5d0000", "dl.ubnd_xa.dai_thanh", SINCE, passed_on=True)
BUSY = Morning(
    NIGHT,
    NIGHT,
    NightState.DEGRADED,
    delivery=Delivery(SINCE, 10, unknown=1, leaving=11, in_doubt=(DOUBT,), returned=(REFUSED,)),
    sources=SOURCES,
    names={DOUBT.office: "UBND xã Đại Sơn", REFUSED.office: "UBND xã Đại Thạnh"},
)
CALM = Morning(NIGHT, NIGHT, NightState.OK, delivery=Delivery(SINCE, 10, leaving=11), sources=SOURCES[:1])
SAID = NightSummary(BUSY, 1284, COUNTS, Head(412, "9f" * 32))
QUIET = replace(SAID, morning=CALM)
TODO = (
    ActionItem(
        Text("UBND xã Lục Sơn không có hộp thư; thư gửi tạm tới ubnd.lucnam@example.vn", "no mailbox"),
        Text("bổ sung vào mailboxes.csv rồi nạp lại", "add it and import again"),
    ),
    ActionItem(
        Text("dữ kiện 17 của quota-each chưa đánh giá được", "one fact"), Text("xem dondoc status", "look")
    ),
)
PROBLEM = Problem("luc-nam/279.yaml", 41, 7, "unknown-unit", "Không có đơn vị «ln.ubnd».", "No unit ln.ubnd.")
MAIL = MailPolicy("dondoc@example.vn", Text("Đôn Đốc", "Đôn Đốc"), "dondoc.example.vn", ("example.vn",), BOX)


def two(n: int = 2) -> LetterView:
    """The letter on a night refused for so many problems."""
    return letters.refused_rules([replace(PROBLEM, line=line) for line in range(1, n + 1)], NIGHT, BOX)


WAITING = (
    WaitingCases("279/UBND-LĐTBXH", CaseStatus.EXHAUSTED, tuple(f"LN15-{n:04d}" for n in range(1, 12))),
    WaitingCases("279/UBND-LĐTBXH", CaseStatus.WAITING, ("LN15-0012",)),
)
VIEWS = {
    "n-operator": lambda: letters.nightly(SAID, TODO, BOX),
    "q-operator-waiting": lambda: letters.nightly(replace(QUIET, waiting=WAITING), (), BOX),
    "o-operator-quiet": lambda: letters.nightly(QUIET, (), BOX),
    "p-rules-refused": two,
}


@pytest.mark.parametrize("name", VIEWS)
def test_it_reads_word_for_word_as_it_was_approved(name: str, *, update_golden: bool) -> None:
    """The plain text is compared exactly."""
    view = VIEWS[name]()
    said = f"Chủ đề: {view.subject}\n\n{render(view).text}"
    path = GOLDEN / f"{name}.txt"
    if update_golden:
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", VIEWS)
def test_it_keeps_to_the_words_and_marks_of_every_letter(name: str) -> None:
    """The same allow-lists hold; a subject stays within 90 characters."""
    view = VIEWS[name]()
    letter = render(view)
    page = Page(letter.html)
    assert (page.tags <= TAGS, page.attributes <= ATTRIBUTES, page.properties <= PROPERTIES) == (True, True, True)
    assert page.open == []
    assert FORBIDDEN.findall(ALLOWED.sub("", letter.text)) == []
    assert len(view.subject) <= 90


def test_every_thing_to_do_has_its_remedy_and_comes_before_the_night() -> None:
    """The operator reads first what he is needed for."""
    first, second, _ = letters.nightly(SAID, TODO, BOX).parts[0].sections
    assert [line.brief for line in first.lines] == ["Bổ sung vào mailboxes.csv rồi nạp lại", "Xem dondoc status"]
    assert (first.title, second.title) == ("CẦN LÀM", "ĐÊM VỪA QUA")


def test_a_night_without_trouble_asks_nothing() -> None:
    """No empty list of things to do, and every verdict is good."""
    part = letters.nightly(QUIET, (), BOX).parts[0]
    assert [section.title for section in part.sections] == ["ĐÊM VỪA QUA"]
    assert part.ask.who == "Không có việc cần làm"
    assert {line.badge.line for line in part.sections[0].lines} == {"Tốt"}


@pytest.mark.parametrize(("problems", "listed", "more"), [(1, 1, ""), (40, 40, ""), (45, 40, "và 05 lỗi khác")])
def test_up_to_forty_problems_are_named_in_their_places(problems: int, listed: int, more: str) -> None:
    """File, line and column first, as an editor takes them."""
    (section,) = two(problems).parts[0].sections
    assert len(section.lines) == listed
    assert section.lines[0].title == "luc-nam/279.yaml:1:7"
    assert section.more.startswith(more)
    assert bool(section.more) == bool(more)


def test_both_letters_of_one_night_go_to_the_operator_side_by_side() -> None:
    """The refusal and, after the rules were mended, the night itself: two letters of one office."""
    at = datetime(2024, 1, 2, 2, tzinfo=ZONE)
    said = [
        letters.planned(view(), MAIL, NIGHT, at, part)
        for view, part in ((VIEWS["n-operator"], letters.NIGHTLY), (two, letters.REFUSAL))
    ]
    assert [one.recipient for one in said] == [BOX, BOX]
    assert len({one.id for one in said}) == 2


def test_an_operator_outside_the_allowed_domains_is_refused() -> None:
    """A trial run stays at home, the operator's letter too."""
    with pytest.raises(LetterRefused):
        letters.planned(
            two(), replace(MAIL, operator="a@elsewhere.vn"), NIGHT, datetime(2024, 1, 2, tzinfo=ZONE), 2
        )
