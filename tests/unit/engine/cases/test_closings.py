"""How cases end, stand still or change hands, and who hears of it: rows on an invented district."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from dondoc.engine.domain.model import Finding, Succession
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import CaseStatus, Outcome, TaskKind, Verdict
from tests.support import worlds
from tests.support.case_player import (
    DAY,
    MONDAY,
    STEP_2,
    STEP_3,
    STEP_4,
    SUNDAY,
    Play,
    beyond,
    book,
    chart,
    daily,
    done,
    late,
    level,
    month,
    overdue,
    report,
)
from tests.support.worlds import day


@pytest.mark.parametrize(
    ("on", "outcome"),
    [(SUNDAY, Outcome.WITHDRAWN), (MONDAY, Outcome.LATE)],
    ids=["done in time and recorded late", "done one day late"],
)
def test_good_news_goes_to_who_had_the_bad_and_once(on: date, outcome: Outcome) -> None:
    """At step 2 three offices knew; all three hear, nobody else, and never again."""
    play = late(until=STEP_2)
    play.nights(STEP_2 + DAY, STEP_4, daily(done(report(SUNDAY), on)))
    resolved = {night: play.notices_of(night) for night in play.seen if night > STEP_2 and play.notices_of(night)}
    assert resolved == {STEP_2 + DAY: dict.fromkeys(("xa_a", "phong", "dang_uy_xa_a"), "resolved")}
    case = play.seen[STEP_2 + DAY][1]
    assert (case.status, case.outcome, case.next_on) == (CaseStatus.CLOSED, outcome, None)


def test_done_on_saturday_is_told_on_monday() -> None:
    """State follows the date, letters leave on working days."""
    saturday = STEP_2 - 2 * DAY
    play = late(until=saturday - DAY)
    play.nights(saturday, STEP_2, daily(done(report(SUNDAY), MONDAY)))
    assert play.seen[saturday][1].status is CaseStatus.CLOSED
    assert play.days("xa_a") == [MONDAY, STEP_2]
    assert play.cases == []


def test_a_report_taken_back_before_its_closing_was_told_closes_nothing() -> None:
    """Entered for Saturday's night and taken back for Sunday's: Monday says the step, and no end."""
    saturday = STEP_2 - 2 * DAY
    play = late(until=saturday - DAY)
    play.night(saturday, [done(report(SUNDAY), MONDAY)])
    # As the store does with the task of a report that is taken back.
    play.finished.clear()
    play.nights(saturday + DAY, STEP_2, daily(overdue(report(SUNDAY))))
    (case,) = play.cases
    assert (case.status, case.closed_on, case.reached) == (CaseStatus.OPEN, None, 2)
    assert set(play.notices_of(STEP_2).values()) == {"worse", "new"}


def test_opened_and_settled_over_a_weekend_is_never_told() -> None:
    """A case opened on Saturday and settled on Sunday (decision 5)."""
    friday = day("2019-06-07")
    play = Play(book(), chart())
    play.night(friday + DAY, [overdue(report(friday))])
    play.night(SUNDAY, [done(report(friday), friday + DAY)])
    play.night(MONDAY)
    assert play.notified == []
    assert play.seen[SUNDAY][1].outcome is Outcome.LATE


JULY, AUGUST = (
    month(day("2019-07-01"), day("2019-07-31"), 7),
    month(day("2019-08-01"), day("2019-08-31"), 8),
)
FIRST_AUGUST, FIRST_SEPTEMBER = day("2019-08-01"), day("2019-09-02")


def test_later_month_that_is_met_resumes_the_missed_one() -> None:
    """July's case closes when August is judged met; July stays a missed month (decision 11)."""
    play = Play(book(), chart()).nights(FIRST_AUGUST, day("2019-08-31"), daily(overdue(JULY)))
    notified = set(play.seen[day("2019-08-31")][1].notified)
    play.nights(day("2019-09-01"), FIRST_SEPTEMBER, daily(overdue(JULY), Finding(AUGUST, Verdict.MET)))
    assert play.seen[day("2019-09-01")][1].outcome is Outcome.RESUMED
    assert play.notices_of(FIRST_SEPTEMBER) == dict.fromkeys(notified, "resolved")


