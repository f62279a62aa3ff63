"""The gate for acts: who may say what of a case, and until when; every door goes through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

from dondoc.engine.domain.acts import Act, ActKind, decided_on, delegation, handed_over, standing, unexplained
from dondoc.engine.domain.model import Case
from dondoc.engine.domain.terms import CaseStatus, TaskKind
from dondoc.engine.domain.workdays import WorkCalendar

_DAY = timedelta(days=1)
# How long its words may be, and the number of its document, in characters.
LONGEST = 300
# For how many working days a case that has closed can be opened again: as long as a figure may flap (0045).
REOPENED_WITHIN = 5
# For how many working days what somebody said by a link can be taken back, whatever has become of it.
LINK_WITHIN = 1
_HANDED_IN = (ActKind.DONE, ActKind.DECLARED)
# Who does a matter for the responsible unit says these of it, too.
_OF_THE_DELEGATE = (ActKind.EXPLAINED, *_HANDED_IN)
_OF_THE_UNIT = (*_OF_THE_DELEGATE, ActKind.EXTENSION_ASKED, ActKind.NOT_OURS, ActKind.DELEGATED)
_OF_THE_ISSUER = (ActKind.EXTENSION_GRANTED, ActKind.EXTENSION_REFUSED)
_OF_A_LIMIT = (ActKind.EXTENSION_ASKED, *_OF_THE_ISSUER)
_WITH_A_LIMIT = (TaskKind.REPORT, TaskKind.ASSIGNED)
_WITH_WORDS = (
    *(ActKind.EXPLAINED, ActKind.EXTENSION_ASKED, ActKind.NOT_CONFIRMED, ActKind.REOPENED),
    ActKind.NOT_REASSIGNED,
)
_REPORTED = (*_HANDED_IN, ActKind.CLOSED)
_WITH_A_DOCUMENT = (ActKind.EXTENSION_GRANTED, ActKind.REASSIGNED, *_REPORTED)


class RefusedAct(StrEnum):
    """Why an act is not accepted; the first in this order decides."""

    CASE_CLOSED = "case-closed"
    HANDED_OVER = "handed-over"
    NOT_CLOSED = "not-closed"
    NOT_BY_A_REPORT = "not-by-a-report"
    CLOSED_TOO_LONG = "closed-too-long"
    NOT_RESPONSIBLE = "not-responsible"
    NOT_CONCERNED = "not-concerned"
    ITS_OWN_CASE = "its-own-case"
    NOT_ITS_ISSUER = "not-its-issuer"
    NOT_ITS_RECEIVER = "not-its-receiver"
    NOT_ITS_FOLLOWER = "not-its-follower"
    NOT_ITS_ASSIGNER = "not-its-assigner"
    NOBODY_ASSIGNS = "nobody-assigns"
    WITHOUT_LIMIT = "without-limit"
    NO_REPORT = "no-report"
    BY_ITS_RULE = "by-its-rule"
    IN_THE_FUTURE = "in-the-future"
    BEFORE_THE_CASE = "before-the-case"
    TOO_LONG = "too-long"
    WITHOUT_WORDS = "without-words"
    WITHOUT_DOCUMENT = "without-document"
    USED_UP = "used-up"
    PROMISE_PASSED = "promise-passed"
    PROMISE_TOO_FAR = "promise-too-far"
    NO_LATER_LIMIT = "no-later-limit"
    BEYOND_THE_DIRECTIVE = "beyond-the-directive"
    NOT_YET_DONE = "not-yet-done"
    BEFORE_THE_DIRECTIVE = "before-the-directive"
    NOTHING_TO_CONFIRM = "nothing-to-confirm"
    DEMANDED_ALREADY = "demanded-already"
    DISOWNED_ALREADY = "disowned-already"
    NOTHING_TO_DECIDE = "nothing-to-decide"
    ITS_ALREADY = "its-already"
    NOT_BELOW = "not-below"
    DOES_IT_ALREADY = "does-it-already"
    WITHOUT_A_DAY = "without-a-day"
    NOT_YET_ISSUED = "not-yet-issued"
    GRANTED_STAYS = "granted-stays"
    NOTHING_TO_TAKE_BACK = "nothing-to-take-back"


# The acts by which an office decides on a case, each with the refusal to any other office.
_DECIDED_BY = {
    **dict.fromkeys((ActKind.CONFIRMED, ActKind.NOT_CONFIRMED), RefusedAct.NOT_ITS_RECEIVER),
    **dict.fromkeys(_OF_THE_ISSUER, RefusedAct.NOT_ITS_ISSUER),
    **dict.fromkeys((ActKind.REASSIGNED, ActKind.NOT_REASSIGNED), RefusedAct.NOT_ITS_ASSIGNER),
    **dict.fromkeys((ActKind.CLOSED, ActKind.REOPENED), RefusedAct.NOT_ITS_FOLLOWER),
}


def repeated(said: Act, acts: Sequence[Act]) -> Act | None:
    """The act in force that already says the same; None: it is new."""
    return next((one for one in standing(acts) if _content(one) == _content(said)), None)


def _content(act: Act) -> tuple[object, ...]:
    # What was handed in does not change by being said on another day.
    said_on = act.said_on if act.done_on is None else None
    said = act.kind, act.office, said_on, act.until, act.words, act.document, act.about, act.done_on
    return *said, act.to, act.dated


@dataclass(frozen=True, slots=True)
class Concerned:
    """Who may speak of a case besides those who were told: the units responsible for it, and who set its limit.

    `receiver` is the office that confirms what is declared, `monitor` the one that follows up, `assigner` the one
    that decides whose it is (None: nobody does). `since` is the day on which its directive was issued, `until` the
    last day on which it binds (None: no end). `having` are the units of which the same is demanded, `below` those
    that stand below a responsible one.
    """

    bearers: tuple[str, ...]
    issuers: tuple[str, ...]
    receiver: str | None
    monitor: str | None
    since: date
    until: date | None
    assigner: str | None = None
    having: frozenset[str] = frozenset()
    below: frozenset[str] = frozenset()


def refusal(
    said: Act, case: Case, acts: Sequence[Act], concerned: Concerned, calendar: WorkCalendar
) -> RefusedAct | None:
    """Why an act on a case is not accepted; None: it is. `acts` are those that are on record."""
    if refused := _of_status(said, case, acts, concerned, calendar):
        return refused
    if refused := _of_office(said, case, acts, concerned) or _of_form(said, case) or _of_matter(said, case):
        return refused
    mine = [one for one in standing(acts) if one.office == said.office]
    match said.kind:
        case ActKind.ACKNOWLEDGED | ActKind.DEMANDED | ActKind.NOT_OURS | ActKind.DELEGATED:
            return _of_repeating(said, mine, acts, concerned, case.ladder.answers.times)
        case ActKind.EXPLAINED:
            return _of_promise(said, said.until or date.max, furthest_promise(said.said_on, case, calendar))
        case ActKind.EXTENSION_ASKED | ActKind.EXTENSION_GRANTED | ActKind.EXTENSION_REFUSED:
            return _of_limit(said.until or date.min, said, case, concerned.until)
        case ActKind.DONE | ActKind.DECLARED | ActKind.CLOSED | ActKind.REOPENED:
            return _of_report(said.done_on or date.max, said, concerned.since)
        case ActKind.CONFIRMED | ActKind.NOT_CONFIRMED | ActKind.REASSIGNED | ActKind.NOT_REASSIGNED:
            return _of_deciding(said, acts, concerned)
        case ActKind.TAKEN_BACK:
            return _of_taking_back(_meant(said, acts), said, calendar)
        case _:
            assert_never(said.kind)


def furthest_promise(said_on: date, case: Case, calendar: WorkCalendar) -> date:
    """The last day that an explanation given on a day may promise."""
    return calendar.after(said_on, case.ladder.answers.promise)


def link_ends(act: Act, calendar: WorkCalendar) -> date:
    """The last day on which an act that came by a link is taken back, whatever has become of it."""
    return calendar.after(act.recorded_on, LINK_WITHIN)


def _lately_by_link(about: Act | None, said: Act, calendar: WorkCalendar) -> bool:
    """Whether what is taken back may be none of the office's own words, of which it has just heard."""
    return about is not None and about.by_link and said.recorded_on <= link_ends(about, calendar)


