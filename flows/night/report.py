"""What the operator learns of a night: its report, and a letter when there is something to say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dondoc.engine.domain.model import Case, Head
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import CaseStatus, NightState, Reason, Verdict
from dondoc.engine.store.matching.evaluate import Decisions
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import action_items
from dondoc.flows.night.assessment import Assessment
from dondoc.flows.night.promises import Promises
from dondoc.notifications.letter import operator_letter
from dondoc.notifications.letter.mime import LetterRefused
from dondoc.notifications.letter.operator_letter import ActionItem, NightSummary, WaitingCases
from dondoc.notifications.letter.render import LetterTooLarge
from dondoc.notifications.lifecycle import PlannedLetter


@dataclass(frozen=True, slots=True)
class NightReport:
    """What a night did, for the operator: counts by name, and a line for each action item.

    `again`: the night had been judged before, and this is its stored report.
    """

    as_of: date
    state: NightState
    counts: Mapping[str, int]
    lines: tuple[str, ...] = ()
    again: bool = False

    def summary(self) -> dict[str, Any]:
        """The report as the table of nights stores it, ready for JSON."""
        return {"counts": dict(self.counts), "lines": list(self.lines)}


@dataclass(frozen=True, slots=True)
class Reported:
    """The report of a night, and the operator's letter about it (None: there was nothing to say)."""

    report: NightReport
    letter: PlannedLetter | None


def report(
    book: RuleBook,
    made: Assessment,
    decided: Decisions,
    night: Night,
    action: Sequence[ActionItem],
    log: Head,
    *,
    yesterday: Promises | None,
    letters: int,
    partial: bool,
    held: bool,
) -> Reported:
    """Sums up the night. `letters` counts those planned for offices; `held`: they wait for the operator.

    `partial`: something was left undone. When the operator's own letter cannot be built, the report gets a line
    for it and the night is partial. `log` is the head of the audit log before this night; `yesterday` what became
    of the promises of the day before it (None: there was no night before).
    """
    counts = _counts(made, decided, letters)
    lines = [one.line() for one in action]
    planned = None
    # The operator's own letter is never held: it is what says that the others are.
    if _notifies_operator(book, night, made, letters or action):
        said = NightSummary(
            night.as_of,
            _state(partial, held),
            counts["judged"],
            counts,
            letters,
            log,
            _waiting(book, made.after),
            book.mail.hours.opens,
            (yesterday.what(), yesterday.kept) if yesterday else None,
        )
        view = operator_letter.nightly(said, action, book.mail.operator)
        part = operator_letter.NIGHTLY
        try:
            planned = operator_letter.planned(view, book.mail, night.as_of, night.cutoff, part)
        except (LetterRefused, LetterTooLarge) as reason:
            lines.append(action_items.unbuilt(operator_letter.OFFICE, reason).line())
            partial = True
    counts["letters"] += planned is not None
    return Reported(NightReport(night.as_of, _state(partial, held), counts, tuple(lines)), planned)


def _state(partial: bool, held: bool) -> NightState:  # noqa: FBT001 - both are all it asks
    if held:
        return NightState.HELD
    return NightState.DEGRADED if partial else NightState.OK


def _counts(made: Assessment, decided: Decisions, letters: int) -> dict[str, int]:
    reasons = made.judged.reasons
    return {
        "judged": sum(decided.judged.values()),
        "found": sum(finding.verdict is Verdict.BREACH for finding in made.findings.values()),
        "opened": sum(case.opened_on == made.night.as_of for case in made.after),
        # Not by reasons: what climbs behind its last repeat, or while it is reopened, has another one.
        "climbed": sum(event.kind == "case-climbed" for event in made.judged.events),
        "closed": reasons[Reason.CLOSED],
        "letters": letters,
    }


def _notifies_operator(book: RuleBook, night: Night, made: Assessment, something: object) -> bool:
    """On a notifying working night: whether there are letters, action items or new waiting cases."""
    worked = any(calendar.is_workday(night.as_of) for calendar in book.calendars.values())
    begins = any(event.kind == "case-waiting" for event in made.judged.events)
    return night.notifying and worked and (bool(something) or begins)


def _waiting(book: RuleBook, cases: Iterable[Case]) -> tuple[WaitingCases, ...]:
    """The cases that wait for a decision, by directive: past their last repeat, or without an heir."""
    found: dict[tuple[str, CaseStatus], list[str]] = defaultdict(list)
    for case in cases:
        if case.status in (CaseStatus.EXHAUSTED, CaseStatus.WAITING):
            found[book.rules[case.task.rule].directive, case.status].append(case.code)
    return tuple(
        WaitingCases(
            book.directives[directive].number or book.directives[directive].title.vi, status, tuple(codes)
        )
        for (directive, status), codes in sorted(found.items())
    )
