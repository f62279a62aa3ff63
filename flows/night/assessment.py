"""The judging half of a night: from the store to the state of every case after it; `keep` writes it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from dondoc.engine.cases.escalation import Advance, asked_tonight
from dondoc.engine.cases.night import NightInput, NightOutcome, judge
from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.cases.succession import OpenSuccession, open_successions
from dondoc.engine.domain.inheritance import Inheritances, is_asked
from dondoc.engine.domain.model import Case, Event, Finding, Notice
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import SILENT_OUTCOMES, VOID, CaseStatus, Reason, TaskKind, Verdict
from dondoc.engine.judge.staleness import NOTHING_STALE, StaleWords
from dondoc.engine.store.audit_log.events import write_events
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.matching.evaluate import Decisions
from dondoc.engine.store.night import cases as stored
from dondoc.engine.store.night import nights
from dondoc.engine.store.night.findings import Names
from dondoc.engine.store.night.nights import Prepared

_WHOLE_ROWS = (TaskKind.REPORT, TaskKind.ASSIGNED, TaskKind.QUOTA, TaskKind.READING)


@dataclass(frozen=True, slots=True)
class Night:
    """One night to judge: its date, the instant up to which data counts, and whether it notifies.

    `baseline` opens cases and notifies nobody (decision 39). `skipped` counts the missed nights before it that are
    not caught up (decision 28).
    """

    as_of: date
    cutoff: datetime
    notifying: bool = True
    baseline: bool = False
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything the night decided, with every case numbered; `before` are the cases before it, by id.

    `findings` are by task; `recipients` resolves whom a case notifies tonight.
    """

    names: Names
    recipients: Recipients
    findings: Mapping[int, Finding]
    before: Mapping[int, Case]
    after: tuple[Case, ...]
    notices: tuple[Notice, ...]
    judged: NightOutcome

    @property
    def ended(self) -> dict[int, str]:
        """How each task finished tonight ended; "" where its submission has recorded that already."""
        void = {case.task.id for case in self.after if case.outcome in SILENT_OUTCOMES}
        return {task: VOID if task in void else self._ended(task) for task in self.judged.finished}

    def _ended(self, task: int) -> str:
        finding = self.findings.get(task)
        if finding is None or finding.task.kind is not TaskKind.QUOTA:
            return ""
        return "on-time" if finding.verdict is Verdict.MET else "missed"


def assess(
    conn: Connection,
    book: RuleBook,
    ready: Prepared,
    decided: Decisions,
    night: Night,
    stale: StaleWords = NOTHING_STALE,
    *,
    whole: bool = True,
) -> Assessment:
    """Reads findings and open cases, judges them, and gives every new case its id and code; writes nothing.

    `whole` also reads the figures that are within their limits and have no case, which are most of a country's;
    cases and notices are the same either way. `stale` are the report, activity and indicator words of stale
    sources; a simulated night has none.
    """
    names = nights.names_of(conn, ready.rules)
    inherited, chart = ready.inheritances, ready.chart
    found = nights.findings(conn, book, ready, names, decided, night.as_of, night.cutoff, stale, whole=whole)
    # Only these findings carry their whole task; the cases of the other kinds read theirs from the store.
    read = {one.task.id: one.task for one in found if one.task.kind in _WHOLE_ROWS}
    before = [_carried(case, inherited, chart, night.as_of) for case in stored.live(conn, names, read)]
    found = list(inherited.of_findings(found, chart, night.as_of))
    known = NightInput(
        night.as_of,
        book,
        ready.chart,
        found,
        before,
        stored.reminded(conn, [one.task.id for one in found if one.verdict is Verdict.ENDING]),
        notifying=night.notifying,
        baseline=night.baseline,
        waivers_notified=stored.waivers_notified(conn, names),
        inheritances=inherited,
    )
    judged = judge(known)
    reminders = [notice for notice in judged.notices if notice.case is None]
    # Freed as they are numbered: a country's cases are too many to keep twice in memory.
    unnumbered, judged = deque(judged.advances), replace(judged, advances=(), notices=())
    advances = tuple(_numbered(book, unnumbered, *stored.next_numbers(conn)))
    notices = (*(notice for advance in advances for notice in advance.notices), *reminders)
    return Assessment(
        names,
        known.recipients,
        {finding.task.id: finding for finding in found},
        {case.id: case for case in before if case.id is not None},
        tuple(advance.case for advance in advances if advance.case is not None),
        notices,
        replace(judged, advances=advances, notices=notices),
    )


