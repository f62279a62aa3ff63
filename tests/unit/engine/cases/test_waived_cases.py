"""A case while it is waived: it stands still, who knew of it hears of the waiver once, and then it goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dondoc.engine.domain.model import Case, Finding
from dondoc.engine.domain.rulebook import Waiver
from dondoc.engine.domain.terms import CaseStatus, Outcome, Reason, Section, Verdict
from tests.support.case_player import (
    DAY,
    MONDAY,
    STEP_2,
    SUNDAY,
    Play,
    beyond,
    book,
    chart,
    daily,
    done,
    level,
    overdue,
    report,
    waiver,
)
from tests.support.random_towns import DAYS, NIGHTS, Town, towns
from tests.support.worlds import WEEK, day
from tests.unit.engine.cases.test_escalation_invariants import pairs

TUESDAY, ANNOUNCED, LAST_DAY = day("2019-06-11"), day("2019-06-21"), day("2019-06-28")
AFTER = day("2019-07-01")


def waived(*waivers: Waiver, until: date = AFTER, **how: bool) -> Play:
    """A report overdue from Monday on under these waivers, every night until a day."""
    rules = replace(book(), waivers=waivers)
    return Play(rules, chart()).nights(MONDAY, until, daily(overdue(report(SUNDAY))), **how)


def notices_of(play: Play) -> dict[date, dict[str, str]]:
    """Every night on which somebody was told, and who."""
    return {night: play.notices_of(night) for night in play.seen if play.notices_of(night)}


def test_a_case_that_opens_waived_is_silent_until_its_end_is_announced() -> None:
    """The unit hears five working days before the end, and of the case itself as new on the first night after."""
    play = waived(waiver(MONDAY, LAST_DAY), until=day("2019-07-08"))
    assert notices_of(play) == {
        ANNOUNCED: {"xa_a": "ending"},
        AFTER: {"xa_a": "new"},
        day("2019-07-08"): {"xa_a": "worse", "phong": "new", "dang_uy_xa_a": "new"},
    }
    (ending,) = (notice for night, notice in play.notified if night == ANNOUNCED)
    assert ending.step == 0, "it counts as no letter of a step"
    assert {
        case.reached for night, cases in play.seen.items() if night <= LAST_DAY for case in cases.values()
    } == {0}


def test_whoever_knew_is_told_of_the_waiver_once_and_steps_go_on_where_they_stood() -> None:
    """Two working days passed before the waiver and five are needed: the second step comes three days after it."""
    play = waived(waiver(day("2019-06-12"), LAST_DAY), until=day("2019-07-04"))
    assert notices_of(play) == {
        MONDAY: {"xa_a": "new"},
        day("2019-06-12"): {"xa_a": "still"},
        ANNOUNCED: {"xa_a": "ending"},
        day("2019-07-04"): {"xa_a": "worse", "phong": "new", "dang_uy_xa_a": "new"},
    }
    assert [notice.waived_until for _, notice in play.notified] == [None, LAST_DAY, LAST_DAY, *[None] * 3]


def test_a_step_that_falls_on_the_first_waived_night_is_told_after_the_end() -> None:
    """State does not climb while it is waived; all who are due hear on the first night after it."""
    fifth = day("2019-06-18")
    rules = replace(book(), waivers=(waiver(fifth, LAST_DAY),))
    play = Play(rules, chart()).nights(TUESDAY, AFTER, daily(overdue(report(MONDAY))))
    assert play.seen[fifth][1].reached == 1
    assert play.notices_of(fifth) == {"xa_a": "still"}
    assert play.notices_of(AFTER) == {"xa_a": "worse", "phong": "new", "dang_uy_xa_a": "new"}


def test_a_step_reached_on_a_closed_day_and_waived_before_it_was_told_waits() -> None:
    """Reached on Saturday, waived from Monday on: its readers hear after the end."""
    play = waived(waiver(STEP_2, LAST_DAY))
    assert play.seen[STEP_2][1].reached == 2
    assert play.notices_of(STEP_2) == {"xa_a": "still"}
    assert play.notices_of(AFTER) == {"xa_a": "worse", "phong": "new", "dang_uy_xa_a": "new"}


def test_an_extended_waiver_is_told_again_and_its_new_end_too() -> None:
    """A new last day is news; a renewal that goes on from the first is the same to its readers."""
    first = waiver(TUESDAY, day("2019-06-20"))
    renewal = waiver(day("2019-06-21"), LAST_DAY)
    play = waived(first, until=TUESDAY)
    play.book = replace(play.book, waivers=(first, renewal))
    play.nights(TUESDAY + DAY, AFTER, daily(overdue(report(SUNDAY))))
    assert {night: one for night, one in notices_of(play).items() if night > MONDAY} == {
        TUESDAY: {"xa_a": "still"},
        TUESDAY + DAY: {"xa_a": "still"},
        ANNOUNCED: {"xa_a": "ending"},
    }


def test_a_short_waiver_tells_the_unit_of_its_end_at_once() -> None:
    """Granted inside its last five working days: one line, which says both; others hear that it was granted."""
    play = waived(waiver(STEP_2 + DAY, STEP_2 + 3 * DAY), until=STEP_2 + 3 * DAY)
    assert play.notices_of(STEP_2 + DAY) == {"xa_a": "ending", "phong": "still", "dang_uy_xa_a": "still"}
    copied = {one.reader: one.copied for night, one in play.notified if night == STEP_2 + DAY}
    assert copied == {"xa_a": False, "phong": True, "dang_uy_xa_a": True}, "as their letters of the case were"
    assert max(notices_of(play)) == STEP_2 + DAY


def test_nothing_of_a_waiver_is_told_on_a_closed_day() -> None:
    """Granted from a Saturday on: told on Monday, which is the case's next date till then."""
    play = waived(waiver(day("2019-06-15"), LAST_DAY), until=day("2019-06-17"))
    assert play.days("xa_a") == [MONDAY, day("2019-06-17")]
    assert play.seen[day("2019-06-15")][1].next_on == day("2019-06-17")


