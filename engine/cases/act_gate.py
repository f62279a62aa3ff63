"""The gate for acts: who may say what of a case, and until when; every door goes through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dondoc.engine.domain.acts import Act, ActKind, standing
from dondoc.engine.domain.model import Case
from dondoc.engine.domain.terms import CaseStatus, TaskKind
from dondoc.engine.domain.workdays import WorkCalendar

_DAY = timedelta(days=1)
# How long its words may be, and the number of its document, in characters.
LONGEST = 300
_OF_THE_UNIT = (ActKind.EXPLAINED, ActKind.EXTENSION_ASKED)
_OF_THE_ISSUER = (ActKind.EXTENSION_GRANTED, ActKind.EXTENSION_REFUSED)
_OF_A_LIMIT = (ActKind.EXTENSION_ASKED, *_OF_THE_ISSUER)
_WITH_A_LIMIT = (TaskKind.REPORT, TaskKind.ASSIGNED)


class RefusedAct(StrEnum):
    """Why an act is not accepted; the first in this order decides."""

    CASE_CLOSED = "case-closed"
    NOT_RESPONSIBLE = "not-responsible"
    NOT_CONCERNED = "not-concerned"
    NOT_ITS_ISSUER = "not-its-issuer"
    WITHOUT_LIMIT = "without-limit"
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
    GRANTED_STAYS = "granted-stays"
    NOTHING_TO_TAKE_BACK = "nothing-to-take-back"


def repeated(said: Act, acts: Sequence[Act]) -> Act | None:
    """The act in force that already says the same; None: it is new."""
    return next((one for one in standing(acts) if _content(one) == _content(said)), None)


def _content(act: Act) -> tuple[object, ...]:
    return act.kind, act.office, act.said_on, act.until, act.words, act.document


@dataclass(frozen=True, slots=True)
class Concerned:
    """Who may speak of a case besides those who were told: the units responsible for it, and who set its limit.

    `until` is the last day on which its directive binds (None: no end).
    """

    bearers: tuple[str, ...]
    issuers: tuple[str, ...]
    until: date | None


def refusal(
    said: Act, case: Case, acts: Sequence[Act], concerned: Concerned, calendar: WorkCalendar
) -> RefusedAct | None:
    """Why an act on a case is not accepted; None: it is. `acts` are those that are on record."""
    if case.status is CaseStatus.CLOSED:
        return RefusedAct.CASE_CLOSED
    mine = [one for one in standing(acts) if one.office == said.office]
    if (refused := _of_office(said, case, concerned)) or (refused := _of_form(said, case)):
        return refused
    match said.kind:
        case ActKind.ACKNOWLEDGED:
            used = sum(one.kind is ActKind.ACKNOWLEDGED for one in mine)
            return RefusedAct.USED_UP if used >= case.ladder.answers.times else None
        case ActKind.EXPLAINED:
            return _of_promise(said, said.until or date.max, furthest_promise(said.said_on, case, calendar))
        case ActKind.EXTENSION_ASKED | ActKind.EXTENSION_GRANTED:
            return _of_limit(said.until or date.min, said, case, concerned.until)
        case ActKind.EXTENSION_REFUSED:
            return None
        case ActKind.TAKEN_BACK:
            about = next((one for one in mine if one.number == said.about), None)
            # The new limit was told to all who knew; only another limit can follow it.
            if about is not None and about.kind is ActKind.EXTENSION_GRANTED:
                return RefusedAct.GRANTED_STAYS
            return None if about is not None else RefusedAct.NOTHING_TO_TAKE_BACK


def furthest_promise(said_on: date, case: Case, calendar: WorkCalendar) -> date:
    """The last day that an explanation given on a day may promise."""
    return calendar.after(said_on, case.ladder.answers.promise)


def _of_office(said: Act, case: Case, concerned: Concerned) -> RefusedAct | None:
    """Who is responsible explains and asks, who set the limit moves it, whoever was told may acknowledge."""
    if said.kind in _OF_THE_ISSUER:
        return None if said.office in concerned.issuers else RefusedAct.NOT_ITS_ISSUER
    if said.office in concerned.bearers:
        return None
    if said.kind in _OF_THE_UNIT:
        return RefusedAct.NOT_RESPONSIBLE
    # Who set the limit takes back what it said of it, even if nobody told it of the case.
    known = said.office in case.knowing or (said.kind is ActKind.TAKEN_BACK and said.office in concerned.issuers)
    return None if known else RefusedAct.NOT_CONCERNED


def _of_form(said: Act, case: Case) -> RefusedAct | None:
    if said.said_on > said.recorded_on:
        return RefusedAct.IN_THE_FUTURE
    if said.said_on < case.opened_on:
        return RefusedAct.BEFORE_THE_CASE
    if max(len(said.words), len(said.document)) > LONGEST:
        return RefusedAct.TOO_LONG
    if said.kind in _OF_THE_UNIT and not said.words:
        return RefusedAct.WITHOUT_WORDS
    if said.kind is ActKind.EXTENSION_GRANTED and not said.document:
        return RefusedAct.WITHOUT_DOCUMENT
    # A figure and a counted period have no limit that an office could move.
    if said.kind in _OF_A_LIMIT and case.task.kind not in _WITH_A_LIMIT:
        return RefusedAct.WITHOUT_LIMIT
    return None


def _of_limit(until: date, said: Act, case: Case, ends: date | None) -> RefusedAct | None:
    if until <= max(case.task.last_day or date.max, said.recorded_on - _DAY):
        return RefusedAct.NO_LATER_LIMIT
    # What falls due after a directive's end is no longer demanded by it (decision 0041).
    return RefusedAct.BEYOND_THE_DIRECTIVE if ends is not None and until > ends else None


def _of_promise(said: Act, until: date, furthest: date) -> RefusedAct | None:
    # What has passed by the time of recording can be kept no more.
    if until < said.recorded_on:
        return RefusedAct.PROMISE_PASSED
    return RefusedAct.PROMISE_TOO_FAR if until > furthest else None
