"""One night as a pure function: findings and open cases in, cases, notices and events out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from dondoc.engine.cases.answers import NOTHING_SAID, AnsweredCase, answered
from dondoc.engine.cases.closing import reopens
from dondoc.engine.cases.covering import Hidden, covering
from dondoc.engine.cases.escalation import advance
from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.cases.telling import due_offices, remind
from dondoc.engine.cases.tonight import Advance, CaseNumber, DueOffice, Ended, Tonight
from dondoc.engine.cases.waived_case import WaiverNotified
from dondoc.engine.cases.waivers import Waivers, by_demand, of_task
from dondoc.engine.domain.acts import Act, delegation, handed_over
from dondoc.engine.domain.inheritance import Inheritances, ended_on
from dondoc.engine.domain.model import Case, Event, Finding, Ladder, Notice, Notified, Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Rule, RuleBook
from dondoc.engine.domain.terms import CaseStatus, Reason, Verdict
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.kinds import kind_of, kind_of_task

# For how long it is news that a directive is no longer followed up: as long as missed nights are caught up (28).
_NEWS = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class NextNumbers:
    """The numbers of the next cases: the next id, and by directive code the next running number (else 1)."""

    id: int = 1
    running: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NightInput:
    """Everything a night knows. `notifying` is false for a missed night that is caught up.

    `findings` hold at most one per task; a task without one was not judged, or is pending. `cases` are the open
    ones and the closed ones whose good news is still to be told. `reminded` holds, by task id, the offsets of the
    reminders sent; `waivers_notified`, by case id, what was told of waivers; `met_before`, by rule and unit, the
    first day of the latest period that an earlier night found met, for findings without a case; `acts`, by case
    id, what offices have said; `given`, by task id, the act that gave it to its unit. Findings and cases name the
    heirs that `inheritances` decides on. `recipients` resolves readers tonight, here and again for the letters.
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
    numbers: NextNumbers = field(default_factory=NextNumbers)
    met_before: Mapping[tuple[str, str], date] = field(default_factory=dict)
    acts: Mapping[int, Sequence[Act]] = field(default_factory=dict)
    given: Mapping[int, Act] = field(default_factory=dict)
    recipients: Recipients = field(init=False, repr=False, compare=False)
    waivers: Waivers = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "recipients", Recipients(self.book, self.chart, self.as_of))
        object.__setattr__(self, "waivers", by_demand(self.book.waivers))

    def _answered(self, task: Task, case: Case | None, calendar: WorkCalendar) -> AnsweredCase:
        acts = self.acts.get(case.id or 0, ()) if case else ()
        if given := self.given.get(task.id):
            acts = (given, *acts)
        ladder = case.ladder if case else _ladder(self.book, task)
        return answered(acts, ladder.answers, calendar) if acts else NOTHING_SAID

    def tonight(self, task: Task, case: Case | None = None) -> Tonight:
        """What the night knows of a task, and of its case, before it looks at any other task."""
        rule = self.book.rules.get(task.rule)
        worked = self.book.calendars[rule.calendar] if rule else next(iter(self.book.calendars.values()))
        calendar = worked.letters
        said = self._answered(task, case, calendar)
        ended = _ended(self, rule, task, said)
        gone = self.recipients.bearers(task) if ended is Ended.UNIT_ENDED else ()
        waivers = of_task(self.waivers, task)
        return Tonight(
            self.as_of,
            calendar,
            self.recipients,
            self.notifying and not self.baseline and calendar.is_workday(self.as_of),
            self.baseline,
            ended,
            waivers=waivers,
            waiver_notified=self.waivers_notified.get(case.id or 0, ()) if waivers and case else (),
            unit_ended=ended_on(self.chart, gone),
            waits=self.inheritances.wait(task, self.chart),
            answered=said,
            asked=kind_of(rule.condition).asked(rule.condition) if rule else None,
            quiet=worked.quiet.get(self.as_of),
            calm=kind_of(rule.condition).calm(rule.condition, task.kind) if rule else 0,
        )


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the night decided about one demand: on what finding, from which case, knowing what, and the result.

    `finding` has the verdict. `before` is the case before the night (None: there was none) with its memory passed
    on to heirs; `night` says whether another period covers the demand, from which offices a rollup hides it,
    whether it is waived, ended or waits. `result` has the case after the night, with its step and outcome, and
    why.
    """

    finding: Finding
    before: Case | None
    night: Tonight
    result: Advance

    @property
    def after(self) -> Case | None:
        """The case after the night; None: there is none."""
        return self.result.case

    def due_offices(self) -> Iterator[DueOffice]:
        """Every office that the steps reached tonight name: who is notified of the case, who is not, and why."""
        if self.after is not None and self.after.status in (CaseStatus.OPEN, CaseStatus.EXHAUSTED):
            yield from due_offices(self._as_heard(self.after), self.finding, self.night)

    def _as_heard(self, after: Case) -> Case:
        """The case after the night, with what its readers had heard before it."""
        if self.before is None:
            return replace(after, notified={}, earlier={})
        # Under a limit that moved tonight nobody has been told of any step.
        if self.before.round != after.round:
            return replace(after, notified={}, earlier=self.before.knowing)
        return replace(after, notified=self.before.notified, earlier=self.before.earlier)


@dataclass(frozen=True, slots=True)
class NightOutcome:
    """The result of a night; every list is in an order that depends only on its content.

    `rulings` hold one for each finding and each case; `finished` are the ids of the tasks that need no further
    judging. `reasons` counts what became of the cases that exist after the night.
    """

    rulings: tuple[Ruling, ...]
    notices: tuple[Notice, ...]
    finished: frozenset[int]

    @property
    def advances(self) -> tuple[Advance, ...]:
        """What became of each case that exists after the night."""
        return tuple(ruling.result for ruling in self.rulings if ruling.after is not None)

    @property
    def events(self) -> Iterator[Event]:
        """What the night logs, case by case."""
        return (event for advance in self.advances for event in advance.events)

    @property
    def reasons(self) -> Counter[Reason]:
        """How many cases that exist after the night came to be as they are for each reason."""
        return Counter(advance.reason for advance in self.advances)


def judge(known: NightInput) -> NightOutcome:
    """Judges the night. Pure: the same input always gives the same outcome."""
    findings = {finding.task.id: finding for finding in known.findings}
    met_later = _met_later(known)
    newest = _newest_missed(known.findings)
    hidden = Hidden(covering(known.book, known.findings))
    numbers = _Numbers(known)
    rulings: list[Ruling] = []
    finished: set[int] = set()
    open_tasks = {case.task.id for case in known.cases if _is_the_case_of(case, findings, known)}
    pairs: list[tuple[Case | None, Finding]] = [
        _delegated(
            handed_on(case, known.chart, known.as_of),
            findings.get(case.task.id, Finding(case.task, Verdict.UNJUDGED)),
            known,
        )
        for case in known.cases
    ]
    pairs += [(None, finding) for finding in known.findings if finding.task.id not in open_tasks]
    reminders: list[Notice] = []
    # A rollup before its parts: an office that it notifies is not notified of them (decision 37).
    for case, found in sorted(pairs, key=lambda pair: (hidden.covering.depth(pair[1].task.id), _order(pair))):
        finding = _with_later(found, met_later)
        tonight = known.tonight(finding.task, case)
        if newer := _covered_by(finding, newest):
            tonight = replace(tonight, covered_by=newer)
        if kept_from := hidden.offices(finding.task.id):
            tonight = replace(tonight, hidden=kept_from)
        if finding.verdict in (Verdict.UNHEARD, Verdict.MISMATCHED):
            # The source is stale, so what is missing may only be unknown: an outage accuses nobody (decision 24).
            # Nor is a unit accused of sending nothing that sent its figures by other periods.
            tonight = replace(tonight, notifying=False)
        number = numbers.next(finding.task) if case is None and finding.verdict is Verdict.BREACH else None
        result = advance(case, finding, _ladder(known.book, finding.task), tonight, number)
        if case is None and result.case is not None:
            numbers.take(finding.task)
        hidden.note(finding.task.id, result.case)
        rulings.append(Ruling(finding, case, tonight, result))
        # Reminders come before any case and are no part of what its readers know (decision 41); after a limit has
        # moved they come again, but not in the letter that tells of the move.
        if finding.verdict is Verdict.ENDING:
            told = {notice.reader for notice in result.notices}
            reminders.extend(one for one in remind(finding, known.reminded, tonight) if one.reader not in told)
        # A case that had closed before finished its task then; what is found of it since is another matter.
        closed = case is not None and case.status is CaseStatus.CLOSED
        # A waiver may be taken back, and what it excused is owed again.
        excused = finding.verdict is Verdict.EXCUSED
        if not closed and not excused and kind_of_task(finding.task.kind).is_finished(finding, result.case):
            finished.add(finding.task.id)
    notices = [notice for ruling in rulings for notice in ruling.result.notices]
    notices += sorted(reminders, key=_notice_order)
    return NightOutcome(tuple(rulings), tuple(notices), frozenset(finished))


def _delegated(case: Case, finding: Finding, known: NightInput) -> tuple[Case, Finding]:
    """A case and its finding with the unit that does the matter for those who are responsible."""
    act = delegation(known.acts.get(case.id or 0, ()))
    to = act.to if act is not None and act.to is not None and known.recipients.can_notify(act.to) else None
    if to == case.task.delegate == finding.task.delegate:
        return case, finding
    task = replace(finding.task, delegate=to)
    return replace(case, task=replace(case.task, delegate=to)), replace(finding, task=task)


def _is_the_case_of(case: Case, findings: Mapping[int, Finding], known: NightInput) -> bool:
    """Whether tonight's finding of a task belongs to this case: it is open, or goes on."""
    found = findings.get(case.task.id)
    return case.status is not CaseStatus.CLOSED or (
        found is not None and reopens(case, found, known.tonight(case.task, case))
    )


