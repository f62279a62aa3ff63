"""A waiver over the whole period of a demand waives it for good, whatever its kind; a shorter one postpones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.periods import PeriodKind, parse
from dondoc.engine.domain.rulebook import EveryPeriod, Overdue, RuleBook, Streak, Threshold, Waiver
from dondoc.engine.domain.terms import Section
from dondoc.engine.lint.context import LintContext
from dondoc.engine.lint.waivers import check
from dondoc.engine.store.db.database import reading
from dondoc.flows.records.register import RegisterFilter, list_stored
from tests.support.explain_helpers import explained, nights_of, why_not_text
from tests.support.town import Town, cutoff, only, rules

MONTHLY, THREE = "1179-cv-hu/monthly-broadcast", "1179-cv-hu/three-months"
CENTRE, PORTAL = "tmr.tt_vh_tt_dl_tt", "tmr.trang_ttdt"
FIGURES, PROVINCE = "bao-ve-tre-em-2019/injuries", "bp.ubnd_tinh"
WORDS = Text("Lý do bịa để thử", "A reason invented for a test")


def waiver(rule: str, unit: str, first: str, until: str) -> Waiver:
    """A waiver between two days, both inclusive."""
    days = date.fromisoformat(first), date.fromisoformat(until)
    return Waiver(rule, unit, "tmr.ubnd_huyen", WORDS, WORDS, *days, "waivers.yaml:3:5")


def broadcasts(*waivers: Waiver, portal: bool = True) -> Town:
    """The monthly broadcast, of which the centre misses every month and the portal none."""
    town = Town.founded(replace(only(rules(), MONTHLY), waivers=waivers))
    for month in ("2019-07-10", "2019-08-10", "2019-09-10", "2019-10-10") if portal else ():
        town.does(PORTAL, "broadcast", month)
    return town


JULY = waiver(MONTHLY, CENTRE, "2019-07-01", "2019-07-31")


@pytest.mark.parametrize(
    ("waivers", "opened"),
    [
        pytest.param((JULY,), {"2019-08"}, id="the whole month"),
        pytest.param((replace(JULY, first=date(2019, 7, 2)),), {"2019-07", "2019-08"}, id="but its first day"),
        pytest.param((replace(JULY, until=date(2019, 7, 30)),), {"2019-07", "2019-08"}, id="but its last day"),
        pytest.param(
            (replace(JULY, until=date(2019, 7, 20)), replace(JULY, first=date(2019, 7, 21))),
            {"2019-08"},
            id="by two without a gap",
        ),
        pytest.param(
            (replace(JULY, until=date(2019, 7, 19)), replace(JULY, first=date(2019, 7, 21))),
            {"2019-07", "2019-08"},
            id="by two with a gap",
        ),
        pytest.param((replace(JULY, unit=PORTAL),), {"2019-07", "2019-08"}, id="of another unit"),
    ],
)
def test_a_month_that_is_waived_as_a_whole_opens_no_case(waivers: tuple[Waiver, ...], opened: set[str]) -> None:
    """Judged on 1 August, when the waiver has ended; August is judged as ever."""
    town = broadcasts(*waivers)
    town.night(date(2019, 8, 1))
    town.night(date(2019, 9, 3))
    tasks = [notice.finding.task for _, notice in town.notified]
    assert {task.subject for task in tasks if task.unit == CENTRE} == opened


def test_why_not_and_the_counts_say_that_it_is_waived() -> None:
    """The office that asks reads by whom; the month is in none of the four counts."""
    town = broadcasts(JULY)
    nights_of(town, "2019-08-01", "2019-08-01")
    said = why_not_text(town, CENTRE, "2019-08-01", MONTHLY)
    assert "tháng 7/2019: được miễn trọn kỳ (UBND huyện Tu Mơ Rông cho phép, đến 31/07/2019)" in said
    with reading(town.engine) as conn:
        listed = list_stored(conn, town.book, RegisterFilter(), cutoff(date(2019, 8, 1)))
    (row,) = [row for _, rows in listed.rows for row in rows if row.counts and row.obligation.id == "TMR2019-3b"]
    assert row.counts is not None
    assert row.counts.overdue == 0


def test_a_case_ends_where_its_month_is_waived_afterwards() -> None:
    """Missed and told in August; then the district waives July: who knew hears so once, and nothing is owed."""
    town = broadcasts(portal=True)
    town.does(CENTRE, "broadcast", "2019-08-20")
    nights_of(town, "2019-08-01", "2019-08-05")
    known = len(town.notified)
    assert known
    town.book = replace(town.book, waivers=(JULY,))
    (code,) = {case.code for case in town.cases()}
    nights_of(town, "2019-08-06", "2019-08-30")
    assert {(on, one.section) for on, one in town.notified[known:]} == {(date(2019, 8, 6), Section.RESOLVED)}
    assert town.cases() == []
    assert "được cho phép không thực hiện cả kỳ" in explained(town, code, "2019-08-30")


def test_what_a_waiver_excused_is_owed_again_once_it_is_taken_back() -> None:
    """The demand was not finished with its case."""
    town = broadcasts(portal=True)
    town.does(CENTRE, "broadcast", "2019-08-20")
    nights_of(town, "2019-08-01", "2019-08-05")
    town.book = replace(town.book, waivers=(JULY,))
    nights_of(town, "2019-08-06", "2019-08-07")
    town.book = replace(town.book, waivers=())
    nights_of(town, "2019-08-08", "2019-08-08")
    (case,) = town.cases()
    assert case.task.subject == "2019-07"


def test_a_waived_month_stands_for_no_older_one_and_breaks_a_streak() -> None:
    """July goes on climbing though August is waived; July, September and October are no three running."""
    book = only(rules(), MONTHLY)
    three = replace(book.rules[MONTHLY], id=THREE, title=WORDS, short=WORDS, condition=Streak(MONTHLY, 3))
    august = waiver(MONTHLY, CENTRE, "2019-08-01", "2019-08-31")
    town = broadcasts()
    town.book = replace(book, rules={**book.rules, THREE: three}, waivers=(august,))
    for night in (date(2019, 8, 1), date(2019, 9, 3), date(2019, 9, 30)):
        town.night(night)
    (case,) = town.cases()
    assert case.task.subject == "2019-07"
    assert case.reached > 2
    town.night(date(2019, 11, 1))
    assert town.case(THREE, CENTRE) is None


def figures(threshold: Threshold, *waivers: Waiver) -> Town:
    """One watched indicator of the province."""
    book = only(rules(), FIGURES)
    rule = replace(book.rules[FIGURES], condition=threshold)
    return Town.founded(replace(book, rules={FIGURES: rule}, waivers=waivers))


ABOVE = Threshold("child-injuries", PeriodKind.CALENDAR_MONTH, PROVINCE, date(2019, 1, 15), above=Decimal(3))
MARCH = waiver(FIGURES, PROVINCE, "2020-03-01", "2020-03-31")


@pytest.mark.parametrize(("waivers", "cases"), [((), 1), ((MARCH,), 0)], ids=["as ever", "waived"])
def test_missing_figures_of_a_waived_month_are_not_asked_for(waivers: tuple[Waiver, ...], cases: int) -> None:
    """Due ten working days after March; the waiver ended with it."""
    town = figures(replace(ABOVE, set_on=date(2020, 3, 1), no_data_after=10), *waivers)
    town.night(date(2020, 4, 16))
    assert len(town.cases()) == cases


@pytest.mark.parametrize(("waivers", "cases"), [((), 1), ((MARCH,), 0)], ids=["as ever", "waived"])
def test_a_figure_of_a_waived_month_does_not_count(waivers: tuple[Waiver, ...], cases: int) -> None:
    """8 in March would be beyond the limit of 3."""
    town = figures(ABOVE, *waivers)
    march = parse("2020-03")
    town.reads(PROVINCE, ABOVE.indicator, str(march.first), str(march.last), 8, "2020-04-03T10:00")
    nights_of(town, "2020-04-06", "2020-04-06")
    assert len(town.cases()) == cases
    if waivers:
        assert "tháng 3/2020: được miễn trọn kỳ" in why_not_text(town, PROVINCE, "2020-04-06", FIGURES)


def test_a_monthly_report_of_a_waived_month_is_not_owed_later() -> None:
    """March is waived as a whole, April only until the 20th: April's report is due on the 25th as ever."""
    name, unit = "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai"
    book = only(rules(), name)
    rule = replace(
        book.rules[name], condition=Overdue("child-protection", None, EveryPeriod(PeriodKind.CALENDAR_MONTH, 25))
    )
    granted = waiver(name, unit, "2015-04-01", "2015-05-20")
    town = Town.founded(replace(book, rules={name: rule}, waivers=(granted,)))
    for night in (date(2015, 4, 27), date(2015, 5, 4), date(2015, 5, 21), date(2015, 5, 26), date(2015, 6, 1)):
        town.night(night)
    assert [case.task.subject for case in town.cases() if case.task.unit == unit] == ["2015-05"]


