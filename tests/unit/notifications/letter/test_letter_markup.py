"""The HTML keeps to what mail programs show, and says what the plain text says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from html.parser import HTMLParser

import pytest

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Outcome, Section
from dondoc.notifications.digest import Digest
from dondoc.notifications.letter.render import MAX_BYTES, finish
from tests.support.attached_lists import said_in
from tests.support.sample_digests import digest, entry
from tests.support.sample_letters import LETTERS

TAGS = {
    "html", "head", "meta", "title", "style", "body", "table", "caption", "thead", "tbody", "tr", "td", "th",
    "p", "h1", "h2", "h3", "strong", "span", "a", "br",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "name", "content", "class", "style", "role", "width", "height", "align", "valign",
    "bgcolor", "cellpadding", "cellspacing", "border", "colspan", "rowspan", "scope", "href", "aria-hidden",
}  # fmt: skip
PROPERTIES = {
    "margin", "padding", "background", "border", "border-top", "border-bottom", "border-left", "border-right",
    "border-collapse", "color", "font-family", "font-size", "font-weight", "line-height", "letter-spacing",
    "text-align", "vertical-align", "width", "max-width", "height", "table-layout", "white-space", "display",
    "mso-hide",
}  # fmt: skip
FORBIDDEN = (
    "http",
    "url(",
    "calc(",
    "var(",
    "rgba",
    "flex",
    "grid",
    "float",
    "radius",
    "shadow",
    "<script",
    "<img",
)
VOID = {"meta", "br"}

letters = pytest.mark.parametrize("make", LETTERS.values(), ids=LETTERS)


class Page(HTMLParser):
    """The tags, attributes, inline properties and visible text of a page, and whether it is well nested."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.properties: set[str] = set()
        self.links: set[str] = set()
        self.sizes: list[int] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "style":
                self.properties |= {one.split(":")[0] for one in (value or "").split(";") if one}
                self.sizes += [int(size) for size in re.findall(r"font-size:(\d+)px", value or "")]
            if name == "href":
                self.links.add(value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).replace("\N{NO-BREAK SPACE}", " ").split())


@letters
def test_only_tags_attributes_and_properties_that_mail_programs_keep(make: Callable[[], Digest]) -> None:
    """The allow-list is what Outlook, Gmail and Apple Mail have in common."""
    page = Page(finish(make()).html)
    assert page.tags <= TAGS
    assert page.attributes <= ATTRIBUTES
    assert page.properties <= PROPERTIES
    assert page.open == []
    assert all(link.startswith("mailto:") for link in page.links)


@letters
def test_nothing_is_fetched_and_nothing_is_too_small_to_read(make: Callable[[], Digest]) -> None:
    """No address of the web, no script, no picture; 12 px is the least, 1 px only holds space."""
    html = finish(make()).html
    assert [word for word in FORBIDDEN if word in html.lower()] == []
    assert {size for size in Page(html).sizes if size < 12} <= {1}


def facts_of(text: str) -> Iterator[str]:
    """Case codes, dates, fractions, percentages and dotted numbers."""
    yield from re.findall(r"[A-Z]{2,4}\d\d-\d{4}|\d\d/\d\d(?:/\d{4})?|\d+/\d+|\d+,\d+%|\d{1,3}(?:\.\d{3})+", text)


@letters
def test_both_bodies_state_the_same_facts(make: Callable[[], Digest]) -> None:
    """Whoever reads the plain text misses no code, date, fraction or percentage."""
    letter = finish(make())
    page = Page(letter.html)
    html = page.text.replace(letter.subject, "", 1)
    text = " ".join(letter.text.split())
    assert set(facts_of(text)) <= set(facts_of(html))
    assert set(facts_of(html)) <= set(facts_of(text))


def test_the_plain_text_is_wrapped_at_76() -> None:
    """Every line but one long word fits a terminal."""
    for make in LETTERS.values():
        assert max(map(len, finish(make()).text.splitlines())) <= 76


NAUGHTY = (
    "<script>alert(1)</script>",
    "</td></tr></table><p>x",
    '" onmouseover="x',
    "' style='position:fixed",
    "<!-- ",
    "]]>",
    "{{ 7*7 }}{% for x in y %}",
    "&lt;b&gt;",
    "\N{RIGHT-TO-LEFT OVERRIDE}abc",
)


@pytest.mark.parametrize("name", NAUGHTY)
def test_a_name_is_never_markup(name: str) -> None:
    """Units, titles, numbers and offices come from files and databases: they are shown, never obeyed."""
    said = Text(name, name)
    row = entry(title=said, short=said, unit=said, evidence=name, reports_to=said, older=(said,), codes=(name,))
    letter = finish(digest(row, reader=said, forwarder=said, shared_with=(said,)))
    page = Page(letter.html)
    assert page.tags <= TAGS - {"script"}
    assert page.attributes <= ATTRIBUTES
    assert page.properties <= PROPERTIES
    assert " ".join(name.split()) in page.text


def test_a_letter_that_is_too_large_keeps_its_file_and_loses_full_rows() -> None:
    """Mail programs cut at about 102 kB, so fewer rows are printed in full and none is lost."""
    long = " ".join(["công tác bảo vệ, chăm sóc trẻ em"] * 40)
    rows = [entry(title=Text(f"{long} {n}", long), codes=(f"LN15-{n:04d}",)) for n in range(60)]
    letter = finish(digest(*rows))
    assert len(letter.html.encode()) <= MAX_BYTES
    assert letter.html.count("<h3") < 15
    assert len(letter.attachments) == 1
    assert said_in(letter.attachments[0].content).count("LN15-") == 60


def test_what_is_taken_back_stands_in_full_ink() -> None:
    """In the headline; the pale class of the basis is not for it (L5)."""
    told = (date(2015, 4, 20), date(2015, 4, 25))
    row = entry(section=Section.RESOLVED, outcome=Outcome.WITHDRAWN, told=told, evidence="Báo cáo số 30/BC-UBND")
    page = re.sub(r"\s+", " ", finish(digest(row)).html.replace("\N{NO-BREAK SPACE}", " "))
    inks = re.findall(
        r'class="([^"]*)"[^>]*>(?:<strong>[^<]*</strong> )?[^<]*các thư ngày 20/04 và 25/04/2015', page
    )
    assert inks == ["n i"]
    assert "Báo cáo số 30/BC-UBND" in page
