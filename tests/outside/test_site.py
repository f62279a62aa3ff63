"""The documentation as a site: its links lead somewhere, it fetches nothing from elsewhere, it can be searched."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from html import unescape
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest

from tests.support.town import ROOT

pytestmark = pytest.mark.outside

LANGUAGES = ("vi", "en")
# What a page loads, and what it only leads to.
LOADED = {"src", "srcset", "poster", "data"}
LOADING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "preconnect", "dns-prefetch", "manifest"}

# The browser's clock waits for the server and not for a worker: `/pause` lets the search take its time.
PROBE = """<!doctype html><meta charset="utf-8"><pre id="measured"></pre>
<iframe id="frame" style="border:0;height:900px;width:390px" src="{page}"></iframe>
<script>
const pause = () => fetch('/pause?' + Math.random());
window.onload = async () => {{
  const inside = document.getElementById('frame').contentWindow, page = inside.document;
  const roots = () => [page, ...[...page.querySelectorAll('*')].map(e => e.shadowRoot).filter(Boolean)];
  let root, field;
  const wide = page.documentElement.scrollWidth;
  for (let i = 0; i < 50 && !page.querySelector('.md-search__button'); i++) await pause();
  page.querySelector('.md-search__button').click();
  for (let i = 0; i < 50 && !field; i++) {{
    await pause();
    root = roots().find(each => each.querySelector('input[role=combobox], input[type=text]'));
    field = root && root.querySelector('input[role=combobox], input[type=text]');
  }}
  Object.getOwnPropertyDescriptor(inside.HTMLInputElement.prototype, 'value').set.call(field, {words});
  field.dispatchEvent(new inside.Event('input', {{bubbles: true}}));
  const links = () => [...root.querySelectorAll('a[href*=".html"]')].map(each => each.href);
  for (let i = 0; i < 50 && root !== page && !links().length; i++) await pause();
  document.getElementById('measured').textContent = JSON.stringify({{
    wide, found: links(), loaded: inside.performance.getEntriesByType('resource').map(each => each.name)}});
}};
</script>
"""


class Served(SimpleHTTPRequestHandler):
    """The site, and a page that takes a tenth of a second."""

    def do_GET(self) -> None:
        """Answer; `/pause` late and with nothing."""
        if self.path.startswith("/pause"):
            time.sleep(0.1)
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Elements(HTMLParser):
    """Every start tag of a page, with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.found.append((tag, {name: value or "" for name, value in attrs}))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both languages, built as `make docs` builds them."""
    folder = tmp_path_factory.mktemp("docs") / "site"
    runpy.run_path(str(ROOT / "docs" / "make_site.py"))["build"](folder)
    return folder


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """The address at which the site is served meanwhile."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Served, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@lru_cache(maxsize=128)
def elements(page: Path) -> list[tuple[str, dict[str, str]]]:
    """What stands in a built page."""
    return Elements(page.read_text("utf-8")).found


def test_every_page_is_built(site: Path) -> None:
    """A page for each Markdown file, and the choice of a language before them."""
    for language in LANGUAGES:
        for page in (ROOT / "docs" / language).rglob("*.md"):
            name = page.relative_to(ROOT / "docs").with_suffix(".html").as_posix().replace("README", "index")
            assert (site / name).is_file(), name
    assert {f"{language}/index.html" for language in LANGUAGES} <= {
        found.get("href") for _, found in elements(site / "index.html")
    }


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    """No font, style, script, picture or frame of a page or a style sheet has an address of its own."""
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 50
    for page in pages:
        for tag, found in elements(page):
            loading = tag == "link" and set(found.get("rel", "").split()) & LOADING_LINKS
            for name in LOADED | ({"href"} if loading else set()):
                assert not re.match(r"(\w+:)?//", found.get(name, "")), f"{page}: {found[name]}"
            # The theme's script would fetch what these need.
            assert not {"mermaid", "glightbox"} & set(found.get("class", "").split()), page
            assert found.get("data-md-component") != "source", page
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*[\"']?(https?:)?//", sheet.read_text("utf-8")), sheet


def test_every_link_within_the_site_leads_somewhere(site: Path) -> None:
    """To a file of the site, and to a place in it where one is named."""
    for page in site.rglob("*.html"):
        for tag, found in elements(page):
            link = urlsplit(found.get("href") or found.get("src") or "")
            if tag == "base" or link.scheme or not (link.path or link.fragment):
                continue
            target = (page.parent / unquote(link.path)).resolve() if link.path else page
            assert target.is_file(), f"{page.relative_to(site)}: {link.geturl()}"
            if link.fragment and target.suffix == ".html":
                assert unquote(link.fragment) in {each.get("id") for _, each in elements(target)}, link.geturl()


def test_a_page_leads_to_itself_in_the_other_language(site: Path) -> None:
    """The switch keeps the reader on the page; where the other language has none it leads to the first."""
    for page, other in [
        ("vi/operating.html", "en/operating.html"),
        ("en/states.html", "vi/states.html"),
        ("en/decisions/0001-durable-rules.html", "vi/index.html"),
    ]:
        (link,) = (found["href"] for _, found in elements(site / page) if found.get("class") == "dd-language")
        assert (site / page).parent.joinpath(link).resolve() == site / other


@pytest.mark.parametrize(
    ("page", "words", "hit"),
    [
        ("vi/first-night.html", "quá hạn", "/vi/first-night.html"),
        ("vi/index.html", "sao lưu", "/vi/operating.html"),
        ("en/index.html", "heartbeat", "/en/operating.html"),
    ],
)
def test_a_reader_finds_a_page_on_a_telephone(site: Path, tmp_path: Path, page: str, words: str, hit: str) -> None:
    """Words of the reader's language find pages of that language; nothing is loaded from another machine."""
    measured = probed(site, tmp_path, page, words)
    assert measured["wide"] <= 390
    assert any(hit in found for found in measured["found"]), measured["found"]
    other = {"vi": "/en/", "en": "/vi/"}[page[:2]]
    assert not [found for found in measured["found"] if other in found]
    assert measured["loaded"]
    assert not [name for name in measured["loaded"] if not name.startswith("http://127.0.0.1:")]


def probed(site: Path, folder: Path, page: str, words: str) -> dict[str, Any]:
    """What a browser 390 pixels wide makes of a page, and what it finds for some words."""
    (site / "probe.html").write_text(PROBE.format(page=quote(page), words=json.dumps(words)), "utf-8")
    with serving(site) as address:
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
            "--window-size=900,1200",
            "--virtual-time-budget=60000",
            "--dump-dom",
            f"{address}/probe.html",
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    (site / "probe.html").unlink()
    found = re.search(r'<pre id="measured">(.+?)</pre>', done.stdout, re.DOTALL)
    assert found is not None, done.stderr
    measured: dict[str, Any] = json.loads(unescape(found[1]))
    return measured