def test_a_night_that_is_caught_up_tells_nothing_and_the_next_one_does() -> None:
    """Missed nights keep the state; the waiver is told on the next night that tells."""
    play = waived(waiver(TUESDAY, LAST_DAY), until=MONDAY)
    findings = [overdue(report(SUNDAY))]
    play.night(TUESDAY, findings, notifying=False)
    assert play.cases[0].next_on == TUESDAY + DAY
    play.night(TUESDAY + DAY, findings)
    assert play.days("xa_a") == [MONDAY, TUESDAY + DAY]


def test_a_waiver_taken_out_of_the_file_ends_at_once() -> None:
    """Its days count then, as if it had never been granted."""
    play = waived(waiver(TUESDAY, LAST_DAY), until=STEP_2)
    assert play.notices_of(STEP_2) == {}
    play.book = replace(play.book, waivers=())
    play.night(STEP_2 + DAY, [overdue(report(SUNDAY))])
    assert play.notices_of(STEP_2 + DAY) == {"xa_a": "worse", "phong": "new", "dang_uy_xa_a": "new"}


def test_good_news_is_told_while_waived_to_those_who_had_the_bad() -> None:
    """Whoever heard only of the waiver's end had no bad news."""
    play = waived(waiver(TUESDAY, LAST_DAY), until=ANNOUNCED)
    play.night(ANNOUNCED + 3 * DAY, [done(report(SUNDAY), ANNOUNCED)])
    assert play.notices_of(ANNOUNCED + 3 * DAY) == {"xa_a": "resolved"}
    silent = waived(waiver(MONDAY, LAST_DAY), until=ANNOUNCED)
    silent.night(ANNOUNCED + 3 * DAY, [done(report(SUNDAY), ANNOUNCED)])
    assert silent.notices_of(ANNOUNCED + 3 * DAY) == {}


def test_reminders_wait_while_waived() -> None:
    """A demand that is waived is not reminded of; the reminder that is still due afterwards is sent then."""
    ending = Finding(report(day("2019-07-05")), Verdict.ENDING, offset=5)
    play = Play(replace(book(), waivers=(waiver(MONDAY, LAST_DAY),)), chart())
    play.nights(LAST_DAY, AFTER, daily(ending))
    assert play.days("xa_a") == [AFTER]


def test_a_figure_that_moved_while_waived_is_told_as_worse_after_it() -> None:
    """State follows the figure; only the telling waits."""
    rules = replace(book(), waivers=(waiver(TUESDAY, LAST_DAY, rule="d/level"),))
    play = Play(rules, chart())
    play.night(MONDAY, [beyond(level(), MONDAY, 32)])
    play.nights(TUESDAY, AFTER, daily(beyond(level(), MONDAY, 33)))
    assert play.seen[LAST_DAY][1].value == 33
    assert play.notices_of(AFTER) == {"xa_a": "worse"}


@pytest.mark.parametrize("first", [MONDAY, TUESDAY], ids=["waived from the breach on", "waived a day later"])
def test_every_change_is_logged_once(first: date) -> None:
    """When a waiver begins to hold a case, when its last day changes, and when it holds no more."""
    events = []
    play = Play(replace(book(), waivers=(waiver(first, LAST_DAY),)), chart())
    for night in (MONDAY, TUESDAY, TUESDAY + DAY, LAST_DAY, AFTER, AFTER + DAY):
        play.night(night, [overdue(report(SUNDAY))])
        assert play.last is not None
        events += [(night, event.kind) for event in play.last.events if "waive" in event.kind]
    assert events == [(first, "case-waived"), (AFTER, "case-unwaived")]


def test_a_baseline_on_a_waived_night_passes_what_was_reached_before_it() -> None:
    """Otherwise everything would be told as new when the waiver ends."""
    play = Play(replace(book(), waivers=(waiver(STEP_2, LAST_DAY),)), chart())
    findings = [overdue(report(SUNDAY))]
    play.night(STEP_2 + DAY, findings, baseline=True)
    play.nights(STEP_2 + 2 * DAY, AFTER, daily(*findings))
    assert notices_of(play) == {ANNOUNCED: {"xa_a": "ending"}}


