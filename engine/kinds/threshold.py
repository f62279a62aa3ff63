"""`threshold`: an indicator beyond its limit, and the readings that are missing where that counts as a breach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from dondoc.engine.domain.demand import AHEAD, BEHIND, Demand
from dondoc.engine.domain.forms import CodeOption, FormRow, ReadingRow
from dondoc.engine.domain.model import SCALE, Asked, Case, Finding, Task, scaled
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.periods import PeriodKind, periods_between
from dondoc.engine.domain.rulebook import Against, Rule, RuleBook, Threshold
from dondoc.engine.domain.terms import Outcome, Scope, SheetKind, SourceKind, TaskKind
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.kinds.limits import Asking, DemandLimit, InForce, Occasions, horizon, is_settled, when_done
from dondoc.engine.kinds.samples import SampleBreach, Sampling
from dondoc.engine.kinds.second_pass import PartVerdict, ended_as
from dondoc.engine.kinds.shapes import Shape
from dondoc.engine.kinds.threshold_samples import beyond
from dondoc.engine.kinds.threshold_shapes import awaited_shape, level_shape


class ThresholdKind:
    """Two kinds of task: a level, which is a unit's whole series of readings, and each reading that must come."""

    def reads(self, condition: Threshold) -> Iterator[tuple[SheetKind, str]]:
        yield SheetKind.READINGS, condition.indicator

    def judged_since(self, condition: Threshold) -> date:
        return condition.judged_since

    def is_shared(self, condition: Threshold) -> bool:
        return False

    def asks_each(self, condition: Threshold) -> bool:
        return True

    def has_periods(self, condition: Threshold) -> bool:
        # Its level has no last day, so that no period of it can be missed.
        return False

    def number_of(self, condition: Threshold, task: Task, occasions: Occasions) -> int:
        raise ValueError(f"{task.rule} has no periods")

    def is_reachable(self, condition: Threshold, in_force: InForce, occasions: Occasions) -> bool:
        until, since = in_force[1], condition.judged_since
        if until is None or not condition.per.months:
            return until is None or since <= until
        return next(periods_between(condition.per, since, until), None) is not None

    def goes_on(self, condition: Threshold, occasions: Occasions, on: date) -> bool:
        return True

    def likeness(self, condition: Threshold) -> Hashable:
        limit = condition.above, condition.below, condition.rise
        return Threshold, condition.indicator, condition.per, limit

    def how_much(self, condition: Threshold) -> int:
        return 0

    def calm(self, condition: Threshold, task: TaskKind) -> int:
        return condition.calm if task is TaskKind.LEVEL else 0

    def asked(self, condition: Threshold) -> Asked | None:
        # A rise is asked for as its percentage, a limit as it is.
        level = scaled(condition.rise.percent) if condition.rise else condition.limit
        assert level is not None
        clear = level if condition.clear is None else scaled(condition.clear)
        least = scaled(condition.rise.at_least) if condition.rise else None
        return Asked(level, condition.periods, clear, least)

    def misses(self, finding: Finding, asked: Asked) -> bool:
        value, base = finding.value, finding.before
        if finding.task.kind is not TaskKind.LEVEL or value is None:
            return False
        # What is open closes at the clearing value alone, however many periods it took to open.
        clear = asked.level if asked.clear is None else asked.clear
        if finding.limit is None:
            risen = base is not None and base >= 0 and value * 100 * SCALE > base * (100 * SCALE + clear)
            return risen and value >= (asked.least or 0)
        return value < clear if finding.is_floor else value > clear

    def covers(self, condition: Threshold) -> bool:
        return False

    def is_derived(self) -> bool:
        return False

    def is_counted(self, task: TaskKind) -> bool:
        return False

    def is_measured(self, task: TaskKind) -> bool:
        return task is TaskKind.LEVEL

    def is_never_made_up(self, task: TaskKind) -> bool:
        return False

    def is_superseded(self, finding: Finding) -> bool:
        return False

    def is_finished(self, finding: Finding, case: Case | None) -> bool:
        # A level goes on: the next reading is judged as well.
        return finding.task.kind is not TaskKind.LEVEL and is_settled(finding, case)

    def how_ended(self, finding: Finding) -> str:
        return ""

    def ended_as(self, ended: str) -> PartVerdict:
        return ended_as(ended)

    def outcome(self, finding: Finding) -> Outcome:
        if finding.task.kind is not TaskKind.LEVEL:
            return when_done(finding)
        # A figure that was corrected is no improvement of the unit's (decision 26).
        return Outcome.WITHDRAWN if finding.corrected else Outcome.CLEARED

    def is_worse_with_time(self, task: TaskKind) -> bool:
        return task is not TaskKind.LEVEL

    def is_worse(self, finding: Finding, before: int, now: int) -> bool:
        # A missing reading grows no worse (decision 30), and a figure that is back within its limit is not worse.
        if finding.task.kind is not TaskKind.LEVEL or finding.in_band:
            return False
        return now < before if finding.is_floor else now > before

    def demands(self, condition: Threshold, asking: Asking) -> Iterator[Demand]:
        rule, indicator = asking.rule, condition.indicator
        for unit in asking.bearers.of(rule.applies_to, asking.as_of):
            yield Demand(rule.id, unit, indicator, TaskKind.LEVEL, indicator, None, asking.issued)
        for limit in asking.kept(_awaited(condition, asking)):
            for unit in asking.alive(rule.applies_to, limit):
                yield Demand(
                    rule.id,
                    unit,
                    limit.subject,
                    TaskKind.READING,
                    indicator,
                    limit.last_day,
                    asking.issued,
                    limit.first_day,
                    limit.final_day,
                    1,
                )

    def horizon(self, condition: Threshold, calendar: WorkCalendar, as_of: date) -> date:
        return horizon(calendar, as_of, ())

    def period_key(self, condition: Threshold, subject: str) -> str:
        # A level is about its indicator alone, a missing reading about its indicator and its period.
        _, of_period, key = subject.partition("@")
        return key if of_period else ""

    def trigger(self, condition: Threshold) -> None:
        return None

    def assigned(self, condition: Threshold) -> None:
        return None

    def for_heirs(self, condition: Threshold, scope: Scope) -> Threshold:
        return condition

    def shapes(
        self, rules: Sequence[tuple[Rule, Threshold]], calendars: Mapping[str, WorkCalendar], as_of: date
    ) -> Iterator[Shape]:
        awaited = [rule.id for rule, condition in rules if condition.no_data_after is not None]
        if awaited:
            yield awaited_shape(awaited, as_of)
        alike: dict[tuple[str, PeriodKind, Against | None], list[tuple[Rule, Threshold]]] = defaultdict(list)
        for rule, condition in rules:
            against = condition.rise.against if condition.rise else None
            alike[condition.indicator, condition.per, against].append((rule, condition))
        for how, watching in alike.items():
            yield level_shape(*how, watching)

    def absence(self, condition: Threshold, task: TaskKind) -> tuple[SourceKind, str] | None:
        # A level is never absence: it is judged on the readings that are there (decision 24).
        return (SourceKind.INDICATORS, condition.indicator) if task is TaskKind.READING else None

    def form_rows(
        self, condition: Threshold, demand: Demand, book: RuleBook, chart: OrgChart, on: date
    ) -> Iterator[tuple[str, FormRow]]:
        # Its readings have their rows by the level, from as many periods back as a form holds.
        if demand.kind is not TaskKind.LEVEL:
            return
        since = book.directive_of(demand.rule).in_force_from
        # A rise is measured against an earlier figure, which may be of a period that is not judged itself.
        if condition.rise is None:
            since = max(since, condition.judged_since)
        for row in _readings(condition, book, since, on):
            if row.first_day is None or chart.units[demand.unit].alive(row.first_day):
                yield demand.unit, row

    def samples(self, condition: Threshold, sampling: Sampling) -> Iterator[SampleBreach]:
        return beyond(condition, sampling)

    def meeting(self, demand: Demand) -> None:
        return None

    def nothing_done(self) -> str:
        return "không có số liệu"


def _awaited(threshold: Threshold, asking: Asking) -> Iterator[DemandLimit]:
    """The periods that must have a reading, if missing data is a breach."""
    if threshold.no_data_after is None or not threshold.per.months:
        return
    as_of = asking.as_of
    start = max(asking.directive.in_force_from, threshold.judged_since, as_of - 2 * BEHIND)
    for period in periods_between(threshold.per, start, as_of + AHEAD - timedelta(days=31)):
        yield DemandLimit(
            f"{threshold.indicator}@{period.key}",
            asking.calendar.after(period.last, threshold.no_data_after),
            period.first,
            period.last,
            alive_from=period.first,
        )


def _readings(threshold: Threshold, book: RuleBook, since: date, on: date) -> Iterator[ReadingRow]:
    """The figures that it needs: one for each period in force, from 400 days before to 62 after."""
    indicator = book.indicators[threshold.indicator]
    choice = CodeOption(indicator.id, indicator.title)
    if threshold.per is PeriodKind.READING:
        yield ReadingRow(choice, indicator.unit)
        return
    for period in periods_between(threshold.per, max(since, on - BEHIND), on + AHEAD):
        yield ReadingRow(choice, indicator.unit, period.key, period.first, period.last)
