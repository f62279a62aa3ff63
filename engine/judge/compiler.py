"""Compiles the rule book into definitions for durable_rules: plain data, one shape per kind of fact and test.

A shape is a group of rules that read the same fields and apply the same tests. Tonight's date is a constant in the
tests, so that a fact holds only its own fields. Every test first names each field it reads with `$ex`: without
that, durable_rules also fires where the field is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from dondoc.engine.domain.model import scaled
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Against, Overdue, Quota, Rule, RuleBook, Threshold, growth
from dondoc.engine.domain.terms import Verdict
from dondoc.engine.domain.workdays import WorkCalendar

Test = Mapping[str, Any]


class FactSource(StrEnum):
    """Where a shape's facts come from: dated tasks, tasks with a count, or readings of an indicator."""

    TASKS = "tasks"
    COUNTS = "counts"
    READINGS = "readings"


class ReadingVerdict(StrEnum):
    """What a match says of a reading for one rule: beyond the limit, or between it and the clearing value.

    A judged reading without a match is clear: most are, so a match for each of them would cost most.
    """

    BEYOND = "beyond"
    HYSTERESIS = "band"


@dataclass(frozen=True, slots=True)
class MatchMeaning:
    """What a match of one durable rule means. `rule` is None where the fact's task has its rule."""

    verdict: Verdict | None = None
    offset: int | None = None
    rule: str | None = None
    says: ReadingVerdict | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """One definition for durable_rules, the facts it is applied to, and what its matches mean.

    `rules` are the ids of the rules whose tasks are facts of this shape. For counts, `readings` says that readings
    are counted instead of activities. For readings, `indicator` and `per` select them, `against` says which
    earlier value is the base, and `factors` lists the multiples of the value that the tests read.
    """

    name: str
    source: FactSource
    rules: tuple[str, ...]
    definition: Mapping[str, Test]
    meanings: Mapping[str, MatchMeaning]
    readings: bool = False
    indicator: str = ""
    per: PeriodKind | None = None
    against: Against | None = None
    factors: tuple[int, ...] = ()


def compile_book(book: RuleBook, as_of: date) -> tuple[Shape, ...]:
    """Every shape of the rules whose directive is in force on `as_of` (decision 17).

    Raises `CalendarUncovered` where a reminder window cannot be counted.
    """
    tasks: dict[tuple[str, tuple[int, ...]], list[str]] = defaultdict(list)
    counts: dict[tuple[str, tuple[int, ...], int], list[str]] = defaultdict(list)
    awaited: list[str] = []
    levels: dict[tuple[str, PeriodKind, Against | None], list[Rule]] = defaultdict(list)
    for rule in book.rules.values():
        if not book.directives[rule.directive].in_force(as_of):
            continue
        match rule.condition:
            case Overdue(remind=remind):
                tasks[rule.calendar, remind].append(rule.id)
            case Quota(warn_before=warn, at_least=need):
                counts[rule.calendar, warn, need].append(rule.id)
            case Threshold() as threshold:
                against = threshold.rise.against if threshold.rise else None
                levels[threshold.indicator, threshold.per, against].append(rule)
                if threshold.no_data_after is not None:
                    awaited.append(rule.id)
    found = [
        *(
            _task_shape(n, book.calendars[calendar], remind, rules, as_of)
            for n, ((calendar, remind), rules) in enumerate(tasks.items())
        ),
        *(
            _count_shape(n, book.calendars[calendar], warn, need, rules, as_of)
            for n, ((calendar, warn, need), rules) in enumerate(counts.items())
        ),
    ]
    if awaited:
        found.append(_awaited_shape(awaited, as_of))
    found.extend(_level_shape(*key, rules) for key, rules in levels.items())
    return tuple(found)


def _all(*tests: Test) -> Test:
    return {"$and": list(tests)}


def _has(field: str) -> Test:
    return {"$ex": {field: 1}}


def _task_shape(n: int, calendar: WorkCalendar, remind: tuple[int, ...], rules: list[str], as_of: date) -> Shape:
    night = as_of.isoformat()
    # The last day itself is in time: a task is overdue from the day after it (decision 1).
    definition = {
        "overdue": _all({"$nex": {"done": 1}}, _has("last"), {"$lt": {"last": night}}),
        "done": _all(_has("done"), _has("last")),
    }
    meanings = {"overdue": MatchMeaning(Verdict.BREACH), "done": MatchMeaning(Verdict.MET)}
    for name, offset, until in _reminders(calendar, remind, as_of):
        definition[name] = _all({"$nex": {"done": 1}}, _has("last"), *_window("last", night, until))
        meanings[name] = MatchMeaning(Verdict.ENDING, offset)
    return Shape(f"tasks-{n}", FactSource.TASKS, tuple(rules), definition, meanings)


