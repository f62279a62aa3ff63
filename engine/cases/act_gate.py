"""The gate for acts: who may say what of a case, and until when; every door goes through it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum

from dondoc.engine.domain.acts import Act, ActKind, standing
from dondoc.engine.domain.model import Case
from dondoc.engine.domain.terms import CaseStatus
from dondoc.engine.domain.workdays import WorkCalendar

# What an office may write in one act, in characters.
LONGEST = 300


class RefusedAct(StrEnum):
    """Why an act is not accepted; the first in this order decides."""

    CASE_CLOSED = "case-closed"
    NOT_RESPONSIBLE = "not-responsible"
    NOT_CONCERNED = "not-concerned"
    IN_THE_FUTURE = "in-the-future"
    BEFORE_THE_CASE = "before-the-case"
    TOO_LONG = "too-long"
    WITHOUT_WORDS = "without-words"
    USED_UP = "used-up"
    PROMISE_PASSED = "promise-passed"
    PROMISE_TOO_FAR = "promise-too-far"
    NOTHING_TO_TAKE_BACK = "nothing-to-take-back"


def repeated(said: Act, acts: Sequence[Act]) -> Act | None:
    """The act in force that already says the same; None: it is new."""
    return next((one for one in standing(acts) if _content(one) == _content(said)), None)


def _content(act: Act) -> tuple[object, ...]:
    return act.kind, act.office, act.said_on, act.until, act.words, act.document


def refusal(
    said: Act, case: Case, acts: Sequence[Act], bearers: Collection[str], calendar: WorkCalendar
) -> RefusedAct | None:
    """Why an act on a case is not accepted; None: it is. `acts` are those that are on record."""
    if case.status is CaseStatus.CLOSED:
        return RefusedAct.CASE_CLOSED
    mine = [one for one in standing(acts) if one.office == said.office]
    if (refused := _of_office(said, case, bearers)) or (refused := _of_form(said, case)):
        return refused
    match said.kind:
        case ActKind.ACKNOWLEDGED:
            used = sum(one.kind is ActKind.ACKNOWLEDGED for one in mine)
            return RefusedAct.USED_UP if used >= case.ladder.answers.times else None
        case ActKind.EXPLAINED:
            return _of_promise(said, said.until or date.max, furthest_promise(said.said_on, case, calendar))
        case ActKind.TAKEN_BACK:
            return None if said.about in {one.number for one in mine} else RefusedAct.NOTHING_TO_TAKE_BACK


def furthest_promise(said_on: date, case: Case, calendar: WorkCalendar) -> date:
    """The last day that an explanation given on a day may promise."""
    return calendar.after(said_on, case.ladder.answers.promise)


def _of_office(said: Act, case: Case, bearers: Collection[str]) -> RefusedAct | None:
    """Only who is responsible explains; whoever was told may say that it knows."""
    if said.office in bearers:
        return None
    if said.kind is ActKind.EXPLAINED:
        return RefusedAct.NOT_RESPONSIBLE
    return None if said.office in case.knowing else RefusedAct.NOT_CONCERNED


def _of_form(said: Act, case: Case) -> RefusedAct | None:
    if said.said_on > said.recorded_on:
        return RefusedAct.IN_THE_FUTURE
    if said.said_on < case.opened_on:
        return RefusedAct.BEFORE_THE_CASE
    if len(said.words) > LONGEST:
        return RefusedAct.TOO_LONG
    if said.kind is ActKind.EXPLAINED and not said.words:
        return RefusedAct.WITHOUT_WORDS
    return None


def _of_promise(said: Act, until: date, furthest: date) -> RefusedAct | None:
    # What has passed by the time of recording can be kept no more.
    if until < said.recorded_on:
        return RefusedAct.PROMISE_PASSED
    return RefusedAct.PROMISE_TOO_FAR if until > furthest else None
