"""Links in a letter: one for each reader and case, the same in both bodies, and none where nobody answers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dondoc.engine.domain.terms import Section
from dondoc.notifications.case_links import MailLinker
from dondoc.notifications.digest import CaseLink, Digest, Direction, Entry
from dondoc.notifications.letter.part import RowLimits
from dondoc.notifications.letter.render import finish
from dondoc.notifications.replies.grammar import understood
from dondoc.notifications.replies.phrases import Meaning
from dondoc.notifications.wording.labels import BY_MAIL
from tests.support.sample_digests import BAO_DAI, LUC_NAM, digest, entry
from tests.unit.notifications.letter.test_letter_markup import ATTRIBUTES, PROPERTIES, TAGS, Page

PLACE = "https://example.vn/dondoc/c/"


def links(*codes: str, to: str = "") -> tuple[CaseLink, ...]:
    """A link for each case."""
    return tuple(CaseLink(code, f"{PLACE}{to}{code}") for code in codes)


def several(n: int) -> Digest:
    """A supervisor's row about several communes, each with its case."""
    codes = [f"LN15-{number:04d}" for number in range(1, n + 1)]
    units = tuple(f"Xã {number}" for number in range(1, n + 1))
    row = entry(units=units, code_of=tuple(codes), codes=tuple(codes), links=links(*codes))
    return digest(row, direction=Direction.UP, reader=LUC_NAM, units_counted=n)


def shared() -> Digest:
    """A row that two offices of one mailbox read."""
    one = entry(codes=("LN15-0001",), links=links("LN15-0001"), reader=BAO_DAI)
    other = replace(one, links=links("LN15-0001", to="other-"), reader=LUC_NAM)
    return digest(replace(one, also=(other,)), shared_with=(LUC_NAM,))


def own(**more: Any) -> Entry:
    """A unit's own row with its one case."""
    return entry(codes=("LN15-0001",), links=links("LN15-0001"), **more)


LINKED = {
    "a unit's own row": (digest(own()), ["Trả lời việc này"]),
    "a row of the office above": (several(3), [f"Xã {n} (LN15-{n:04d})" for n in (1, 2, 3)]),
    "a row about many": (several(30), [f"Xã {n} (LN15-{n:04d})" for n in range(1, 13)]),
    "a row for two offices of a mailbox": (
        shared(),
        ["LN15-0001, UBND xã Bảo Đài", "LN15-0001, UBND huyện Lục Nam"],
    ),
}


@pytest.mark.parametrize(("made", "words"), LINKED.values(), ids=LINKED)
def test_each_reader_and_case_has_its_link(made: Digest, words: list[str]) -> None:
    """In HTML that mail programs keep, and in the text; the foot says whose they are."""
    letter = finish(made)
    page = Page(letter.html)
    named = re.findall(r'href="https[^"]+"[^>]*>([^<]+)<', letter.html)
    assert [" ".join(one.replace("\N{NO-BREAK SPACE}", " ").split()) for one in named] == words
    assert page.tags <= TAGS
    assert page.attributes <= ATTRIBUTES
    assert page.properties <= PROPERTIES
    in_html = {link for link in page.links if not link.startswith("mailto:")}
    assert in_html == set(re.findall(rf"{PLACE}\S+", letter.text))
    assert all(link.startswith(PLACE) for link in in_html)
    assert len(in_html) == len(words)
    assert "ai mở được thì trả lời thay được" in page.text


def test_a_compact_row_has_its_link_too() -> None:
    """A letter with more rows than it prints in full."""
    letter = finish(digest(own()), RowLimits(full=0, compact=5))
    assert f'href="{PLACE}LN15-0001"' in letter.html
    assert f"{PLACE}LN15-0001" in letter.text


def test_the_english_part_opens_the_page_in_english() -> None:
    """The Vietnamese one as it is."""
    letter = finish(digest(own(), languages=("vi", "en")))
    assert re.findall(rf'href="({PLACE}[^"]+)"', letter.html) == [f"{PLACE}LN15-0001", f"{PLACE}LN15-0001?lang=en"]
    assert "Answer this task" in letter.html


def test_a_letter_without_links_says_nothing_of_them() -> None:
    """Off, or of cases that are closed."""
    for made in (digest(entry()), digest(entry(section=Section.STILL))):
        letter = finish(made)
        assert "Trả lời việc này" not in letter.html
        assert "Liên kết trả lời" not in letter.text


def test_without_pages_a_link_begins_a_mail_with_its_case() -> None:
    """In both bodies and languages alike; the foot says what to write, and nothing of a link to be kept."""
    address = MailLinker("traloi@example.vn").to("LN15-0001", BAO_DAI)
    assert address == "mailto:traloi@example.vn?subject=LN15-0001&body=LN15-0001:%20"
    row = entry(codes=("LN15-0001",), links=(CaseLink("LN15-0001", address, by_mail=True),))
    letter = finish(digest(row, languages=("vi", "en")))
    page = Page(letter.html)
    assert address in page.links
    assert letter.text.count(f": {address}\n") == 2
    assert "«đã gửi 12/BC-UBND ngày 18/4»" in page.text
    assert "ai mở được thì trả lời thay được" not in page.text


@pytest.mark.parametrize("said", re.findall(r"[«'][^«»']*\d[^«»']*[»']", BY_MAIL.both()))
def test_what_the_foot_tells_to_write_is_understood(said: str) -> None:
    """Behind the code that stands there already, by who owes a report."""
    made = understood(f"LN15-0001: {said[1:-1]}", date(2026, 4, 20))
    assert (made.doubt, made.meaning in (Meaning.DONE, Meaning.ASKED)) == (None, True)
