"""What the operator learns of a night: its report, and a letter when there is something to say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dondoc.engine.domain.mail_policy import LetterRhythm
from dondoc.engine.domain.model import Case, Head
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import CaseStatus, NightState, Reason, Verdict
from dondoc.engine.store.matching.evaluate import Decisions
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import letter_items
from dondoc.flows.night.assessment import Assessment
from dondoc.notifications.letter import operator_letter
from dondoc.notifications.letter.mime import LetterRefused
from dondoc.notifications.letter.operator_letter import ActionItem, NightSummary, WaitingCases
from dondoc.notifications.letter.render import LetterTooLarge
from dondoc.notifications.lifecycle import PlannedLetter
from dondoc.notifications.morning import Morning, Need
from dondoc.notifications.wording import mornings


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
    standing: Callable[[NightState], Morning],
    *,
    letters: int,
    partial: bool,
    held: bool,
) -> Reported:
    """Sums up the night. `letters` counts those planned for offices; `held`: they wait for the operator.

    `partial`: something was left undone. When the operator's own letter cannot be built, the report gets a line
    for it and the night is partial. `log` is the head of the audit log before this night; `standing` says how the
    service stands on its morning, once it is known how it went.
    """
    counts = _counts(made, decided, letters)
    morning = standing(_state(partial, held))
    items = (*action, *letter_items.refusing(morning))
    lines = [one.line() for one in items]
    planned = None
    # The operator's own letter is never held: it is what says that the others are.
    if night.notifying and (_needs_a_person(made, morning, items) or _is_time(book, morning)):
        said = NightSummary(morning, counts["judged"], counts, log, _waiting(book, made.after))
        view = operator_letter.nightly(said, items, book.mail.operator)
        part = operator_letter.NIGHTLY
        try:
            planned = operator_letter.planned(view, book.mail, night.as_of, night.cutoff, part)
        except (LetterRefused, LetterTooLarge) as reason:
            lines.append(letter_items.unbuilt(operator_letter.OFFICE, reason).line())
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


def _needs_a_person(made: Assessment, morning: Morning, action: Sequence[ActionItem]) -> bool:
    """Whether there is something to do or to look at, or a case that begins to wait for a decision."""
    begins = any(event.kind == "case-waiting" for event in made.judged.events)
    return bool(action) or begins or any(line.need is not Need.NOTHING for line in mornings.lines(morning))


def _is_time(book: RuleBook, morning: Morning) -> bool:
    """Whether a quiet morning has a letter: each, or the first working one of a week that has had none.

    The week begins on Monday; a morning is a working one if it is so by any of the calendars.
    """
    if book.mail.operator_letter is LetterRhythm.DAILY or morning.delivery.since is None:
        return True
    night = morning.night
    worked = any(calendar.is_workday(night) for calendar in book.calendars.values())
    return worked and morning.delivery.since < night - timedelta(days=night.weekday())


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
