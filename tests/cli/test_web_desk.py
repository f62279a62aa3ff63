"""The page `/desk` of `dondoc web`: what waits for a person, for those who run the service and for nobody else."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

import pytest

from dondoc.flows.config.desk_settings import DeskSettings
from dondoc.flows.records.desk import desk
from tests.support.town import ROOT
from tests.support.web_pages import DISTRICT, Pages, Seen, get, lucnam

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
    assert "các trang này không đọc thư" in page.words
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
