"""Invents facts that put one rule in breach for one unit, for the preview of a letter.

That they are invented is said beside the letter, never in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from dondoc.engine.demands.direct import direct_demands
from dondoc.engine.domain.demand import AHEAD, Demand, TriggerEvent
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Direct, Directive, Rule, RuleBook
from dondoc.engine.domain.terms import SheetKind
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.kinds import direct_kind
from dondoc.engine.kinds.samples import SampleBreach, SampleRow, Sampling, recorded

_DAY = timedelta(days=1)
_FORWARD = timedelta(days=800)


def breaches(
    book: RuleBook, rule: Rule, condition: Direct, chart: OrgChart, around: date, unit: str | None
) -> Iterator[SampleBreach]:
    """Ways to put the book's one rule in breach, those nearest to `around` first; for `unit` when one is given.

    Yields nothing when the rule makes no demand on any day: its directive is too short, or it applies to no unit.
    """
    directive = book.directives[rule.directive]
    calendar = book.calendars[rule.calendar]
    for day in days_in_force(directive, calendar, around):
        sampling = Sampling(book, rule, chart, day, unit)
        own = direct_kind(condition).samples(condition, sampling)
        yield from _unmet(condition, sampling) if own is None else own


def days_in_force(directive: Directive, calendar: WorkCalendar, around: date) -> Iterator[date]:
    """Days on which the directive is in force, about two months apart, nearest to `around` first."""
    first = max(directive.in_force_from, calendar.first)
    last = min(directive.in_force_until or calendar.last, calendar.last - 2 * AHEAD)
    start = min(max(around, first), last)
    day = start
    while day <= last and (day - start).days <= _FORWARD.days:
        yield day
        day += AHEAD
    day = start - AHEAD
    while day > first:
        yield day
        day -= AHEAD
    if first <= last:
        yield first


def _unmet(condition: Direct, sampling: Sampling) -> Iterator[SampleBreach]:
    """Breaches by one unmet demand, with every other one met in time; a counted period also needs its event."""
    book, chart, day, unit = sampling.book, sampling.chart, sampling.day, sampling.unit
    happened, rows, said = _event(condition, sampling)
    missing = direct_kind(condition).nothing_done()
    for demand in sorted(direct_demands(book, chart, day, happened), key=lambda one: _distance(one, day)):
        if demand.last_day and unit in (None, demand.unit, *demand.bearers):
            breach = demand.last_day + _DAY
            others = [one for one in direct_demands(book, chart, breach, happened) if one != demand]
            yield SampleBreach(
                demand.unit,
                breach,
                (*rows, *_met(condition, others, breach)),
                (
                    *said,
                    f"hạn {demand.last_day:%d/%m/%Y} đã qua và {missing}",
                    "các hạn khác, các đơn vị khác: coi như xong đúng hạn",
                ),
            )


def _met(condition: Direct, others: Iterable[Demand], by: date) -> Iterator[SampleRow]:
    """The rows that meet the rule's demands due by a day."""
    kind = direct_kind(condition)
    for number, demand in enumerate(others):
        if demand.last_day is None or demand.last_day > by:
            continue
        met = kind.meeting(demand)
        if met is not None:
            sheet, row = met
            on = demand.final_day or demand.last_day
            yield sheet, {"ref": f"preview-{number}", "unit": demand.unit, "recorded_at": recorded(on), **row}


def _distance(demand: Demand, day: date) -> tuple[int, str]:
    return abs((demand.last_day - day).days) if demand.last_day else 0, demand.unit


def _event(
    condition: Direct, sampling: Sampling
) -> tuple[list[TriggerEvent], tuple[SampleRow, ...], tuple[str, ...]]:
    day, event = sampling.day, direct_kind(condition).trigger(condition)
    who = sampling.unit or next(iter(sampling.units(day)), None)
    if event is None or who is None:
        return [], (), ()
    row = {
        "ref": "preview",
        "unit": who,
        "activity": event,
        "done_on": day,
        "quantity": 1,
        "recorded_at": recorded(day),
    }
    return (
        [TriggerEvent(who, event, day)],
        ((SheetKind.ACTIVITIES, row),),
        (f"ngày {day:%d/%m/%Y} có hoạt động «{event}»",),
    )
