"""What an office is offered to say: exactly what the gate would accept from it, if it were well said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dondoc.engine.cases.act_gate import Concerned
from dondoc.engine.cases.offered_acts import OfferedAct, offered
from dondoc.engine.domain.acts import Act, ActKind
from dondoc.engine.domain.model import Case, Ladder, LadderStep, Notified, Task
from dondoc.engine.domain.terms import CaseStatus, TaskKind, Tone
from dondoc.engine.domain.workdays import WorkCalendar

UNIT, ABOVE, OTHER, RECEIVER, MONITOR = "xa", "huyen", "xa.khac", "so", "phong"
OPENED, TODAY = date(2015, 4, 20), date(2015, 4, 21)
CALENDAR = WorkCalendar("vn", date(2015, 1, 1), date(2016, 12, 31), {}, {})
TASK = Task(1, "r/r", UNIT, "1", TaskKind.REPORT, date(2015, 4, 19))
CASE = Case(
    TASK,
    Ladder("document", (LadderStep(0, ("responsible",), (), Tone.URGE),), 5, 4),
    date(2015, 4, 20),
    OPENED,
    id=1,
    code="LN15-0001",
    notified={UNIT: Notified(1, OPENED, None), ABOVE: Notified(1, OPENED, None)},
)
CONCERNED = Concerned((UNIT,), (ABOVE,), RECEIVER, MONITOR, date(2015, 1, 5), date(2015, 12, 31), MONITOR)
NOT_OURS, GIVEN, KEPT = ActKind.NOT_OURS, ActKind.REASSIGNED, ActKind.NOT_REASSIGNED
KNOWN, EXPLAINED, ASKED = ActKind.ACKNOWLEDGED, ActKind.EXPLAINED, ActKind.EXTENSION_ASKED
DONE, DECLARED, CONFIRMED = ActKind.DONE, ActKind.DECLARED, ActKind.CONFIRMED
NO, DEMANDED, CLOSED = ActKind.NOT_CONFIRMED, ActKind.DEMANDED, ActKind.CLOSED
GRANTED, REFUSED, BACK = ActKind.EXTENSION_GRANTED, ActKind.EXTENSION_REFUSED, ActKind.TAKEN_BACK


def act(number: int, kind: ActKind, office: str = UNIT, about: int | None = None) -> Act:
    """An act of yesterday."""
    return Act(number, kind, office, OPENED, OPENED, date(2015, 4, 30), "Vì lũ", "12/CV", about)


OFFERS = {
    "the unit": (UNIT, CASE, (), [KNOWN, EXPLAINED, ASKED, DONE, NOT_OURS]),
    "the office that set the limit": (ABOVE, CASE, (), [KNOWN, GRANTED, REFUSED, DEMANDED, CLOSED, GIVEN]),
    "an office that nobody told": (OTHER, CASE, (), []),
    "the unit that has acknowledged twice": (
        UNIT,
        CASE,
        (act(1, KNOWN), act(2, KNOWN)),
        [EXPLAINED, ASKED, DONE, NOT_OURS, (BACK, 2), (BACK, 1)],
    ),
    "the unit that took its answer back": (
        UNIT,
        CASE,
        (act(1, KNOWN), act(2, BACK, about=1)),
        [KNOWN, EXPLAINED, ASKED, DONE, NOT_OURS],
    ),
    "the office that granted": (
        ABOVE,
        CASE,
        (act(1, GRANTED, ABOVE),),
        [KNOWN, GRANTED, REFUSED, DEMANDED, CLOSED, GIVEN],
    ),
    "the office that follows up": (MONITOR, CASE, (), [CLOSED, GIVEN]),
    "the office that has to confirm": (RECEIVER, CASE, (act(1, DECLARED),), [CONFIRMED, NO, CLOSED]),
    "the office that has confirmed": (
        RECEIVER,
        CASE,
        (act(1, DECLARED), act(2, CONFIRMED, RECEIVER, about=1)),
        [CLOSED, (BACK, 2)],
    ),
    "the office that decides whose it is": (MONITOR, CASE, (act(1, NOT_OURS),), [CLOSED, GIVEN, KEPT]),
    "of a closed case": (UNIT, replace(CASE, status=CaseStatus.CLOSED), (), []),
    "of a figure, which has no limit to move": (
        UNIT,
        replace(CASE, task=replace(TASK, kind=TaskKind.LEVEL, last_day=None)),
        (),
        [KNOWN, EXPLAINED],
    ),
    "under a limit that lies ahead": (
        UNIT,
        replace(CASE, task=replace(TASK, last_day=date(2015, 6, 1))),
        (),
        [KNOWN, EXPLAINED, ASKED, DONE, NOT_OURS],
    ),
}


@pytest.mark.parametrize(("office", "case", "acts", "kinds"), OFFERS.values(), ids=OFFERS)
def test_an_office_is_offered(
    office: str, case: Case, acts: tuple[Act, ...], kinds: list[ActKind | tuple[ActKind, int]]
) -> None:
    """Each kind once, and each of its own acts that it may take back."""
    wanted = [OfferedAct(*one) if isinstance(one, tuple) else OfferedAct(one) for one in kinds]
    assert list(offered(office, case, acts, CONCERNED, CALENDAR, TODAY)) == wanted