@dataclass(slots=True)
class _Numbers:
    """Gives new cases their numbers, in the order in which they are judged."""

    known: NightInput
    id: int = field(init=False)
    running: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.id, self.running = self.known.numbers.id, dict(self.known.numbers.running)

    def next(self, task: Task) -> CaseNumber:
        prefix = self.known.book.directive_of(task.rule).code
        return CaseNumber(self.id, f"{prefix}-{self.running.get(prefix, 1):04d}")

    def take(self, task: Task) -> None:
        prefix = self.known.book.directive_of(task.rule).code
        self.id, self.running[prefix] = self.id + 1, self.running.get(prefix, 1) + 1


def handed_on(case: Case, chart: OrgChart, on: date) -> Case:
    """The case with its memory passed on: the one heir of an ended reader counts as notified (decision 35).

    Without one clear heir the entry stays with the ended office.
    """
    units = chart.units
    if all(office in units and units[office].alive(on) for office in case.knowing):
        return case
    notified = _handed_on(case, case.notified, chart, on)
    earlier = _handed_on(case, case.earlier, chart, on)
    return replace(
        case,
        notified=notified,
        earlier={office: last for office, last in earlier.items() if office not in notified},
    )


def _handed_on(case: Case, knowing: Mapping[str, Notified], chart: OrgChart, on: date) -> dict[str, Notified]:
    units, notified = chart.units, dict[str, Notified]()
    for office, last in knowing.items():
        # The heir of the demand itself is notified from the start: it did not owe the demand before (decision 35).
        if office in case.task.former:
            continue
        heir = (chart.heir(office, on) if office in units else None) or office
        notified[heir] = max(last, notified.get(heir, last), key=lambda one: (one.level, one.night))
    return notified


