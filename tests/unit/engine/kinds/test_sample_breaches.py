"""Invented facts put a rule in breach on the very day that they name, whatever the rule asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Against, Direct, Overdue, Rise, Selector, Threshold
from dondoc.engine.domain.terms import SheetKind, Verdict
from dondoc.engine.kinds import direct_kind
from dondoc.engine.kinds.samples import Sampling
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night import orgchart
from tests.support import worlds
from tests.support.town import Town, cutoff, finding, only, rules
from tests.support.worlds import day

RULE, PROVINCE = "bao-ve-tre-em-2019/injuries", "bp.ubnd_tinh"
AROUND, DAY = day("2020-07-20"), timedelta(days=1)
MONTH, REPORTING = PeriodKind.CALENDAR_MONTH, PeriodKind.REPORTING_MONTH


def figure(per: PeriodKind = MONTH, **more: object) -> Threshold:
    """A limit on child injuries, set long before."""
    return replace(Threshold("child-injuries", per, PROVINCE, day("2018-01-01")), **more)


def risen(against: Against, at_least: int = 1) -> Rise:
    """By more than a fifth."""
    return Rise(Decimal(20), against, Decimal(at_least))


CONDITIONS: dict[str, Direct] = {
    "above a limit": figure(above=Decimal(100)),
    "above a limit below ten": figure(above=Decimal(3)),
    "above nothing at all": figure(above=Decimal(0)),
    "below a limit": figure(below=Decimal(100)),
    "below one": figure(below=Decimal(1)),
    "three months running": figure(above=Decimal(100), periods=3),
    "two of the periods that readings name": figure(PeriodKind.READING, above=Decimal(100), periods=2),
    "risen since the month before": figure(rise=risen(Against.PREVIOUS_PERIOD)),
    "risen twice running": figure(REPORTING, rise=risen(Against.PREVIOUS_PERIOD), periods=2),
    "risen since the same month of last year": figure(rise=risen(Against.SAME_PERIOD_LAST_YEAR), periods=2),
    "risen to a large number": figure(rise=risen(Against.PREVIOUS_PERIOD, 500)),
    "a limit that was set the day before": figure(above=Decimal(3), set_on=AROUND - DAY, periods=2),
    "an assigned task": Overdue(None, "assigned", None),
}


def needed(condition: Direct) -> tuple[int, int]:
    """How many figures show it, and how often a time lies between two of them."""
    if not isinstance(condition, Threshold):
        return 0, 0
    if condition.rise is None:
        return condition.periods, 0
    of_last_year = condition.rise.against is Against.SAME_PERIOD_LAST_YEAR
    return (2 * condition.periods, 1) if of_last_year else (condition.periods + 1, 0)


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS)
def test_it_is_in_breach_from_the_day_on_that_is_named(condition: Direct) -> None:
    """And nobody is the night before."""
    book = only(rules(), RULE)
    book = replace(
        book, rules={RULE: replace(book.rules[RULE], condition=condition, applies_to=Selector(units=(PROVINCE,)))}
    )
    town = Town.founded(book)
    with reading(town.engine) as conn:
        chart = orgchart.chart(conn, cutoff(AROUND))
    samples = direct_kind(condition).samples(condition, Sampling(book, book.rules[RULE], chart, AROUND, None))
    assert samples is not None
    (made,) = samples
    assert made.unit == PROVINCE
    for line, (sheet, row) in enumerate(made.rows, 2):
        assert not town.brings(sheet.value, [(line, row)]).refused
    figures = [row for sheet, row in made.rows if sheet is SheetKind.READINGS]
    assert all(row["first_day"] <= row["last_day"] < row["recorded_at"].date() < made.breach for row in figures)
    gaps = sum(one["last_day"] + DAY != other["first_day"] for one, other in pairwise(figures))
    assert (len(figures), gaps) == needed(condition), (
        "periods that are over, one after the other, and none too many"
    )
    before = finding(town.night(made.breach - DAY), RULE, PROVINCE)
    assert before is None or before.verdict is not Verdict.BREACH
    found = finding(town.night(made.breach), RULE, PROVINCE)
    assert found is not None
    assert (found.verdict, found.breach) == (Verdict.BREACH, made.breach)


@pytest.mark.parametrize(
    ("wanted", "units"),
    [(None, ("u.a", "u.b")), ("u.b", ("u.b",)), ("u.gone", ())],
    ids=["every one that is there", "the one that is wanted", "none that has ended"],
)
def test_the_units_that_facts_are_invented_for_are(wanted: str | None, units: tuple[str, ...]) -> None:
    """Of those that a rule names; it may name one that has ended, or that nobody has imported."""
    names = ("u.a", "u.gone", "u.unknown", "u.b")
    rule = worlds.rule("d/r", Overdue(None, "assigned", None), *names)
    there = (worlds.unit("u.a"), worlds.unit("u.gone", valid_to=AROUND), worlds.unit("u.b"))
    chart = OrgChart({unit.id: unit for unit in there}, ())
    assert Sampling(worlds.book([rule]), rule, chart, AROUND, wanted).units(AROUND) == units
