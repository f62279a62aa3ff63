"""What offices say of a case: whose letters wait, which days do not count, and what a broken promise costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dondoc.engine.cases.answers import answered
from dondoc.engine.cases.telling import is_worse
from dondoc.engine.domain.acts import Act, ActKind, standing
from dondoc.engine.domain.model import Answers
from dondoc.engine.domain.terms import CaseStatus, Reason
from tests.support.case_player import (
    DAY,
    MONDAY,
    STEP_2,
    STEP_3,
    SUNDAY,
    Play,
    beyond,
    book,
    chart,
    daily,
    level,
    overdue,
    report,
)
from tests.support.random_towns import DAYS, LAST, NIGHTS, Town, towns
from tests.support.worlds import DOCUMENT, day
from tests.unit.engine.cases.test_escalation_invariants import pairs

KNOWN, EXPLAINED, BACK = ActKind.ACKNOWLEDGED, ActKind.EXPLAINED, ActKind.TAKEN_BACK
# What is said of a case: how, on which day, until when, by whom, of which case, about which act.
_Said = tuple[ActKind, date, date | None, str, int, int | None]
DECLARED, REFUSED, DEMANDED = ActKind.DECLARED, ActKind.NOT_CONFIRMED, ActKind.DEMANDED
TUESDAY, FRIDAY = day("2019-06-11"), day("2019-06-14")


def late(*said: tuple[ActKind, date, date | None], until: date = STEP_3, answers: Answers | None = None) -> Play:
    """A report overdue from Monday on, and what its unit says of it, every night until a day."""
    ladder = replace(DOCUMENT, answers=answers or Answers())
    play = Play(book(ladder=ladder), chart())
    for one in said:
        play.says(*one)
    return play.nights(MONDAY, until, daily(overdue(report(SUNDAY))))


def told(play: Play) -> dict[date, dict[str, str]]:
    """Every night on which somebody was told, and who."""
    return {night: play.notices_of(night) for night in play.seen if play.notices_of(night)}


def test_without_a_word_the_second_step_comes_after_five_working_days() -> None:
    """What the others are measured by."""
    assert told(late()) == {
        MONDAY: {"xa_a": "new"},
        STEP_2: {"xa_a": "worse", "phong": "new", "dang_uy_xa_a": "new"},
        STEP_3: {"xa_a": "worse", "phong": "worse", "huyen": "new"},
    }


def test_whoever_acknowledges_is_told_later_and_its_superiors_by_date() -> None:
    """Said on Friday, it holds for five working days: the unit hears of the second step on the Friday after."""
    assert told(late((KNOWN, FRIDAY, None), until=day("2019-06-21"))) == {
        MONDAY: {"xa_a": "new"},
        STEP_2: {"phong": "new", "dang_uy_xa_a": "new"},
        day("2019-06-21"): {"xa_a": "worse"},
    }


def test_a_third_acknowledgement_has_no_effect() -> None:
    """Twice in the life of a case is what the ladder allows."""
    once = late((KNOWN, FRIDAY, None), (KNOWN, FRIDAY, None), (KNOWN, day("2019-06-20"), None))
    assert day("2019-06-21") in told(once)
    assert day("2019-06-21") not in told(late((KNOWN, FRIDAY, None), (KNOWN, day("2019-06-20"), None)))


def test_a_ladder_may_let_it_stop_the_clock_for_everybody() -> None:
    """Friday to Thursday do not count: the second step comes five working days later."""
    stopped = late((KNOWN, FRIDAY, None), answers=Answers(stops_clock=True))
    assert told(stopped) == {
        MONDAY: {"xa_a": "new"},
        STEP_2 + 7 * DAY: {"xa_a": "worse", "phong": "new", "dang_uy_xa_a": "new"},
    }


def test_a_figure_that_is_worse_is_news_for_whoever_acknowledged_it() -> None:
    """It knew of the figure as it was."""
    task = level()
    play = Play(book(), chart()).says(KNOWN, MONDAY)
    play.nights(MONDAY, TUESDAY, daily(beyond(task, MONDAY, 31)))
    play.nights(TUESDAY + DAY, TUESDAY + DAY, daily(beyond(task, MONDAY, 35)))
    assert play.notices_of(TUESDAY + DAY) == {"xa_a": "worse"}


@pytest.mark.parametrize(
    ("before", "now", "worse"),
    [(31, 35, True), (35, 31, False), (31, 31, False), (None, 35, False), (31, None, False), (None, None, False)],
)
def test_a_figure_is_worse_than_one_that_is_known(before: int | None, now: int | None, worse: bool) -> None:  # noqa: FBT001 - a column
    """Of what is not known nothing is said."""
    assert is_worse(beyond(level(), MONDAY, 35), before, now) is worse


def test_a_promised_day_pauses_the_case_and_a_kept_one_costs_nothing() -> None:
    """Said on Tuesday for Friday week: nobody hears until then."""
    paused = late((EXPLAINED, TUESDAY, day("2019-06-21")), until=day("2019-06-21"))
    assert told(paused) == {MONDAY: {"xa_a": "new"}}
    assert {case.reached for cases in paused.seen.values() for case in cases.values()} == {1}
    assert paused.cases[0].next_on == day("2019-06-24")


def test_a_promise_that_is_broken_climbs_one_step_at_once() -> None:
    """On the first working night after it, four working days before the step would have come by counting."""
    broken = late((EXPLAINED, TUESDAY, day("2019-06-21")), until=day("2019-06-28"))
    assert told(broken) == {
        MONDAY: {"xa_a": "new"},
        day("2019-06-24"): {"xa_a": "worse", "phong": "new", "dang_uy_xa_a": "new"},
    }
    events = [event.kind for event in broken.last.events] if broken.last else []
    assert events == []


def test_the_log_says_once_that_a_promise_was_broken() -> None:
    """With the promised day, before the step that it cost."""
    play = late((EXPLAINED, TUESDAY, FRIDAY), until=FRIDAY)
    play.night(FRIDAY + DAY, [overdue(report(SUNDAY))])
    assert play.last is not None
    assert [(event.kind, dict(event.detail)) for event in play.last.events] == [
        ("promise-broken", {"day": FRIDAY.isoformat()}),
        ("case-climbed", {"step": "2"}),
    ]
    assert [made.reason for made in play.last.advances] == [Reason.CLIMBED]


def test_only_the_first_explanation_pauses() -> None:
    """A second promise is on record, and the case goes on by date."""
    twice = late((EXPLAINED, TUESDAY, FRIDAY), (EXPLAINED, day("2019-06-16"), day("2019-06-28")), until=STEP_2)
    assert told(twice)[STEP_2] == {"xa_a": "worse", "phong": "new", "dang_uy_xa_a": "new"}


def test_what_is_taken_back_has_no_effect_from_the_next_night_on() -> None:
    """The pause is over, and its days count again; a step is never undone."""
    play = Play(book(), chart()).says(EXPLAINED, TUESDAY, day("2019-06-28"))
    play.acts.append((1, Act(2, BACK, "xa_a", day("2019-06-18"), day("2019-06-18"), about=1)))
    play.nights(MONDAY, day("2019-06-19"), daily(overdue(report(SUNDAY))))
    assert told(play) == {
        MONDAY: {"xa_a": "new"},
        day("2019-06-19"): {"xa_a": "worse", "phong": "new", "dang_uy_xa_a": "new"},
    }


def test_an_extension_takes_the_place_of_a_promised_day() -> None:
    """Promised for the 28th and extended on Friday: the days before it are held, those after it count."""
    play = Play(book(), chart()).says(EXPLAINED, TUESDAY, day("2019-06-28"))
    play.says(ActKind.EXTENSION_GRANTED, FRIDAY, day("2019-06-30"), office="huyen")
    said = answered([act for _, act in play.acts], Answers(), play.book.calendars["vn"])
    assert [(one.first, one.until) for one in said.pauses] == [(TUESDAY, FRIDAY - DAY)]
    assert said.promised is None


def test_standing_acts_are_those_nobody_took_back_in_the_order_of_recording() -> None:
    """Whichever order they are read in."""
    said = [Act(n, KNOWN, "xa_a", MONDAY, MONDAY) for n in (3, 1, 2)]
    assert standing([*said, Act(4, BACK, "xa_a", MONDAY, MONDAY, about=2)]) == (said[1], said[0])


@st.composite
def talking(draw: st.DrawFn) -> tuple[Town, list[_Said]]:
    """A town, and what its offices say of its first cases."""
    town = draw(towns())
    rules = town.book.ladders
    answers = Answers(draw(st.integers(1, 8)), draw(st.integers(0, 3)), 20, draw(st.booleans()))
    ladders = {name: replace(ladder, answers=answers) for name, ladder in rules.items()}
    said = []
    for _ in range(draw(st.integers(0, 4))):
        on, case = draw(DAYS), draw(st.integers(1, 2))
        office = draw(st.sampled_from(["xa_a", "xa_b", "phong", "huyen"]))
        kind = draw(st.sampled_from([KNOWN, EXPLAINED, DECLARED, REFUSED, DEMANDED]))
        until = on + draw(st.integers(1, 30)) * DAY if kind is EXPLAINED else None
        about = draw(st.integers(1, 4)) if kind is REFUSED else None
        said.append((kind, on, until, office, case, about))
    return replace(town, book=replace(town.book, ladders=ladders)), said


def played(town: Town, said: list[_Said]) -> Play:
    """All nights of a town in which offices talk."""
    play = Play(town.book, chart())
    for one in said:
        play.says(*one)
    for night in NIGHTS:
        play.night(night, town.findings(night))
    return play


@settings(deadline=None, max_examples=30)
@given(talking())
def test_whatever_is_said_a_step_never_falls_and_a_next_working_day_is_named(
    talked: tuple[Town, list[_Said]],
) -> None:
    """Invariants 2 and 18."""
    town, said = talked
    play = played(town, said)
    for night, before, case in pairs(play):
        assert before is None or (case.round, case.reached) >= (before.round, before.reached)
        if case.status is not CaseStatus.CLOSED:
            assert case.next_on is not None
            assert case.next_on > night
            assert town.calendar.is_workday(case.next_on)


@settings(deadline=None, max_examples=60)
@given(talking())
def test_letters_leave_on_the_day_announced_whatever_is_said(
    talked: tuple[Town, list[_Said]],
) -> None:
    """A case of which nothing new is known is told on its next date, and on no working night before it."""
    town, said = talked
    first = tuple(replace(one, known=one.known[:2], blind=frozenset()) for one in town.happens[:1])
    play = played(Town(town.book, first), said)
    heard = {night for night, notice in play.notified if notice.case is not None}
    for night, _, case in pairs(play):
        # What is said after the night may change what it announced.
        if any(night <= on for _, on, *_ in said):
            continue
        assert case.next_on is not None
        if case.next_on <= LAST:
            assert case.next_on in heard
            assert not [one for one in heard if night < one < case.next_on]
