"""Why an office that a step names is not told of a case on a night: each silence on an invented district."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from dondoc.engine.cases.tonight import Silence
from dondoc.engine.domain.terms import CaseStatus, Outcome, Section, Verdict
from tests.support import worlds
from tests.support.case_player import (
    DAY,
    MONDAY,
    STEP_2,
    SUNDAY,
    Play,
    book,
    chart,
    daily,
    month,
    overdue,
    report,
    waiver,
)
from tests.support.worlds import day

LATE = overdue(report(SUNDAY))


def told(play: Play, task: int = 1) -> Mapping[str, Section | Silence | None]:
    """What the last night told each office that its steps name, or why it told nothing."""
    assert play.last is not None
    (ruling,) = [one for one in play.last.rulings if one.finding.task.id == task]
    return {one.naming.reader.office: one.section or one.silence for one in ruling.due_offices()}


def test_a_closed_day_tells_nobody() -> None:
    """The report is late on Saturday; its letter leaves on Monday."""
    saturday = day("2019-06-08")
    play = Play(book(), chart()).nights(saturday, saturday, daily(overdue(report(saturday - DAY))))
    assert told(play) == {"xa_a": Silence.CLOSED_DAY}


def test_a_night_that_is_caught_up_tells_nobody() -> None:
    """Though it is a working day."""
    play = Play(book(), chart())
    play.night(MONDAY, [LATE], notifying=False)
    assert told(play) == {"xa_a": Silence.NOT_NOTIFYING}


def test_who_knows_all_of_it_is_not_told_again() -> None:
    """Until the next step; then the others hear beside it."""
    play = Play(book(), chart()).nights(MONDAY, MONDAY, daily(LATE))
    assert told(play) == {"xa_a": Section.NEW}
    play.night(MONDAY + DAY, [LATE])
    assert told(play) == {"xa_a": Silence.KNOWN}
    play.nights(MONDAY + 2 * DAY, STEP_2, daily(LATE))
    assert told(play) == {"xa_a": Section.WORSE, "phong": Section.NEW, "dang_uy_xa_a": Section.NEW}


def test_a_waived_case_is_silent_for_all() -> None:
    """Also for who does not know of it yet."""
    rules = replace(book(), waivers=(waiver(STEP_2, STEP_2 + 7 * DAY),))
    play = Play(rules, chart()).nights(MONDAY, STEP_2 + DAY, daily(LATE))
    assert told(play) == dict.fromkeys(("xa_a", "phong", "dang_uy_xa_a"), Silence.WAIVED)


def test_a_newer_missed_month_speaks_for_the_older() -> None:
    """Only the newest one is told of."""
    may = month(day("2019-05-01"), day("2019-05-31"), 1)
    june = month(day("2019-06-01"), day("2019-06-30"), 2)
    play = Play(book(), chart()).nights(day("2019-06-28"), day("2019-06-28"), daily(overdue(may)))
    play.night(day("2019-07-01"), [overdue(may), overdue(june)])
    assert set(told(play, 1).values()) == {Silence.COVERED}, "also of who knows the older"
    assert set(told(play, 2).values()) == {Section.NEW}


def test_a_closed_case_names_nobody() -> None:
    """Good news is another matter."""
    play = Play(book(), chart()).nights(MONDAY, MONDAY, daily(LATE))
    play.night(MONDAY + DAY, [replace(LATE, verdict=Verdict.MET, breach=None, recorded_on=MONDAY)])
    assert told(play) == {}


def test_two_units_below_one_body_are_one_reason_to_tell_it() -> None:
    """It follows them both, and its notice names that once."""
    shared = replace(report(SUNDAY), bearers=("xa_a", "xa_b"))
    play = Play(book(), chart()).nights(MONDAY, day("2019-06-24"), daily(overdue(shared)))
    (notice,) = [notice for night, notice in play.notified if notice.reader == "huyen"]
    assert notice.relations == ("superior.government",)


@pytest.mark.parametrize(
    ("days", "closes", "news"),
    [(0, False, False), (1, True, True), (31, True, True), (32, True, False)],
    ids=["on its last night", "the night after", "a month later", "later, when it is no news any more"],
)
def test_a_case_ends_with_its_directive(days: int, *, closes: bool, news: bool) -> None:
    """Who knew of it hears, unless that is no news; nights in between were missed."""
    last_day = MONDAY + 3 * DAY
    rules = replace(book(), directives={"d": worlds.directive("d", "huyen", until=last_day, follow=last_day)})
    play = Play(rules, chart()).nights(MONDAY, MONDAY, daily(LATE))
    night = last_day + (1 + days) * DAY
    notices = play.night(night, [LATE])
    (case,) = play.seen[night].values()
    assert (case.status is CaseStatus.CLOSED, case.outcome is Outcome.LAPSED) == (closes, closes)
    # On a closed day it is owed until the next working day.
    assert (closes and bool(notices or not case.closing_notified)) is news
