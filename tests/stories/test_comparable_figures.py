"""Figures across 1 July 2025: added up where old communes went whole, not comparable where one was split.

The communes and their successions are real; every figure, and the split, is invented.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select

from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Against, Rise, RuleBook, Selector, Threshold
from dondoc.engine.store.db.database import reading as reads
from dondoc.engine.store.db.tables import reading, unit
from dondoc.engine.store.matching.comparison import with_base
from tests.support.explain_helpers import nights_of, why_not_text
from tests.support.town import Town, cutoff, only, rules

NEW, OLD = "vn.07462.ubnd", ("bao_dai", "bao_son", "tam_di", "thanh_lam")
NIGHT = date(2026, 2, 2)


def base(town: Town, against: Against = Against.SAME_PERIOD_LAST_YEAR, period: str = "2025-Q3") -> int | None:
    """What a quarter of the new commune is compared with."""
    source, compared_with = with_base(against, cutoff(NIGHT))
    with reads(town.engine) as conn:
        found = conn.execute(
            select(compared_with)
            .select_from(source.join(unit, unit.c.no == reading.c.unit_no))
            .where(unit.c.id == NEW, reading.c.period == period)
        ).scalar_one()
    assert found is None or isinstance(found, int), f"{found!r} is no whole number"
    return None if found is None else found // 10_000_000


def quarter(town: Town, which: str, year: int, value: int) -> None:
    """A figure of the third quarter."""
    town.reads(which, "child-injuries", f"{year}-07-01", f"{year}-09-30", value, f"{year}-10-05T10:00")


def split_off(town: Town) -> None:
    """A part of the old commune Tam Dị goes to another new one."""
    row = {
        "old": "ln.ubnd_xa.tam_di",
        "new": "vn.07444.ubnd",
        "scope": "all",
        "effective": date(2025, 7, 1),
        "basis": "ví dụ",
    }
    assert not town.brings("successions", [(2, row)]).refused


@pytest.fixture
def town(database: Engine) -> Town:
    """The new commune has a figure of 2025, each old one had one of 2024: 1, 2, 3 and 4."""
    town = Town(database).founded_here()
    quarter(town, NEW, 2025, 20)
    for number, name in enumerate(OLD, 1):
        quarter(town, f"ln.ubnd_xa.{name}", 2024, number)
    return town


def test_figures_of_communes_that_went_whole_are_added_up(town: Town) -> None:
    """The district's own figure is not among them: it was no commune."""
    quarter(town, "ln.ubnd_huyen", 2024, 1000)
    assert base(town) == 10


def test_nothing_is_compared_when_one_of_them_was_split(town: Town) -> None:
    """A part of Tam Dị went to another commune, so that nobody knows whose its figures were."""
    split_off(town)
    assert base(town) is None


def test_what_went_to_a_body_of_another_kind_splits_no_figures(town: Town) -> None:
    """The party committee that took over from Tam Dị too has figures of its own; its kind is not the commune's."""
    quarter(town, "vn.07444.dang_uy", 2025, 7)
    row = {
        "old": "ln.ubnd_xa.tam_di",
        "new": "vn.07444.dang_uy",
        "scope": "all",
        "effective": date(2025, 7, 1),
        "basis": "ví dụ",
    }
    assert not town.brings("successions", [(2, row)]).refused
    assert base(town) == 10


def test_nothing_is_compared_when_one_of_them_has_no_figure(database: Engine) -> None:
    """Three of four are not the whole."""
    town = Town(database).founded_here()
    quarter(town, NEW, 2025, 20)
    for name in OLD[:3]:
        quarter(town, f"ln.ubnd_xa.{name}", 2024, 5)
    assert base(town) is None


def test_a_unit_with_an_earlier_figure_of_its_own_is_compared_with_that(town: Town) -> None:
    """Its own figure, and not its predecessors'."""
    town.reads(NEW, "child-injuries", "2025-10-01", "2025-12-31", 7, "2026-01-05T10:00")
    assert base(town, Against.PREVIOUS_PERIOD, "2025-Q4") == 20


def test_why_not_says_that_a_figure_is_not_comparable(town: Town) -> None:
    """Where a part of an old commune went elsewhere, and not only that an earlier figure is missing."""
    split_off(town)
    town.book = rise_of(NEW)
    nights_of(town, NIGHT.isoformat(), NIGHT.isoformat())
    said = why_not_text(town, NEW, NIGHT.isoformat(), RISE)
    assert "không so sánh được với kỳ trước, vì UBND xã Tam Dị đã chia cho nhiều đơn vị" in said


RISE = "bao-ve-tre-em-2019/drowning-deaths"


def rise_of(unit: str) -> RuleBook:
    """One rule of the project, in force until today, as a rise of injuries of one unit against last year."""
    book = only(rules(), RISE)
    rule = book.rules[RISE]
    limit = Threshold(
        "child-injuries",
        PeriodKind.CALENDAR_QUARTER,
        set_by=unit,
        set_on=date(2019, 1, 15),
        rise=Rise(Decimal(20), Against.SAME_PERIOD_LAST_YEAR, Decimal(5)),
    )
    directive = replace(book.directives[rule.directive], in_force_until=None)
    return replace(
        book,
        rules={RISE: replace(rule, applies_to=Selector(units=(unit,)), condition=limit)},
        directives={**book.directives, directive.id: directive},
    )
