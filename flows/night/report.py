"""What the operator hears of a night: its report, and a letter of his own when there is something to say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dondoc.engine.domain.model import Case, Head
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import CaseStatus, NightState, Reason, Verdict
from dondoc.engine.store.matching.decide import Decisions
from dondoc.flows.night import action_items as todos
from dondoc.flows.night.assessment import Assessment, Night
from dondoc.notifications.letter import operator_letter
from dondoc.notifications.letter.mime import LetterRefused
from dondoc.notifications.letter.operator_letter import ActionItem, NightSummary, WaitingCases
from dondoc.notifications.letter.render import LetterTooLarge
from dondoc.notifications.lifecycle import PlannedLetter


@dataclass(frozen=True, slots=True)
class NightReport:
    """What a night did, for the operator: counts by name, and one line for everything that needs a person."""

    as_of: date
    state: NightState
    counts: Mapping[str, int]
    lines: tuple[str, ...] = ()
    again: bool = False

    def summary(self) -> dict[str, Any]:
        """As it is stored."""
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
    todo: Sequence[ActionItem],
    log: Head,
    *,
    letters: int,
    partial: bool,
    held: bool,
) -> Reported:
    """Sums the night up. `letters` are those planned for offices, `held` says that they wait for the operator.

    `partial` says that something was left undone. An operator's letter that cannot be made is a line of the
    report, and the night is partial by it; his letter itself is never held. `log` is the head of the audit log
    before this night.
    """
    counts = _counts(made, decided, letters)
    lines = [one.line() for one in todo]
    planned = None
    if _hears(book, night, made, letters or todo):
        said = NightSummary(
            night.as_of,
            _state(partial, held),
            counts["judged"],
            counts,
            letters,
            log,
            _waiting(book, made.after),
        )
        view = operator_letter.nightly(said, todo, book.mail.operator)
        part = operator_letter.NIGHTLY
        try:
            planned = operator_letter.planned(view, book.mail, night.as_of, night.cutoff, part)
        except (LetterRefused, LetterTooLarge) as reason:
            lines.append(todos.unbuilt(operator_letter.OFFICE, reason).line())
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
        "opened": reasons.get(Reason.OPENED, 0),
        "climbed": reasons.get(Reason.CLIMBED, 0) + reasons.get(Reason.REPEATED, 0),
        "closed": reasons.get(Reason.CLOSED, 0),
        "letters": letters,
    }


def _hears(book: RuleBook, night: Night, made: Assessment, something: object) -> bool:
    """On a telling night that is worked: letters leave, something needs a person, or a case begins to wait."""
    worked = any(calendar.is_workday(night.as_of) for calendar in book.calendars.values())
    begins = any(event.kind == "case-waiting" for event in made.judged.events)
    return night.notifying and worked and (bool(something) or begins)


def _waiting(book: RuleBook, cases: Iterable[Case]) -> tuple[WaitingCases, ...]:
    """The cases that no letter moves any more, by directive: past their last step, or without an heir."""
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
