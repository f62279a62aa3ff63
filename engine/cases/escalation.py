"""The state machine of a case: what one night makes of it, as a pure function of what is known that night.

State follows the date on every night. Notices are derived only on nights that notify, from the steps reached
minus what each reader already knows (decision 5). So a missed night, a holiday or a catch-up changes who has been
notified, and never where a case stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from dondoc.engine.cases.closing import ENDS, SILENT_ENDS, close, end, notify_closing, outcome_of, reopens
from dondoc.engine.cases.recipients import RecipientStep
from dondoc.engine.cases.telling import (
    due_offices,
    is_worse,
    notice_of,
    owed_by_acts,
    quiet,
    told_of_the_move,
)
from dondoc.engine.cases.tonight import Advance, CaseNumber, Ended, Tonight
from dondoc.engine.cases.waivers import free_day
from dondoc.engine.domain.inheritance import next_ask_on
from dondoc.engine.domain.model import Case, Event, Finding, Ladder, Notice
from dondoc.engine.domain.terms import (
    CaseStatus,
    Outcome,
    Reason,
    Section,
    Verdict,
)

_DAY = timedelta(days=1)


def advance(
    case: Case | None, finding: Finding, ladder: Ladder, night: Tonight, number: CaseNumber | None = None
) -> Advance:
    """One night of one case.

    `case` is None when the finding has none yet; `ladder` is the rule's, copied onto a case that opens, which
    also gets `number`. A finding whose verdict is `pending` or `unjudged` never closes a case and never moves its
    step.
    """
    if case is None:
        # A directive out of force and a removed rule open nothing, whatever the facts (decisions 17, 40).
        opens = finding.verdict is Verdict.BREACH and night.ended not in SILENT_ENDS
        return _open(finding, ladder, night, number) if opens else Advance(None, Reason.NOTHING)
    if is_limit_moved(case) and case.status is not CaseStatus.CLOSED:
        case = _next_round(case, finding, night)
        round_begun = Event(
            "case-limit-moved", case.task.id, {"round": str(case.round), "last_day": str(case.last_day)}
        )
        went_on = advance(case, finding, ladder, night)
        return replace(went_on, events=(round_begun, *went_on.events))
    if case.status is CaseStatus.CLOSED:
        if reopens(case, finding, night):
            return _reopen(case, finding, ladder, night)
        # It is here because its readers must still get the good news (decision 41).
        return notify_closing(case, finding, night)
    if night.ended in ENDS:
        return close(case, finding, end(case, finding, night), night)
    if night.ended is Ended.UNIT_ENDED:
        # Even a report that has come in since closes nothing before an office names the heir (decision 35).
        return _wait_for_heir(case, night)
    outcome = outcome_of(case, finding, night)
    if outcome is not None:
        return close(case, finding, outcome, night)
    return _continue(case, finding, night)


def _reopen(case: Case, finding: Finding, ladder: Ladder, night: Tonight) -> Advance:
    """The case as it was before it closed: its step and what its readers know have not changed meanwhile."""
    status = _status(case.ladder, case.reached)
    again = replace(case, status=status, outcome=None, closed_on=None, closing_notified=True)
    if not case.knowing and finding.breach is not None:
        # It had closed before anybody heard of it: nobody above a unit hears first (decision 0038).
        again = replace(again, steps_from=night.steps_from(finding, finding.breach) or case.steps_from)
    went_on = advance(again, finding, ladder, night)
    reason = Reason.REOPENED if went_on.reason is Reason.UNCHANGED else went_on.reason
    event = Event("case-reopened", case.task.id, {})
    return replace(went_on, reason=reason, events=(event, *went_on.events))


def is_limit_moved(case: Case) -> bool:
    """Whether the limit of a case's task is another one than in the case's round."""
    return case.last_day is not None and case.task.last_day is not None and case.last_day != case.task.last_day


def _next_round(case: Case, finding: Finding, night: Tonight) -> Case:
    """The case under its new limit: its steps begin again, and all who knew of it hear of that (decision 21)."""
    assert case.task.last_day is not None
    breach = finding.breach or case.task.last_day + _DAY
    return replace(
        case,
        round=case.round + 1,
        last_day=case.task.last_day,
        breach=breach,
        steps_from=night.steps_from(finding, breach),
        reached=0,
        floor=0,
        earlier=case.knowing,
        notified={},
        status=CaseStatus.OPEN if case.status is CaseStatus.EXHAUSTED else case.status,
    )


def _open(finding: Finding, ladder: Ladder, night: Tonight, number: CaseNumber | None) -> Advance:
    assert finding.breach is not None
    steps_from = night.steps_from(finding, finding.breach)
    # A baseline counts every step reached as done, whether or not the case is waived tonight (decision 39).
    reached = 0 if night.waived and not night.baseline else night.reached(ladder, steps_from or finding.breach)
    case = Case(
        task=finding.task,
        ladder=ladder,
        breach=finding.breach,
        opened_on=night.as_of,
        id=number.id if number else None,
        code=number.code if number else "",
        # One that nobody could see before may be past its last step on its first night.
        status=_status(ladder, reached),
        reached=reached,
        floor=reached if night.baseline else 0,
        value=finding.severity,
        last_day=finding.task.last_day,
        steps_from=steps_from,
        asked=night.asked,
    )
    opened = Event("case-opened", finding.task.id, _since(finding.breach))
    if night.ended is Ended.UNIT_ENDED:
        # The unit alive on the last day is responsible, even if it ended before this first night (decision 7).
        waiting = _wait_for_heir(case, night)
        return replace(waiting, events=(opened, *waiting.events))
    if finding.met_later:
        # Night by night it had closed when the later period was met: so it does at once, and nobody hears (0039).
        closed = close(case, finding, Outcome.RESUMED, night)
        return replace(closed, events=(opened, *closed.events))
    return _notified(case, finding, night, Reason.OPENED, (opened,))


# A night's many cases share few breach dates: without this the first night of a country holds 13 MB more.
@lru_cache(maxsize=1024)
def _since(breach: date) -> Mapping[str, str]:
    """The details of a `case-opened` event."""
    return {"breach": breach.isoformat()}


def _continue(case: Case, finding: Finding, night: Tonight) -> Advance:
    judged = finding.verdict is Verdict.BREACH
    reached = case.reached
    # The step rests while the case is not judged, has a newer missed period, or is waived (decisions 11, 23).
    if judged and night.covered_by is None and (night.baseline or not night.waived):
        # A waiver recorded afterwards lowers the position, but a step never falls (decision 21).
        reached = max(reached, night.reached(case.ladder, case.clock))
    value = finding.severity if judged else case.value
    moved = replace(
        case,
        reached=reached,
        value=value,
        floor=reached if night.baseline else case.floor,
        status=_status(case.ladder, reached),
        asked=night.asked if judged else case.asked,
    )
    if case.earlier and not case.reached and not reached:
        reason = Reason.LIMIT_MOVED
    elif not judged:
        reason = Reason.UNJUDGED
    elif night.waived:
        reason = Reason.WAIVED
    elif reached > len(case.ladder.positions()) and reached > case.reached:
        reason = Reason.EXHAUSTED
    elif reached > case.reached:
        reason = Reason.REPEATED if reached > len(case.ladder.steps) else Reason.CLIMBED
    elif is_worse(finding, case.value, value):
        reason = Reason.WORSENED
    else:
        reason = Reason.UNCHANGED
    return _notified(moved, finding, night, reason, tuple(_going_on(case, reached, night)))


def _going_on(case: Case, reached: int, night: Tonight) -> Iterator[Event]:
    """What the log says of a case that goes on: its heirs, a promise that was not kept, a further step."""
    # A waiting case gets here only with living bearers: an office has confirmed the heirs (decision 35).
    if case.status is CaseStatus.WAITING:
        yield Event("case-inherited", case.task.id, {"heirs": ", ".join(night.recipients.bearers(case.task))})
    if reached > case.reached:
        promised = night.answered.promised
        if promised is not None and case.reached < night.broken_step(case.ladder, case.clock) <= reached:
            yield Event("promise-broken", case.task.id, {"day": promised.isoformat()})
        for waits, event in (
            (night.answered.declared, "climbed-unconfirmed"),
            (night.answered.disowned, "climbed-unassigned"),
        ):
            if waits is not None and (waits.held_until is None or waits.held_until < night.as_of):
                yield Event(event, case.task.id, {"act": str(waits.act.number)})
        yield Event("case-climbed", case.task.id, {"step": str(reached)})


def _status(ladder: Ladder, reached: int) -> CaseStatus:
    return CaseStatus.EXHAUSTED if reached >= len(ladder.positions()) else CaseStatus.OPEN


def _notified(case: Case, finding: Finding, night: Tonight, reason: Reason, events: tuple[Event, ...]) -> Advance:
    """The case with tonight's notices: one for each office due that does not know this step and this value."""
    waived_until, marks = night.waived_case.marked(case, night.as_of)
    if waived_until != case.waived_until:
        case = replace(case, waived_until=waived_until)
    events += marks
    if night.waived:
        return _while_waived(case, finding, night, reason, events)
    naming: list[tuple[RecipientStep, Section]] = []
    if quiet(night) is None:
        naming = [(one.naming, one.section) for one in due_offices(case, finding, night) if one.section]
        events += tuple(
            Event("step-empty", case.task.id, {"step": str(step)})
            for step in night.recipients.empty_steps(case.task, case.ladder, case.floor, case.reached)
            if naming
        )
        # Whoever knew of the case in an earlier round hears that its limit has moved (decision 21).
        naming += [
            (one, Section.STILL) for one in told_of_the_move(case, night, {one.reader.office for one, _ in naming})
        ]
        for owed in owed_by_acts(case, night):
            office = owed.naming.reader.office
            if owed.since <= night.as_of and office not in {one.reader.office for one, _ in naming}:
                naming.append((owed.naming, Section.STILL if office in case.knowing else Section.NEW))
    if naming:
        told = [(one.reader.office, one.step) for one, _ in naming]
        known = night.recipients.remembered(case.notified, told, case.value)
        case = replace(
            case, notified=known, earlier={one: last for one, last in case.earlier.items() if one not in known}
        )
    # The notices hold the case as it is after the night, so that a letter prints its next date.
    case = _until_next(case, night)
    return Advance(case, reason, tuple(notice_of(case, finding, one, section) for one, section in naming), events)