def noted(book: RuleBook, first: str, until: str, rule: str = MONTHLY, unit: str = CENTRE) -> list[str]:
    """What `check` says of a waiver on its first day."""
    book = replace(book, waivers=(waiver(rule, unit, first, until),))
    return [one.code for one in check(LintContext(book, None, date.fromisoformat(first)))]


@pytest.mark.parametrize(
    ("first", "until", "codes"),
    [
        ("2019-07-01", "2019-07-31", []),
        ("2019-07-02", "2019-07-31", ["waiver-without-demand"]),
        ("2019-06-26", "2019-07-30", ["waiver-without-demand"]),
        ("2019-07-02", "2019-08-01", []),
        ("2025-07-01", "2025-07-31", ["waiver-without-demand"]),
    ],
    ids=[
        "its first month",
        "but its first day",
        "but its last day",
        "to when it is judged",
        "not in force",
    ],
)
def test_check_says_of_a_waiver_that_it_waives_nothing(first: str, until: str, codes: list[str]) -> None:
    """July 2019 is the first month: before 1 August nothing can be overdue."""
    book = only(rules(), MONTHLY)
    rule = book.rules[MONTHLY]
    book = replace(book, rules={MONTHLY: replace(rule, condition=replace(rule.condition, warn_before=()))})
    assert noted(book, first, until) == codes
