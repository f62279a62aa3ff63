"""A unit says that a matter is another one's: its case is held while an office decides on that, and no longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dondoc.engine.cases.answers import answered
from dondoc.engine.domain.acts import Act, ActKind, disowned, handed_over
from dondoc.engine.domain.model import Answers, Finding
from dondoc.engine.domain.terms import CaseStatus, Outcome
from tests.support.case_player import DAY, MONDAY, STEP_2, SUNDAY, Play, book, chart, daily, overdue, report
from tests.support.worlds import WEEK, day

NOT_OURS, GIVEN, KEPT = ActKind.NOT_OURS, ActKind.REASSIGNED, ActKind.NOT_REASSIGNED
BACK, EXPLAINED = ActKind.TAKEN_BACK, ActKind.EXPLAINED
TUESDAY, WEDNESDAY, FRIDAY = day("2019-06-11"), day("2019-06-12"), day("2019-06-14")
# Five working days from Tuesday on end on Monday; the second step comes five working days later than it would.
HELD, HELD_STEP_2 = day("2019-06-17"), day("2019-06-24")
Said = tuple[ActKind, date, int | None]


def acts(*said: Said) -> list[Act]:
    """Acts in the order of recording, each with its kind, its day, and the act that it is about."""
    to = {GIVEN: "xa_b"}
    return [
        Act(n, kind, "xa_a", on, on, about=about, known_on=on, to=to.get(kind))
        for n, (kind, on, about) in enumerate(said, start=1)
    ]


SAID = (NOT_OURS, TUESDAY, None)


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        pytest.param([], None, id="nothing said"),
        pytest.param([SAID], 1, id="another unit's"),
        pytest.param([SAID, (GIVEN, FRIDAY, 1)], None, id="and given to it"),
        pytest.param([SAID, (KEPT, FRIDAY, 1)], None, id="and not given to it"),
        pytest.param([SAID, (KEPT, FRIDAY, 1), (BACK, FRIDAY, 2)], 1, id="which is taken back"),
        pytest.param([SAID, (BACK, FRIDAY, 1)], None, id="the unit takes it back"),
        pytest.param([(GIVEN, TUESDAY, None), (NOT_OURS, FRIDAY, None)], 2, id="after it came from another unit"),
    ],
)
def test_what_waits_for_a_decision(said: list[Said], waits: int | None) -> None:
    """The latest such word, while no office has decided."""
    found = disowned(acts(*said))
    assert (found.number if found else None) == waits


@pytest.mark.parametrize(
    ("said", "bearers", "gone"),
    [
        pytest.param([SAID], ("xa_a",), False, id="nobody has decided"),
        pytest.param([SAID, (GIVEN, FRIDAY, 1)], ("xa_a",), True, id="another unit has it"),
        pytest.param([SAID, (GIVEN, FRIDAY, 1)], ("xa_b",), False, id="this unit has got it"),
    ],
)
def test_whose_matter_has_gone(said: list[Said], bearers: tuple[str, ...], gone: bool) -> None:  # noqa: FBT001 - a row of the table
    """The latest decision says to which unit it belongs."""
    assert (handed_over(acts(*said), bearers) is not None) is gone


@pytest.mark.parametrize(
    ("said", "until"),
    [
        pytest.param([SAID], [HELD], id="for the hold"),
        pytest.param([SAID, (KEPT, FRIDAY, 1)], [day("2019-06-13")], id="until it stays with the unit"),
        pytest.param([SAID, (KEPT, TUESDAY, 1)], [], id="decided at once"),
        pytest.param([SAID, (NOT_OURS, FRIDAY, None)], [HELD], id="once, whoever says it again"),
    ],
)
def test_how_long_it_holds(said: list[Said], until: list[date]) -> None:
    """The days do not count for anybody."""
    assert [pause.until for pause in answered(acts(*said), Answers(), WEEK).pauses] == until


def played(*said: tuple[ActKind, date, int | None], until: date = HELD_STEP_2) -> Play:
    """A report overdue from Monday on, of which its unit says that it is another one's; the monitor decides."""
    play = Play(book(), chart())
    for kind, on, about in said:
        promised = WEDNESDAY if kind is EXPLAINED else None
        play.says(kind, on, promised, about=about, office="phong" if kind in (KEPT, GIVEN) else "xa_a")
    return play.nights(MONDAY, until, daily(overdue(report(SUNDAY))))


def told(play: Play) -> dict[date, dict[str, str]]:
    """Every night on which somebody was told, and who."""
    return {night: play.notices_of(night) for night in play.seen if play.notices_of(night)}