def _until_next(case: Case, night: Tonight) -> Case:
    """The case with the night of its next letter as `next_on`."""
    following = next_night(case, night)
    return case if following == case.next_on else replace(case, next_on=following)


def _while_waived(
    case: Case, finding: Finding, night: Tonight, reason: Reason, events: tuple[Event, ...]
) -> Advance:
    """A waived case: notifies readers only of the waiver and leaves their memory of the case unchanged."""
    case, notices = _until_next(case, night), tuple[Notice, ...]()
    if night.notifying and night.covered_by is None:
        notices = tuple(night.waived_case.notices(case, finding, night.recipients, night.as_of))
    return Advance(case, reason, notices, events)


def next_night(case: Case, night: Tonight) -> date | None:
    """The next night on which a letter of this case falls due if nothing changes; None once it is closed.

    Always a working day after tonight.
    """
    if case.status is CaseStatus.CLOSED:
        return None
    if night.waived:
        return night.waived_case.next_night(case, night.recipients, night.as_of, notifying=night.notifying)
    on = _next_step_told(case, night)
    if night.covered_by is not None:
        return on
    # What an act concerns is told also while the case stands still.
    tomorrow = night.as_of + _DAY
    return min([on, *(night.calendar.roll_forward(max(one.since, tomorrow)) for one in owed_by_acts(case, night))])