def _meant(said: Act, acts: Sequence[Act]) -> Act | None:
    """The act in force that its office takes back; None: there is none."""
    mine = (one for one in standing(acts) if one.office == said.office)
    return next((one for one in mine if one.number == said.about), None)


def _of_status(
    said: Act, case: Case, acts: Sequence[Act], concerned: Concerned, calendar: WorkCalendar
) -> RefusedAct | None:
    if said.kind is ActKind.TAKEN_BACK and _lately_by_link(_meant(said, acts), said, calendar):
        return None
    if said.kind is not ActKind.REOPENED:
        if case.status is CaseStatus.CLOSED:
            return RefusedAct.CASE_CLOSED
        return RefusedAct.HANDED_OVER if handed_over(acts, concerned.bearers) else None
    if case.closed_on is None:
        return RefusedAct.NOT_CLOSED
    if case.task.done_on is None:
        return RefusedAct.NOT_BY_A_REPORT
    # What was told long ago to have been done is another case when it turns out not to be.
    late = calendar.count(case.closed_on + _DAY, said.said_on + _DAY) > REOPENED_WITHIN
    return RefusedAct.CLOSED_TOO_LONG if late else None


def _of_office(said: Act, case: Case, acts: Sequence[Act], concerned: Concerned) -> RefusedAct | None:
    """Who is responsible explains, asks and reports, who set the limit moves it, who was told may acknowledge."""
    own = said.office in concerned.bearers
    if said.kind in _DECIDED_BY:
        return _of_decider(said, own, concerned)
    if own:
        if said.kind is ActKind.NOT_OURS and concerned.assigner is None:
            return RefusedAct.NOBODY_ASSIGNS
        return RefusedAct.ITS_OWN_CASE if said.kind is ActKind.DEMANDED else None
    doing = delegation(acts)
    does = doing is not None and doing.to == said.office
    if said.kind in _OF_THE_UNIT:
        return None if does and said.kind in _OF_THE_DELEGATE else RefusedAct.NOT_RESPONSIBLE
    if does and said.kind is ActKind.DEMANDED:
        return RefusedAct.ITS_OWN_CASE
    # Who set the limit, confirms or reassigns takes back what it said of it, even if nobody told it of the case.
    deciding = (*concerned.issuers, concerned.receiver, concerned.monitor, concerned.assigner)
    known = does or said.office in case.knowing or (said.kind is ActKind.TAKEN_BACK and said.office in deciding)
    return None if known else RefusedAct.NOT_CONCERNED


