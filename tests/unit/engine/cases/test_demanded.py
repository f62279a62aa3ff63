"""An explanation that is demanded: the unit hears of it, and whoever demanded it of the unit's silence."""

from __future__ import annotations

from datetime import date

import pytest

from dondoc.engine.domain.acts import ActKind
from tests.support.case_player import MONDAY, STEP_2, STEP_3, SUNDAY, Play, book, chart, daily, overdue, report
from tests.support.worlds import day

DEMANDED, EXPLAINED, KNOWN = ActKind.DEMANDED, ActKind.EXPLAINED, ActKind.ACKNOWLEDGED
# The monitor heard on Monday, and demands on Tuesday: the unit hears on Wednesday, and has until Wednesday after.
TUESDAY, WEDNESDAY = day("2019-06-18"), day("2019-06-19")
SILENT, LAST = day("2019-06-27"), day("2019-06-29")
Said = tuple[ActKind, date, str]


def nights_of(office: str, *said: Said) -> list[date]:
    """On which nights an office is told of a report that is overdue from Monday on."""
    play = Play(book(), chart())
    for kind, on, by in said:
        play.says(kind, on, on if kind is EXPLAINED else None, office=by)
    return play.nights(MONDAY, LAST, daily(overdue(report(SUNDAY)))).days(office)


DEMAND = (DEMANDED, TUESDAY, "phong")


@pytest.mark.parametrize(
    ("office", "said", "nights"),
    [
        pytest.param("xa_a", [], [MONDAY, STEP_2, STEP_3], id="nobody demands anything"),
        pytest.param("xa_a", [DEMAND], [MONDAY, STEP_2, WEDNESDAY, STEP_3], id="the unit hears the next night"),
        pytest.param("phong", [DEMAND], [STEP_2, STEP_3, SILENT], id="and the monitor of its silence"),
        pytest.param(
            "phong",
            [DEMAND, (KNOWN, WEDNESDAY, "xa_a")],
            [STEP_2, STEP_3, SILENT],
            id="which knowing does not break",
        ),
        pytest.param("dang_uy_xa_a", [DEMAND], [STEP_2], id="nobody else hears of it"),
        pytest.param(
            "xa_a",
            [(KNOWN, STEP_2, "xa_a"), DEMAND],
            [MONDAY, STEP_2, WEDNESDAY, STEP_3],
            id="also a unit that has acknowledged the case",
        ),
        pytest.param(
            "phong",
            [DEMAND, (EXPLAINED, day("2019-06-25"), "xa_a")],
            [STEP_2, STEP_3],
            id="which an explanation breaks",
        ),
    ],
)
def test_who_hears_of_a_demand_and_when(office: str, said: list[Said], nights: list[date]) -> None:
    """The steps of the ladder come on their own days."""
    assert nights_of(office, *said) == nights