def test_activity_recorded_later_withdraws_the_missed_month() -> None:
    """It was done in July after all."""
    play = Play(book(), chart()).nights(FIRST_AUGUST, FIRST_AUGUST + DAY, daily(overdue(JULY)))
    play.night(FIRST_AUGUST + 4 * DAY, [Finding(JULY, Verdict.MET)])
    assert play.seen[FIRST_AUGUST + 4 * DAY][1].outcome is Outcome.WITHDRAWN


def test_only_the_newest_missed_month_climbs() -> None:
    """When August is missed as well, July stands still and says nothing more."""
    before = day("2019-08-30")
    play = Play(book(), chart()).nights(FIRST_AUGUST, before, daily(overdue(JULY)))
    reached = play.seen[before][1].reached
    play.nights(before + DAY, before + 40 * DAY, daily(overdue(JULY), *([overdue(AUGUST)])))
    later = [(night, n.finding.task.subject) for night, n in play.notified if night > before]
    assert {subject for _, subject in later} == {"2019-08"}
    assert play.seen[before + 40 * DAY][1].reached == reached
    assert play.seen[before + 40 * DAY][2].reached == 5


def lapsed() -> RuleBook:
    """The same rules, the second step's night being the last that judges them."""
    last = STEP_2 - DAY
    return replace(book(), directives={"d": worlds.directive("d", "huyen", until=last, follow=last)})


def retired() -> RuleBook:
    """The rule is taken away."""
    return replace(book(), rules={})


@pytest.mark.parametrize(
    ("rules", "outcome", "told"),
    [(lapsed, Outcome.LAPSED, {"xa_a", "phong", "dang_uy_xa_a"}), (retired, Outcome.RETIRED, set())],
    ids=["lapsed", "retired"],
)
def test_a_case_closes_with_its_directive_or_rule(
    rules: Callable[[], RuleBook], outcome: Outcome, told: set[str]
) -> None:
    """A lapsed one is told once to those who knew (0041); of a rule that is gone nobody hears; nothing reopens."""
    play = late(until=STEP_2)
    play.book = rules()
    play.nights(STEP_2 + DAY, STEP_4, daily(overdue(report(SUNDAY))))
    assert play.seen[STEP_2 + DAY][1].outcome is outcome
    assert play.cases == []
    assert set(play.notices_of(STEP_2 + DAY)) == told
    assert not [night for night, _ in play.notified if night > STEP_2 + DAY]


def test_an_open_case_is_followed_up_after_the_directives_last_day() -> None:
    """Its last day is the day of step 2: steps 3 and 4 come until it is no longer followed up, then one line."""
    play = late(until=STEP_2)
    followed = worlds.directive("d", "huyen", until=STEP_2, follow=STEP_4 - DAY)
    play.book = replace(play.book, directives={"d": followed})
    play.nights(STEP_2 + DAY, STEP_4 + DAY, daily(overdue(report(SUNDAY))))
    assert play.seen[STEP_4][1].reached == 4
    assert set(play.notices_of(STEP_3).values()) == {"worse", "new"}
    assert set(play.notices_of(STEP_4 + DAY).values()) == {"resolved"}
    assert play.seen[STEP_4 + DAY][1].outcome is Outcome.LAPSED


@pytest.mark.parametrize(("rules", "told"), [(lapsed, True), (retired, False)], ids=["lapsed", "retired"])
def test_good_news_still_owed_dies_with_the_rule(rules: Callable[[], RuleBook], *, told: bool) -> None:
    """Settled on a Saturday, and gone before Monday could tell; a directive that has ended still owes it."""
    friday, saturday = STEP_2 + 4 * DAY, STEP_2 + 5 * DAY
    play = late(until=friday)
    play.night(saturday, [done(report(SUNDAY), friday)])
    play.book = rules()
    assert bool(play.night(saturday + 2 * DAY)) == told
    assert play.cases == []


def test_baseline_opens_in_silence_and_later_steps_are_told() -> None:
    """What a baseline found reached is passed; the next step is news to its readers (decision 39)."""
    play = Play(book(), chart())
    play.night(STEP_2, [overdue(report(SUNDAY))], baseline=True)
    assert play.notified == []
    play.nights(STEP_2 + DAY, STEP_3, daily(overdue(report(SUNDAY))))
    assert {night: play.notices_of(night) for night in play.seen if play.notices_of(night)} == {
        STEP_3: {"xa_a": "new", "phong": "new", "huyen": "new"}
    }