def _next_step_told(case: Case, night: Tonight) -> date:
    """The next night on which a step, or a limit that has moved, is told if nothing changes."""
    following = free_day(night.calendar, night.still, night.as_of + _DAY)
    # A step reached on a closed day notifies on the next working day, not at the next step (decision 5).
    closed = not night.calendar.is_workday(night.as_of)
    quiet_until = night.answered.quiet_until
    if case.earlier or (closed and not quiet_until and any(_owed(case, night))):
        return following
    on = max(night.night_of_step(case.ladder, case.clock, case.reached + 1), following)
    if not quiet_until:
        return on
    # What an office has acknowledged waits for it; the others are told on the next working night.
    owed = [one for one in _owed(case, night) if closed or night.answered.is_quiet(one, night.as_of)]
    due = night.recipients.due(case.task, case.ladder, case.reached, case.reached + 1)
    nights = [*(night.hears_from(one, following) for one in owed), *(night.hears_from(one, on) for one in due)]
    return min(nights, default=on)


def _owed(case: Case, night: Tonight) -> Iterator[str]:
    """The offices that have not heard of the step that a case has reached."""
    for office, naming in night.recipients.due(case.task, case.ladder, case.floor, case.reached).items():
        if office not in case.notified or case.notified[office].level < naming.step:
            yield office


def _wait_for_heir(case: Case, night: Tonight) -> Advance:
    """Pauses the case of an ended unit, without notices, until an office confirms its heir (decision 35).

    Its next date is when the operator is asked again; a night that notifies nobody leaves that to the next one.
    """
    events: tuple[Event, ...] = ()
    if case.status is not CaseStatus.WAITING:
        events = (Event("case-waiting", case.task.id, {"unit": case.task.unit}),)
    due = bool(events) or case.next_on is None or case.next_on <= night.as_of
    if due and not night.notifying:
        next_on = night.calendar.next_workday(night.as_of)
    else:
        next_on = next_ask_on(night.calendar, night.unit_ended or case.breach, night.as_of)
    waiting = replace(case, status=CaseStatus.WAITING, next_on=next_on, waived_until=None)
    return Advance(waiting, Reason.AWAITING_HEIR, (), events)


def asked_tonight(before: Case | None, after: Case, as_of: date) -> bool:
    """Whether the operator is asked tonight who inherits a case: on its first night of waiting, then when due."""
    if after.status is not CaseStatus.WAITING:
        return False
    if before is None or before.status is not CaseStatus.WAITING:
        return True
    return before.next_on is not None and before.next_on <= as_of
