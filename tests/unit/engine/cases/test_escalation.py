"""The life of a case on its ladder, night by night: rows that read as sentences, on an invented district."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dondoc.engine.cases.escalation import asked_tonight
from dondoc.engine.domain.model import Case, Finding, Ladder, LadderStep
from dondoc.engine.domain.terms import CaseStatus, Reason, Section, Tone, Verdict
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
    late,
    level,
    overdue,
    report,
)
from tests.support.worlds import WEEK, day


def ladder(*steps: tuple[int, str, str], every: int = 5, times: int = 4) -> Ladder:
    """A ladder of (position, to, copy), words apart by spaces."""
    made = tuple(LadderStep(at, tuple(to.split()), tuple(copy.split()), Tone.URGE) for at, to, copy in steps)
    return Ladder("test", made, every, times)


def test_each_step_tells_its_readers_and_the_unit() -> None:
    """First the unit, then step by step up both lines; new for whom it is new, worse for who knew."""
    play = late()
    assert {night: play.notices_of(night) for night in play.seen if play.notices_of(night)} == {
        MONDAY: {"xa_a": "new"},
        STEP_2: {"xa_a": "worse", "phong": "new", "dang_uy_xa_a": "new"},
        STEP_3: {"xa_a": "worse", "phong": "worse", "huyen": "new"},
        # Of the committee without a mailbox, Thường trực reads.
        STEP_4: {"xa_a": "worse", "thuong_truc": "new"},
    }


def test_breach_on_a_closed_day_is_told_on_the_next_working_day_with_its_full_days() -> None:
    """Breach on Saturday, told on Monday at position 0, second step when five working days have passed."""
    friday, saturday = day("2019-06-07"), day("2019-06-08")
    play = Play(book(), chart()).nights(saturday, STEP_2, daily(overdue(report(friday))))
    assert play.seen[saturday][1].status is CaseStatus.OPEN
    assert play.days("xa_a") == [MONDAY, STEP_2]


@pytest.mark.parametrize("monitor", [None, "xa_a"], ids=["nobody follows up", "the unit would follow itself up"])
def test_step_that_names_nobody_goes_on_at_once(monitor: str | None) -> None:
    """Without monitor and committee the third step's readers hear at the second, and not again at the third."""
    play = Play(book(monitor), chart("dang_uy_xa_a")).nights(MONDAY, STEP_2, daily(overdue(report(SUNDAY))))
    assert play.notices_of(STEP_2) == {"xa_a": "worse", "huyen": "new"}
    assert play.last is not None
    assert [(event.kind, event.detail) for event in play.last.events if event.kind == "step-empty"] == [
        ("step-empty", {"step": "2"})
    ]
    play.nights(STEP_2 + DAY, STEP_3, daily(overdue(report(SUNDAY))))
    assert play.notices_of(STEP_3) == {}


def test_a_first_step_that_names_nobody_is_noted_too() -> None:
    """Nobody follows the matter up, so the readers of the second step hear at once."""
    steps = ladder((0, "responsible monitor", ""), (5, "superior.government", ""))
    play = late(until=MONDAY, rules=book(None, steps))
    assert play.last is not None
    noted = [event.detail for event in play.last.events if event.kind == "step-empty"]
    assert (play.notices_of(MONDAY), noted) == ({"xa_a": "new", "huyen": "new"}, [{"step": "1"}])


OPEN, WAITING = CaseStatus.OPEN, CaseStatus.WAITING


@pytest.mark.parametrize(
    ("before", "next_on", "now", "asked"),
    [
        pytest.param(OPEN, None, OPEN, False, id="no heir is missing"),
        pytest.param(OPEN, STEP_2, WAITING, True, id="the first night of waiting"),
        pytest.param(None, None, WAITING, True, id="a case that opens waiting"),
        pytest.param(WAITING, STEP_2, WAITING, False, id="asked already, and not due again"),
        pytest.param(WAITING, MONDAY, WAITING, True, id="due again tonight"),
        pytest.param(WAITING, SUNDAY, WAITING, True, id="due since yesterday"),
        pytest.param(WAITING, None, WAITING, False, id="never due again"),
        pytest.param(WAITING, MONDAY, OPEN, False, id="the heir is known now"),
    ],
)
def test_the_operator_is_asked_for_an_heir(
    before: CaseStatus | None, next_on: date | None, now: CaseStatus, *, asked: bool
) -> None:
    """On the first night of waiting, then when it is due again (decision 35)."""
    opened = late(until=MONDAY).seen[MONDAY][1]
    known = replace(opened, status=before, next_on=next_on) if before else None
    assert asked_tonight(known, replace(opened, status=now), MONDAY) is asked