def test_whoever_decides_hears_the_next_night_and_the_others_after_the_hold() -> None:
    """The monitor has heard of the case when the step comes, and the party committee has not."""
    assert told(played(SAID)) == {
        MONDAY: {"xa_a": "new"},
        WEDNESDAY: {"phong": "new"},
        HELD_STEP_2: {"xa_a": "worse", "phong": "worse", "dang_uy_xa_a": "new"},
    }


def test_a_case_that_goes_on_undecided_says_so_in_the_log() -> None:
    """With the number of the act that nobody has decided on."""
    play = played(SAID, until=day("2019-06-22"))
    assert play.last is not None
    assert ("climbed-unassigned", {"act": "1"}) in [(one.kind, dict(one.detail)) for one in play.last.events]


def test_that_it_stays_is_told_to_the_unit_and_the_days_count_again() -> None:
    """Said on Tuesday and decided on Wednesday: one working day stood still, and the unit hears on Thursday."""
    assert told(played(SAID, (KEPT, WEDNESDAY, 1), until=day("2019-06-18"))) == {
        MONDAY: {"xa_a": "new"},
        WEDNESDAY: {"phong": "new"},
        day("2019-06-13"): {"xa_a": "still"},
        day("2019-06-18"): {"xa_a": "worse", "phong": "worse", "dang_uy_xa_a": "new"},
    }


def test_a_promise_is_not_broken_while_nobody_has_said_whose_it_is() -> None:
    """Promised for Wednesday and disowned that day: the step that a broken promise costs comes after the hold."""
    play = played((EXPLAINED, TUESDAY, None), (NOT_OURS, WEDNESDAY, None))
    nights = [night for night, seen in play.seen.items() if seen[1].reached == 2]
    assert nights[0] == day("2019-06-19")


def given_away(on: date, since: date) -> Play:
    """The matter goes to the other commune on a day; from `since` on its own task is overdue, first known then."""
    play = Play(book(), chart())
    play.says(GIVEN, on, office="phong", to="xa_b")
    gone, come = replace(report(SUNDAY), void=True), replace(report(SUNDAY, "xa_b", 2), known_on=since)

    def found(night: date) -> list[Finding]:
        return [overdue(report(SUNDAY))] if night < since else [overdue(gone), overdue(come)]

    return play.nights(MONDAY, since + 10 * DAY, found)


def test_a_matter_that_went_to_another_unit_closes_the_one_case_and_opens_another() -> None:
    """Who knew hears of its end; the other unit begins at the first step, on the first night that knows of it."""
    play = given_away(TUESDAY, WEDNESDAY)
    assert play.notices_of(WEDNESDAY) == {"xa_a": "resolved", "xa_b": "new"}
    before = play.seen[WEDNESDAY][1]
    assert (before.status, before.outcome) == (CaseStatus.CLOSED, Outcome.REASSIGNED)
    assert play.seen[WEDNESDAY][2].clock == WEDNESDAY
    assert play.notices_of(day("2019-06-19")) == {"xa_b": "worse", "phong": "new", "dang_uy_xa_b": "new"}


@settings(max_examples=20)
@given(st.integers(0, 25), st.integers(1, 4))
def test_the_other_unit_never_climbs_for_days_before_it_could_hear(after: int, later: int) -> None:
    """On whichever day it is given, and however many nights are missed until it is known."""
    on = MONDAY + after * DAY
    play = given_away(on, on + later * DAY)
    for night, seen in play.seen.items():
        if 2 in seen and seen[2].status is not CaseStatus.CLOSED:
            positions = WEEK.position(on + later * DAY, night)
            assert seen[2].reached <= 1 + (positions >= 5) + (positions >= 10)


@settings(max_examples=20)
@given(st.integers(0, 20), st.none() | st.integers(0, 20))
def test_it_gains_only_the_hold(after: int, decided: int | None) -> None:
    """Whenever it is said, and decided on, if ever: a step comes at most five working days later."""
    on, last = MONDAY + after * DAY, day("2019-07-24")
    play = Play(book(), chart()).says(NOT_OURS, on)
    if decided is not None:
        play.says(KEPT, on + decided * DAY, office="phong", about=1)
    play.nights(MONDAY, last, daily(overdue(report(SUNDAY))))
    plain = Play(book(), chart()).nights(MONDAY, last, daily(overdue(report(SUNDAY))))
    for night, seen in plain.seen.items():
        later = WEEK.after(night, 5) + DAY
        if later <= last:
            assert play.seen[night][1].reached <= seen[1].reached <= play.seen[later][1].reached


def test_the_second_step_would_come_without_a_word() -> None:
    """What the others are measured by."""
    assert STEP_2 in played().seen
    assert played().notices_of(STEP_2) == {"xa_a": "worse", "phong": "new", "dang_uy_xa_a": "new"}
