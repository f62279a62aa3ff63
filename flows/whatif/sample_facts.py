"""Invents facts that put one rule in breach for one unit, for the preview of a letter.

That they are invented is said beside the letter, never in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import floor
from typing import Any

from dondoc.engine.demands.direct import AHEAD, Demand, TriggerEvent, direct_demands
from dondoc.engine.domain.model import SCALE, ZONE
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.periods import Period, PeriodKind, named, period_of, previous, same_last_year
from dondoc.engine.domain.rulebook import (
    AfterEvent,
    Against,
    Directive,
    Overdue,
    Rule,
    RuleBook,
    Threshold,
    growth,
)
from dondoc.engine.domain.terms import TaskKind
from dondoc.engine.domain.workdays import WorkCalendar

_DAY = timedelta(days=1)
_MORNING = time(8, 0)
_BASE = Decimal(100)
_FORWARD = timedelta(days=800)
_STRETCH = 10  # days of a reading that names its own period; no named period has so many
# A row of an import sheet: the sheet, and the values by column.
Fact = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class SampleBreach:
    """An invented breach: the unit, the first day that counts as late, and the rows to import.

    `rows` are values of import sheets. `said` describes for a person what was invented, in Vietnamese.
    """

    unit: str
    breach: date
    rows: tuple[Fact, ...]
    said: tuple[str, ...]


def breaches(
    book: RuleBook, rule: Rule, chart: OrgChart, around: date, unit: str | None
) -> Iterator[SampleBreach]:
    """Ways to put the book's one rule in breach, those nearest to `around` first; for `unit` when one is given.

    Yields nothing when the rule makes no demand on any day: its directive is too short, or it applies to no unit.
    """
    directive = book.directives[rule.directive]
    calendar = book.calendars[rule.calendar]
    for day in days_in_force(directive, calendar, around):
        if isinstance(rule.condition, Threshold):
            yield from _beyond(book, rule, rule.condition, chart, day, unit)
        elif isinstance(rule.condition, Overdue) and rule.condition.due is None:
            yield from _assigned(rule, rule.condition, chart, day, unit)
        else:
            yield from _unmet(book, rule, chart, day, unit)


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


def _unmet(book: RuleBook, rule: Rule, chart: OrgChart, day: date, unit: str | None) -> Iterator[SampleBreach]:
    """Breaches by one unmet demand, with every other one met in time; a counted period also needs its event."""
    happened, rows, said = _event(rule, chart, day, unit)
    for demand in sorted(direct_demands(book, chart, day, happened), key=lambda one: _distance(one, day)):
        if demand.last_day and unit in (None, demand.unit, *demand.bearers):
            breach = demand.last_day + _DAY
            others = [one for one in direct_demands(book, chart, breach, happened) if one != demand]
            missing = "không có hoạt động nào" if demand.kind is TaskKind.QUOTA else "không nộp gì"
            yield SampleBreach(
                demand.unit,
                breach,
                (*rows, *_met(others, breach)),
                (
                    *said,
                    f"hạn {demand.last_day:%d/%m/%Y} đã qua và {missing}",
                    "các hạn khác, các đơn vị khác: coi như xong đúng hạn",
                ),
            )


def _met(others: Iterable[Demand], by: date) -> Iterator[Fact]:
    """The rows that meet the demands due by a day."""
    for number, demand in enumerate(others):
        if demand.last_day is None or demand.last_day > by:
            continue
        on = demand.final_day or demand.last_day
        brought = {"ref": f"preview-{number}", "unit": demand.unit, "recorded_at": _recorded(on)}
        if demand.kind is TaskKind.QUOTA:
            held = {"activity": demand.counts, "done_on": on, "quantity": demand.need}
            yield "activities", {**brought, **held}
        elif demand.kind is TaskKind.REPORT:
            sent = {"report": demand.counts, "submitted_on": on, "document": ""}
            yield "submissions", {**brought, **sent, "task": f"{demand.rule}@{demand.subject}"}


def _recorded(on: date) -> datetime:
    return datetime.combine(on, _MORNING, ZONE)


def _distance(demand: Demand, day: date) -> tuple[int, str]:
    return abs((demand.last_day - day).days) if demand.last_day else 0, demand.unit


def _event(
    rule: Rule, chart: OrgChart, day: date, unit: str | None
) -> tuple[list[TriggerEvent], tuple[Fact, ...], tuple[str, ...]]:
    condition = rule.condition
    if not isinstance(condition, Overdue) or not isinstance(condition.due, AfterEvent):
        return [], (), ()
    who = unit or next(iter(_bearers(chart, rule, day)), None)
    if who is None:
        return [], (), ()
    event = condition.due.event
    row = {
        "ref": "preview",
        "unit": who,
        "activity": event,
        "done_on": day,
        "quantity": 1,
        "recorded_at": _recorded(day),
    }
    return (
        [TriggerEvent(who, event, day)],
        (("activities", row),),
        (f"ngày {day:%d/%m/%Y} có hoạt động «{event}»",),
    )


def _bearers(chart: OrgChart, rule: Rule, on: date) -> tuple[str, ...]:
    picked = rule.applies_to
    if picked.units:
        return tuple(unit for unit in picked.units if unit in chart.units and chart.units[unit].alive(on))
    return chart.select(kind=picked.kind, level=picked.level, within=picked.within, on=on)


def _assigned(
    rule: Rule, condition: Overdue, chart: OrgChart, day: date, unit: str | None
) -> Iterator[SampleBreach]:
    for who in _bearers(chart, rule, day):
        if unit in (None, who):
            row = {
                "ref": "preview",
                "unit": who,
                "task": condition.task,
                "title": "Nhiệm vụ ví dụ",
                "title_en": "Example task",
                "assigned_on": day - 30 * _DAY,
                "due": day,
                "due_kind": "by",
                "issuer": None,
                "monitor": None,
                "reports_to": None,
                "recorded_at": _recorded(day - 30 * _DAY),
            }
            said = f"việc «Nhiệm vụ ví dụ» được giao, hạn {day:%d/%m/%Y}, và không nộp gì"
            yield SampleBreach(who, day + _DAY, (("tasks", row),), (said,))


def _beyond(
    book: RuleBook, rule: Rule, threshold: Threshold, chart: OrgChart, day: date, unit: str | None
) -> Iterator[SampleBreach]:
    """Readings beyond the limit for as many periods as the rule requires, the last recorded on `day`."""
    recorded = max(day, threshold.set_on, book.directives[rule.directive].in_force_from)
    values = _values(threshold, recorded)
    for who in _bearers(chart, rule, recorded):
        if unit in (None, who):
            rows = tuple(
                (
                    "readings",
                    {
                        "ref": f"preview-{number}",
                        "unit": who,
                        "indicator": threshold.indicator,
                        "first_day": period.first,
                        "last_day": period.last,
                        "value": int(value * SCALE),
                        "recorded_at": _recorded(recorded),
                        "source": "",
                    },
                )
                for number, (period, value) in enumerate(values)
            )
            title = book.indicators[threshold.indicator].title.vi
            said = tuple(
                f"{title}: {value.normalize():f} ({period.first:%d/%m/%Y} – {period.last:%d/%m/%Y})"
                for period, value in values
            )
            yield SampleBreach(who, recorded + _DAY, rows, said)


def _values(threshold: Threshold, recorded: date) -> list[tuple[Period, Decimal]]:
    """The periods before the day, oldest first, each with a value that is beyond the limit or a base for it."""
    periods = _periods(threshold.per, recorded, threshold.periods)
    if threshold.rise is None:
        return [(period, _past(threshold)) for period in periods]
    if threshold.rise.against is Against.SAME_PERIOD_LAST_YEAR:
        bases = [(same_last_year(threshold.per, period), _BASE) for period in periods]
        return [*bases, *((period, _risen(threshold, _BASE)) for period in periods)]
    value = _BASE
    found = [(previous(threshold.per, periods[0]), value)]
    for period in periods:
        value = _risen(threshold, value)
        found.append((period, value))
    return found


def _periods(kind: PeriodKind, recorded: date, count: int) -> list[Period]:
    if not kind.months:
        lasts = [recorded - (1 + n * _STRETCH) * _DAY for n in range(count - 1, -1, -1)]
        return [named(last - (_STRETCH - 1) * _DAY, last)[1] for last in lasts]
    found = [previous(kind, period_of(kind, recorded))]
    while len(found) < count:
        found.append(previous(kind, found[-1]))
    return found[::-1]


def _past(threshold: Threshold) -> Decimal:
    """A value about a tenth beyond the limit, and a whole number where the limit is one."""
    if threshold.above is not None:
        margin = max(Decimal(1), threshold.above // 10)
        return threshold.above + margin
    assert threshold.below is not None
    margin = max(Decimal(1), threshold.below // 10)
    return threshold.below - margin if threshold.below > margin else threshold.below / 2


def _risen(threshold: Threshold, base: Decimal) -> Decimal:
    assert threshold.rise is not None
    times = growth(threshold.rise.percent)
    return Decimal(floor(base * times.numerator / times.denominator)) + threshold.rise.at_least + 1