@pytest.mark.parametrize(
    ("reports_to", "hears"),
    [(None, False), ("tinh", True), ("tinh_uy", False)],
    ids=["the issuer is the ceiling", "unless the rule names the province", "naming another opens no door"],
)
def test_ladder_ends_at_the_issuer(reports_to: str | None, hears: bool) -> None:  # noqa: FBT001 - a column
    """Decision 9: a body above the issuer hears only when the pack names it."""
    steps = ladder((0, "responsible superior.government", ""), (1, "superior.government.2", ""))
    rules = book(ladder=steps, **({"reports_to": reports_to} if reports_to else {}))
    play = late(until=STEP_2, rules=rules)
    assert bool(play.days("tinh")) is hears
    assert play.days("huyen")
    assert not play.days("tinh_uy")


def test_nobody_is_told_about_himself_as_his_own_monitor() -> None:
    """The responsible unit is dropped from every relation, also when the ladder is exhausted (decision 34)."""
    play = late(until=WEEK.night_of(MONDAY, 60), rules=book(monitor="xa_a"))
    assert {notice.relations for _, notice in play.notified if notice.reader == "xa_a"} == {("responsible",)}
    assert play.notices_of(STEP_2) == {"xa_a": "worse", "dang_uy_xa_a": "new"}
    assert play.days("xa_a")[-1] == WEEK.night_of(MONDAY, 40)


@pytest.mark.parametrize(
    ("words", "readers"),
    [
        ("van_phong thuong_truc", {"van_phong"}),
        ("thuong_truc van_phong", {"thuong_truc"}),
        ("van_phong huyen_uy", {"van_phong"}),
        ("huyen_uy van_phong", {"thuong_truc"}),
        ("van_phong phong", {"van_phong", "phong"}),
    ],
)
def test_of_two_organs_of_one_body_the_first_named_hears(words: str, readers: set[str]) -> None:
    """Also of a committee and its organ; two bodies are two readers (decision 31)."""
    play = late(until=MONDAY, rules=book(ladder=ladder((0, words, ""))))
    assert set(play.notices_of(MONDAY)) - {"xa_a"} == readers


def test_one_office_by_two_relations_is_one_line() -> None:
    """Both relations stand in it; an office that is only copied by one and addressed by the other is addressed."""
    rules = book(monitor="huyen", ladder=ladder((0, "superior.government", "monitor")))
    (notice,) = (n for _, n in late(until=MONDAY, rules=rules).notified if n.reader == "huyen")
    assert (notice.relations, notice.copied) == (("superior.government", "monitor"), False)


def test_steps_due_at_once_tell_each_reader_once_at_his_highest() -> None:
    """After nights that were missed."""
    play = Play(book(), chart())
    play.night(STEP_4, [overdue(report(SUNDAY))])
    assert {notice.reader: notice.step for _, notice in play.notified} == {
        "xa_a": 4,
        "phong": 3,
        "dang_uy_xa_a": 2,
        "huyen": 3,
        "thuong_truc": 4,
    }
    assert {notice.section for _, notice in play.notified} == {Section.NEW}


@pytest.mark.parametrize(
    ("value", "is_floor", "notified"),
    [(33, False, True), (32, False, False), (31, False, False), (28, True, True), (29, True, False)],
    ids=["above and higher", "above and the same", "above and lower", "below and lower", "below and the same"],
)
def test_worse_value_is_told_to_who_knew_the_better_one(value: int, is_floor: bool, notified: bool) -> None:  # noqa: FBT001 - columns
    """An indicator further beyond its limit; one that moved back is not told."""
    play = Play(book(), chart())
    play.night(MONDAY, [beyond(level(), MONDAY, 29 if is_floor else 32, is_floor=is_floor)])
    play.night(MONDAY + DAY, [beyond(level(), MONDAY, value, is_floor=is_floor)])
    assert play.notices_of(MONDAY + DAY) == ({"xa_a": "worse"} if notified else {})


def test_repeats_go_to_the_last_readers_and_then_the_monitor_alone_hears() -> None:
    """Four repeats every five working days; then exhausted: every 20 working days the monitor (decision 20)."""
    end = WEEK.night_of(MONDAY, 85)
    play = late(until=end)
    for at in (25, 30, 35, 40):
        assert play.notices_of(WEEK.night_of(MONDAY, at)) == {"xa_a": "still", "thuong_truc": "still"}
    assert play.seen[WEEK.night_of(MONDAY, 40)][1].status is CaseStatus.EXHAUSTED
    for at in (60, 80):
        assert play.notices_of(WEEK.night_of(MONDAY, at)) == {"phong": "still"}
    assert len(play.notified) == 9 + 4 * 2 + 2
    assert play.seen[end][1].next_on == WEEK.night_of(MONDAY, 100)


