"""The gate for acts: who may declare, confirm, demand, close and reopen, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dondoc.engine.cases.act_gate import Concerned, RefusedAct, refusal, repeated
from dondoc.engine.domain.acts import Act, ActKind
from dondoc.engine.domain.model import Case, Notified
from dondoc.engine.domain.terms import CaseStatus, Outcome
from tests.support.case_player import MONDAY, SUNDAY, level, month, report
from tests.support.worlds import DOCUMENT, WEEK, day

DONE, DECLARED, CONFIRMED, REFUSED = ActKind.DONE, ActKind.DECLARED, ActKind.CONFIRMED, ActKind.NOT_CONFIRMED
DELEGATED = ActKind.DELEGATED
NOT_OURS, GIVEN, KEPT = ActKind.NOT_OURS, ActKind.REASSIGNED, ActKind.NOT_REASSIGNED
DEMANDED, CLOSED, REOPENED, EXPLAINED = ActKind.DEMANDED, ActKind.CLOSED, ActKind.REOPENED, ActKind.EXPLAINED
FRIDAY, ISSUED, LATER = day("2019-06-14"), day("2019-01-02"), day("2019-06-17")
WHO = Concerned(
    *(("xa_a",), ("huyen",)),
    receiver="huyen",
    monitor="phong",
    since=ISSUED,
    until=None,
    assigner="phong",
    having=frozenset({"xa_a", "xa_b"}),
    below=frozenset({"thon", "tram"}),
)
OPEN = Case(report(SUNDAY), DOCUMENT, MONDAY, MONDAY, 1, "A-0001", notified={"dang_uy_xa_a": Notified(2, MONDAY)})
SHUT = replace(
    OPEN,
    task=replace(report(SUNDAY), done_on=MONDAY),
    status=CaseStatus.CLOSED,
    outcome=Outcome.LATE,
    closed_on=day("2019-06-11"),
)
LAPSED = replace(SHUT, task=report(SUNDAY), outcome=Outcome.LAPSED)


def act(kind: ActKind, office: str, number: int = 9, on: date = FRIDAY, **more: Any) -> Act:
    """An act that says all that its kind asks for."""
    said = Act(number, kind, office, on, on, words="vì lũ", document="12/BC", done_on=MONDAY)
    return replace(said, **more)


WAITS = (act(DECLARED, "xa_a", 1),)
ANSWERED = (*WAITS, act(REFUSED, "huyen", 2, about=1))
DISOWNED = (act(NOT_OURS, "xa_a", 1),)
GONE = (*DISOWNED, act(GIVEN, "phong", 2, about=1, to="tram_y_te"))
DONE_BY_THON = (act(DELEGATED, "xa_a", 1, to="thon"),)
DONE_BY_TRAM = (*DONE_BY_THON, act(DELEGATED, "xa_a", 2, to="tram"))
AWAITED = (act(DEMANDED, "dang_uy_xa_a", 1),)
EXPLAINED_SINCE = (*AWAITED, act(EXPLAINED, "xa_a", 2))


@pytest.mark.parametrize(
    ("said", "case", "acts", "why"),
    [
        pytest.param(act(DONE, "xa_a"), OPEN, (), None, id="the unit has handed in"),
        pytest.param(act(DONE, "phong"), OPEN, (), "not-responsible", id="no other office says so"),
        pytest.param(
            act(DONE, "xa_a", document=""), OPEN, (), "without-document", id="which paper it does not say"
        ),
        pytest.param(act(DONE, "xa_a", done_on=day("2019-06-15")), OPEN, (), "not-yet-done", id="only tomorrow"),
        pytest.param(
            act(DONE, "xa_a", done_on=day("2018-12-31")),
            OPEN,
            (),
            "before-the-directive",
            id="before it was asked",
        ),
        pytest.param(
            act(DONE, "xa_a"),
            replace(OPEN, task=month(ISSUED, SUNDAY, 1)),
            (),
            "no-report",
            id="of a month's number",
        ),
        pytest.param(act(DONE, "xa_a"), replace(OPEN, task=level()), (), "no-report", id="of a figure"),
        pytest.param(act(DONE, "xa_a"), SHUT, (), "case-closed", id="of a closed case"),
        pytest.param(act(CONFIRMED, "huyen", about=1), OPEN, WAITS, None, id="it is confirmed"),
        pytest.param(act(CONFIRMED, "phong", about=1), OPEN, WAITS, "not-its-receiver", id="by another office"),
        pytest.param(act(CONFIRMED, "xa_a", about=1), OPEN, WAITS, "not-its-receiver", id="by the unit itself"),
        pytest.param(act(CONFIRMED, "huyen"), OPEN, (), "nothing-to-confirm", id="before it was declared"),
        pytest.param(
            act(CONFIRMED, "huyen", about=1), OPEN, ANSWERED, "nothing-to-confirm", id="after it was not"
        ),
        pytest.param(
            act(REFUSED, "huyen", about=1, words=""),
            OPEN,
            WAITS,
            "without-words",
            id="not confirmed, without a reason",
        ),
        pytest.param(act(DEMANDED, "dang_uy_xa_a"), OPEN, (), None, id="who was told demands an explanation"),
        pytest.param(act(DEMANDED, "tinh"), OPEN, (), "not-concerned", id="who was not told does not"),
        pytest.param(act(DEMANDED, "xa_a"), OPEN, (), "its-own-case", id="nor the unit of itself"),
        pytest.param(
            act(DEMANDED, "dang_uy_xa_a"), OPEN, AWAITED, "demanded-already", id="twice without an answer"
        ),
        pytest.param(act(DEMANDED, "dang_uy_xa_a"), OPEN, EXPLAINED_SINCE, None, id="again after an answer"),
        pytest.param(act(CLOSED, "phong"), OPEN, (), None, id="who follows up closes"),
        pytest.param(act(CLOSED, "huyen"), OPEN, (), None, id="and who issued it"),
        pytest.param(act(CLOSED, "dang_uy_xa_a"), OPEN, (), "not-its-follower", id="not whoever was told"),
        pytest.param(
            act(CLOSED, "phong", document=""), OPEN, (), "without-document", id="closed without evidence"
        ),
        pytest.param(act(REOPENED, "phong"), SHUT, (), None, id="three working days later it is opened again"),
        pytest.param(act(REOPENED, "phong", on=day("2019-06-18")), SHUT, (), None, id="five days later too"),
        pytest.param(
            act(REOPENED, "phong", on=day("2019-06-19")), SHUT, (), "closed-too-long", id="six days later not"
        ),
        pytest.param(act(REOPENED, "xa_a"), SHUT, (), "not-its-follower", id="nor by the unit"),
        pytest.param(act(REOPENED, "phong"), OPEN, (), "not-closed", id="nor while it is open"),
        pytest.param(act(REOPENED, "phong"), LAPSED, (), "not-by-a-report", id="nor what no report has closed"),
        pytest.param(act(NOT_OURS, "xa_a"), OPEN, (), None, id="the unit says that it is another one's"),
        pytest.param(act(NOT_OURS, "phong"), OPEN, (), "not-responsible", id="no other office does"),
        pytest.param(act(NOT_OURS, "xa_a"), OPEN, DISOWNED, "disowned-already", id="nor the unit twice"),
        pytest.param(act(NOT_OURS, "xa_a"), replace(OPEN, task=level()), (), "by-its-rule", id="of a figure"),
        pytest.param(
            act(GIVEN, "phong", to="tram_y_te", dated=MONDAY),
            OPEN,
            DISOWNED,
            None,
            id="who follows up gives it away",
        ),
        pytest.param(
            act(GIVEN, "huyen", to="tram_y_te", dated=MONDAY), OPEN, (), None, id="and who issued it, unasked"
        ),
        pytest.param(
            act(GIVEN, "xa_a", to="tram_y_te", dated=MONDAY), OPEN, (), "not-its-assigner", id="never the unit"
        ),
        pytest.param(
            act(GIVEN, "phong", to="xa_a", dated=MONDAY), OPEN, (), "its-already", id="not to the same unit"
        ),
        pytest.param(
            act(GIVEN, "phong", to="xa_b", dated=MONDAY), OPEN, (), "its-already", id="nor to one that owes it too"
        ),
        pytest.param(
            act(GIVEN, "phong", to="tram_y_te"), OPEN, (), "without-a-day", id="by a paper without a day"
        ),
        pytest.param(
            act(GIVEN, "phong", to="tram_y_te", dated=SUNDAY + (FRIDAY - MONDAY) * 2),
            OPEN,
            (),
            "not-yet-issued",
            id="by a paper of tomorrow",
        ),
        pytest.param(
            act(GIVEN, "phong", to="tram_y_te", dated=MONDAY, document=""),
            OPEN,
            (),
            "without-document",
            id="by no paper",
        ),
        pytest.param(act(DELEGATED, "xa_a", to="thon"), OPEN, (), None, id="the unit has one below it do it"),
        pytest.param(act(DELEGATED, "xa_a", to="tram"), OPEN, DONE_BY_THON, None, id="and later another one"),
        pytest.param(
            act(DELEGATED, "xa_a", to="thon"), OPEN, DONE_BY_THON, "does-it-already", id="not the same one twice"
        ),
        pytest.param(act(DELEGATED, "xa_a", to="huyen"), OPEN, (), "not-below", id="nobody above it"),
        pytest.param(
            act(DELEGATED, "huyen", to="thon"), OPEN, (), "not-responsible", id="nobody else has it done"
        ),
        pytest.param(act(EXPLAINED, "thon", until=LATER), OPEN, DONE_BY_THON, None, id="who does it explains"),
        pytest.param(act(DONE, "thon"), OPEN, DONE_BY_THON, None, id="and hands in"),
        pytest.param(act(ActKind.ACKNOWLEDGED, "thon"), OPEN, DONE_BY_THON, None, id="and says that it knows"),
        pytest.param(act(DONE, "thon"), OPEN, DONE_BY_TRAM, "not-responsible", id="not who no longer does it"),
        pytest.param(
            act(ActKind.EXTENSION_ASKED, "thon", until=LATER),
            OPEN,
            DONE_BY_THON,
            "not-responsible",
            id="and asks for no limit",
        ),
        pytest.param(act(NOT_OURS, "thon"), OPEN, DONE_BY_THON, "not-responsible", id="nor gives it away"),
        pytest.param(act(DEMANDED, "thon"), OPEN, DONE_BY_THON, "its-own-case", id="nor demands a reason"),
        pytest.param(act(KEPT, "phong", about=1), OPEN, DISOWNED, None, id="it stays with the unit"),
        pytest.param(act(KEPT, "phong"), OPEN, (), "nothing-to-decide", id="of which the unit said nothing"),
        pytest.param(
            act(KEPT, "phong", about=1, words=""), OPEN, DISOWNED, "without-words", id="without a reason"
        ),
        pytest.param(act(EXPLAINED, "xa_a"), OPEN, GONE, "handed-over", id="nothing more once it has gone"),
    ],
)
def test_who_may_say_what(said: Act, case: Case, acts: tuple[Act, ...], why: str | None) -> None:
    """The first reason decides."""
    assert refusal(said, case, acts, WHO, WEEK) == (None if why is None else RefusedAct(why))


def test_where_nobody_is_left_to_confirm_nothing_waits_for_it() -> None:
    """The office that received the reports has ended."""
    alone = replace(WHO, receiver=None)
    assert refusal(act(CONFIRMED, "xa_a", about=1), OPEN, WAITS, alone, WEEK) is RefusedAct.NOTHING_TO_CONFIRM


def test_where_nobody_is_left_to_decide_no_unit_says_that_it_is_another_ones() -> None:
    """The office that followed up has ended, and so has the issuer."""
    alone = replace(WHO, assigner=None)
    assert refusal(act(NOT_OURS, "xa_a"), OPEN, (), alone, WEEK) is RefusedAct.NOBODY_ASSIGNS


def test_what_was_given_to_another_unit_is_not_taken_back() -> None:
    """In the case of that unit, where the act is on record too."""
    theirs = replace(WHO, bearers=("tram_y_te",))
    back = act(ActKind.TAKEN_BACK, "phong", about=2)
    assert refusal(back, OPEN, GONE, theirs, WEEK) is RefusedAct.GRANTED_STAYS


@pytest.mark.parametrize(
    ("said", "same"),
    [
        pytest.param(act(DECLARED, "xa_a", on=day("2019-06-17")), True, id="said again on another day"),
        pytest.param(act(DECLARED, "xa_a", document="13/BC"), False, id="another paper"),
        pytest.param(act(DECLARED, "xa_a", done_on=FRIDAY), False, id="handed in on another day"),
    ],
)
def test_what_was_handed_in_is_declared_once(said: Act, same: bool) -> None:  # noqa: FBT001 - a row of the table
    """A second click, and a repeated command, change nothing."""
    assert (repeated(said, WAITS) is not None) is same


BACK, GRANTED, KNOWN = ActKind.TAKEN_BACK, ActKind.EXTENSION_GRANTED, ActKind.ACKNOWLEDGED
CLOSED_SINCE = replace(SHUT, closed_on=day("2019-06-15"))
ONE_DAY_LATER, TWO_DAYS_LATER = day("2019-06-17"), day("2019-06-18")
BY_LINK = act(DONE, "xa_a", 1, by_link=True)
EXTENDED = act(GRANTED, "huyen", 1, by_link=True)


@pytest.mark.parametrize(
    ("said", "case", "on", "why"),
    [
        pytest.param(BY_LINK, CLOSED_SINCE, ONE_DAY_LATER, None, id="a report, the case closed by it"),
        pytest.param(BY_LINK, CLOSED_SINCE, TWO_DAYS_LATER, "case-closed", id="two working days later"),
        pytest.param(
            replace(BY_LINK, by_link=False), CLOSED_SINCE, FRIDAY, "case-closed", id="by another door, never"
        ),
        pytest.param(
            act(CLOSED, "phong", 1, by_link=True), CLOSED_SINCE, ONE_DAY_LATER, None, id="what closed it"
        ),
        pytest.param(EXTENDED, OPEN, ONE_DAY_LATER, None, id="a limit that was extended"),
        pytest.param(EXTENDED, OPEN, TWO_DAYS_LATER, "granted-stays", id="two working days later it stays"),
        pytest.param(
            replace(EXTENDED, by_link=False), OPEN, FRIDAY, "granted-stays", id="extended by another door"
        ),
        pytest.param(
            act(REOPENED, "xa_a", 1, by_link=True), OPEN, FRIDAY, "granted-stays", id="that it was opened again"
        ),
        pytest.param(
            act(ActKind.ACKNOWLEDGED, "xa_a", 1), OPEN, TWO_DAYS_LATER, None, id="anything else, while it is open"
        ),
    ],
)
def test_what_was_said_by_a_link_is_taken_back_for_one_working_day(
    said: Act, case: Case, on: date, why: str | None
) -> None:
    """It was said on a Friday, and the Monday after is that working day."""
    back = act(BACK, said.office, 2, on, about=1, document="", words="", done_on=None)
    assert refusal(back, case, (said,), WHO, WEEK) == (None if why is None else RefusedAct(why))