def _count_shape(
    n: int,
    calendar: WorkCalendar,
    warn: tuple[int, ...],
    need: int,
    rules: list[str],
    as_of: date,
) -> Shape:
    night = as_of.isoformat()
    # A quota is judged only when its period and grace are over, even if it was met before (decision 13).
    over = (_has("n"), _has("last"), {"$lt": {"last": night}})
    definition = {
        "missed": _all(*over, {"$lt": {"n": need}}),
        "met": _all(*over, {"$gte": {"n": need}}),
    }
    meanings = {"missed": MatchMeaning(Verdict.BREACH), "met": MatchMeaning(Verdict.MET)}
    for name, offset, until in _reminders(calendar, warn, as_of):
        # The early notice counts back from the end of the period, not from the end of the grace (decision 4).
        definition[name] = _all(_has("n"), _has("end"), {"$lt": {"n": need}}, *_window("end", night, until))
        meanings[name] = MatchMeaning(Verdict.ENDING, offset)
    return Shape(f"counts-{n}", FactSource.COUNTS, tuple(rules), definition, meanings)


def _awaited_shape(rules: list[str], as_of: date) -> Shape:
    """Periods that must have a reading: none in time is a finding, one at any time satisfies (decision 24)."""
    definition = {
        "no-data": _all(_has("n"), _has("last"), {"$lt": {"last": as_of.isoformat()}}, {"$lt": {"n": 1}}),
        "data": _all(_has("n"), _has("last"), {"$gte": {"n": 1}}),
    }
    meanings = {"no-data": MatchMeaning(Verdict.BREACH), "data": MatchMeaning(Verdict.MET)}
    return Shape("awaited", FactSource.COUNTS, tuple(rules), definition, meanings, readings=True)


def _reminders(calendar: WorkCalendar, offsets: tuple[int, ...], as_of: date) -> Iterator[tuple[str, int, str]]:
    """For each offset k: (name, k, the latest last day whose k-th working day before has come)."""
    for offset in offsets:
        yield f"ending-{offset}", offset, _latest_last_day(calendar, offset, as_of).isoformat()


def _latest_last_day(calendar: WorkCalendar, offset: int, as_of: date) -> date:
    """The latest day D with at most `offset` working days in [as_of, D)."""
    day = as_of
    worked = 0
    while day < calendar.last:
        worked += calendar.is_workday(day)
        if worked > offset:
            break
        day += timedelta(days=1)
    return day


def _window(field: str, night: str, until: str) -> tuple[Test, Test]:
    return {"$gte": {field: night}}, {"$lte": {field: until}}


def _level_shape(indicator: str, per: PeriodKind, against: Against | None, rules: list[Rule]) -> Shape:
    definition: dict[str, Test] = {}
    meanings: dict[str, MatchMeaning] = {}
    factors: set[int] = set()
    for rule in rules:
        threshold = rule.condition
        assert isinstance(threshold, Threshold)
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
        tuple(rule.id for rule in rules),
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
        (ReadingVerdict.BEYOND, _all(_has("v"), {beyond: {"v": scaled(limit)}}))
    ]
    if threshold.clear is not None:
        band = _all(_has("v"), {within: {"v": scaled(limit)}}, {back: {"v": scaled(threshold.clear)}})
        tests.append((ReadingVerdict.HYSTERESIS, band))
    return tests


def _rise_tests(threshold: Threshold) -> tuple[list[tuple[ReadingVerdict, Test]], set[int]]:
    """The tests of a rise: by more than the percentage and by at least the number; and beyond but not clear yet.

    With a base of 0 only the number decides (decision 25), since value * d > 0 * n holds for every positive value.
    A base below 0 allows no percentage, so a reading is never clear against it. A missing base leaves the reading
    unjudged.
    """
    rise = threshold.rise
    assert rise is not None
    field, share, factor = _share(rise.percent)
    floor = {"$gte": {"v": {"$add": {"$l": {"$m": "b"}, "$r": scaled(rise.at_least)}}}}
    known = (_has("v"), _has("b"), _has(field), {"$gte": {"b": 0}})
    tests = [
        (ReadingVerdict.BEYOND, _all(*known, {"$gt": {field: share}}, floor)),
        (ReadingVerdict.HYSTERESIS, _all(_has("b"), {"$lt": {"b": 0}})),
    ]
    factors = {factor}
    if threshold.clear is not None:
        back, back_share, back_factor = _share(threshold.clear)
        factors.add(back_factor)
        between = ({"$lte": {field: share}}, {"$gt": {back: back_share}}, floor)
        tests.append((ReadingVerdict.HYSTERESIS, _all(*known, _has(back), *between)))
    return tests, factors


def _share(percent: Decimal) -> tuple[str, Test, int]:
    """The field, product and factor that compare value * d with base * n for a percentage, without a division."""
    times = growth(percent)
    product = {"$mul": {"$l": {"$m": "b"}, "$r": times.numerator}}
    return multiple(times.denominator), product, times.denominator


def multiple(factor: int) -> str:
    """The name of the field of a fact that holds its value times `factor`."""
    return f"v{factor}"
