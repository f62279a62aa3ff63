"""The judging half of a night: from the store to the state of every case after it; `keep` writes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dondoc.engine.cases.escalation import asked_tonight
from dondoc.engine.cases.night import NightInput, NightOutcome, Ruling, judge
from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.cases.succession import OpenSuccession, open_successions
from dondoc.engine.domain.data_sources import DataSource
from dondoc.engine.domain.inheritance import is_asked
from dondoc.engine.domain.model import Case, Event, Finding, Notice, Task
from dondoc.engine.domain.terms import VOID, VOID_OUTCOMES, CaseStatus, Reason, Verdict
from dondoc.engine.kinds import kind_of_task
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.matching.evaluate import Decisions
from dondoc.engine.store.night import acts, nights, tasks, waivers
from dondoc.engine.store.night import cases as stored
from dondoc.engine.store.night.prepared import Night, Prepared


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything the night knew and decided.

    `decided` are the matches of durable_rules, `known` the findings and cases made of them, `before` the cases
    before the night by id.
    """

    night: Prepared
    decided: Decisions
    known: NightInput
    before: Mapping[int, Case]
    judged: NightOutcome

    @property
    def recipients(self) -> Recipients:
        """Resolves whom a case notifies tonight."""
        return self.known.recipients

    @property
    def findings(self) -> Mapping[int, Finding]:
        """Tonight's findings, by task."""
        return {finding.task.id: finding for finding in self.known.findings}

    @property
    def after(self) -> tuple[Case, ...]:
        """Every case that exists after the night."""
        return tuple(ruling.after for ruling in self.judged.rulings if ruling.after is not None)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Tonight's notices, by reader."""
        return self.judged.notices

    @property
    def ended(self) -> dict[int, str]:
        """How each task finished tonight ended; "" where its submission has recorded that already."""
        void = {ruling.finding.task.id for ruling in self.judged.rulings if _is_void(ruling)}
        found = self.findings
        return {task: VOID if task in void else _ended(found.get(task)) for task in self.judged.finished}


def _is_void(ruling: Ruling) -> bool:
    """Whether a demand that finishes says nothing of how its unit did."""
    case, finding = ruling.after, ruling.finding
    if case is None or case.task.void:
        return case is not None
    # What was done stays done, also where a waiver had excused it before or its rule is no longer followed.
    is_done = finding.verdict is Verdict.MET or finding.task.done_on is not None
    return not is_done and case.outcome in VOID_OUTCOMES


def _ended(finding: Finding | None) -> str:
    return "" if finding is None else kind_of_task(finding.task.kind).how_ended(finding)


def assess(conn: Connection, night: Prepared, decided: Decisions, stale: Sequence[DataSource] = ()) -> Assessment:
    """Reads findings and open cases and judges them; writes nothing.

    `stale` are the report, activity and indicator words of stale sources; a simulated night has none.
    """
    inherited = night.inheritances
    found = nights.findings(conn, night, decided, stale)
    read = {one.task.id: one.task for one in found}
    before = [_carried(case, night) for case in stored.live(conn, night.names, read)]
    found = list(inherited.of_findings(found, night.chart, night.as_of))
    known = NightInput(
        night.as_of,
        night.book,
        night.chart,
        found,
        before,
        stored.reminded(conn, [one.task.id for one in found if one.verdict is Verdict.ENDING]),
        notifying=night.plan.notifying,
        baseline=night.plan.baseline,
        waivers_notified=stored.waivers_notified(conn, night.names),
        inheritances=inherited,
        numbers=stored.next_numbers(conn),
        acts=acts.of_live_cases(conn, night.names, night.plan),
        given=acts.giving(conn, night.names, night.plan),
        met_before=tasks.met_periods(conn, night.rules, night.names.units, _newly_missed(found, before)),
    )
    return Assessment(
        night, decided, known, {case.id: case for case in before if case.id is not None}, judge(known)
    )


def _newly_missed(found: Iterable[Finding], cases: Iterable[Case]) -> Iterator[Task]:
    """The missed periods without a case that a later period, once met, makes a matter of the past."""
    known = {case.task.id for case in cases}
    for finding in found:
        task = finding.task
        never = kind_of_task(task.kind).is_never_made_up(task.kind)
        if finding.verdict is Verdict.BREACH and never and task.id not in known:
            yield task


def _carried(case: Case, night: Prepared) -> Case:
    task = night.inheritances.carried(case.task, night.chart, night.as_of)
    return case if task is case.task else replace(case, task=task)


def keep(
    tx: AuditedTransaction,
    made: Assessment,
    letter_of: Mapping[str, str],
    unnotified: frozenset[tuple[str, int]] = frozenset(),
) -> None:
    """Writes the cases and finished tasks, the notices with the id of their letter by office, and every event.

    And the waivers that the night has read otherwise than the one before.

    A reader and task in `unnotified` has a letter without that row, and so no notice.
    """
    night = made.night
    notices = [one for one in made.notices if (one.reader, one.finding.task.id) not in unnotified]
    stored.save(tx, made.before, made.after, night.as_of)
    stored.finish(tx.conn, made.ended, night.as_of)
    stored.write_notices(tx, notices, night.names, night.as_of, letter_of)
    waivers.record(tx, night)
    tx.log(night.as_of, [*_skipped(night.plan), *made.judged.events])
    nights.retire_tasks(tx.conn, night)


def _skipped(night: Night) -> list[Event]:
    return [Event("nights-skipped", None, {"nights": str(night.skipped)})] if night.skipped else []


def moved(assessment: Assessment) -> Iterator[tuple[str, Reason]]:
    """The code of each case that the night changed, and why."""
    for one in assessment.judged.advances:
        if one.case is not None and one.reason not in (Reason.UNCHANGED, Reason.NOTHING):
            yield one.case.code, one.reason


def open_cases(assessment: Assessment) -> tuple[Case, ...]:
    """The cases that are open after the night, changed tonight or not."""
    return tuple(case for case in assessment.after if case.status is not CaseStatus.CLOSED)


def asked(made: Assessment) -> Iterator[OpenSuccession]:
    """The questions to the operator tonight about ended units: new ones, and those that are due again."""
    night = made.night
    calendars = [calendar.letters for calendar in night.book.calendars.values()]
    # The questions go into the operator's letter, which leaves on working nights only.
    if (
        not night.plan.notifying
        or night.plan.baseline
        or not any(calendar.is_workday(night.as_of) for calendar in calendars)
    ):
        return
    for one in open_successions(night.book, night.chart, made.after, night.inheritances, night.as_of):
        # A waiting case remembers when it was asked about last; without one only the calendar can say.
        if one.case is not None:
            if asked_tonight(made.before.get(one.case.id or 0), one.case, night.as_of):
                yield one
        elif is_asked(
            night.book.calendar_of(one.rule).letters if one.rule else calendars[0], one.ended, night.as_of
        ):
            yield one
