"""A unit has one below it do its matter: that one hears with it, and nothing else of the case changes."""

from __future__ import annotations

from datetime import date

import pytest

from dondoc.engine.domain.acts import ActKind
from tests.support.case_player import (
    DAY,
    MONDAY,
    STEP_2,
    STEP_3,
    SUNDAY,
    Play,
    book,
    chart,
    daily,
    done,
    overdue,
    report,
)
from tests.support.worlds import day

GIVEN, BACK = ActKind.DELEGATED, ActKind.TAKEN_BACK
TUESDAY, WEDNESDAY, FRIDAY, SATURDAY = (day(f"2019-06-{n}") for n in (11, 12, 14, 15))
# What is said, on which day, of whom, and what it takes back.
Said = tuple[ActKind, date, str | None, int | None]


@pytest.mark.parametrize(
    ("said", "thon", "tram"),
    [
        pytest.param([], [], [], id="nobody does it but the unit"),
        pytest.param(
            [(GIVEN, TUESDAY, "thon", None)],
            [WEDNESDAY, STEP_2, STEP_3],
            [],
            id="at once, and with every step of the unit",
        ),
        pytest.param([(GIVEN, FRIDAY, "thon", None)], [STEP_2, STEP_3], [], id="on the next letter day"),
        pytest.param(
            [(GIVEN, TUESDAY, "thon", None), (GIVEN, FRIDAY, "tram", None)],
            [WEDNESDAY],
            [STEP_2, STEP_3],
            id="another one in its place",
        ),
        pytest.param(
            [(GIVEN, TUESDAY, "thon", None), (BACK, FRIDAY, None, 1)],
            [WEDNESDAY],
            [],
            id="taken back, no further step",
        ),
    ],
)
def test_on_which_nights_who_does_it_hears(said: list[Said], thon: list[date], tram: list[date]) -> None:
    """The steps come on their own days, to the unit and to those above it as ever."""
    play, plain = Play(book(), chart()), Play(book(), chart())
    for kind, on, to, about in said:
        play.says(kind, on, to=to, about=about)
    for one in (play, plain):
        one.nights(MONDAY, STEP_3, daily(overdue(report(SUNDAY))))
    assert (play.days("thon"), play.days("tram")) == (thon, tram)
    for office in ("xa_a", "dang_uy_xa_a", "phong", "huyen"):
        assert play.days(office) == plain.days(office)
    assert [case.reached for case in play.cases] == [case.reached for case in plain.cases]


def test_who_did_it_hears_that_it_is_done() -> None:
    """As everybody who knew does."""
    play = Play(book(), chart())
    play.says(GIVEN, TUESDAY, to="thon")
    play.nights(MONDAY, WEDNESDAY, daily(overdue(report(SUNDAY))))
    play.night(WEDNESDAY + DAY, [done(report(SUNDAY), WEDNESDAY)])
    assert play.days("thon") == [WEDNESDAY, WEDNESDAY + DAY]
