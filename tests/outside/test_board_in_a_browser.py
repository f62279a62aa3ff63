"""The board in a real browser, on a telephone and on paper: everything is read, reached, found and filtered."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import update

from dondoc.engine.store.db.database import connect, writing
from dondoc.engine.store.db.tables import unit_name
from tests.outside.test_pages_in_a_browser import FAULTS, dark
from tests.support.board_reader import written
from tests.support.browser import AXE, Tab, telephone
from tests.support.demonstration import nights
from tests.support.town import rules

pytestmark = pytest.mark.outside
PAGES = (
    *("index.html", "ho-so.html", "don-vi.html", "van-ban.html", "thong-ke.html", "tim.html"),
    *("don-vi/ln.ubnd_huyen.html", "ho-so/ln.ubnd_xa.bao_dai.html", "van-ban/279-ubnd-ldtbxh.html"),
    *("en/index.html", "en/ho-so/ln.ubnd_xa.bao_dai.html"),
)
# Names that somebody might import: markup, very long, right to left, an emoji.
NAMES = ("<b>UBND</b> & xã", "Ủy ban nhân dân " * 19, "xã \u202eiàĐ oảB", "xã 🦊\u0301")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called there
        """Nothing."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a board below a path of a web server that knows nothing of it."""
    folder = tmp_path_factory.mktemp("site")
    engine = connect(f"sqlite:///{folder / 'x.db'}")
    for night in nights(engine):
        if f"{night}" == "2015-05-21":
            break
    with writing(engine) as conn:
        for number, name in enumerate(NAMES, 10):
            conn.execute(update(unit_name).where(unit_name.c.unit_no == number).values(name=name))
    (folder / "www" / "theo-doi").mkdir(parents=True)
    written(engine, rules(), folder / "www" / "theo-doi" / "board")
    engine.dispose()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder / "www"))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/theo-doi/board"
        server.shutdown()


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """One browser for all tests."""
    with telephone(tmp_path_factory.mktemp("browser")) as made:
        yield made


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_fault(tab: Tab, root: str, page: str, scheme: str, tmp_path: Path) -> None:
    """Names, order, sizes and contrast, by day and by night; nothing is wider than a telephone."""
    dark(tab, scheme)
    tab.open(f"{root}/{page}")
    tab.picture(tmp_path / "page.png")
    assert tab.run(FAULTS) == []


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: NOT run")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(tab: Tab, root: str, page: str, scheme: str) -> None:
    """The checker that accessibility audits use, with all its rules."""
    dark(tab, scheme)
    tab.open(f"{root}/{page}")
    assert tab.violations() == []


def test_a_leader_sees_at_once_what_is_open_and_whose_it_is(tab: Tab, root: str) -> None:
    """The headline, the first case with its unit and how late it is stand on the first screen of a telephone."""
    dark(tab, "light")
    tab.open(f"{root}/don-vi/ln.ubnd_huyen.html")
    seen = tab.run(
        "[...document.querySelectorAll('h1, .cases li:first-child *')]"
        ".filter(e => e.getBoundingClientRect().bottom < innerHeight).map(e => e.innerText).join(' ')"
    )
    assert "05 hồ sơ đang mở" in seen
    assert "UBND xã Bảo Đài" in seen
    assert "quá hạn 21 ngày làm việc" in seen


def test_it_is_walked_from_the_whole_to_a_case_by_touch(tab: Tab, root: str) -> None:
    """To the case on its unit's page, on to the unit, and into the other language."""
    tab.open(f"{root}/index.html")
    tab.click("UBND xã Bình Sơn")
    assert tab.run("location.hash") == "#LN15-0003"
    tab.click("UBND xã Bình Sơn")
    assert "/don-vi/" in tab.run("location.pathname")
    tab.click("English")
    assert tab.run("document.documentElement.lang") == "en"
    assert "/en/don-vi/" in tab.run("location.pathname")


def test_search_and_filter_find_words_with_or_without_marks(tab: Tab, root: str) -> None:
    """By what is typed on any keyboard; what is found can be opened."""
    tab.open(f"{root}/tim.html")
    tab.type("asked", "binh son")
    assert "UBND xã Bình Sơn" in tab.run("document.getElementById('found').innerText")
    tab.run("document.querySelector('#found a').click()")
    tab.settled()
    assert "UBND xã Bình Sơn" in tab.run("document.querySelector('h1').innerText")
    tab.open(f"{root}/don-vi.html")
    tab.type("filter", "Bảo Đài")
    shown = "[...document.querySelectorAll('tbody tr')].filter(e => !e.hidden).map(e => e.innerText).length"
    assert tab.run(shown) == 1


def test_everything_is_read_without_scripts_and_from_the_disk(tab: Tab, root: str, tmp_path: Path) -> None:
    """No script runs: the first page, its style and its links are the same."""
    tab.ask("Emulation.setScriptExecutionDisabled", value=True)
    try:
        tab.open(f"{root}/don-vi.html")
        assert "UBND huyện Lục Nam" in tab.run("document.body.innerText")
    finally:
        tab.ask("Emulation.setScriptExecutionDisabled", value=False)


def test_the_policy_is_enforced(tab: Tab, root: str) -> None:
    """What somebody slipped into a page would not run, load or be styled."""
    tab.open(f"{root}/index.html")
    tab.run(
        "(() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; "
        "document.body.append(s); document.body.insertAdjacentHTML('beforeend', "
        "'<p id=styled style=\"max-width:1px\">x</p>'); })()"
    )
    assert tab.run("typeof window.ran") == "undefined"
    assert tab.run("getComputedStyle(document.getElementById('styled')).maxWidth") == "none"


def test_the_first_page_is_there_in_a_second_on_a_slow_machine(tab: Tab, root: str) -> None:
    """With a processor of a quarter of the speed."""
    tab.ask("Emulation.setCPUThrottlingRate", rate=4)
    try:
        begun = monotonic()
        tab.open(f"{root}/index.html")
        timing = json.loads(tab.run("JSON.stringify(performance.getEntriesByType('navigation')[0])"))
    finally:
        tab.ask("Emulation.setCPUThrottlingRate", rate=1)
    assert timing["domContentLoadedEventEnd"] < 1_000, monotonic() - begun