def _order(pair: tuple[Case | None, Finding]) -> tuple[str, str, str, int]:
    case, finding = pair
    task = finding.task
    return task.rule, task.unit, task.subject, (case.id or 0) if case else 0


def _notice_order(notice: Notice) -> tuple[str, str, str, str, str]:
    task = notice.finding.task
    return notice.reader, notice.section, task.rule, task.unit, task.subject


def _ladder(book: RuleBook, task: Task) -> Ladder:
    rule = book.rules.get(task.rule)
    return book.ladders[rule.ladder] if rule else next(iter(book.ladders.values()))


def _ended(known: NightInput, rule: Rule | None, task: Task, said: AnsweredCase) -> Ended:
    # A removed rule closes its cases openly, with an event, never by never judging them again (decision 40).
    if rule is None:
        return Ended.RETIRED
    last = known.book.last_night(rule.id)
    if last is not None and last < known.as_of:
        return Ended.LAPSED if known.as_of - last <= _NEWS else Ended.LAPSED_SILENTLY
    if not known.book.followed(rule.id, known.as_of) or _ends_later(rule, task, known):
        return Ended.LAPSED
    units = known.chart.units
    if any(unit not in units or not units[unit].alive(known.as_of) for unit in known.recipients.bearers(task)):
        # Only the decision that nobody takes over ends the case; without one, or with ended heirs, it waits (35).
        decided = known.inheritances.of(task)
        return Ended.UNIT_ENDED if decided is None or decided.heirs else Ended.LAPSED_SILENTLY
    if not task.void:
        return Ended.NOT
    return Ended.REASSIGNED if handed_over(said.acts, known.recipients.bearers(task)) else Ended.NOT_ASKED


