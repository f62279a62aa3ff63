"""How a case closes: by which outcome, who hears of it and when, and when it goes on after all.

Good news goes to exactly those who had the bad, once (decision 41); of what can flap, after some days in order.
"""

from __future__ import annotations

from dataclasses import replace

from dondoc.engine.cases.telling import as_named, step_of
from dondoc.engine.cases.tonight import Advance, Ended, Tonight
from dondoc.engine.cases.waivers import night_of
from dondoc.engine.domain.model import Case, Event, Finding, Notice
from dondoc.engine.domain.terms import CaseStatus, Outcome, Reason, Section, Verdict
from dondoc.engine.kinds import kind_of_task

# How a figure's case closes that may open again at once: by a reading or a correction.
_FLAPPING = (Outcome.CLEARED, Outcome.WITHDRAWN)


# What closes without a word to those who knew, and what opens nothing.
_SILENT_CLOSINGS = (Ended.RETIRED, Ended.LAPSED_SILENTLY)
SILENT_ENDS = (Ended.LAPSED, *_SILENT_CLOSINGS)
ENDS = {
    Ended.LAPSED: Outcome.LAPSED,
    Ended.LAPSED_SILENTLY: Outcome.LAPSED,
    Ended.RETIRED: Outcome.RETIRED,
    Ended.NOT_ASKED: Outcome.CHANGED,
    Ended.REASSIGNED: Outcome.REASSIGNED,
}


def end(case: Case, finding: Finding, night: Tonight) -> Outcome:
    """How a case ends that is not followed up any more."""
    if night.ended in (Ended.LAPSED, Ended.LAPSED_SILENTLY):
        # What was done by then is not said to lapse without a result, whether or not anybody hears of it.
        if finding.task.done_on is not None:
            return kind_of_task(finding.task.kind).outcome(finding)
        return outcome_of(case, finding, night) or Outcome.LAPSED
    return ENDS[night.ended]


def reopens(case: Case, finding: Finding, night: Tonight) -> bool:
    """Whether a closed case goes on: it is amiss before anybody was told of its closing, or is reopened (0045)."""
    if case.status is not CaseStatus.CLOSED or night.ended is not Ended.NOT:
        return False
    if case.closing_notified and not _is_reopened(case, night):
        return False
    # A period that a later one made good stays missed, and is told as that.
    return finding.verdict is Verdict.BREACH and not finding.met_later


def _is_reopened(case: Case, night: Tonight) -> bool:
    reopened = night.answered.reopened
    return reopened is not None and case.closed_on is not None and case.closed_on <= reopened.said_on


def _is_watched(case: Case, night: Tonight) -> bool:
    """Whether a closed case is not told of yet, because its figure may still flap."""
    if case.closed_on is None:
        return False
    return case.outcome in _FLAPPING and night.calendar.position(case.closed_on, night.as_of) < night.calm


def outcome_of(case: Case, finding: Finding, night: Tonight) -> Outcome | None:
    """How a finding closes a case; None when it does not."""
    # What was not to be done is owed by nobody any more, and whoever was told that it is hears so.
    if finding.verdict is Verdict.EXCUSED:
        return Outcome.EXCUSED
    # A missed period can never be made up: only a later one that is met ends its case (decision 11).
    if finding.met_later:
        return Outcome.RESUMED
    # What was not judged never resolves: silence is not compliance (decision 19).
    if finding.verdict is not Verdict.MET:
        return None
    kind = kind_of_task(finding.task.kind)
    # What would still be amiss had its rule not been edited is no change of anybody's data (decision 40).
    return Outcome.CHANGED if _only_the_rule_changed(case, finding, night) else kind.outcome(finding)


def _only_the_rule_changed(case: Case, finding: Finding, night: Tonight) -> bool:
    """Whether what is met tonight would still be amiss by what the rule asked for before an edit."""
    if case.asked is None or night.asked is None:
        return False
    asked = case.asked.completed(night.asked)
    return asked != night.asked and kind_of_task(finding.task.kind).misses(finding, asked)


def close(case: Case, finding: Finding, outcome: Outcome, night: Tonight) -> Advance:
    """The case closed tonight by an outcome, with the notices of that which leave tonight."""
    # Only those who had the bad news hear; nobody of a removed rule, nor of what lapses silently (0041).
    watched = outcome in _FLAPPING and night.calm > 0
    owes = (bool(case.knowing) or watched) and night.ended not in _SILENT_CLOSINGS
    closed = replace(
        case,
        status=CaseStatus.CLOSED,
        outcome=outcome,
        closed_on=night.as_of,
        closing_notified=not owes,
        next_on=None,
        waived_until=None,
    )
    event = Event("case-closed", case.task.id, {"outcome": outcome.value})
    notified = notify_closing(closed, finding, night)
    return Advance(notified.case, Reason.CLOSED, notified.notices, (event,))


def notify_closing(case: Case, finding: Finding, night: Tonight) -> Advance:
    """Good news goes to exactly those who had the bad, once, on the next night that notifies.

    A rule that was removed notifies nobody, not even of that (decision 40).
    """
    if case.closing_notified:
        return Advance(case, Reason.NOTHING)
    if night.ended in _SILENT_CLOSINGS:
        return Advance(replace(case, closing_notified=True, next_on=None), Reason.NOTHING)
    if _is_watched(case, night):
        assert case.closed_on is not None
        told_on = night_of(night.calendar, (), case.closed_on, night.calm)
        return Advance(replace(case, next_on=told_on), Reason.NOTHING)
    if not night.notifying:
        return Advance(replace(case, next_on=night.calendar.next_workday(night.as_of)), Reason.NOTHING)
    closed, notices = replace(case, closing_notified=True, next_on=None), []
    for office, last in sorted(case.knowing.items()):
        # An ended office has no mailbox to reach; its heir was given its place before (decision 35).
        if not night.recipients.can_notify(office):
            continue
        reader = as_named(case, night, office)
        tone = step_of(case.ladder, last.level).tone
        notices.append(
            Notice(office, reader.relations, Section.RESOLVED, finding, closed, last.level, tone, reader.copied)
        )
    return Advance(closed, Reason.TOLD_CLOSING, tuple(notices))
