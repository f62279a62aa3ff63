"""Why a rule demands nothing of a unit: it does not apply, a period is not whole, or the day is far off.

To find the condition to blame, the demands are computed again without it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dondoc.engine.demands.direct import direct_demands
from dondoc.engine.domain.demand import AHEAD, BEHIND, Demand, TriggerEvent
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import (
    AfterEvent,
    EveryYear,
    Overdue,
    Quota,
    Rule,
    RuleBook,
    Selector,
    Threshold,
)
from dondoc.engine.domain.terms import TaskKind
from dondoc.engine.errors import CalendarUncovered
from dondoc.engine.explain.reasons import Explanation, Why

_DAY = timedelta(days=1)
_EVER = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class NotDemanded:
    """A demand that a rule does not make on a unit, and why; `last_day` is the one it would have had."""

    subject: str
    last_day: date | None
    reason: Explanation


def misfit(selector: Selector, unit: str, chart: OrgChart, on: date) -> Explanation | None:
    """Which part of a selector a unit does not meet on a day; None when it meets all.

    A unit that has ended, or does not exist yet, is checked on its nearest day of life.
    """
    known = chart.units[unit]
    day = max(on, known.valid_from) if known.valid_to is None else min(on, known.valid_to - _DAY)
    if selector.units:
        return None if unit in selector.units else Explanation(Why.NOT_APPLIED, {"part": "units"})
    for part, has in (("kind", known.kind), ("level", known.level)):
        wanted = getattr(selector, part)
        if wanted is not None and wanted != has:
            return Explanation(Why.NOT_APPLIED, {"part": part, "wanted": wanted, "has": has})
    if selector.within is not None and not chart.within(unit, selector.within, day):
        return Explanation(Why.NOT_APPLIED, {"part": "within", "wanted": selector.within})
    return None


def not_demanded(
    book: RuleBook, chart: OrgChart, rule: Rule, unit: str, as_of: date, happenings: Iterable[TriggerEvent] = ()
) -> tuple[NotDemanded, ...]:
    """The demands that a rule could make near a night on a unit it applies to, but does not, by last day.

    Empty when nothing could be demanded at all, as where no event has started a counted period. Raises
    `CalendarUncovered`.
    """
    events = tuple(happenings)
    made = {demand.subject for demand in _asked(book, chart, rule, unit, as_of, events)}
    wide = _without(book, rule, in_force=True, first=True, setting=True)
    found = []
    for demand in _asked(wide, _long_lived(chart, unit), wide.rules[rule.id], unit, as_of, events):
        if demand.subject not in made and demand.kind is not TaskKind.LEVEL:
            why = _why(book, chart, rule, unit, as_of, events, demand)
            found.append(NotDemanded(demand.subject, demand.last_day, why))
    return tuple(sorted(found, key=lambda one: one.last_day or date.min))


def _why(
    book: RuleBook,
    chart: OrgChart,
    rule: Rule,
    unit: str,
    as_of: date,
    happenings: tuple[TriggerEvent, ...],
    demand: Demand,
) -> Explanation:
    """The one condition that prevents a demand; of several, the directive's comes first."""
    directive, life = book.directives[rule.directive], chart.units[unit]
    values = {"subject": demand.subject, "first_day": demand.first_day, "last_day": demand.last_day}
    force = values | {"from": directive.in_force_from, "until": directive.in_force_until}
    alive = values | {"from": life.valid_from, "until": life.valid_to - _DAY if life.valid_to else None}
    condition = rule.condition
    due = condition.due if isinstance(condition, Overdue) else None
    first = due.first if isinstance(due, EveryYear) else None
    direct = condition if isinstance(condition, Overdue | Quota | Threshold) else None
    setting = values | ({"set_on": direct.set_on, "judge_from": direct.judge_from} if direct else {})
    always, ever = _without(book, rule, in_force=True), _without(book, rule, first=True)
    tried = (
        (always, chart, Explanation(Why.WINDOW_NOT_WHOLE, force)),
        (_without(book, rule, setting=True), chart, Explanation(Why.BEFORE_SET, setting)),
        (book, _long_lived(chart, unit), Explanation(Why.LIFE_NOT_WHOLE, alive)),
        (ever, chart, Explanation(Why.BEFORE_FIRST, values | {"first": first})),
    )
    for book_, chart_, reason in tried:
        asked = _asked(book_, chart_, book_.rules[rule.id], unit, as_of, happenings)
        if any(one.subject == demand.subject for one in asked):
            return reason
    return Explanation(Why.WINDOW_NOT_WHOLE, force)


def _asked(
    book: RuleBook, chart: OrgChart, rule: Rule, unit: str, as_of: date, happenings: tuple[TriggerEvent, ...]
) -> list[Demand]:
    """The demands of one rule on one unit, as if it applied to that unit alone."""
    alone = replace(rule, applies_to=Selector(units=(unit,)))
    return list(direct_demands(replace(book, rules={rule.id: alone}), chart, as_of, happenings))


def _without(
    book: RuleBook, rule: Rule, *, in_force: bool = False, first: bool = False, setting: bool = False
) -> RuleBook:
    """The book with one rule, without its directive's dates, its first year, or the day it judges from."""
    directive = book.directives[rule.directive]
    if in_force:
        directive = replace(directive, in_force_from=_EVER, in_force_until=None)
    condition = rule.condition
    if first and isinstance(condition, Overdue) and isinstance(condition.due, EveryYear):
        rule = replace(rule, condition=replace(condition, due=replace(condition.due, first=_EVER.year)))
    condition = rule.condition
    if setting and isinstance(condition, Overdue | Quota):
        rule = replace(rule, condition=replace(condition, set_on=None, judge_from=None))
    if setting and isinstance(condition, Threshold):
        rule = replace(rule, condition=replace(condition, judge_from=_EVER))
    return replace(book, directives={**book.directives, directive.id: directive}, rules={rule.id: rule})


def _long_lived(chart: OrgChart, unit: str) -> OrgChart:
    """A chart with only that unit, as if it had always existed."""
    known = chart.units[unit]
    return OrgChart({unit: replace(known, valid_from=_EVER, valid_to=None)}, ())


def not_soon(book: RuleBook, chart: OrgChart, rule: Rule, unit: str, as_of: date) -> Explanation:
    """Why nothing is demanded near a night: the next last day within a year, or the event that must come first."""
    condition = rule.condition
    due = condition.due if isinstance(condition, Overdue) else None
    if isinstance(due, AfterEvent):
        return Explanation(Why.NO_DEMAND, {"event": due.event, "days": due.days})
    for ahead in range(AHEAD.days, BEHIND.days, AHEAD.days):
        coming = _coming(book, chart, rule, unit, as_of + timedelta(days=ahead))
        later = [demand for demand in coming if demand.last_day and demand.last_day > as_of]
        if later:
            soonest = min(later, key=lambda demand: demand.last_day or date.max)
            return Explanation(Why.NO_DEMAND, {"subject": soonest.subject, "last_day": soonest.last_day})
    return Explanation(Why.NO_DEMAND)


def _coming(book: RuleBook, chart: OrgChart, rule: Rule, unit: str, on: date) -> list[Demand]:
    try:
        return _asked(book, chart, rule, unit, on, ())
    except CalendarUncovered:
        return []