def _of_decider(said: Act, own: bool, concerned: Concerned) -> RefusedAct | None:  # noqa: FBT001 - a plain fact
    """Whoever decides on a case is no unit of it, but for the limit that it set itself."""
    refused = _DECIDED_BY[said.kind]
    match refused:
        case RefusedAct.NOT_ITS_RECEIVER:
            if concerned.receiver is None:
                return RefusedAct.NOTHING_TO_CONFIRM
            allowed = said.office == concerned.receiver
        case RefusedAct.NOT_ITS_ISSUER:
            allowed = said.office in concerned.issuers
        case RefusedAct.NOT_ITS_ASSIGNER:
            allowed = not own and said.office in (concerned.assigner, *concerned.issuers)
        case _:
            allowed = not own and said.office in (concerned.monitor, concerned.receiver, *concerned.issuers)
    return None if allowed else refused


def _of_form(said: Act, case: Case) -> RefusedAct | None:
    if said.said_on > said.recorded_on:
        return RefusedAct.IN_THE_FUTURE
    if said.said_on < case.opened_on:
        return RefusedAct.BEFORE_THE_CASE
    if max(len(said.words), len(said.document)) > LONGEST:
        return RefusedAct.TOO_LONG
    if said.kind in _WITH_WORDS and not said.words:
        return RefusedAct.WITHOUT_WORDS
    if said.kind in _WITH_A_DOCUMENT and not said.document:
        return RefusedAct.WITHOUT_DOCUMENT
    return None


