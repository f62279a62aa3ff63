"""One night as a pure function: findings and open cases in, cases, notices and events out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from dondoc.engine.cases.covering import Hidden, covering
from dondoc.engine.cases.escalation import Advance, Ended, Tonight, advance, remind
from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.cases.waived_case import WaiverNotified
from dondoc.engine.cases.waivers import Waivers, by_demand, of_task
from dondoc.engine.domain.inheritance import Inheritances, ended_on
from dondoc.engine.domain.model import Case, Event, Finding, Ladder, Notice, Notified, Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import CaseStatus, Reason, TaskKind, Verdict
from dondoc.engine.domain.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class NightInput:
    """Everything a night knows. `notifying` is false for a missed night that is caught up.

    `findings` hold at most one per task; a task without one was not judged, or is pending. `cases` are the open
    ones and the closed ones whose good news is still to be told. `reminded` holds, by task id, the offsets of the
    reminders sent; `waivers_notified`, by case id, what was told of waivers. Findings and cases name the heirs
    that `inheritances` decides on. `recipients` resolves readers tonight, here and again for the letters.
    """

    as_of: date
    book: RuleBook
    chart: OrgChart
    findings: Sequence[Finding]
    cases: Sequence[Case]
    reminded: Mapping[int, frozenset[int]] = field(default_factory=dict)
    notifying: bool = True
    baseline: bool = False
    waivers_notified: Mapping[int, frozenset[WaiverNotified]] = field(default_factory=dict)
    inheritances: Inheritances = field(default_factory=Inheritances)
    recipients: Recipients = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "recipients", Recipients(self.book, self.chart, self.as_of))


@dataclass(frozen=True, slots=True)
class NightOutcome:
    """The result of a night; every list is in an order that depends only on its content.

    `advances` hold each case that exists after the night, with the reason. `finished` are the ids of the tasks
    that need no further judging. `reasons` counts the advances.
    """

    advances: tuple[Advance, ...]
    notices: tuple[Notice, ...]
    events: tuple[Event, ...]
    finished: frozenset[int]
    reasons: Mapping[Reason, int]


def judge(known: NightInput) -> NightOutcome:
    """Judges the night. Pure: the same input always gives the same outcome."""
    recipients = known.recipients
    waivers = by_demand(known.book.waivers)
    findings = {finding.task.id: finding for finding in known.findings}
    met_later = _met_later(known.findings)
    covered = _covered(known.findings)
    hidden = Hidden(covering(known.book, known.findings))
    advances: list[Advance] = []
    finished: set[int] = set()
    open_tasks = {case.task.id for case in known.cases if case.status is not CaseStatus.CLOSED}
    pairs: list[tuple[Case | None, Finding]] = [
        (
            handed_on(case, known.chart, known.as_of),
            findings.get(case.task.id, Finding(case.task, Verdict.UNJUDGED)),
        )
        for case in known.cases
    ]
    pairs += [(None, finding) for finding in known.findings if finding.task.id not in open_tasks]
    reminders: list[Notice] = []
    # A rollup before its parts: an office that it notifies is not notified of them (decision 37).
    for case, found in sorted(pairs, key=lambda pair: (hidden.covering.depth(pair[1].task.id), _order(pair))):
        finding = _with_later(case, found, met_later)
        tonight = _tonight(known, recipients, finding.task, covered=finding.task.id in covered)
        tonight = _with_waivers(known, tonight, waivers, case, finding.task)
        if kept_from := hidden.offices(finding.task.id):
            tonight = replace(tonight, hidden=kept_from)
        if finding.verdict is Verdict.UNHEARD:
            # The source is stale, so what is missing may only be unknown: an outage accuses nobody (decision 24).
            tonight = replace(tonight, notifying=False)
        result = advance(case, finding, _ladder(known.book, finding.task), tonight)
        hidden.note(finding.task.id, result.case)
        if result.case is not None:
            advances.append(result)
        # Reminders come before any case and are no part of what its readers know (decision 41).
        if case is None and finding.verdict is Verdict.ENDING:
            reminders.extend(remind(finding, known.reminded, tonight))
        if _is_finished(finding, result.case):
            finished.add(finding.task.id)
    notices = [notice for result in advances for notice in result.notices] + reminders
    return NightOutcome(
        tuple(advances),
        tuple(sorted(notices, key=_notice_order)),
        tuple(event for result in advances for event in result.events),
        frozenset(finished),
        Counter(result.reason for result in advances),
    )


def handed_on(case: Case, chart: OrgChart, on: date) -> Case:
    """The case with its memory passed on: the one heir of an ended reader counts as notified (decision 35).

    Without one clear heir the entry stays with the ended office.
    """
    units = chart.units
    if all(office in units and units[office].alive(on) for office in case.notified):
        return case
    notified: dict[str, Notified] = {}
    for office, last in case.notified.items():
        # The heir of the demand itself is notified from the start: it did not owe the demand before (decision 35).
        if office in case.task.former:
            continue
        heir = (chart.heir(office, on) if office in units else None) or office
        notified[heir] = max(last, notified.get(heir, last), key=lambda one: (one.level, one.night))
    return replace(case, notified=notified)


def _order(pair: tuple[Case | None, Finding]) -> tuple[str, str, str, int]:
    case, finding = pair
    task = finding.task
    return task.rule, task.unit, task.subject, (case.id or 0) if case else 0


def _notice_order(notice: Notice) -> tuple[str, str, str, str, str]:
    task = notice.finding.task
    return notice.reader, notice.section, task.rule, task.unit, task.subject


def _tonight(known: NightInput, recipients: Recipients, task: Task, *, covered: bool) -> Tonight:
    calendar = _calendar(known.book, task)
    notifying = known.notifying and not known.baseline and calendar.is_workday(known.as_of)
    ended = _ended(known, recipients, task)
    gone = recipients.bearers(task) if ended is Ended.UNIT_ENDED else ()
    return Tonight(
        known.as_of,
        calendar,
        recipients,
        notifying,
        known.baseline,
        ended,
        covered,
        unit_ended=ended_on(known.chart, gone),
        waits=known.inheritances.wait(task, known.chart),
    )


def _with_waivers(known: NightInput, night: Tonight, waivers: Waivers, case: Case | None, task: Task) -> Tonight:
    """The night with the waivers of a task; unchanged for a task without any."""
    mine = of_task(waivers, task)
    if not mine:
        return night
    notified = known.waivers_notified.get(case.id, frozenset()) if case and case.id else frozenset()
    return replace(night, waivers=mine, waiver_notified=notified)


def _calendar(book: RuleBook, task: Task) -> WorkCalendar:
    rule = book.rules.get(task.rule)
    return book.calendars[rule.calendar] if rule else next(iter(book.calendars.values()))


def _ladder(book: RuleBook, task: Task) -> Ladder:
    rule = book.rules.get(task.rule)
    return book.ladders[rule.ladder] if rule else next(iter(book.ladders.values()))


def _ended(known: NightInput, recipients: Recipients, task: Task) -> Ended:
    rule = known.book.rules.get(task.rule)
    # A removed rule closes its cases openly, with an event, never by never judging them again (decision 40).
    if rule is None:
        return Ended.RETIRED
    if not known.book.directives[rule.directive].in_force(known.as_of):
        return Ended.LAPSED
    units = known.chart.units
    if any(unit not in units or not units[unit].alive(known.as_of) for unit in recipients.bearers(task)):
        # Only the decision that nobody takes over ends the case; without one, or with ended heirs, it waits (35).
        decided = known.inheritances.of(task)
        return Ended.UNIT_ENDED if decided is None or decided.heirs else Ended.LAPSED
    return Ended.RETIRED if task.void else Ended.NOT


def _is_finished(finding: Finding, case: Case | None) -> bool:
    """Whether a task needs no further judging: a dated one that is met, or whose case has closed.

    A level and a streak never are. A rollup is once all of its parts have met their demand.
    """
    if finding.task.kind in (TaskKind.LEVEL, TaskKind.STREAK):
        return False
    if finding.task.kind is TaskKind.ROLLUP:
        return finding.verdict is Verdict.MET and finding.task.last_day is not None and _all_done(finding)
    if case is not None:
        return case.status is CaseStatus.CLOSED
    return finding.verdict is Verdict.MET


def _all_done(finding: Finding) -> bool:
    parts = finding.parts
    return parts is not None and not (parts.missed or parts.waived) and parts.judged == parts.units


def _met_later(findings: Iterable[Finding]) -> Mapping[tuple[str, str], date]:
    """By rule and unit, the first day of the latest quota period that was judged met tonight."""
    latest: dict[tuple[str, str], date] = {}
    for finding in findings:
        task = finding.task
        if finding.verdict is Verdict.MET and task.kind is TaskKind.QUOTA and task.first_day:
            key = (task.rule, task.unit)
            latest[key] = max(task.first_day, latest.get(key, task.first_day))
    return latest


def _with_later(case: Case | None, finding: Finding, met_later: Mapping[tuple[str, str], date]) -> Finding:
    """The finding of a missed period, marked when a later period of the same demand was met (decision 11)."""
    task = finding.task
    if case is None or task.kind is not TaskKind.QUOTA or finding.verdict is not Verdict.BREACH:
        return finding
    later = [met_later.get((task.rule, unit)) for unit in {task.unit, *task.bearers}]
    latest = max((day for day in later if day is not None), default=None)
    # Only a later period shows that the unit has resumed; an earlier one proves nothing (decision 11).
    if latest is None or task.first_day is None or latest <= task.first_day:
        return finding
    return replace(finding, met_later=True)


def _covered(findings: Iterable[Finding]) -> frozenset[int]:
    """The ids of missed periods that have a newer one of the same rule and unit; only the newest climbs."""
    missed: dict[tuple[str, str], list[Task]] = defaultdict(list)
    for finding in findings:
        if finding.verdict is Verdict.BREACH and finding.of_quota:
            missed[finding.task.rule, finding.task.unit].append(finding.task)
    return frozenset(
        task.id
        for tasks in missed.values()
        for task in sorted(tasks, key=lambda task: (task.last_day or date.min, task.id))[:-1]
    )