def test_a_waived_case_says_so() -> None:
    """The reason is the waiver, whatever the date would have made of it."""
    play = waived(waiver(TUESDAY, LAST_DAY), until=STEP_2)
    assert play.last is not None
    (advance,) = play.last.advances
    assert advance.reason is Reason.WAIVED
    assert advance.case is not None
    assert advance.case.waived_until == LAST_DAY


def test_a_closed_case_is_waived_no_more() -> None:
    """What is done needs no waiver."""
    play = waived(waiver(TUESDAY, LAST_DAY), until=STEP_2)
    play.night(STEP_2 + DAY, [done(report(SUNDAY), STEP_2)])
    (case,) = play.seen[STEP_2 + DAY].values()
    assert (case.outcome, case.waived_until) == (Outcome.LATE, None)


WAIVERS = st.lists(
    st.tuples(
        DAYS, st.integers(0, 40), st.sampled_from(["xa_a", "xa_b"]), st.sampled_from(["report", "level", "quota"])
    ),
    max_size=4,
)
check = settings(deadline=None, max_examples=25)


def granted(drawn: list[tuple[date, int, str, str]]) -> tuple[Waiver, ...]:
    """Waivers that do not overlap, of those drawn."""
    kept: list[Waiver] = []
    for first, length, unit, rule in drawn:
        one = waiver(first, first + length * DAY, unit, f"d/{rule}")
        mine = [other for other in kept if (other.rule, other.unit) == (one.rule, one.unit)]
        if not any(other.first <= one.until and one.first <= other.until for other in mine):
            kept.append(one)
    return tuple(kept)


def under(town: Town, waivers: tuple[Waiver, ...]) -> Town:
    """The same town with these waivers in its book."""
    return replace(town, book=replace(town.book, waivers=waivers))


def is_waived(waivers: tuple[Waiver, ...], case: Case, night: date) -> bool:
    """Whether one of them holds a case."""
    task = case.task
    return any(
        (one.rule, one.unit) == (task.rule, task.unit) and one.first <= night <= one.until for one in waivers
    )


@check
@given(towns(), WAIVERS)
def test_steps_never_fall_and_stand_while_waived(town: Town, drawn: list[tuple[date, int, str, str]]) -> None:
    """Whatever is waived when."""
    waivers = granted(drawn)
    for night, before, case in pairs(under(town, waivers).play()):
        if before is not None:
            assert (case.round, case.reached) >= (before.round, before.reached)
            if is_waived(waivers, case, night):
                assert case.reached == before.reached
        held = is_waived(waivers, case, night) and case.status is not CaseStatus.CLOSED
        assert (case.waived_until is not None) == held


@check
@given(towns(), WAIVERS)
def test_a_waived_night_tells_nobody_anything_new(town: Town, drawn: list[tuple[date, int, str, str]]) -> None:
    """Only that it is waived, to who knew the case, and that this ends, to the unit; each once; and good news."""
    waivers = granted(drawn)
    play = under(town, waivers).play()
    knew: set[tuple[int | None, str]] = set()
    said: set[tuple[object, ...]] = set()
    for night, notice in play.notified:
        if notice.case is None:
            assert not any(
                (one.rule, one.unit) == (notice.finding.task.rule, notice.finding.task.unit)
                and one.first <= night <= one.until
                for one in waivers
            )
            continue
        if notice.section is Section.RESOLVED:
            continue
        if not is_waived(waivers, notice.case, night):
            knew.add((notice.case.id, notice.reader))
            continue
        line = (notice.case.id, notice.reader, notice.section, notice.waived_until)
        assert line not in said
        said.add(line)
        if notice.section is Section.ENDING:
            assert notice.reader == notice.case.task.unit
        else:
            assert notice.section is Section.STILL
            assert (notice.case.id, notice.reader) in knew


@check
@given(towns(), WAIVERS)
def test_removing_every_waiver_never_makes_a_step_later(
    town: Town, drawn: list[tuple[date, int, str, str]]
) -> None:
    """On each night each case stands at least as high without them."""
    held, free = under(town, granted(drawn)).play(), town.play()
    for night in NIGHTS:
        reached = {(case.task.id, case.breach): case.reached for case in free.seen[night].values()}
        for case in held.seen[night].values():
            if case.status is not CaseStatus.CLOSED:
                assert case.reached <= reached[case.task.id, case.breach]


@check
@given(towns(), WAIVERS, st.frozensets(DAYS, max_size=40))
def test_every_open_case_still_has_a_next_working_day(
    town: Town, drawn: list[tuple[date, int, str, str]], silent: frozenset[date]
) -> None:
    """The self-audit asks this of every night."""
    for night, _, case in pairs(under(town, granted(drawn)).play(silent=silent)):
        if case.status is not CaseStatus.CLOSED:
            assert case.next_on is not None
            assert case.next_on > night
            assert town.calendar.is_workday(case.next_on)


def test_week_is_plain() -> None:
    """The days named above are what their names say."""
    assert WEEK.before(LAST_DAY, 5) == ANNOUNCED
    assert WEEK.next_workday(LAST_DAY) == AFTER