def _of_matter(said: Act, case: Case) -> RefusedAct | None:
    """Why an act has no sense for what a case is about."""
    if case.task.kind in _WITH_A_LIMIT:
        return None
    # A figure and a counted period have no limit that an office could move.
    if said.kind in _OF_A_LIMIT:
        return RefusedAct.WITHOUT_LIMIT
    # Whose figure or whose count it is, its rule says.
    if said.kind in (ActKind.NOT_OURS, ActKind.REASSIGNED, ActKind.NOT_REASSIGNED, ActKind.DELEGATED):
        return RefusedAct.BY_ITS_RULE
    # What was done and measured is recorded by times and figures, not by one report.
    return RefusedAct.NO_REPORT if said.kind in (*_REPORTED, ActKind.REOPENED) else None


def _of_limit(until: date, said: Act, case: Case, ends: date | None) -> RefusedAct | None:
    # That a limit stays as it is names no day.
    if said.kind is ActKind.EXTENSION_REFUSED:
        return None
    if until <= max(case.task.last_day or date.max, said.recorded_on - _DAY):
        return RefusedAct.NO_LATER_LIMIT
    # What falls due after a directive's end is no longer demanded by it (decision 0041).
    return RefusedAct.BEYOND_THE_DIRECTIVE if ends is not None and until > ends else None


def _of_repeating(
    said: Act, mine: Sequence[Act], acts: Sequence[Act], concerned: Concerned, times: int
) -> RefusedAct | None:
    """Whether an office has said so as often as it may; `mine` are its acts that stand."""
    if said.kind is ActKind.DELEGATED:
        return _of_delegating(said, acts, concerned)
    if said.kind is ActKind.DEMANDED:
        waits = any(one.office == said.office for one in unexplained(acts))
        return RefusedAct.DEMANDED_ALREADY if waits else None
    said_before = sum(one.kind is said.kind for one in mine)
    if said.kind is ActKind.NOT_OURS:
        return RefusedAct.DISOWNED_ALREADY if said_before else None
    return RefusedAct.USED_UP if said_before >= times else None


def _of_deciding(said: Act, acts: Sequence[Act], concerned: Concerned) -> RefusedAct | None:
    waits = decided_on(said.kind, acts)
    if said.kind is not ActKind.REASSIGNED:
        confirming = said.kind is not ActKind.NOT_REASSIGNED
        nothing = RefusedAct.NOTHING_TO_CONFIRM if confirming else RefusedAct.NOTHING_TO_DECIDE
        return None if waits and waits.number == said.about else nothing
    # It may be reassigned also where its unit has said nothing.
    if said.to is None or said.to in (*concerned.bearers, *concerned.having):
        return RefusedAct.ITS_ALREADY
    if said.dated is None:
        return RefusedAct.WITHOUT_A_DAY
    return RefusedAct.NOT_YET_ISSUED if said.dated > said.recorded_on else None


def _of_delegating(said: Act, acts: Sequence[Act], concerned: Concerned) -> RefusedAct | None:
    if said.to is None or said.to not in concerned.below:
        return RefusedAct.NOT_BELOW
    doing = delegation(acts)
    return RefusedAct.DOES_IT_ALREADY if doing is not None and doing.to == said.to else None


def _of_taking_back(about: Act | None, said: Act, calendar: WorkCalendar) -> RefusedAct | None:
    if about is None:
        return RefusedAct.NOTHING_TO_TAKE_BACK
    # The new limit was told to all who knew; only another limit can follow it. So it is of a case opened again, or
    # given to another unit.
    late = not _lately_by_link(about, said, calendar)
    told = about.kind in (ActKind.REOPENED, ActKind.REASSIGNED)
    stays = told or (about.kind is ActKind.EXTENSION_GRANTED and late)
    return RefusedAct.GRANTED_STAYS if stays else None


def _of_report(done_on: date, said: Act, since: date) -> RefusedAct | None:
    # Whoever opens a case again says of no day that a report came.
    if said.kind is ActKind.REOPENED:
        return None
    if done_on > said.recorded_on:
        return RefusedAct.NOT_YET_DONE
    return RefusedAct.BEFORE_THE_DIRECTIVE if done_on < since else None


def _of_promise(said: Act, until: date, furthest: date) -> RefusedAct | None:
    # What has passed by the time of recording can be kept no more.
    if until < said.recorded_on:
        return RefusedAct.PROMISE_PASSED
    return RefusedAct.PROMISE_TOO_FAR if until > furthest else None
