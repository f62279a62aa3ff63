"""`quota`: too few activities in a period, of one unit or of several that carry it together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, assert_never

from dondoc.engine.domain.demand import AHEAD, BEHIND, Demand
from dondoc.engine.domain.forms import CodeOption, FormRow
from dondoc.engine.domain.model import Asked, Case, Finding, Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.periods import Period, PeriodKind, named, periods_between
from dondoc.engine.domain.rulebook import OccasionWindow, Quota, Rule, RuleBook, Window
from dondoc.engine.domain.terms import Outcome, Scope, SheetKind, SourceKind, TaskKind, Verdict
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.kinds.limits import (
    Asking,
    DemandLimit,
    InForce,
    Occasions,
    horizon,
    is_judged,
    is_settled,
    number_of,
    periods,
    years,
)
from dondoc.engine.kinds.samples import SampleBreach, Sampling
from dondoc.engine.kinds.second_pass import PartVerdict, ended_as
from dondoc.engine.kinds.shapes import FactSource, MatchMeaning, Shape, every, has, reminders, window

_DAY = timedelta(days=1)


class QuotaKind:
    """Judged on the number of activities once a period and its grace are over; a missed one is never made up."""

    def reads(self, condition: Quota) -> Iterator[tuple[SheetKind, str]]:
        yield SheetKind.ACTIVITIES, condition.activity

    def judged_since(self, condition: Quota) -> date | None:
        return condition.judged_since

    def is_shared(self, condition: Quota) -> bool:
        return condition.scope is not Scope.EACH

    def asks_each(self, condition: Quota) -> bool:
        return condition.scope is Scope.EACH

    def has_periods(self, condition: Quota) -> bool:
        return not isinstance(condition.per, Window) or condition.per.yearly

    def number_of(self, condition: Quota, task: Task, occasions: Occasions) -> int:
        match condition.per:
            case PeriodKind() as kind:
                return number_of(kind, task.subject)
            case Window(yearly=True):
                return _end(task).year
            case OccasionWindow(occasion=occasion):
                return sorted(occasions[occasion]).index(_end(task))
        raise ValueError(f"{task.rule} has no periods")

    def is_reachable(self, condition: Quota, in_force: InForce, occasions: Occasions) -> bool:
        if isinstance(condition.per, OccasionWindow) and condition.per.occasion not in occasions:
            return True
        since = condition.judged_since or date.min
        return any(
            first >= max(in_force[0], since) and is_judged(last, in_force)
            for first, last in _every_window(condition.per, in_force, occasions)
        )

    def goes_on(self, condition: Quota, occasions: Occasions, on: date) -> bool:
        match condition.per:
            case Window(yearly=yearly, last=last):
                return yearly or last > on
            case OccasionWindow(occasion=occasion):
                return any(day > on for day in occasions[occasion])
            case PeriodKind():
                return True

    def likeness(self, condition: Quota) -> Hashable:
        return Quota, condition.activity, condition.per, condition.scope

    def how_much(self, condition: Quota) -> int:
        return condition.at_least

    def calm(self, condition: Quota, task: TaskKind) -> int:
        return 0

    def asked(self, condition: Quota) -> Asked | None:
        return Asked(condition.at_least)

    def misses(self, finding: Finding, asked: Asked) -> bool:
        return finding.count is not None and finding.count < asked.level

    def covers(self, condition: Quota) -> bool:
        return False

    def is_derived(self) -> bool:
        return False

    def is_counted(self, task: TaskKind) -> bool:
        return True

    def is_measured(self, task: TaskKind) -> bool:
        return False

    def is_never_made_up(self, task: TaskKind) -> bool:
        return True

    def is_superseded(self, finding: Finding) -> bool:
        return True

    def is_finished(self, finding: Finding, case: Case | None) -> bool:
        return is_settled(finding, case)

    def how_ended(self, finding: Finding) -> str:
        return "on-time" if finding.verdict is Verdict.MET else "missed"

    def ended_as(self, ended: str) -> PartVerdict:
        return ended_as(ended)

    def outcome(self, finding: Finding) -> Outcome:
        # Met after its period has closed: the activity was dated inside it and recorded late (decision 11).
        return Outcome.WITHDRAWN

    def is_worse_with_time(self, task: TaskKind) -> bool:
        return True

    def is_worse(self, finding: Finding, before: int, now: int) -> bool:
        # A period that is over grows no worse (decision 30).
        return False

    def demands(self, condition: Quota, asking: Asking) -> Iterator[Demand]:
        rule = asking.rule
        asking = asking.judged_since(condition.judged_since)
        for limit in asking.kept(_limits(condition, asking)):
            bearers = tuple(asking.alive(rule.applies_to, limit))
            # Carried together, `any` and `sum` fail together: one case on all bearers (decision 18).
            alone = condition.scope is Scope.EACH
            groups = [(unit,) for unit in bearers] if alone else [bearers] if bearers else []
            for group in groups:
                yield Demand(
                    rule.id,
                    group[0],
                    limit.subject,
                    TaskKind.QUOTA,
                    condition.activity,
                    limit.last_day,
                    asking.issued,
                    limit.first_day,
                    limit.final_day,
                    condition.at_least,
                    condition.scope,
                    group if len(group) > 1 else (),
                )

    def horizon(self, condition: Quota, calendar: WorkCalendar, as_of: date) -> date:
        return horizon(calendar, as_of, condition.warn_before, condition.grace)

    def period_key(self, condition: Quota, subject: str) -> str:
        return subject

    def trigger(self, condition: Quota) -> None:
        return None

    def assigned(self, condition: Quota) -> None:
        return None

    def for_heirs(self, condition: Quota, scope: Scope) -> Quota:
        return replace(condition, scope=scope)

    def shapes(
        self, rules: Sequence[tuple[Rule, Quota]], calendars: Mapping[str, WorkCalendar], as_of: date
    ) -> Iterator[Shape]:
        alike: dict[tuple[str, tuple[int, ...], int], list[str]] = defaultdict(list)
        for rule, condition in rules:
            alike[rule.calendar, condition.warn_before, condition.at_least].append(rule.id)
        for n, ((calendar, warn, need), ids) in enumerate(alike.items()):
            yield _shape(n, calendars[calendar], warn, need, ids, as_of)

    def absence(self, condition: Quota, task: TaskKind) -> tuple[SourceKind, str]:
        return SourceKind.ACTIVITIES, condition.activity

    def form_rows(
        self, condition: Quota, demand: Demand, book: RuleBook, chart: OrgChart, on: date
    ) -> Iterator[tuple[str, FormRow]]:
        assert demand.first_day is not None
        assert demand.final_day is not None
        if demand.first_day <= on + AHEAD and on - AHEAD <= demand.final_day:
            choice = CodeOption(demand.counts, book.rules[demand.rule].title)
            for unit in demand.bearers or (demand.unit,):
                yield unit, choice

    def samples(self, condition: Quota, sampling: Sampling) -> Iterator[SampleBreach] | None:
        return None

    def meeting(self, demand: Demand) -> tuple[SheetKind, Mapping[str, Any]]:
        held = {"activity": demand.counts, "done_on": demand.final_day, "quantity": demand.need}
        return SheetKind.ACTIVITIES, held

    def nothing_done(self) -> str:
        return "không có hoạt động nào"


def _end(task: Task) -> date:
    assert task.final_day is not None
    return task.final_day


def _limits(quota: Quota, asking: Asking) -> Iterator[DemandLimit]:
    for period in _windows(quota.per, asking):
        last = asking.calendar.after(period.last, quota.grace)
        yield DemandLimit(period.key, last, period.first, period.last, alive_from=period.first)


def _windows(per: PeriodKind | Window | OccasionWindow, asking: Asking) -> Iterator[Period]:
    as_of = asking.as_of
    start = max(asking.directive.in_force_from, as_of - BEHIND - timedelta(days=366))
    if isinstance(per, PeriodKind):
        yield from periods_between(per, start, asking.until)
    elif isinstance(per, OccasionWindow):
        for day in asking.occasions[per.occasion]:
            yield named(_begin(per, day), day)[1]
    elif per.yearly:
        for year in range(start.year, asking.until.year + 1):
            yield named(*_in_year(per, year))[1]
    else:
        yield named(per.first, per.last)[1]


def _every_window(
    per: PeriodKind | Window | OccasionWindow, in_force: InForce, occasions: Occasions
) -> Iterator[tuple[date, date]]:
    """Every window that may lie in force, as its first and last day."""
    match per:
        case PeriodKind():
            yield from periods(per, in_force)
        case OccasionWindow():
            yield from ((_begin(per, day), day) for day in occasions[per.occasion])
        case Window(yearly=True):
            yield from (_in_year(per, year) for year in years(in_force))
        case Window():
            yield per.first, per.last
        case _:
            assert_never(per)


def _begin(window: OccasionWindow, day: date) -> date:
    return day - (window.days - 1) * _DAY


def _in_year(window: Window, year: int) -> tuple[date, date]:
    """A yearly window in a year; one over New Year ends in the next."""
    wraps = window.last.year - window.first.year
    return window.first.replace(year=year), window.last.replace(year=year + wraps)


def _shape(
    n: int, calendar: WorkCalendar, warn: tuple[int, ...], need: int, rules: list[str], as_of: date
) -> Shape:
    night = as_of.isoformat()
    # A quota is judged only when its period and grace are over, even if it was met before (decision 13).
    over = (has("n"), has("last"), {"$lt": {"last": night}})
    definition = {
        "missed": every(*over, {"$lt": {"n": need}}),
        "met": every(*over, {"$gte": {"n": need}}),
    }
    meanings = {"missed": MatchMeaning(Verdict.BREACH), "met": MatchMeaning(Verdict.MET)}
    for name, offset, until in reminders(calendar, warn, as_of):
        # The early notice counts back from the end of the period, not from the end of the grace (decision 4).
        definition[name] = every(has("n"), has("end"), {"$lt": {"n": need}}, *window("end", night, until))
        meanings[name] = MatchMeaning(Verdict.ENDING, offset)
    tasks = (TaskKind.QUOTA,)
    return Shape(f"counts-{n}", FactSource.COUNTS, tuple(rules), definition, meanings, tasks)
