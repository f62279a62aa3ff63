"""Which tasks exist: every demand of direct rules on units, from the chart, the calendars and the events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from dondoc.engine.domain.demand import AHEAD, Bearers, Demand, TriggerEvent
from dondoc.engine.domain.inheritance import Inheritance, Inheritances
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Derived, Direct, Rule, RuleBook, Selector
from dondoc.engine.kinds import direct_kind
from dondoc.engine.kinds.limits import Asking


def direct_demands(
    book: RuleBook,
    chart: OrgChart,
    as_of: date,
    happenings: Iterable[TriggerEvent] = (),
    inherited: Inheritances | None = None,
    until: date | None = None,
    *,
    far: bool = False,
) -> Iterator[Demand]:
    """Every demand followed up on `as_of` whose last day lies within the last 400 or the next 62 days.

    A baseline takes care of older breaches. A rule whose reminders come earlier looks as far ahead as they need;
    `until` gives another latest last day to all rules; with `far` those come too whose limit may have moved beyond
    it. The heirs in `inherited` owe what it hands on. Raises
    `CalendarUncovered` where a limit cannot be counted.
    """
    handed_on = inherited.handed_on if inherited else {}
    bearers = Bearers(chart)
    # Two records of one event demand one report.
    events = tuple(dict.fromkeys(happenings))
    for rule in book.rules.values():
        condition = rule.condition
        if isinstance(condition, Derived) or not book.directives[rule.directive].followed(as_of):
            continue
        found = direct_kind(condition).demands(
            condition, asking(book, rule, bearers, as_of, events, until, far=far)
        )
        if rule.id not in handed_on:
            yield from found
            continue
        made = {(demand.unit, demand.subject): demand for demand in found}
        for decided in handed_on[rule.id]:
            for demand in _of_heirs(book, rule, condition, decided, bearers, as_of, events, until):
                if decided.hands_on(demand.first_day or demand.last_day):
                    made.setdefault((demand.unit, demand.subject), demand)
        yield from made.values()


def asking(
    book: RuleBook,
    rule: Rule,
    bearers: Bearers,
    as_of: date,
    events: tuple[TriggerEvent, ...] = (),
    until: date | None = None,
    *,
    far: bool = False,
) -> Asking:
    """What the demands of a rule are made from on a night."""
    directive = book.directives[rule.directive]
    return Asking(
        rule,
        directive,
        book.calendars[rule.calendar],
        book.occasions,
        bearers,
        events,
        as_of,
        directive.issued or directive.in_force_from,
        until or horizon(book, rule, as_of),
        far,
    )


def horizon(book: RuleBook, rule: Rule, as_of: date) -> date:
    """The latest last day of the demands that a night makes for a rule. Raises `CalendarUncovered`."""
    condition = rule.condition
    if isinstance(condition, Derived):
        return as_of + AHEAD
    return direct_kind(condition).horizon(condition, book.calendars[rule.calendar], as_of)


def _of_heirs(
    book: RuleBook,
    rule: Rule,
    condition: Direct,
    decided: Inheritance,
    bearers: Bearers,
    as_of: date,
    events: tuple[TriggerEvent, ...],
    until: date | None,
) -> Iterator[Demand]:
    """The demands of the rule as it applies to the heirs: to them alone, shared as the office decided."""
    kind = direct_kind(condition)
    shared = kind.for_heirs(condition, decided.scope)
    alone = replace(rule, applies_to=Selector(units=decided.heirs))
    return kind.demands(shared, asking(book, alone, bearers, as_of, events, until))
