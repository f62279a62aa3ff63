"""The page `/desk` of `dondoc web`: what waits for a person, for those who run the service and for nobody else."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading, writing
from dondoc.flows.config.desk_settings import DeskSettings
from dondoc.flows.records.desk import desk
from dondoc.notifications.letter import operator_letter
from tests.support.letter_reader import Letter, letter
from tests.support.town import ROOT
from tests.support.web_pages import COMMUNE, DISTRICT, Pages, Seen, get, lucnam

TOKEN = "t0ken" * 8
HERE = "127.0.0.1"
SIGNED_IN = f"Basic {b64encode(f'an:{TOKEN}'.encode()).decode()}"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """Pages of a town in which a commune has asked for a later limit."""
    with lucnam(tmp_path_factory.mktemp("desk")) as made:
        typed = {"until": "30/04/2015", "words": "Lũ <b>lớn</b>"}
        made.opened().follow("Xin lùi hạn").send(**typed).send()
        yield made


def opened(pages: Pages, operators: DeskSettings | None, place: str = "/desk", **headers: str) -> Seen:
    """The desk, as whoever sends these headers sees it."""
    pages.desk.operators = operators
    return get(f"{pages.root}{place}", **headers)


def test_what_waits_stands_there_with_what_to_type(pages: Pages) -> None:
    """As `dondoc desk` says it, and that letters are left out; in English too, below the path of the address."""
    page = opened(pages, DeskSettings(token=TOKEN), Authorization=SIGNED_IN)
    case = pages.code()
    assert (page.status, page.read.fields) == (200, {})
    assert f"{case}: ngày 21/04/2015, UBND xã Bảo Đài xin lùi hạn đến hết ngày 30/04/2015" in page.words
    assert f"gõ dondoc case extend {case} --by {DISTRICT} --grant --until 30/04/2015" in page.words
    assert "không đọc nội dung, hộp thư và các mục mà đêm gần nhất nêu" in page.words
    assert "<b>lớn</b>" not in page.html
    english = opened(pages, DeskSettings(token=TOKEN), "/dondoc/desk?lang=en", Authorization=SIGNED_IN)
    assert "2 matters waiting." in english.words
    assert f"{DISTRICT} --refuse" in english.words


def test_it_is_what_the_command_says_without_letters(pages: Pages) -> None:
    """Row by row, in its order; the night is missing since the 21st."""
    settings = {"DONDOC_DATABASE": str(pages.town.engine.url), "DONDOC_RULES": str(ROOT / "rules")}
    every = desk(settings, pages.now)
    beside = [one for one in every if not one.code.startswith(("letters-", "delivery-", "night-items"))]
    assert list(pages.desk.waiting()) == beside
    assert [one.code for one in beside] == ["night-missing", "extension-asked"]


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[tuple[Pages, Letter]]:
    """The pages, and the operator's letter of the night, some minutes after it."""
    with lucnam(tmp_path, said="2015-04-20T02:10") as made:
        mine = (t.letter.c.office == operator_letter.OFFICE) & (t.letter.c.night == date(2015, 4, 20))
        with reading(made.town.engine) as conn:
            yield made, letter(conn.scalars(select(t.letter.c.mime).where(mine)).one())


# What a night counts of facts and cases is in its summary, which the pages do not read.
NOT_OF_THE_PAGES = ("Đã đánh giá gì?", "Hồ sơ thay đổi ra sao?")


def test_it_says_of_the_morning_what_the_operators_letter_says(morning: tuple[Pages, Letter]) -> None:
    """Question by question and word for word, with the same mark; the head is the headline of the letter."""
    made, said = morning
    page = opened(made, DeskSettings(token=TOKEN), Authorization=SIGNED_IN)
    (section,) = [one for one in said.first.sections if one.title == "ĐÊM VỪA QUA"]
    rows = [row for row in section.rows if row.title not in NOT_OF_THE_PAGES]
    assert len(rows) == 3
    assert said.first.headline in page.words
    for row in rows:
        what, _, remedy = row.brief.partition(". ")
        assert f"{row.title} {row.badge} {what}" in page.words
        assert remedy.casefold() in page.words.casefold()