def _carried(case: Case, inherited: Inheritances, chart: OrgChart, on: date) -> Case:
    task = inherited.carried(case.task, chart, on)
    return case if task is case.task else replace(case, task=task)


def keep(
    conn: Connection,
    book: RuleBook,
    ready: Prepared,
    made: Assessment,
    night: Night,
    letter_of: Mapping[str, str],
) -> None:
    """Writes the cases and finished tasks, the notices with the id of their letter by office, and every event."""
    stored.save(conn, made.before, made.after)
    stored.finish(conn, made.ended, night.as_of)
    stored.write_notices(conn, made.notices, made.names, night.as_of, letter_of)
    write_events(conn, night.as_of, [*_skipped(night), *made.judged.events])
    nights.retire_tasks(conn, ready.rules, book.binding(night.as_of), night.as_of)


def _skipped(night: Night) -> list[Event]:
    return [Event("nights-skipped", None, {"nights": str(night.skipped)})] if night.skipped else []


def _numbered(book: RuleBook, advances: deque[Advance], first: int, codes: Mapping[str, int]) -> Iterator[Advance]:
    """New cases get the next id and the next code of their directive, in the order they were judged.

    A notice gets the case as it is after the night, so that a letter prints its code and its next date. `advances`
    is emptied meanwhile.
    """
    used = dict(codes)
    while advances:
        advance = advances.popleft()
        case = advance.case
        if case is not None and case.id is None:
            prefix = book.directive_of(case.task.rule).code
            case = replace(case, id=first, code=f"{prefix}-{used.get(prefix, 1):04d}")
            used[prefix] = used.get(prefix, 1) + 1
            first += 1
        if case is not advance.case or advance.notices:
            notices = tuple(replace(notice, case=case) for notice in advance.notices)
            advance = replace(advance, case=case, notices=notices)
        yield advance


def moved(assessment: Assessment) -> Iterator[tuple[str, Reason]]:
    """The code of each case that the night changed, and why."""
    reasons = (advance.reason for advance in assessment.judged.advances if advance.case is not None)
    for case, reason in zip(assessment.after, reasons, strict=True):
        if reason not in (Reason.UNCHANGED, Reason.NOTHING):
            yield case.code, reason


def open_cases(assessment: Assessment) -> tuple[Case, ...]:
    """The cases that are open after the night, changed tonight or not."""
    return tuple(case for case in assessment.after if case.status is not CaseStatus.CLOSED)


def asked(book: RuleBook, ready: Prepared, made: Assessment, night: Night) -> Iterator[OpenSuccession]:
    """The questions to the operator tonight about ended units: new ones, and those that are due again."""
    calendars = book.calendars.values()
    # The questions go into the operator's letter, which leaves on working nights only.
    if (
        not night.notifying
        or night.baseline
        or not any(calendar.is_workday(night.as_of) for calendar in calendars)
    ):
        return
    for one in open_successions(book, ready.chart, made.after, ready.inheritances, night.as_of):
        # A waiting case remembers when it was asked about last; without one only the calendar can say.
        if one.case is not None:
            if asked_tonight(made.before.get(one.case.id or 0), one.case, night.as_of):
                yield one
        elif is_asked(book.calendar_of(one.rule) if one.rule else next(iter(calendars)), one.ended, night.as_of):
            yield one
