"""Nouns, verbs, papers, asks and days in the letters of the demonstration, held against the facts of their night.

The letters are read as in `test_counts_are_true`; `true_words` and `true_asks` know what may be said.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from dondoc.engine.store.db.database import connect
from tests.support import true_asks, true_words
from tests.support.demonstration import nights
from tests.support.letter_reader import Part
from tests.support.told_letters import told
from tests.support.town import Town, letters, rows, rules
from tests.support.truth import untrue

REPORT = "279-ubnd-ldtbxh/report-round-1"


@dataclass
class Read:
    """What the letters of all nights say in Vietnamese, and every word of it that is not so."""

    letters: list[tuple[str, Part]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)


def played(*chosen: date) -> Read:
    """Every letter of these nights, held against the facts as they are after its night."""
    engine = connect("sqlite://")
    read = Read()
    for night in nights(engine, *chosen):
        letters = list(told(engine, rules(), night))
        for one in letters:
            read.letters.append((one.office, one.part))
            read.words += true_words.untrue(one)
            read.roles += [*true_words.untrue_role(one), *true_words.untrue_roles(one)]
            read.asks += true_asks.untrue(one)
            read.html += true_words.unlike_in_html(one)
            read.days += [line for line in untrue(one) if line]
        read.untold += true_asks.untold(letters) if letters else []
    engine.dispose()
    return read


@pytest.fixture(scope="module")
def demonstration() -> Read:
    """The nights of the demonstration."""
    return played()


def test_words_are_those_of_the_papers_and_the_facts(demonstration: Read) -> None:
    """Who issued what, which clause, what units are called on that day, whom respect is paid to (L7)."""
    assert not demonstration.words, "\n".join(demonstration.words)


def test_the_foot_gives_no_role_that_the_paper_does_not_give(demonstration: Read) -> None:
    """Where no paper names who follows up, the foot says that the service was set so (L4)."""
    assert not demonstration.roles, "\n".join(demonstration.roles)
    assert any("theo phân công trong hệ thống" in str(part.footer) for _, part in demonstration.letters)


def test_what_is_asked_belongs_to_rows_and_days(demonstration: Read) -> None:
    """Of whom, by the earliest day of the rows, and led by what made the letter leave (L1, L2, L3, L5, L12)."""
    assert not demonstration.asks, "\n".join(demonstration.asks)


def test_everybody_who_had_a_letter_reads_that_it_is_void(demonstration: Read) -> None:
    """Nobody keeps a letter about a report that came in time (L5)."""
    assert not demonstration.untold, "\n".join(demonstration.untold)
    assert any("không còn giá trị" in part.headline for _, part in demonstration.letters)


def test_counts_limits_lateness_and_next_days_are_those_of_the_store(demonstration: Read) -> None:
    """As the store is right after the night."""
    assert not demonstration.days, "\n".join(demonstration.days)


def test_the_html_says_what_the_plain_text_says(demonstration: Read) -> None:
    """What is true of the one is true of the other."""
    assert not demonstration.html, "\n".join(demonstration.html)


def test_an_office_that_owes_and_follows_up_reads_both_apart() -> None:
    """Đại Lộc: its own budget is asked for, the plans of its communes stand apart and are not asked of it (L1)."""
    read = played(date(2023, 10, 3), date(2024, 1, 2), date(2024, 1, 9), date(2024, 1, 11), date(2024, 1, 16))
    assert not [*read.words, *read.roles, *read.asks, *read.untold, *read.html]
    (both,) = (
        part for office, part in read.letters if (office, part.night) == ("dl.ubnd_huyen", date(2024, 1, 9))
    )
    whose = {section.whose for section in both.sections}
    assert whose == {"VIỆC CỦA UBND HUYỆN ĐẠI LỘC", "VIỆC CỦA CÁC ĐƠN VỊ"}
    assert "bố trí ngân sách năm 2024" in both.asks[0]
    assert "kế hoạch" not in both.ask


def test_a_reminder_is_not_led_by_what_has_not_changed() -> None:
    """Bắc Ninh is reminded of its own report; the commune that it knows of stays below, apart and unasked (L2)."""
    read = played(date(2026, 7, 20), date(2026, 7, 27), date(2026, 8, 3), date(2026, 8, 19))
    assert not [*read.words, *read.roles, *read.asks, *read.untold, *read.html]
    (one,) = (part for office, part in read.letters if (office, part.night) == ("vn.24.ubnd", date(2026, 8, 19)))
    assert one.headline.startswith("Kính nhắc: báo cáo định kỳ hằng tháng")
    assert one.sections[0].whose == "VIỆC CỦA UBND TỈNH BẮC NINH"
    assert {section.whose for section in one.sections[1:]} == {"VIỆC CỦA CÁC ĐƠN VỊ"}
    assert len(one.asks) == 1
    assert "chậm nhất hết ngày 25/08/2026" in one.ask
    assert "theo Nghị định số 09/2019/NĐ-CP, tính" in one.caption


def test_two_units_whose_letters_are_void_are_named_each_with_its_document() -> None:
    """Both reports came in time and were entered late: the office that follows up reads of each (L5)."""
    book = rules()
    town = Town.founded(replace(book, rules={name: rule for name, rule in book.rules.items() if name == REPORT}))
    late = {"ln.ubnd_xa.bao_dai": "12/BC-UBND", "ln.ubnd_xa.binh_son": "15/BC-UBND"}
    communes = {unit["id"] for _, unit in rows("units") if unit["id"].startswith("ln.ubnd_xa.")}
    for unit in communes - {*late, "ln.ubnd_xa.cam_ly"}:
        town.submits(unit, "child-protection", "2015-04-10")
    for night in ("2015-04-13", "2015-04-20", "2015-04-25"):
        letters(town, night)
    for unit, number in late.items():
        paper = f"Báo cáo số {number}"
        town.submits(unit, "child-protection", "2015-04-17", "2015-04-27T10:00", document=paper)
    letters(town, "2015-05-07")
    read = list(told(town.engine, town.book, date(2015, 5, 7)))
    assert not [line for one in read for line in true_asks.untrue(one)]
    assert not true_asks.untold(read)
    (office,) = (one for one in read if one.office == "ln.phong_ldtbxh")
    for said in ("UBND xã Bảo Đài", "12/BC-UBND", "UBND xã Bình Sơn", "15/BC-UBND"):
        assert said in office.part.headline