def test_a_case_opened_past_its_last_step_is_past_it_on_that_very_night() -> None:
    """Nobody judged for months: it does not count as climbing until the next night (decision 20)."""
    play = Play(book(), chart())
    for night, at, status in ((1, 39, CaseStatus.OPEN), (2, 40, CaseStatus.EXHAUSTED)):
        play.night(WEEK.night_of(MONDAY, at), [overdue(report(SUNDAY, id_=night))])
        (opened,) = (case for case in play.cases if case.task.id == night)
        assert opened.status is status


def ending(offset: int) -> Finding:
    """Still in time, inside a reminder's window."""
    return Finding(report(day("2019-06-28")), Verdict.ENDING, offset=offset)


REMINDERS = {
    "the same one is sent once": ([(MONDAY, 5), (MONDAY + DAY, 5)], [MONDAY]),
    "each offset is sent once": ([(MONDAY, 5), (MONDAY + DAY, 1)], [MONDAY, MONDAY + DAY]),
    "an earlier one is not sent after a later one": ([(MONDAY, 1), (MONDAY + DAY, 5)], [MONDAY]),
    "none on a closed day, one on the next working day": ([(SUNDAY, 5), (MONDAY, 5)], [MONDAY]),
}


@pytest.mark.parametrize(("nights", "sent"), REMINDERS.values(), ids=REMINDERS)
def test_reminder_is_sent_once_and_opens_no_case(nights: list[tuple[date, int]], sent: list[date]) -> None:
    """Decisions 4 and 41."""
    play = Play(book(), chart())
    for night, offset in nights:
        play.night(night, [ending(offset)])
    assert play.days("xa_a") == sent
    assert play.cases == []


def test_reminder_goes_to_every_bearer_and_to_nobody_else() -> None:
    """Units that carry a demand together are reminded together."""
    shared = replace(ending(5), task=replace(report(day("2019-06-28")), bearers=("xa_a", "xa_b")))
    play = Play(book(), chart())
    play.night(MONDAY, [shared])
    assert play.notices_of(MONDAY) == {"xa_a": "ending", "xa_b": "ending"}


def test_bearers_of_one_case_share_it_and_their_superiors_are_united() -> None:
    """One case, every bearer responsible, a superior of both told once (decision 18)."""
    play = late(replace(report(SUNDAY), bearers=("xa_a", "xa_b")))
    assert len(play.cases) == 1
    assert play.notices_of(MONDAY) == {"xa_a": "new", "xa_b": "new"}
    assert [n.reader for night, n in play.notified if night == STEP_3].count("huyen") == 1
    assert {"dang_uy_xa_a", "dang_uy_xa_b"} <= set(play.notices_of(STEP_2))


def reason(case: Case) -> Reason:
    """Why the case of a play's last night is as it is."""
    play = Play(book(), chart(), [case])
    play.night(STEP_2, [overdue(report(SUNDAY))])
    assert play.last is not None
    return play.last.advances[0].reason


def test_reasons_say_what_happened() -> None:
    """They go into the log."""
    case = late(until=STEP_2 - 3 * DAY).cases[0]
    assert reason(case) is Reason.CLIMBED
    assert reason(replace(case, reached=2)) is Reason.UNCHANGED
    assert reason(replace(case, breach=WEEK.before(STEP_2, 25))) is Reason.REPEATED
    assert reason(replace(case, breach=WEEK.before(STEP_2, 60))) is Reason.EXHAUSTED


def test_a_last_step_that_names_nobody_waits_for_the_first_repeat() -> None:
    """No step follows at once: the unit alone hears, and those of the step before are told again in their turn."""
    steps = ladder((0, "responsible", ""), (5, "monitor", ""), (10, "led_by", ""), every=5, times=1)
    play = Play(book(ladder=steps), chart("dang_uy_xa_a")).nights(MONDAY, STEP_4, daily(overdue(report(SUNDAY))))
    assert play.notices_of(STEP_2) == {"xa_a": "worse", "phong": "new"}
    assert play.notices_of(STEP_3) == {"xa_a": "worse"}
    assert play.notices_of(day("2019-07-01")) == {"xa_a": "still", "phong": "still"}


@pytest.mark.parametrize(
    ("known_on", "baseline", "counts_from"),
    [
        pytest.param(None, False, None, id="known before, from the breach"),
        pytest.param(SUNDAY, False, None, id="known the night before it, from the breach"),
        pytest.param(MONDAY, False, None, id="known on the night of the breach, from the breach as well"),
        pytest.param(STEP_2, False, STEP_2, id="known later, from that night"),
        pytest.param(STEP_2, True, None, id="in a baseline, which tells nobody, from the breach"),
    ],
)
def test_the_steps_of_a_case_count(known_on: date | None, counts_from: date | None, *, baseline: bool) -> None:
    """Nobody above a unit hears of what the unit could not know (decision 0038)."""
    found = overdue(replace(report(SUNDAY), known_on=known_on))
    play = Play(book(), chart())
    play.night(STEP_2, [found], baseline=baseline)
    assert play.seen[STEP_2][1].steps_from == counts_from
