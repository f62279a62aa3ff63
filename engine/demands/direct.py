"""Which tasks exist: every demand of rules on units, from the chart, the calendars and the trigger events.

Decisions 16 and 17: a quota's window must lie wholly in the time the directive is in force and in the unit's life;
a report is demanded of a unit that is alive on the last day, with the directive in force on it, and a yearly one
only of a unit that lived through the whole year. A demand exists only if the directive is in force on its breach
date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from dondoc.engine.domain.inheritance import Inheritance, Inheritances
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.periods import Period, PeriodKind, named, periods_between
from dondoc.engine.domain.rulebook import (
    AfterEvent,
    Directive,
    EveryPeriod,
    EveryYear,
    OccasionWindow,
    OnDate,
    Overdue,
    Quota,
    Rule,
    RuleBook,
    Selector,
    Threshold,
    Window,
)
from dondoc.engine.domain.terms import Level, Scope, TaskKind
from dondoc.engine.domain.workdays import WorkCalendar

_DAY = timedelta(days=1)
BEHIND = timedelta(days=400)
AHEAD = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class TriggerEvent:
    """An activity that starts a counted period: by which unit, which activity, on which day."""

    unit: str
    activity: str
    on: date


@dataclass(frozen=True, slots=True)
class Demand:
    """A task before the store has given it a number; fields as in `model.Task`.

    `counts` is the report, activity or indicator that meets it; `need` how many. `issued_on` is the first day on
    which a submission can settle it.
    """

    rule: str
    unit: str
    subject: str
    kind: TaskKind
    counts: str
    last_day: date | None
    issued_on: date
    first_day: date | None = None
    final_day: date | None = None
    need: int = 0
    scope: Scope = Scope.EACH
    bearers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Limit:
    """One occurrence of a demand: subject, last day, period, and the day from which its unit must exist."""

    subject: str
    last_day: date
    first_day: date | None = None
    final_day: date | None = None
    alive_from: date | None = None


@dataclass(slots=True)
class Bearers:
    """The units that a selector means on a day; caches its answers, since many rules share a selector."""

    chart: OrgChart
    known: dict[tuple[Selector, date], tuple[str, ...]] = field(default_factory=dict)

    def of(self, selector: Selector, on: date) -> tuple[str, ...]:
        """The ids of the units that are alive on that day, in order; unknown ids are left out."""
        key = (selector, on)
        if key not in self.known:
            self.known[key] = self._find(selector, on)
        return self.known[key]

    def _find(self, selector: Selector, on: date) -> tuple[str, ...]:
        if selector.units:
            units = (self.chart.units[unit] for unit in sorted(selector.units) if unit in self.chart.units)
            return tuple(unit.id for unit in units if unit.alive(on))
        level: Level | None = selector.level
        return self.chart.select(kind=selector.kind, level=level, within=selector.within, on=on)


def direct_demands(
    book: RuleBook,
    chart: OrgChart,
    as_of: date,
    happenings: Iterable[TriggerEvent] = (),
    inherited: Inheritances | None = None,
) -> Iterator[Demand]:
    """Every demand in force on `as_of` whose last day lies within the last 400 or the next 62 days.

    A baseline takes care of older breaches; 62 days ahead are longer than any reminder. The heirs in `inherited`
    owe what it hands on. Raises `CalendarUncovered` where a limit cannot be counted.
    """
    handed_on = inherited.handed_on if inherited else {}
    bearers = Bearers(chart)
    # Two records of one event demand one report.
    events = tuple(dict.fromkeys(happenings))
    for rule in book.rules.values():
        directive = book.directives[rule.directive]
        if not directive.in_force(as_of):
            continue
        found = _of_rule(book, rule, directive, bearers, as_of, events)
        if rule.id not in handed_on:
            yield from found
            continue
        made = {(demand.unit, demand.subject): demand for demand in found}
        for decided in handed_on[rule.id]:
            for demand in _of_rule(book, _for_heirs(rule, decided), directive, bearers, as_of, events):
                begins = demand.first_day or demand.last_day
                # The heirs owe only what begins after the decision: nobody owed it to them before (decision 35).
                if begins is None or begins > decided.recorded_on:
                    made.setdefault((demand.unit, demand.subject), demand)
        yield from made.values()


def _for_heirs(rule: Rule, decided: Inheritance) -> Rule:
    """The rule as it applies to the heirs: to them alone, a quota shared as the office decided."""
    condition = rule.condition
    if isinstance(condition, Quota):
        condition = replace(condition, scope=decided.scope)
    return replace(rule, applies_to=Selector(units=decided.heirs), condition=condition)


def _of_rule(
    book: RuleBook,
    rule: Rule,
    directive: Directive,
    bearers: Bearers,
    as_of: date,
    happenings: tuple[TriggerEvent, ...],
) -> Iterator[Demand]:
    calendar = book.calendars[rule.calendar]
    issued = directive.issued or directive.in_force_from
    condition = rule.condition
    if isinstance(condition, Overdue | Quota) and condition.set_on is not None:
        # A parameter that an office set binds from that day on, as if the directive had begun then (decision 47).
        directive = replace(directive, in_force_from=max(directive.in_force_from, condition.set_on))
    if isinstance(condition, Overdue):
        if condition.due is None:
            return
        if isinstance(condition.due, AfterEvent):
            yield from _after_events(rule, directive, condition, condition.due, bearers, calendar, happenings)
            return
        for limit in _kept(_report_limits(condition.due, directive, as_of), directive, as_of):
            for unit in _alive(bearers, rule.applies_to, limit):
                yield Demand(
                    rule.id, unit, limit.subject, TaskKind.REPORT, condition.report or "", limit.last_day, issued
                )
    elif isinstance(condition, Quota):
        limits = _quota_limits(condition, book.occasions, directive, calendar, as_of)
        for limit in _kept(limits, directive, as_of):
            yield from _quota(rule, condition, limit, _alive(bearers, rule.applies_to, limit), issued)
    elif isinstance(condition, Threshold):
        yield from _levels(rule, condition, directive, bearers, calendar, as_of, issued)


def _kept(limits: Iterable[_Limit], directive: Directive, as_of: date) -> Iterator[_Limit]:
    until = directive.in_force_until
    for limit in limits:
        in_window = as_of - BEHIND <= limit.last_day <= as_of + AHEAD
        begins = limit.first_day or limit.last_day
        # The period must lie in force, and so must the breach date, a day after the last day (decisions 16, 17).
        if in_window and begins >= directive.in_force_from and (until is None or limit.last_day + _DAY <= until):
            yield limit


def _alive(bearers: Bearers, selector: Selector, limit: _Limit) -> Iterator[str]:
    """The units that the rule applies to on the last day of the period, and that lived through all of it."""
    # With a grace the limit is later than the period; a unit that ended in between still owes it (decision 16).
    for unit in bearers.of(selector, limit.final_day or limit.last_day):
        if limit.alive_from is None or bearers.chart.units[unit].alive(limit.alive_from):
            yield unit


def _report_limits(due: OnDate | EveryYear | EveryPeriod, directive: Directive, as_of: date) -> Iterator[_Limit]:
    if isinstance(due, OnDate):
        last = last_day(due.day, exclusive=due.exclusive)
        yield _Limit(last.isoformat(), last)
    elif isinstance(due, EveryYear):
        for year in range((as_of - BEHIND).year, (as_of + AHEAD).year + 1):
            # A yearly report covers a whole year of the unit, unless the pack says which year is first (16).
            if due.first is None:
                alive_from = date(year, 1, 1)
            elif year < due.first:
                continue
            else:
                alive_from = None
            yield _Limit(
                str(year),
                last_day(date(year, due.month, due.day), exclusive=due.exclusive),
                alive_from=alive_from,
            )
    else:
        start = max(directive.in_force_from, as_of - 2 * BEHIND)
        for period in periods_between(due.per, start, as_of + AHEAD):
            yield _Limit(period.key, period.last.replace(day=due.by), alive_from=period.first)


def last_day(printed: date, *, exclusive: bool) -> date:
    """The last day in time: the day before a `before` date, or the `by` date itself."""
    return printed - _DAY if exclusive else printed


def _quota_limits(
    quota: Quota,
    occasions: Mapping[str, tuple[date, ...]],
    directive: Directive,
    calendar: WorkCalendar,
    as_of: date,
) -> Iterator[_Limit]:
    for period in _windows(quota.per, occasions, directive, as_of):
        last = calendar.after(period.last, quota.grace)
        yield _Limit(period.key, last, period.first, period.last, alive_from=period.first)


def _windows(
    per: PeriodKind | Window | OccasionWindow,
    occasions: Mapping[str, tuple[date, ...]],
    directive: Directive,
    as_of: date,
) -> Iterator[Period]:
    start = max(directive.in_force_from, as_of - BEHIND - timedelta(days=366))
    if isinstance(per, PeriodKind):
        yield from periods_between(per, start, as_of + AHEAD)
    elif isinstance(per, OccasionWindow):
        for day in occasions[per.occasion]:
            yield named(day - (per.days - 1) * _DAY, day)[1]
    elif per.yearly:
        wraps = per.last.year - per.first.year
        for year in range(start.year, (as_of + AHEAD).year + 1):
            yield named(per.first.replace(year=year), per.last.replace(year=year + wraps))[1]
    else:
        yield named(per.first, per.last)[1]


def _quota(rule: Rule, quota: Quota, limit: _Limit, units: Iterable[str], issued: date) -> Iterator[Demand]:
    bearers = tuple(units)
    # Carried together, `any` and `sum` fail together: one case on all bearers (decision 18).
    groups = [(unit,) for unit in bearers] if quota.scope is Scope.EACH else [bearers] if bearers else []
    for group in groups:
        yield Demand(
            rule.id,
            group[0],
            limit.subject,
            TaskKind.QUOTA,
            quota.activity,
            limit.last_day,
            issued,
            limit.first_day,
            limit.final_day,
            quota.at_least,
            quota.scope,
            group if len(group) > 1 else (),
        )


def _levels(
    rule: Rule,
    threshold: Threshold,
    directive: Directive,
    bearers: Bearers,
    calendar: WorkCalendar,
    as_of: date,
    issued: date,
) -> Iterator[Demand]:
    indicator = threshold.indicator
    for unit in bearers.of(rule.applies_to, as_of):
        yield Demand(rule.id, unit, indicator, TaskKind.LEVEL, indicator, None, issued)
    if threshold.no_data_after is None or not threshold.per.months:
        return
    start = max(directive.in_force_from, threshold.set_on, as_of - 2 * BEHIND)
    limits = (
        _Limit(
            f"{indicator}@{period.key}",
            calendar.after(period.last, threshold.no_data_after),
            period.first,
            period.last,
            alive_from=period.first,
        )
        for period in periods_between(threshold.per, start, as_of + AHEAD - timedelta(days=31))
    )
    for limit in _kept(limits, directive, as_of):
        for unit in _alive(bearers, rule.applies_to, limit):
            yield Demand(
                rule.id,
                unit,
                limit.subject,
                TaskKind.READING,
                indicator,
                limit.last_day,
                issued,
                limit.first_day,
                limit.final_day,
                1,
            )


def _after_events(
    rule: Rule,
    directive: Directive,
    condition: Overdue,
    due: AfterEvent,
    bearers: Bearers,
    calendar: WorkCalendar,
    happenings: tuple[TriggerEvent, ...],
) -> Iterator[Demand]:
    """One report for each event; its day is not counted, and a closed last day rolls forward (decision 6)."""
    for event in happenings:
        if event.activity != due.event or not directive.in_force(event.on):
            continue
        last = calendar.roll_forward(event.on + timedelta(days=due.days))
        if event.unit in bearers.of(rule.applies_to, last) and directive.in_force(last + _DAY):
            yield Demand(
                rule.id,
                event.unit,
                event.on.isoformat(),
                TaskKind.REPORT,
                condition.report or "",
                last,
                event.on,
            )
