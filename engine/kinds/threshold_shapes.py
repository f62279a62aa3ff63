"""What thresholds compile to: readings against their limits, and periods that must have a reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from dondoc.engine.domain.model import scaled
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Against, Rule, Threshold, growth
from dondoc.engine.domain.terms import TaskKind, Verdict
from dondoc.engine.kinds.shapes import FactSource, MatchMeaning, ReadingVerdict, Shape, Test, every, has, multiple


def awaited_shape(rules: list[str], as_of: date) -> Shape:
    """Periods that must have a reading: none in time is a finding, one at any time satisfies (decision 24)."""
    definition = {
        "no-data": every(has("n"), has("last"), {"$lt": {"last": as_of.isoformat()}}, {"$lt": {"n": 1}}),
        "data": every(has("n"), has("last"), {"$gte": {"n": 1}}),
    }
    meanings = {"no-data": MatchMeaning(Verdict.BREACH), "data": MatchMeaning(Verdict.MET)}
    tasks = (TaskKind.READING,)
    return Shape("awaited", FactSource.COUNTS, tuple(rules), definition, meanings, tasks, readings=True)


def level_shape(
    indicator: str, per: PeriodKind, against: Against | None, rules: Sequence[tuple[Rule, Threshold]]
) -> Shape:
    """The readings of an indicator, with the tests of every rule that watches it in the same way."""
    definition: dict[str, Test] = {}
    meanings: dict[str, MatchMeaning] = {}
    factors: set[int] = set()
    for rule, threshold in rules:
        if threshold.rise is not None:
            tests, more = _rise_tests(threshold)
            factors |= more
        else:
            tests = _level_tests(threshold)
        for n, (says, test) in enumerate(tests):
            name = f"{rule.id}|{says}-{n}"
            definition[name] = test
            meanings[name] = MatchMeaning(rule=rule.id, says=says)
    name = f"{indicator}-{per}" + (f"-{against}" if against else "")
    return Shape(
        name,
        FactSource.READINGS,
        tuple(rule.id for rule, _ in rules),
        definition,
        meanings,
        indicator=indicator,
        per=per,
        against=against,
        factors=tuple(sorted(factors)),
    )


def _level_tests(threshold: Threshold) -> list[tuple[ReadingVerdict, Test]]:
    """The tests of a fixed limit: strictly beyond it; and, with a clearing value, not beyond but not clear yet."""
    if threshold.above is not None:
        limit, beyond, within, back = threshold.above, "$gt", "$lte", "$gt"
    else:
        assert threshold.below is not None
        limit, beyond, within, back = threshold.below, "$lt", "$gte", "$lt"
    tests: list[tuple[ReadingVerdict, Test]] = [
        (ReadingVerdict.BEYOND, every(has("v"), {beyond: {"v": scaled(limit)}}))
    ]
    if threshold.clear is not None:
        band = every(has("v"), {within: {"v": scaled(limit)}}, {back: {"v": scaled(threshold.clear)}})
        tests.append((ReadingVerdict.HYSTERESIS, band))
    return tests


def _rise_tests(threshold: Threshold) -> tuple[list[tuple[ReadingVerdict, Test]], set[int]]:
    """The tests of a rise: by more than the percentage, to at least the number; and beyond but not clear yet.

    A value below the number counts for nothing. With a base of 0 only the number decides (decision 25), since
    value * d > 0 * n holds for every positive value. A base below 0 allows no percentage, so a reading is never
    clear against it. A missing base leaves the reading unjudged.
    """
    rise = threshold.rise
    assert rise is not None
    field, share, factor = _share(rise.percent)
    floor = {"$gte": {"v": scaled(rise.at_least)}}
    known = (has("v"), has("b"), has(field), {"$gte": {"b": 0}})
    tests = [
        (ReadingVerdict.BEYOND, every(*known, {"$gt": {field: share}}, floor)),
        (ReadingVerdict.HYSTERESIS, every(has("b"), {"$lt": {"b": 0}})),
    ]
    factors = {factor}
    if threshold.clear is not None:
        back, back_share, back_factor = _share(threshold.clear)
        factors.add(back_factor)
        between = ({"$lte": {field: share}}, {"$gt": {back: back_share}}, floor)
        tests.append((ReadingVerdict.HYSTERESIS, every(*known, has(back), *between)))
    return tests, factors


def _share(percent: Decimal) -> tuple[str, Test, int]:
    """The field, product and factor that compare value * d with base * n for a percentage, without a division."""
    times = growth(percent)
    product = {"$mul": {"$l": {"$m": "b"}, "$r": times.numerator}}
    return multiple(times.denominator), product, times.denominator