def test_it_says_how_things_stand_when_it_is_opened(morning: tuple[Pages, Letter]) -> None:
    """Letters that are in doubt or came back since the letter, in words that name offices and no mailbox."""
    made, _ = morning
    with writing(made.town.engine) as conn:
        for unit, state in ((COMMUNE, LetterState.UNKNOWN), ("ln.ubnd_xa.cam_ly", LetterState.DEAD)):
            conn.execute(update(t.letter).where(t.letter.c.office == unit).values(state=state))
        key = conn.scalar(select(t.letter.c.id).where(t.letter.c.office == COMMUNE))
        boxes = conn.scalars(select(t.letter.c.recipient)).all()
    page = opened(made, DeskSettings(token=TOKEN), Authorization=SIGNED_IN)
    # No case and no night waits, and the page does not say that nothing does.
    assert "Không có gì đang chờ" not in page.words
    assert "Hộp thư nào trả thư lại? Cần làm 01: UBND xã Cẩm Lý, thư ngày 20/04/2015" in page.words
    assert "Thư nào chưa rõ đã tới hay chưa? Cần làm 01: UBND xã Bảo Đài, thư ngày 20/04/2015" in page.words
    assert f"đã tới: dondoc outbox arrived {str(key)[:12]}" in page.words
    assert [box for box in boxes if box in page.html] == []
    made.now += timedelta(days=1, hours=8)
    page = opened(made, DeskSettings(token=TOKEN), "/desk?lang=en", Authorization=SIGNED_IN)
    assert "No, for 21/04/2015; the latest that ran is 20/04/2015" in page.words


def test_before_the_first_night_it_says_what_waits(tmp_path: Path) -> None:
    """There is no morning to tell of."""
    with lucnam(tmp_path) as made:
        with writing(made.town.engine) as conn:
            conn.execute(t.night.delete())
        page = opened(made, DeskSettings(token=TOKEN), Authorization=SIGNED_IN)
    assert (page.status, "Đêm có chạy không?" in page.words) == (200, False)


BEHIND = DeskSettings("X-Remote-User", HERE)
OTHERS = [
    ("nobody, where no way in is set", None, {"Authorization": SIGNED_IN, "X_Remote_User": "an"}, 404),
    ("a visitor, where the token is asked for", DeskSettings(token=TOKEN), {}, 401),
    ("a visitor behind the proxy", BEHIND, {}, 403),
    ("another header", BEHIND, {"X_User": "an"}, 403),
    ("another machine", DeskSettings("X-Remote-User", "10.0.0.5"), {"X_Remote_User": "an"}, 403),
    (
        "a visitor who says that he is the proxy",
        DeskSettings("X-Remote-User", "10.0.0.5"),
        {"X_Remote_User": "an", "X_Forwarded_For": "10.0.0.5"},
        403,
    ),
]


@pytest.mark.parametrize(
    ("operators", "headers", "status"), [row[1:] for row in OTHERS], ids=[row[0] for row in OTHERS]
)
def test_nobody_else_reads_of_a_case(
    pages: Pages, operators: DeskSettings | None, headers: dict[str, str], status: int
) -> None:
    """One polite page, and a browser asks for the token only where there is one."""
    page = opened(pages, operators, **headers)
    assert page.status == status
    assert pages.code() not in page.html
    assert ("www-authenticate" in page.headers) is (status == 401)


def test_whom_the_proxy_has_signed_in_reads_it_and_changes_nothing(pages: Pages) -> None:
    """The proxy forwards for somebody far away; not a row more in any table."""
    before = pages.rows()
    page = opened(pages, BEHIND, X_Remote_User="an", X_Forwarded_For="203.0.113.9")
    assert (page.status, "Việc đang chờ" in page.words) == (200, True)
    assert get(f"{pages.root}/desk", "POST", X_Remote_User="an").status == 405
    assert pages.rows() == before