def test_baseline_case_that_nobody_was_told_of_closes_in_silence() -> None:
    """Nobody told, nobody gets good news."""
    play = Play(book(), chart())
    play.night(STEP_2, [overdue(report(SUNDAY))], baseline=True)
    play.night(STEP_2 + DAY, [done(report(SUNDAY), STEP_2)])
    assert play.notified == []


def test_reader_whose_letter_never_left_hears_again() -> None:
    """Untold, he hears it as new the next night, and only he (decision 46)."""
    play = late(until=STEP_2)
    (case,) = play.cases
    play.cases = [
        replace(
            case,
            notified={office: notified for office, notified in case.notified.items() if office != "phong"},
        )
    ]
    play.night(STEP_2 + DAY, [overdue(report(SUNDAY))])
    assert play.notices_of(STEP_2 + DAY) == {"phong": "new"}


def ended(*offices: str, heir: str = "", on: date = STEP_3) -> OrgChart:
    """The district when some offices have ended; `heir` takes over from the first."""
    full = chart()
    units = {one.id: replace(one, valid_to=on) if one.id in offices else one for one in full.units.values()}
    handed = (Succession(offices[0], heir, "toàn bộ", on),) if heir else ()
    return OrgChart(units, full.relations, (), handed)


def test_case_of_an_ended_unit_stands_still_in_silence() -> None:
    """Until a person says who inherits it; the question comes again every five working days (decision 35)."""
    play = late(until=STEP_2)
    reached = play.cases[0].reached
    play.chart = ended("xa_a")
    play.nights(STEP_3, STEP_4, daily(overdue(report(SUNDAY))))
    (case,) = play.cases
    assert (case.status, case.reached, case.next_on) == (CaseStatus.WAITING, reached, STEP_4 + 7 * DAY)
    assert not [night for night, _ in play.notified if night > STEP_2]


def test_breach_of_a_unit_that_ended_on_its_last_day_is_not_lost() -> None:
    """Responsible is who lived on the last day: the case opens, waits for an heir, and tells nobody (7, 35)."""
    play = Play(book(), ended("xa_a", on=MONDAY))
    play.night(MONDAY, [overdue(report(SUNDAY))])
    (case,) = play.cases
    assert (case.status, case.breach, case.next_on) == (CaseStatus.WAITING, MONDAY, MONDAY + 7 * DAY)
    assert play.notified == []


def test_what_a_monitor_was_told_its_one_heir_was_told() -> None:
    """The told memory goes with the succession: the heir is not told again, and gets the good news (35)."""
    play = late(until=STEP_2)
    rules = book(monitor="phong")
    play.book, play.chart = rules, ended("phong", heir="van_phong", on=STEP_2 + DAY)
    play.night(STEP_2 + DAY, [overdue(report(SUNDAY))])
    assert play.notices_of(STEP_2 + DAY) == {}
    play.night(STEP_3, [overdue(report(SUNDAY))])
    assert play.notices_of(STEP_3) == {"xa_a": "worse", "van_phong": "worse", "huyen": "new"}
    play.night(STEP_3 + DAY, [done(report(SUNDAY), STEP_3)])
    assert set(play.notices_of(STEP_3 + DAY)) == {"xa_a", "dang_uy_xa_a", "huyen", "van_phong"}


@pytest.mark.parametrize(
    ("kind", "corrected", "outcome"),
    [(TaskKind.LEVEL, False, Outcome.CLEARED), (TaskKind.LEVEL, True, Outcome.WITHDRAWN)],
    ids=["back within the limit", "the figure was corrected"],
)
def test_indicator_closes_as_cleared_or_withdrawn(kind: TaskKind, corrected: bool, outcome: Outcome) -> None:  # noqa: FBT001 - a column
    """A correction is no improvement (decision 26); and an indicator is watched for ever."""
    assert level().kind is kind
    play = Play(book(), chart())
    play.night(MONDAY, [beyond(level(), MONDAY, 32)])
    play.night(MONDAY + DAY, [Finding(level(), Verdict.MET, corrected=corrected)])
    assert play.seen[MONDAY + DAY][1].outcome is outcome
    assert play.finished == set()
    play.night(STEP_2, [beyond(level(), STEP_2, 32)])
    assert [case.id for case in play.cases] == [2]
