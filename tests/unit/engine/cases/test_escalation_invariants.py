"""What holds of every case on every night, whatever happens: the invariants of decisions.md, on random towns."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from dondoc.engine.cases.night import judge
from dondoc.engine.domain.model import Case, Ladder
from dondoc.engine.domain.terms import CaseStatus, Section, TaskKind, Verdict
from tests.support.case_player import DAY, Play, chart
from tests.support.random_towns import DAYS, LAST, NIGHTS, Town, towns

READERS = {1: (), 2: ("phong", "dang_uy"), 3: ("phong", "huyen"), 4: ("thuong_truc",)}
check = settings(deadline=None, max_examples=20)


def pairs(play: Play) -> Iterable[tuple[date, Case | None, Case]]:
    """Every case on every night: as it was the night before, and as it is."""
    for night, cases in play.seen.items():
        for id_, case in cases.items():
            yield night, play.seen.get(night - DAY, {}).get(id_), case


def steps_passed(ladder: Ladder, position: int) -> int:
    """How many steps, repeats and, after the last, 20-day marks lie at or below a position; counted one by one."""
    marks = [step.at for step in ladder.steps]
    marks += [marks[-1] + ladder.repeat_every * n for n in range(1, ladder.repeat_times + 1)]
    marks += [marks[-1] + 20 * n for n in range(1, 20)]
    return sum(mark <= position for mark in marks)


@check
@given(towns())
def test_step_never_falls_and_is_the_highest_whose_position_has_come(town: Town) -> None:
    """Invariants 2 and 9: what was judged stands where the date says; what was not stands where it stood."""
    for night, before, case in pairs(town.play()):
        if case.status is CaseStatus.CLOSED:
            continue
        verdicts = [f.verdict for f in town.findings(night) if f.task.id == case.task.id]
        assert before is None or (case.round, case.reached) >= (before.round, before.reached)
        if verdicts == [Verdict.BREACH] and case.task.kind is not TaskKind.QUOTA:
            position = sum(
                town.calendar.is_workday(case.breach + n * DAY) for n in range((night - case.breach).days)
            )
            assert case.reached == steps_passed(case.ladder, position)
        if not verdicts:
            assert before is not None
            assert (case.status, case.reached, case.value) == (before.status, before.reached, before.value)


@check
@given(towns())
def test_unjudged_never_closes(town: Town) -> None:
    """Silence is not compliance: on a blind night no case closes."""
    for night, before, case in pairs(town.play()):
        if before is not None and before.status is not CaseStatus.CLOSED and case.status is CaseStatus.CLOSED:
            assert [f for f in town.findings(night) if f.task.id == case.task.id]


@check
@given(towns())
def test_letters_are_dated_on_working_days_and_owe_nobody(town: Town) -> None:
    """Invariant 3: after a working night every office that a reached step names has heard; none on closed days."""
    play = town.play()
    assert all(town.calendar.is_workday(night) for night, _ in play.notified)
    for night, before, case in pairs(play):
        newest = max((f.task.id for f in town.findings(night) if f.task.kind is TaskKind.QUOTA), default=0)
        settled = before is not None and before.status is CaseStatus.CLOSED
        if case.status is CaseStatus.CLOSED or settled or not town.calendar.is_workday(night):
            continue
        if case.task.kind is not TaskKind.QUOTA or case.task.id == newest:
            name = case.task.unit[-1]
            named = {reader for step in range(1, min(case.reached, 4) + 1) for reader in READERS[step]}
            wanted = {f"dang_uy_xa_{name}" if reader == "dang_uy" else reader for reader in named}
            assert {case.task.unit, *wanted} <= set(case.notified)


@check
@given(towns())
def test_one_reader_has_one_line_of_a_case_and_night(town: Town) -> None:
    """Invariant 4, of cases and of reminders."""
    lines = Counter(
        (night, notice.reader, notice.case.id if notice.case else None, notice.finding.task.id)
        for night, notice in town.play().notified
    )
    assert set(lines.values()) <= {1}


def first_told(play: Play) -> dict[int, dict[str, date]]:
    """By case, the night on which each office first heard the bad news."""
    found: dict[int, dict[str, date]] = {}
    for night, notice in play.notified:
        if notice.case is not None and notice.section is not Section.RESOLVED:
            found.setdefault(notice.case.id or 0, {}).setdefault(notice.reader, night)
    return found


@check
@given(towns(), st.frozensets(DAYS, max_size=40))
def test_nobody_hears_before_those_below_him(town: Town, silent: frozenset[date]) -> None:
    """Invariants 5 and 6: the unit first, on each line upwards, on one night at the earliest; also after gaps."""
    play = town.play(silent=silent)
    units = {case.id: case.task.unit for cases in play.seen.values() for case in cases.values()}
    for case, nights in first_told(play).items():
        unit = units[case]
        assert all(nights[unit] <= night for night in nights.values())
        committee = f"dang_uy_xa_{unit[-1]}"
        if "thuong_truc" in nights:
            assert nights[committee] <= nights["thuong_truc"]


@check
@given(towns())
def test_unit_hears_as_responsible_alone_and_nobody_above_the_issuer_hears(town: Town) -> None:
    """Invariant 7."""
    for _, notice in town.play().notified:
        assert notice.reader not in {"tinh", "tinh_uy"}
        own = notice.reader == notice.finding.task.unit
        assert (notice.relations == ("responsible",)) is own


@check
@given(towns(), st.frozensets(DAYS, max_size=40))
def test_good_news_goes_to_exactly_the_told_set_and_once(town: Town, silent: frozenset[date]) -> None:
    """Invariant 8: whoever had the bad news of a closed case has the good news once, and then it is silent."""
    play = town.play(silent=silent)
    owed = {case.id for case in play.cases}
    closed = {
        case.id: case
        for cases in play.seen.values()
        for case in cases.values()
        if case.status is CaseStatus.CLOSED
    }
    bad = first_told(play)
    for id_ in set(closed) - owed:
        good = [
            (night, n.reader)
            for night, n in play.notified
            if n.case and n.case.id == id_ and n.section == "resolved"
        ]
        assert Counter(reader for _, reader in good) == Counter(bad.get(id_ or 0, {}).keys())
        assert len({night for night, _ in good}) <= 1
        after = max((night for night, _ in good), default=None)
        mine = [night for night, n in play.notified if n.case and n.case.id == id_]
        assert after is None or max(mine) == after


@check
@given(towns(), DAYS, st.integers(1, 2**16).map(random.Random))
def test_same_knowledge_gives_the_same_night_in_any_order(
    town: Town, night: date, shuffler: random.Random
) -> None:
    """Invariants 12 and 14: judged twice, and with rules, findings, cases, units and edges permuted."""
    play = town.play(nights=[one for one in NIGHTS if one < night])
    known = play.known(night, town.findings(night))
    once = judge(known)
    assert judge(known) == once

    def shuffled(things: Iterable[object]) -> list[object]:
        return sorted(things, key=lambda _: shuffler.random())

    book = replace(known.book, rules=dict(shuffled(known.book.rules.items())))  # type: ignore[call-overload]
    people = replace(
        known.chart,
        units=dict(shuffled(known.chart.units.items())),  # type: ignore[call-overload]
        relations=tuple(shuffled(known.chart.relations)),  # type: ignore[arg-type]
    )
    permuted = replace(
        known,
        book=book,
        chart=people,
        findings=shuffled(known.findings),  # type: ignore[arg-type]
        cases=shuffled(known.cases),  # type: ignore[arg-type]
    )
    assert judge(permuted) == once


@check
@given(towns(), DAYS, st.integers(1, 25))
def test_a_gap_that_is_caught_up_ends_as_if_never_down(town: Town, start: date, length: int) -> None:
    """Invariant 13: equal status, round, step and breach of every case; and nobody heard who would not have.

    Nights of the gap are judged in order without letters, each with what was known by then.
    """
    gap = frozenset(start + n * DAY for n in range(length))
    end = start + length * DAY
    nights = [night for night in NIGHTS if night <= end]
    steady, caught_up = town.play(nights), town.play(nights, silent=gap)

    def open_(play: Play) -> set[tuple[object, ...]]:
        cases = play.seen[nights[-1]].values()
        return {(c.task.id, c.status, c.round, c.reached, c.breach) for c in cases if c.outcome is None}

    def closed(play: Play) -> set[tuple[object, ...]]:
        cases = (case for seen in play.seen.values() for case in seen.values())
        return {(c.task.id, c.outcome, c.closed_on, c.reached, c.breach) for c in cases if c.outcome is not None}

    assert open_(steady) == open_(caught_up)
    assert closed(steady) == closed(caught_up)
    bad, notified = first_told(steady), first_told(caught_up)
    assert all(set(readers) <= set(bad.get(case, {})) for case, readers in notified.items())


@check
@given(towns(), DAYS)
def test_after_a_baseline_only_what_is_first_reached_then_is_told(town: Town, night: date) -> None:
    """Invariant 15: the next nights tell of cases that open or climb on them, and of nothing older."""
    play = Play(town.book, chart())
    play.night(night, town.findings(night), baseline=True)
    assert play.notified == []
    reached = {case.id: case.reached for case in play.cases}
    frozen = town.findings(night)
    for n in range(1, 8):
        play.night(night + n * DAY, frozen)
    for _, notice in play.notified:
        if notice.case is not None:
            assert notice.step > reached[notice.case.id]


@check
@given(towns(ends=True))
def test_silent_after_the_directives_end(town: Town) -> None:
    """Invariant 17: once nothing is followed up nothing opens, and what was open lapses with one line."""
    assert town.until is not None
    play = town.play()
    ended = town.until + DAY
    last = [notice for night, notice in play.notified if night > ended]
    assert {notice.section for notice in last} <= {Section.RESOLVED}
    told = [(notice.reader, notice.case.id) for notice in last if notice.case]
    assert len(told) == len(set(told)) == len(last)
    for night, before, case in pairs(play):
        if night > ended:
            assert case.status is CaseStatus.CLOSED
            assert before is not None
    assert ended >= LAST or all(case.status is CaseStatus.CLOSED for case in play.cases)


@check
@given(towns(), st.frozensets(DAYS, max_size=40))
def test_every_open_case_has_a_next_working_day(town: Town, silent: frozenset[date]) -> None:
    """Invariant 18: a working day after tonight; and a closed case has none once everybody has heard."""
    for night, _, case in pairs(town.play(silent=silent)):
        if case.status is not CaseStatus.CLOSED:
            assert case.next_on is not None
            assert case.next_on > night
            assert town.calendar.is_workday(case.next_on)
        elif case.closing_notified:
            assert case.next_on is None


@check
@given(towns())
def test_letters_leave_on_the_day_that_was_announced(town: Town) -> None:
    """A case that is not touched meanwhile is told on `next_on`, and on no working night before it."""
    still = Town(
        town.book, tuple(replace(one, known=one.known[:2], blind=frozenset()) for one in town.happens[:1])
    )
    play = still.play()
    notified = {night for night, notice in play.notified if notice.case is not None}
    for night, _, case in pairs(play):
        assert case.next_on is not None
        if case.next_on <= LAST:
            assert case.next_on in notified
            assert not [one for one in notified if night < one < case.next_on]
