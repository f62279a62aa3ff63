"""An extension that is asked for: the office that decides on it hears so once, and the ladder goes on."""

from __future__ import annotations

from datetime import date

import pytest

from dondoc.engine.domain.acts import ActKind
from tests.support.case_player import MONDAY, STEP_2, STEP_3, SUNDAY, Play, book, chart, daily, overdue, report
from tests.support.worlds import day

ASKED, REFUSED, BACK = ActKind.EXTENSION_ASKED, ActKind.EXTENSION_REFUSED, ActKind.TAKEN_BACK
TUESDAY, WEDNESDAY, FRIDAY, SATURDAY = (day(f"2019-06-{n}") for n in (11, 12, 14, 15))
Said = tuple[ActKind, date, str]


@pytest.mark.parametrize(
    ("said", "nights"),
    [
        pytest.param([], [STEP_3], id="by the ladder it hears at the third step"),
        pytest.param([(ASKED, TUESDAY, "xa_a")], [WEDNESDAY, STEP_3], id="asked on Tuesday it hears on Wednesday"),
        pytest.param([(ASKED, FRIDAY, "xa_a")], [STEP_2, STEP_3], id="on Friday, on the next letter day"),
        pytest.param(
            [(ASKED, FRIDAY, "xa_a"), (REFUSED, SATURDAY, "huyen")], [STEP_3], id="not what it has decided by then"
        ),
        pytest.param(
            [(ASKED, FRIDAY, "xa_a"), (BACK, SATURDAY, "xa_a")], [STEP_3], id="nor what was taken back by then"
        ),
        pytest.param(
            [(ASKED, TUESDAY, "xa_a"), (ASKED, FRIDAY, "xa_a")],
            [WEDNESDAY, STEP_2, STEP_3],
            id="another request is news",
        ),
    ],
)
def test_on_which_nights_whoever_set_the_limit_is_told(said: list[Said], nights: list[date]) -> None:
    """The steps come on their own days: a request holds nothing."""
    play = Play(book(), chart())
    for n, (kind, on, office) in enumerate(said, start=1):
        play.says(kind, on, day("2019-06-30"), office=office, about=n - 1 if kind is BACK else None)
    play.nights(MONDAY, STEP_3, daily(overdue(report(SUNDAY))))
    assert play.days("huyen") == nights
    assert play.days("xa_a") == [MONDAY, STEP_2, STEP_3]
