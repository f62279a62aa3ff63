"""The pages of `dondoc web` in a real browser, as wide as a telephone: all can be read, reached and sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dondoc.flows.config.desk_settings import DeskSettings
from tests.support.browser import Tab, telephone
from tests.support.web_pages import DISTRICT, Pages, lucnam

pytestmark = pytest.mark.outside

# What an accessibility checker asks of such a page: names, order, sizes of what is touched, and contrast.
FAULTS = """(() => {
  const found = [];
  const shown = e => e.getClientRects().length > 0;
  if (!document.documentElement.lang) found.push('no language');
  if (!document.title.trim()) found.push('no title');
  if (document.querySelectorAll('h1').length !== 1) found.push('not one h1');
  if (document.querySelectorAll('main').length !== 1) found.push('not one main');
  if (document.documentElement.scrollWidth > innerWidth) found.push('wider than the window');
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) found.push('an id twice');
  for (const e of document.querySelectorAll('input:not([type=hidden]),select,textarea')) {
    if (!e.labels.length) found.push('no label: ' + e.name);
    if (parseFloat(getComputedStyle(e).fontSize) < 16) found.push('zooms in: ' + e.name);
  }
  for (const e of document.querySelectorAll('main li a,button,input:not([type=hidden]),select,textarea')) {
    if (shown(e) && e.getBoundingClientRect().height < 44) found.push('too low: ' + e.outerHTML.slice(0, 60));
  }
  for (const e of document.querySelectorAll('a')) if (!e.innerText.trim()) found.push('a link without words');
  const light = c => {
    const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = e => {
    for (let one = e; one; one = one.parentElement) {
      const c = getComputedStyle(one).backgroundColor;
      if (!c.endsWith(', 0)')) return c;
    }
    return 'rgb(255,255,255)';
  };
  for (const e of document.querySelectorAll('p,dt,dd,h1,h2,li,a,button,label,span,strong,input,select,textarea')) {
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
    if (shown(e) && (a + 0.05) / (b + 0.05) < 4.5) found.push('too pale: ' + e.outerHTML.slice(0, 60));
  }
  return found;
})()"""


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """One browser for all tests."""
    with telephone(tmp_path_factory.mktemp("browser")) as made:
        yield made


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Pages]:
    """Pages of one test."""
    with lucnam(tmp_path) as made:
        yield made


def faults(tab: Tab) -> list[object]:
    """What is wrong with the page that is open: by our own rules, and by those of accessibility audits."""
    return [*tab.run(FAULTS), *tab.violations()]


def dark(tab: Tab, scheme: str) -> None:
    """Whether the telephone asks for dark pages."""
    tab.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_office_answers_on_a_telephone(tab: Tab, pages: Pages, scheme: str) -> None:
    """From the link to the record by touch alone; each page on the way has no fault, by day and by night."""
    dark(tab, scheme)
    tab.open(pages.address())
    assert faults(tab) == []
    tab.click("Xin lùi hạn")
    assert faults(tab) == []
    tab.run("document.getElementById('until').value = '2015-04-30'")
    tab.type("words", "Lũ làm hỏng đường về huyện, xã đang tổng hợp số liệu của 12 thôn")
    tab.click("Xem lại trước khi gửi")
    assert "xin lùi hạn đến hết ngày 30/04/2015" in tab.run("document.body.innerText")
    assert faults(tab) == []
    tab.click("Sửa")
    assert tab.run("document.getElementById('words').value").startswith("Lũ làm hỏng")
    tab.click("Xem lại trước khi gửi")
    tab.click("Gửi")
    assert "Đã ghi nhận, số 1" in tab.run("document.body.innerText")
    assert faults(tab) == []
    assert pages.events() == ["act-recorded"]


def test_a_report_is_declared_on_a_telephone(tab: Tab, pages: Pages) -> None:
    """Its day and its number; what else there is to say may stay empty."""
    dark(tab, "light")
    tab.open(pages.address())
    tab.click("Đã gửi báo cáo")
    assert faults(tab) == []
    tab.run("document.getElementById('done_on').value = '2015-04-18'")
    tab.type("document", "12/BC-UBND")
    tab.click("Xem lại trước khi gửi")
    tab.click("Gửi")
    assert "báo đã gửi ngày 18/04/2015 (văn bản 12/BC-UBND)" in tab.run("document.body.innerText")
    assert pages.events() == ["act-recorded"]


def test_a_unit_is_chosen_on_a_telephone(tab: Tab, tmp_path: Path) -> None:
    """A district has one of its offices do a report: from a list as long as the district has units below it."""
    dark(tab, "light")
    with lucnam(tmp_path, "2024-01-02", "2024-01-02T09:00", "46-ct-hu/yearly-budget") as pages:
        tab.open(pages.address("dl.ubnd_huyen", "dl.ubnd_huyen", "2024-01-02"))
        tab.click("Phân công cấp dưới thực hiện")
        assert faults(tab) == []
        tab.run("document.getElementById('to').value = 'dl.phong_ldtbxh'")
        tab.click("Xem lại trước khi gửi")
        assert "phân công Phòng Lao động" in tab.run("document.body.innerText")
        tab.click("Gửi")
        assert pages.events() == ["act-recorded"]


def test_refusals_are_as_easy_to_read(tab: Tab, pages: Pages) -> None:
    """A fault in a form, a link that is none, and the page of the office above."""
    dark(tab, "light")
    tab.open(f"{pages.address(DISTRICT)}/extension-granted")
    tab.run("document.querySelectorAll('[required]').forEach(e => e.required = false)")
    tab.click("Xem lại trước khi gửi")
    assert "Chưa nhận được" in tab.run("document.body.innerText")
    assert faults(tab) == []
    tab.open(f"{pages.root}/c/x.y.z")
    assert faults(tab) == []


def test_the_desk_is_read_on_a_telephone(tab: Tab, pages: Pages) -> None:
    """With its token, which the browser sends; a command is broken into lines rather than cut off."""
    dark(tab, "light")
    pages.opened().follow("Xin lùi hạn").send(until="30/04/2015", words="Lũ").send()
    pages.desk.operators = DeskSettings(token=(token := "t0ken" * 8))
    tab.open(f"{pages.root.replace('//', f'//an:{token}@')}/desk")
    said = tab.run("document.body.innerText")
    assert f"gõ dondoc case extend {pages.code()}" in said
    assert "Đêm có chạy không?" in said
    assert faults(tab) == []


def test_the_browser_enforces_the_policy(tab: Tab, pages: Pages) -> None:
    """The page's style is applied; a script or picture that somebody slipped in would not run or load."""
    tab.open(pages.address())
    assert tab.run("getComputedStyle(document.querySelector('main')).maxWidth") == "640px"
    tab.run(
        "(() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; "
        "document.body.append(s); document.body.insertAdjacentHTML('beforeend', "
        "'<p id=styled style=\"max-width:1px\">x</p>'); })()"
    )
    assert tab.run("typeof window.ran") == "undefined"
    assert tab.run("getComputedStyle(document.getElementById('styled')).maxWidth") == "none"
    assert tab.run("document.cookie") == ""