def _ends_later(rule: Rule, task: Task, known: NightInput) -> bool:
    """Whether a directive that has ended no longer demands a task, because its limit was moved beyond that end."""
    ends, until = task.final_day or task.last_day, known.book.directives[rule.directive].in_force_until
    return until is not None and ends is not None and until < known.as_of and until < ends


def _met_later(known: NightInput) -> Mapping[tuple[str, str], date]:
    """By rule and unit, the first day of the latest period judged met, where a missed one needs it."""
    latest = dict(known.met_before)
    for finding in known.findings:
        task = finding.task
        if finding.verdict is Verdict.MET and task.first_day and _is_never_made_up(task):
            key = (task.rule, task.unit)
            latest[key] = max(task.first_day, latest.get(key, task.first_day))
    return latest


def _is_never_made_up(task: Task) -> bool:
    return kind_of_task(task.kind).is_never_made_up(task.kind)


def _with_later(finding: Finding, met_later: Mapping[tuple[str, str], date]) -> Finding:
    """The finding of a missed period, marked when a later period of the same demand was met (decision 11)."""
    task = finding.task
    if finding.verdict is not Verdict.BREACH or not _is_never_made_up(task):
        return finding
    later = [met_later.get((task.rule, unit)) for unit in {task.unit, *task.bearers}]
    latest = max((day for day in later if day is not None), default=None)
    # Only a later period shows that the unit has resumed; an earlier one proves nothing (decision 11).
    if latest is None or task.first_day is None or latest <= task.first_day:
        return finding
    return replace(finding, met_later=True)


def _newest_missed(findings: Iterable[Finding]) -> Mapping[tuple[str, str], Task]:
    """By rule and unit, the newest missed period: only that one climbs (decision 11)."""
    newest: dict[tuple[str, str], Task] = {}
    for finding in findings:
        task = finding.task
        if finding.verdict is Verdict.BREACH and _is_superseded(finding):
            before = newest.setdefault((task.rule, task.unit), task)
            newest[task.rule, task.unit] = max(before, task, key=_newness)
    return newest


def _is_superseded(finding: Finding) -> bool:
    return kind_of_task(finding.task.kind).is_superseded(finding)


def _covered_by(finding: Finding, newest: Mapping[tuple[str, str], Task]) -> Task | None:
    newer = newest.get((finding.task.rule, finding.task.unit))
    missed = finding.verdict is Verdict.BREACH and _is_superseded(finding)
    return newer if newer is not None and missed and newer.id != finding.task.id else None


def _newness(task: Task) -> tuple[date, int]:
    return task.last_day or date.min, task.id
