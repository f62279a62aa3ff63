"""Letters as a browser lays them out: nothing is cut off on a telephone, and dark mode keeps its contrast."""

from __future__ import annotations

import json
import re
import subprocess
from html import escape, unescape
from pathlib import Path

import pytest

from dondoc.engine.store.db.database import connect
from dondoc.engine.store.db.schema_version import create_tables
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.browser import AXE, telephone
from tests.support.story_stage import Stage

pytestmark = pytest.mark.outside

# The browser's own window is never narrower than 500 pixels, a frame in it is.
PAGE = """<!doctype html><meta charset="utf-8"><pre id="measured"></pre>
<iframe id="frame" style="border:0;height:3000px;width:{width}px" srcdoc="{letter}"></iframe>
<script>
document.getElementById('frame').onload = event => {{
  const inside = event.target.contentWindow, page = inside.document;
  const wide = [...page.querySelectorAll('td,p,h1,h2,h3')]
    .filter(e => e.getBoundingClientRect().right > inside.innerWidth + 1)
    .map(e => e.textContent.trim().slice(0, 60));
  document.getElementById('measured').textContent = JSON.stringify({{
    page: page.documentElement.scrollWidth, window: inside.innerWidth, wide: wide,
    ink: inside.getComputedStyle(page.querySelector('h1')).color}});
}};
</script>
"""


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The HTML of every letter of two real nights, by recipient."""
    folder = tmp_path_factory.mktemp("letters")
    engine = connect(f"sqlite:///{folder / 'dondoc.db'}")
    create_tables(engine)
    with Mailsink(folder / "mails") as sink:
        stage = Stage.set(engine, sink)
        stage.night("2015-04-20")
        mails = stage.night("2015-05-07") + stage.night("2019-05-04")
    engine.dispose()
    return {f"{mail.to} {mail.subject}": mail.html for mail in mails}


def _measured(html: str, folder: Path, width: int, *, dark: bool = False) -> dict[str, object]:
    page = folder / "letter.html"
    page.write_text(PAGE.format(width=width, letter=escape(html)), "utf-8")
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={folder / 'profile'}",
        "--window-size=900,3200",
        *(["--blink-settings=preferredColorScheme=0"] if dark else []),
        "--dump-dom",
        page.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found = re.search(r'<pre id="measured">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found is not None
    measured: dict[str, object] = json.loads(unescape(found.group(1)))
    return measured


def test_nothing_is_cut_off_on_a_telephone(letters: dict[str, str], tmp_path: Path) -> None:
    """A window of 390 pixels shows every letter without scrolling sideways."""
    for name, html in letters.items():
        measured = _measured(html, tmp_path, 390)
        assert measured["window"] == 390, name
        assert measured["wide"] == [], name
        assert measured["page"] <= measured["window"], name  # type: ignore[operator]


def test_dark_mode_turns_the_ink_light(letters: dict[str, str], tmp_path: Path) -> None:
    """In dark mode the headline is light, in light mode it is dark."""
    html = next(iter(letters.values()))
    assert _measured(html, tmp_path, 760)["ink"] == "rgb(27, 40, 44)"
    assert _measured(html, tmp_path, 760, dark=True)["ink"] == "rgb(232, 238, 238)"


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: NOT run")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(letters: dict[str, str], tmp_path: Path, scheme: str) -> None:
    """Order, names and contrast of every letter, by day and by night."""
    page, found = tmp_path / "letter.html", {}
    with telephone(tmp_path) as tab:
        tab.scheme(scheme)
        for name, html in letters.items():
            page.write_text(html, "utf-8")
            tab.open(page.as_uri())
            # A letter is a part of a page: its landmarks are those of the mail program.
            said = tab.violations("region", "landmark-one-main")
            found |= {name: said} if said else {}
    assert found == {}


def test_letters_carry_no_address_to_load(letters: dict[str, str]) -> None:
    """Nothing is fetched when a letter is opened."""
    for html in letters.values():
        assert "http" not in html
