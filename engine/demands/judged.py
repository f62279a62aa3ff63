"""The first and the last period that a rule judges, with its limit and the day of the first letter.

As for a unit that has always existed: when a rule begins and ends is said by its directive, not by its units.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dondoc.engine.demands.direct import direct_demands
from dondoc.engine.domain.demand import Demand
from dondoc.engine.domain.model import Unit
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.periods import periods_between
from dondoc.engine.domain.rulebook import Derived, Overdue, Quota, Rule, RuleBook, Selector, Threshold
from dondoc.engine.domain.terms import Level
from dondoc.engine.errors import CalendarUncovered
from dondoc.engine.kinds import direct_kind

_DAY = timedelta(days=1)
# How far ahead the first is looked for, step by step, since the calendar may not reach far: a month, a year, an
# occasion of which the next has no date.
_AHEAD = tuple(timedelta(days=days) for days in (62, 200, 430, 800, 1_200))
# How much later than its window a demand may end, by its grace.
_GRACE = timedelta(days=366)
_SOMEBODY = "somebody"


@dataclass(frozen=True, slots=True)
class JudgedPeriod:
    """One period, or day, that a rule judges: its key, its last day in time, and the day of the first letter."""

    key: str
    last_day: date
    first_letter: date


@dataclass(frozen=True, slots=True)
class JudgedSpan:
    """The first and the last that a rule judges; `last` is None where the directive has no end."""

    rule: str
    first: JudgedPeriod
    last: JudgedPeriod | None


def judged_spans(book: RuleBook) -> Iterator[JudgedSpan]:
    """The span of every rule that makes its demands itself; of what others assign or events start none is known.

    One that the calendar does not reach is left out.
    """
    for rule in book.rules.values():
        if isinstance(rule.condition, Derived):
            continue
        with suppress(CalendarUncovered):
            first = _first(book, rule)
            if first is not None:
                yield JudgedSpan(rule.id, first, _last(book, rule, first))


def demands_of(book: RuleBook, rule: Rule, unit: str, on: date, until: date | None = None) -> Iterator[Demand]:
    """What a rule demands near a day of a unit that has always existed, alone. Raises `CalendarUncovered`."""
    chart = OrgChart({unit: Unit(unit, "", Level.COMMUNE, (), date.min)}, ())
    alone = replace(rule, applies_to=Selector(units=(unit,)))
    return direct_demands(replace(book, rules={rule.id: alone}), chart, on, until=until)


def _first(book: RuleBook, rule: Rule) -> JudgedPeriod | None:
    begins = book.directives[rule.directive].in_force_from
    until = book.directives[rule.directive].in_force_until
    condition = rule.condition
    if not isinstance(condition, Derived) and (since := condition.judged_since) is not None:
        begins = max(begins, since if until is None else min(since, until))
    for ahead in _AHEAD:
        first = min(_dated(book, rule, begins, begins + ahead), key=_when, default=None)
        if first is not None:
            return first
    return None


def _last(book: RuleBook, rule: Rule, first: JudgedPeriod) -> JudgedPeriod | None:
    until = book.directives[rule.directive].in_force_until
    if until is None:
        return None
    grace = rule.condition.grace if isinstance(rule.condition, Quota) else 0
    return max((first, *_dated(book, rule, until, until + _GRACE if grace else until)), key=_when)


def _when(one: JudgedPeriod) -> date:
    return one.last_day


def _dated(book: RuleBook, rule: Rule, on: date, until: date) -> Iterator[JudgedPeriod]:
    """What the rule judges near a day, up to another."""
    condition, directive = rule.condition, book.directives[rule.directive]
    assert not isinstance(condition, Derived)
    if isinstance(condition, Threshold):
        return _figures(book, rule, condition, on, min(until, directive.in_force_until or until))
    return _demands(book, rule, demands_of(book, rule, _SOMEBODY, on, until))


def _demands(book: RuleBook, rule: Rule, demands: Iterable[Demand]) -> Iterator[JudgedPeriod]:
    condition = rule.condition
    assert not isinstance(condition, Derived)
    for demand in demands:
        if demand.last_day is not None:
            key = direct_kind(condition).period_key(condition, demand.subject)
            ends = demand.final_day or demand.last_day
            yield JudgedPeriod(key or demand.subject, demand.last_day, _letter(book, rule, demand.last_day, ends))


def _figures(book: RuleBook, rule: Rule, threshold: Threshold, on: date, until: date) -> Iterator[JudgedPeriod]:
    """The periods of a figure; one that must come is late some days after its period."""
    begins, must_come = book.directives[rule.directive].in_force_from, threshold.no_data_after is not None
    if not threshold.per.months:
        return
    for period in periods_between(threshold.per, max(threshold.judged_since, on - _GRACE * 2), until):
        if (period.first if must_come else period.last) >= begins:
            last = book.calendar_of(rule.id).after(period.last, threshold.no_data_after or 0)
            yield JudgedPeriod(period.key, last, _letter(book, rule, last, period.last))


def _letter(book: RuleBook, rule: Rule, last_day: date, ends: date) -> date:
    """The day of the first letter: of the earliest reminder, else the first working day after the last day."""
    calendar, condition = book.calendar_of(rule.id), rule.condition
    offsets: tuple[int, ...] = ()
    if isinstance(condition, Overdue):
        offsets = condition.remind
    elif isinstance(condition, Quota):
        offsets = condition.warn_before
    breach = calendar.roll_forward(last_day + _DAY)
    return min((calendar.before(ends, offset) for offset in offsets), default=breach)
