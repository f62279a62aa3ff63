"""The rows of a unit's forms, before they are filled in: what the rules demand of it around a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from dondoc.engine.demands.direct import AHEAD, BEHIND, Demand, TriggerEvent, direct_demands
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.periods import PeriodKind, periods_between
from dondoc.engine.domain.rulebook import RuleBook, Threshold
from dondoc.engine.domain.terms import TaskKind


@dataclass(frozen=True, slots=True)
class CodeOption:
    """A value that a column takes: the code of a report, an activity or an indicator, and its title."""

    code: str
    title: Text


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report that is due. `last_day` is the last day in time, `subject` tells its occurrences apart.

    `task` is the ref of the imported task that it settles; empty for a demand of a rule.
    """

    choice: CodeOption
    subject: str
    last_day: date
    task: str = ""


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A figure for a period, both days inclusive; without days where the unit fills in the period."""

    choice: CodeOption
    measure: Text
    period: str = ""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(slots=True)
class FormRows:
    """The rows of one unit's forms: `reports` and `readings` one by one, `activities` by kind.

    Reports are by (code, subject), readings by (code, period).
    """

    reports: dict[tuple[str, str], ReportRow] = field(default_factory=dict)
    activities: dict[str, CodeOption] = field(default_factory=dict)
    readings: dict[tuple[str, str], ReadingRow] = field(default_factory=dict)


def form_rows(
    book: RuleBook, chart: OrgChart, on: date, happenings: Iterable[TriggerEvent] = ()
) -> Mapping[str, FormRows]:
    """By unit, the rows of its forms: the demands in force on that day, due within 400 days before or 62 after.

    A kind of activity is included while one of its windows lies within 62 days of the day. Raises
    `CalendarUncovered` where a limit cannot be counted.
    """
    found: dict[str, FormRows] = defaultdict(FormRows)
    for demand in direct_demands(book, chart, on, happenings):
        if demand.kind is TaskKind.REPORT:
            assert demand.last_day is not None
            choice = CodeOption(demand.counts, book.rules[demand.rule].title)
            report = ReportRow(choice, demand.subject, demand.last_day)
            found[demand.unit].reports.setdefault((demand.counts, demand.subject), report)
        elif demand.kind is TaskKind.QUOTA and _near(demand, on):
            choice = CodeOption(demand.counts, book.rules[demand.rule].title)
            for unit in demand.bearers or (demand.unit,):
                found[unit].activities.setdefault(demand.counts, choice)
        elif demand.kind is TaskKind.LEVEL:
            for reading in _readings(book, demand, on):
                if reading.first_day is None or chart.units[demand.unit].alive(reading.first_day):
                    found[demand.unit].readings.setdefault((reading.choice.code, reading.period), reading)
    return found


def _near(demand: Demand, on: date) -> bool:
    assert demand.first_day is not None
    assert demand.final_day is not None
    return demand.first_day <= on + AHEAD and on - AHEAD <= demand.final_day


def _readings(book: RuleBook, demand: Demand, on: date) -> Iterator[ReadingRow]:
    """The figures that a threshold needs: one for each period in force, from 400 days before to 62 after."""
    indicator = book.indicators[demand.counts]
    limit = book.rules[demand.rule].condition
    assert isinstance(limit, Threshold)
    choice = CodeOption(indicator.id, indicator.title)
    if limit.per is PeriodKind.READING:
        yield ReadingRow(choice, indicator.unit)
        return
    start = max(book.directive_of(demand.rule).in_force_from, on - BEHIND)
    for period in periods_between(limit.per, start, on + AHEAD):
        yield ReadingRow(choice, indicator.unit, period.key, period.first, period.last)
