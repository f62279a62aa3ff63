"""A report that is declared holds its case while an office is to confirm it, and for no longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dondoc.engine.cases.answers import answered
from dondoc.engine.domain.acts import Act, ActKind, unconfirmed
from dondoc.engine.domain.model import Answers
from tests.support.case_player import MONDAY, STEP_2, STEP_3, SUNDAY, Play, book, chart, daily, overdue, report
from tests.support.worlds import DOCUMENT, WEEK, day

DECLARED, CONFIRMED, REFUSED = ActKind.DECLARED, ActKind.CONFIRMED, ActKind.NOT_CONFIRMED
BACK, EXPLAINED = ActKind.TAKEN_BACK, ActKind.EXPLAINED
TUESDAY, WEDNESDAY, FRIDAY = day("2019-06-11"), day("2019-06-12"), day("2019-06-14")
# Five working days from Tuesday on end on Monday; the second step comes five working days later than it would.
HELD, HELD_STEP_2 = day("2019-06-17"), day("2019-06-24")


def acts(*said: tuple[ActKind, date, int | None]) -> list[Act]:
    """Acts in the order of recording, each with its kind, its day, and the act that it is about."""
    return [
        Act(n, kind, "xa_a", on, on, about=about, known_on=on) for n, (kind, on, about) in enumerate(said, start=1)
    ]


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        pytest.param([], None, id="nothing said"),
        pytest.param([(DECLARED, TUESDAY, None)], 1, id="declared"),
        pytest.param([(DECLARED, TUESDAY, None), (CONFIRMED, FRIDAY, 1)], None, id="and confirmed"),
        pytest.param([(DECLARED, TUESDAY, None), (REFUSED, FRIDAY, 1)], None, id="and refused"),
        pytest.param(
            [(DECLARED, TUESDAY, None), (REFUSED, FRIDAY, 1), (BACK, FRIDAY, 2)], 1, id="taken back again"
        ),
        pytest.param([(DECLARED, TUESDAY, None), (BACK, FRIDAY, 1)], None, id="the unit takes it back"),
        pytest.param([(DECLARED, TUESDAY, None), (DECLARED, FRIDAY, None)], 2, id="the latest counts"),
        pytest.param(
            [(DECLARED, TUESDAY, None), (REFUSED, FRIDAY, 1), (DECLARED, FRIDAY, None)], 3, id="declared again"
        ),
    ],
)
def test_which_declaration_waits(said: list[tuple[ActKind, date, int | None]], waits: int | None) -> None:
    """The latest one that no office has answered."""
    found = unconfirmed(acts(*said))
    assert (found.number if found else None) == waits


@pytest.mark.parametrize(
    ("said", "until"),
    [
        pytest.param([(DECLARED, TUESDAY, None)], [HELD], id="for the hold"),
        pytest.param(
            [(DECLARED, TUESDAY, None), (REFUSED, FRIDAY, 1)], [day("2019-06-13")], id="until it is refused"
        ),
        pytest.param([(DECLARED, TUESDAY, None), (REFUSED, TUESDAY, 1)], [], id="refused at once"),
        pytest.param([(DECLARED, TUESDAY, None)] * 3, [HELD, HELD], id="no more often than the ladder says"),
    ],
)
def test_how_long_it_holds(said: list[tuple[ActKind, date, int | None]], until: list[date]) -> None:
    """The days do not count for anybody."""
    found = answered(acts(*said), Answers(), WEEK)
    assert [pause.until for pause in found.pauses] == until


def played(*said: tuple[ActKind, date, int | None], until: date = HELD_STEP_2) -> Play:
    """A report overdue from Monday on, which its unit declares."""
    play = Play(book(ladder=replace(DOCUMENT, answers=Answers())), chart())
    for kind, on, about in said:
        promised = WEDNESDAY if kind is EXPLAINED else None
        play.says(kind, on, promised, about=about, office="phong" if kind is REFUSED else "xa_a")
    return play.nights(MONDAY, until, daily(overdue(report(SUNDAY))))


def told(play: Play) -> dict[date, dict[str, str]]:
    """Every night on which somebody was told, and who."""
    return {night: play.notices_of(night) for night in play.seen if play.notices_of(night)}


def test_whoever_is_to_confirm_hears_the_next_night_and_the_others_after_the_hold() -> None:
    """The monitor, since the rule names nobody to report to; it has heard of the case when the step comes."""
    assert told(played((DECLARED, TUESDAY, None))) == {
        MONDAY: {"xa_a": "new"},
        WEDNESDAY: {"phong": "new"},
        HELD_STEP_2: {"xa_a": "worse", "phong": "worse", "dang_uy_xa_a": "new"},
    }


def test_the_next_letter_is_announced_while_nobody_has_been_asked_to_confirm() -> None:
    """On the night of the declaration nobody knew of it; on the one after it the monitor hears."""
    play = played((DECLARED, FRIDAY, None), until=day("2019-06-16"))
    assert play.seen[day("2019-06-15")][1].next_on == STEP_2


def test_a_case_that_goes_on_unconfirmed_says_so_in_the_log() -> None:
    """With the number of the act that nobody has confirmed."""
    play = played((DECLARED, TUESDAY, None), until=day("2019-06-22"))
    assert play.last is not None
    assert ("climbed-unconfirmed", {"act": "1"}) in [(one.kind, dict(one.detail)) for one in play.last.events]


def test_a_refusal_lets_the_days_count_again() -> None:
    """Declared on Tuesday and refused on Wednesday: one working day stood still."""
    assert told(played((DECLARED, TUESDAY, None), (REFUSED, WEDNESDAY, 1), until=day("2019-06-18"))) == {
        MONDAY: {"xa_a": "new"},
        WEDNESDAY: {"phong": "new"},
        day("2019-06-18"): {"xa_a": "worse", "phong": "worse", "dang_uy_xa_a": "new"},
    }


def test_a_promise_is_not_broken_while_its_report_waits_to_be_confirmed() -> None:
    """Promised for Wednesday and declared that day: the step that a broken promise costs comes after the hold."""
    play = played((EXPLAINED, TUESDAY, None), (DECLARED, WEDNESDAY, None), until=STEP_3)
    nights = [night for night, seen in play.seen.items() if seen[1].reached == 2]
    assert nights[0] == day("2019-06-19")
