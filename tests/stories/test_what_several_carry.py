"""What a letter says of a demand that several carry, of many units as one, or of two limits on one figure.

The rules are invented: no shipped pack has a roll-up, or a quota that communes meet together.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Quota, Rollup, RuleBook, Selector, Threshold
from dondoc.engine.domain.terms import Scope
from dondoc.engine.store.db import tables as t
from tests.support.letter_reader import Letter, letter
from tests.support.town import Town, letters, only, rules

WORDS = Text("Quy tắc bịa để thử", "A rule invented for a test")
BUDGET = "46-ct-hu/yearly-budget"
MONTH = "279-ubnd-ldtbxh/action-month"
DROWNED, PROVINCE = "bao-ve-tre-em-2019/drowning-deaths", "bp.ubnd_tinh"


def read_by(town: Town, office: str, *nights: str) -> Letter:
    """The letter to an office on the last of these nights."""
    for night in nights:
        letters(town, night)
    asked = select(t.letter.c.mime).where(
        t.letter.c.office == office, t.letter.c.night == date.fromisoformat(night)
    )
    with town.engine.connect() as conn:
        return letter(conn.scalars(asked).one())


def rolled_up(base: str, body: str) -> RuleBook:
    """The base rule, and one late unit of it as a matter of the body above."""
    book = only(rules(), base)
    made = replace(
        book.rules[base],
        id=f"{base}-together",
        title=WORDS,
        short=WORDS,
        condition=Rollup(base, units=1),
        applies_to=Selector(units=(body,)),
    )
    return replace(book, rules={**book.rules, made.id: made})


def test_a_roll_up_is_counted_by_whose_tasks_they_are() -> None:
    """The row is the province's; the one task behind it is the district's, and the caption says so."""
    town = Town.founded(rolled_up(BUDGET, "qn.ubnd_tinh"))
    part = read_by(town, "dl.ban_thuong_vu_huyen_uy", "2024-01-02", "2024-01-16").first
    rolled = next(row for row in part.rows if row.title.startswith(WORDS.vi))
    assert rolled.lines["unit"] == "UBND tỉnh Quảng Nam"
    assert part.named == "UBND huyện Đại Lộc"


def test_a_roll_up_names_next_year_by_its_number() -> None:
    """As the row of its base does: "năm sau" means another year to whoever reads in January."""
    town = Town.founded(rolled_up(BUDGET, "qn.ubnd_tinh"))
    said = read_by(town, "qn.ubnd_tinh", "2024-01-02")
    assert "bố trí ngân sách năm 2024 cho công tác trẻ em (100,0%" in said.first.rows[0].lines["because"]
    assert "năm sau" not in said.html


MILDER = f"{DROWNED}-20"


def two_limits() -> Town:
    """21 drowned children are above 20 in May, 22 above 21 some days later: two cases on one figure."""
    book = only(rules(), DROWNED)
    limit = book.rules[DROWNED].condition
    assert isinstance(limit, Threshold)
    milder = replace(book.rules[DROWNED], id=MILDER, condition=replace(limit, above=Decimal(20)))
    town = Town.founded(replace(book, rules={**book.rules, milder.id: milder}))
    town.reads(PROVINCE, "child-drowning-deaths", "2018-01-01", "2019-03-31", 21, "2019-05-03T08:00")
    town.reads(PROVINCE, "child-drowning-deaths", "2019-04-01", "2019-04-30", 22, "2019-05-14T08:00")
    return town


def test_a_row_of_two_limits_says_the_step_that_comes_first() -> None:
    """The milder case climbs first, and the row leads with the other."""
    town = two_limits()
    (row,) = read_by(town, PROVINCE, "2019-05-06", "2019-05-13", "2019-05-15").first.rows
    severe, mild = town.case(DROWNED, PROVINCE), town.case(MILDER, PROVINCE)
    assert severe is not None
    assert mild is not None
    assert (mild.next_on, severe.next_on) == (date(2019, 5, 17), date(2019, 5, 22))
    assert row.next_on == mild.next_on


def test_a_row_of_two_limits_is_a_copy_where_its_news_is_one() -> None:
    """The committee knows of the milder case, and of the other it gets a copy: nothing is asked of it."""
    town = two_limits()
    said = read_by(town, "bp.tinh_uy", "2019-05-06", "2019-05-13", "2019-05-15", "2019-05-17", "2019-05-22")
    assert said.first.rows[0].codes == ("BP19-0002", "BP19-0001")
    assert "xin ý kiến" not in said.first.ask


@pytest.fixture(scope="module")
def together() -> dict[str, Letter]:
    """What committees read, each of one of the 24 communes that together held no event."""
    book = only(rules(), MONTH, "279-ubnd-ldtbxh/report-round-1")
    month = book.rules[MONTH].condition
    assert isinstance(month, Quota)
    shared = replace(book.rules[MONTH], condition=replace(month, scope=Scope.ANY))
    town = Town.founded(replace(book, rules={**book.rules, MONTH: shared}))
    names = ("ln.dang_uy_xa.bac_lung", "ln.dang_uy_xa.yen_son")
    first = read_by(town, names[0], "2015-07-01", "2015-07-08")
    asked = select(t.letter.c.mime).where(t.letter.c.office == names[1], t.letter.c.night == date(2015, 7, 8))
    with town.engine.connect() as conn:
        return {names[0]: first, names[1]: letter(conn.scalars(asked).one())}


@pytest.mark.parametrize("office", ["ln.dang_uy_xa.bac_lung", "ln.dang_uy_xa.yen_son"])
def test_a_committee_of_one_commune_is_above_what_24_carry_together(
    together: dict[str, Letter], office: str
) -> None:
    """Whichever of the 24 it leads: it is reported to, not copied, and the demand is of all 24."""
    said = together[office]
    assert "Đồng gửi" not in said.subject + said.first.ask
    (row,) = (row for row in said.first.rows if row.share)
    assert row.share is not None
    assert (row.share.late, row.share.of) == (24, 24)


@pytest.mark.parametrize("office", ["ln.dang_uy_xa.bac_lung", "ln.dang_uy_xa.yen_son"])
def test_a_committee_of_one_commune_reads_no_counts_of_the_others(
    together: dict[str, Letter], office: str
) -> None:
    """Its commune's report and the event of all: two tasks, and no report of another commune."""
    counts = together[office].first.counts
    assert counts is not None
    assert counts.total == 2
