"""`overdue`: something is due and not recorded, a report that the rule demands or an assigned task."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from dondoc.engine.domain.demand import BEHIND, Demand
from dondoc.engine.domain.forms import CodeOption, FormRow, ReportRow
from dondoc.engine.domain.model import Asked, Case, Finding, Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.periods import PeriodKind, periods_between
from dondoc.engine.domain.rulebook import AfterEvent, EveryPeriod, EveryYear, OnDate, Overdue, Rule, RuleBook
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
    last_day,
    number_of,
    periods,
    when_done,
    years,
)
from dondoc.engine.kinds.samples import SampleBreach, Sampling, recorded
from dondoc.engine.kinds.second_pass import PartVerdict, ended_as
from dondoc.engine.kinds.shapes import FactSource, MatchMeaning, Shape, every, has, reminders, window

_DAY = timedelta(days=1)
_MONTH = timedelta(days=31)
# How long before its limit a yearly round has begun, if not on the first day of its year.
_ROUND = timedelta(days=90)


class OverdueKind:
    """Judged on the task and the submission that settles it; a late one closes the case."""

    def reads(self, condition: Overdue) -> Iterator[tuple[SheetKind, str]]:
        yield SheetKind.SUBMISSIONS, condition.report or condition.task or ""
        if condition.task is not None:
            yield SheetKind.TASKS, condition.task
        if (event := self.trigger(condition)) is not None:
            yield SheetKind.ACTIVITIES, event

    def judged_since(self, condition: Overdue) -> date | None:
        return condition.judged_since

    def is_shared(self, condition: Overdue) -> bool:
        return False

    def asks_each(self, condition: Overdue) -> bool:
        return condition.due is not None and not isinstance(condition.due, AfterEvent)

    def has_periods(self, condition: Overdue) -> bool:
        return isinstance(condition.due, EveryYear | EveryPeriod)

    def number_of(self, condition: Overdue, task: Task, occasions: Occasions) -> int:
        match condition.due:
            case EveryPeriod(per=kind):
                return number_of(kind, task.subject)
            case EveryYear():
                return int(task.subject)
        raise ValueError(f"{task.rule} has no periods")

    def is_reachable(self, condition: Overdue, in_force: InForce, occasions: Occasions) -> bool:
        since = condition.judged_since or date.min
        match condition.due:
            case OnDate(day=day, exclusive=exclusive):
                last = last_day(day, exclusive=exclusive)
                return last >= since and is_judged(last, in_force)
            case EveryYear(month=month, day=day, exclusive=exclusive, first=first):
                return any(
                    _year_starts(year, last) >= since and is_judged(last, in_force)
                    for year in years(in_force)
                    if first is None or year >= first
                    for last in [last_day(date(year, month, day), exclusive=exclusive)]
                )
            case EveryPeriod(per=kind, by=by):
                return any(
                    starts >= since and is_judged(last.replace(day=by), in_force)
                    for starts, last in periods(kind, _with_ends(kind, in_force))
                )
            case AfterEvent() | None:
                return True

    def goes_on(self, condition: Overdue, occasions: Occasions, on: date) -> bool:
        if isinstance(condition.due, OnDate):
            return condition.due.day > on
        return condition.due is not None

    def likeness(self, condition: Overdue) -> Hashable:
        return replace(condition, remind=())

    def how_much(self, condition: Overdue) -> int:
        return 0

    def calm(self, condition: Overdue, task: TaskKind) -> int:
        return 0

    def asked(self, condition: Overdue) -> Asked | None:
        # A limit that has moved begins another round.
        return None

    def misses(self, finding: Finding, asked: Asked) -> bool:
        return False

    def covers(self, condition: Overdue) -> bool:
        return False

    def is_derived(self) -> bool:
        return False

    def is_counted(self, task: TaskKind) -> bool:
        return True

    def is_measured(self, task: TaskKind) -> bool:
        return False

    def is_never_made_up(self, task: TaskKind) -> bool:
        return False

    def is_superseded(self, finding: Finding) -> bool:
        return False

    def is_finished(self, finding: Finding, case: Case | None) -> bool:
        return is_settled(finding, case)

    def how_ended(self, finding: Finding) -> str:
        # The submission that settles it has recorded that.
        return ""

    def ended_as(self, ended: str) -> PartVerdict:
        return ended_as(ended)

    def outcome(self, finding: Finding) -> Outcome:
        return when_done(finding)

    def is_worse_with_time(self, task: TaskKind) -> bool:
        return True

    def is_worse(self, finding: Finding, before: int, now: int) -> bool:
        # A late report grows no worse (decision 30).
        return False

    def demands(self, condition: Overdue, asking: Asking) -> Iterator[Demand]:
        due, report = condition.due, condition.report or ""
        asking = asking.judged_since(condition.judged_since)
        rule = asking.rule
        if due is None:
            return
        if isinstance(due, AfterEvent):
            yield from _after_events(due, report, asking)
            return
        for limit in asking.kept(_limits(due, asking)):
            for unit in asking.alive(rule.applies_to, limit):
                # A report that names no demand cannot be about a period that has not begun (decision 12).
                begins = max(asking.issued, limit.begins or asking.issued)
                yield Demand(
                    rule.id,
                    unit,
                    limit.subject,
                    TaskKind.REPORT,
                    report,
                    limit.last_day,
                    begins,
                    once=isinstance(due, OnDate),
                )

    def horizon(self, condition: Overdue, calendar: WorkCalendar, as_of: date) -> date:
        return horizon(calendar, as_of, condition.remind)

    def period_key(self, condition: Overdue, subject: str) -> str:
        # An assigned task is known by its ref, which may look like anything.
        return subject if condition.due is not None else ""

    def trigger(self, condition: Overdue) -> str | None:
        return condition.due.event if isinstance(condition.due, AfterEvent) else None

    def assigned(self, condition: Overdue) -> str | None:
        return condition.task

    def for_heirs(self, condition: Overdue, scope: Scope) -> Overdue:
        return condition

    def shapes(
        self, rules: Sequence[tuple[Rule, Overdue]], calendars: Mapping[str, WorkCalendar], as_of: date
    ) -> Iterator[Shape]:
        alike: dict[tuple[str, tuple[int, ...]], list[str]] = defaultdict(list)
        for rule, condition in rules:
            alike[rule.calendar, condition.remind].append(rule.id)
        for n, ((calendar, remind), ids) in enumerate(alike.items()):
            yield _shape(n, calendars[calendar], remind, ids, as_of)

    def absence(self, condition: Overdue, task: TaskKind) -> tuple[SourceKind, str]:
        return SourceKind.REPORTS, condition.report or condition.task or ""

    def form_rows(
        self, condition: Overdue, demand: Demand, book: RuleBook, chart: OrgChart, on: date
    ) -> Iterator[tuple[str, FormRow]]:
        assert demand.last_day is not None
        choice = CodeOption(demand.counts, book.rules[demand.rule].title)
        yield demand.unit, ReportRow(choice, demand.subject, demand.last_day)

    def samples(self, condition: Overdue, sampling: Sampling) -> Iterator[SampleBreach] | None:
        return _assigned(condition, sampling) if condition.due is None else None

    def meeting(self, demand: Demand) -> tuple[SheetKind, Mapping[str, Any]]:
        sent = {"report": demand.counts, "submitted_on": demand.last_day, "document": ""}
        return SheetKind.SUBMISSIONS, {**sent, "task": f"{demand.rule}@{demand.subject}"}

    def nothing_done(self) -> str:
        return "không nộp gì"


def _limits(due: OnDate | EveryYear | EveryPeriod, asking: Asking) -> Iterator[DemandLimit]:
    as_of = asking.as_of
    if isinstance(due, OnDate):
        last = last_day(due.day, exclusive=due.exclusive)
        yield DemandLimit(last.isoformat(), last, far=True)
    elif isinstance(due, EveryYear):
        for year in range((as_of - BEHIND).year, asking.until.year + 1):
            # A yearly report covers a whole year of the unit, unless the pack says which year is first (16).
            if due.first is None:
                alive_from = date(year, 1, 1)
            elif year < due.first:
                continue
            else:
                alive_from = None
            last = last_day(date(year, due.month, due.day), exclusive=due.exclusive)
            # The round of a limit early in the year is prepared at the end of the year before.
            begins = min(date(year, 1, 1), last - _ROUND)
            starts = _year_starts(year, last)
            yield DemandLimit(str(year), last, alive_from=alive_from, begins=begins, far=True, starts=starts)
    else:
        start, _ = _with_ends(due.per, (as_of - BEHIND, None))
        # The limit lies in the period's last month, so the period may end up to a month after it.
        for period in periods_between(due.per, start, asking.until + _MONTH):
            last = period.last.replace(day=due.by)
            yield DemandLimit(period.key, last, alive_from=period.first, begins=period.first, starts=period.first)


def _with_ends(kind: PeriodKind, days: InForce) -> InForce:
    """Days that hold every period of which the last month touches these days: its report falls due in it."""
    first, until = days
    return first - kind.months * _MONTH, until if until is None else until + _MONTH


def _year_starts(year: int, last: date) -> date:
    """The first day of the year of a yearly report; `before: 01-01` falls due the day before its year."""
    return min(date(year, 1, 1), last)


def _after_events(due: AfterEvent, report: str, asking: Asking) -> Iterator[Demand]:
    """One report for each event; its day is not counted, and a closed last day rolls forward (decision 6)."""
    rule, directive = asking.rule, asking.directive
    for event in asking.events:
        if event.activity != due.event or not directive.in_force(event.on):
            continue
        if asking.since is not None and event.on < asking.since:
            continue
        last = asking.calendar.roll_forward(event.on + timedelta(days=due.days))
        if event.unit in asking.bearers.of(rule.applies_to, last) and directive.in_force(last):
            # A corrected day moves the limit of the demand that is there, and makes no other one (decision 0047).
            subject = (event.known_as or event.on).isoformat()
            yield Demand(rule.id, event.unit, subject, TaskKind.REPORT, report, last, event.on)


def _shape(n: int, calendar: WorkCalendar, remind: tuple[int, ...], rules: list[str], as_of: date) -> Shape:
    night = as_of.isoformat()
    # The last day itself is in time: a task is overdue from the day after it (decision 1).
    definition = {
        "overdue": every({"$nex": {"done": 1}}, has("last"), {"$lt": {"last": night}}),
        "done": every(has("done"), has("last")),
    }
    meanings = {"overdue": MatchMeaning(Verdict.BREACH), "done": MatchMeaning(Verdict.MET)}
    for name, offset, until in reminders(calendar, remind, as_of):
        definition[name] = every({"$nex": {"done": 1}}, has("last"), *window("last", night, until))
        meanings[name] = MatchMeaning(Verdict.ENDING, offset)
    tasks = (TaskKind.REPORT, TaskKind.ASSIGNED)
    return Shape(f"tasks-{n}", FactSource.TASKS, tuple(rules), definition, meanings, tasks)


def _assigned(condition: Overdue, sampling: Sampling) -> Iterator[SampleBreach]:
    """A task that was assigned to each unit, and nothing came."""
    day = sampling.day
    for unit in sampling.units(day):
        row = {
            "ref": "preview",
            "unit": unit,
            "task": condition.task,
            "title": "Nhiệm vụ ví dụ",
            "title_en": "Example task",
            "assigned_on": day - 30 * _DAY,
            "due": day,
            "due_kind": "by",
            "issuer": None,
            "monitor": None,
            "reports_to": None,
            "recorded_at": recorded(day - 30 * _DAY),
        }
        said = f"việc «Nhiệm vụ ví dụ» được giao, hạn {day:%d/%m/%Y}, và không nộp gì"
        yield SampleBreach(unit, day + _DAY, ((SheetKind.TASKS, row),), (said,))
