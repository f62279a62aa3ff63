"""A limit that moves while a case is open: who hears of it, what climbs, and what stays printed (decision 21)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import (
    Basis,
    Directive,
    EveryPeriod,
    OnDate,
    Overdue,
    Rollup,
    RuleBook,
    Selector,
)
from dondoc.engine.domain.terms import CaseStatus, Outcome, Section
from tests.support.explain_helpers import explained
from tests.support.town import Town, letters, only, rules

REPORT = "279-ubnd-ldtbxh/report-round-1"
UNIT, PARTY, DISTRICT, MONITOR = "ln.ubnd_xa.bao_dai", "ln.dang_uy_xa.bao_dai", "ln.ubnd_huyen", "ln.phong_ldtbxh"
TASK = "given/task"


def _due(day: date) -> Overdue:
    """The first report of the town, due by a day."""
    condition = rules().rules[REPORT].condition
    assert isinstance(condition, Overdue)
    return replace(condition, due=OnDate(day, exclusive=False))


def _book(condition: Overdue, name: str = REPORT) -> RuleBook:
    """One rule with this condition on one commune."""
    book = rules()
    rule = replace(book.rules[REPORT], id=name, condition=condition, applies_to=Selector(units=(UNIT,)))
    text = Text("Giao việc", "Tasks")
    given = Directive(
        "given",
        "GIAO",
        text,
        "1/TT",
        date(2015, 1, 1),
        "ln.ubnd_huyen",
        text,
        (),
        date(2015, 1, 1),
        None,
        None,
        Basis.TEXT,
        {},
        (),
    )
    if name == TASK:
        rule = replace(rule, directive="given", reports_to="ln.ubnd_huyen")
    return replace(book, directives={**book.directives, "given": given}, rules={name: rule})


def _told(town: Town, on: date) -> dict[str, tuple[str, int]]:
    return {one.reader: (one.section.value, one.step) for day, one in town.notified if day == on}


def _relations(town: Town, on: date) -> dict[str, tuple[str, ...]]:
    return {one.reader: one.relations for day, one in town.notified if day == on}


def _given(town: Town, due: str, recorded: str) -> None:
    town.is_assigned(UNIT, "given", due, recorded, ref="N1", monitor=MONITOR)


def test_an_extension_tells_those_who_knew_and_begins_again() -> None:
    """Due 15/4, two steps told; on 8/5 extended to 15/5: a line to each, nothing climbs, a first step on 18/5."""
    town = Town.founded(_book(Overdue(None, "given", None, (3,)), TASK))
    _given(town, "2015-04-15", "2015-03-01T09:00")
    town.night(date(2015, 4, 16))
    assert _told(town, date(2015, 4, 16)) == {UNIT: ("new", 1)}
    town.night(date(2015, 4, 23))
    before = _told(town, date(2015, 4, 23))
    assert before[UNIT] == ("worse", 2)
    assert {step for _, step in before.values()} == {2}
    _given(town, "2015-05-15", "2015-05-07T09:00")
    made = town.night(date(2015, 5, 8))
    assert _told(town, date(2015, 5, 8)) == dict.fromkeys(before, ("still", 0))
    assert _relations(town, date(2015, 5, 8)) == _relations(town, date(2015, 4, 23)), "no strangers"
    assert [event.kind for event in made.judged.events] == ["case-limit-moved"]
    (case,) = made.after
    assert (case.round, case.reached, case.breach, case.next_on) == (2, 0, date(2015, 5, 16), date(2015, 5, 18))
    assert (case.task.first_limit, case.task.last_day) == (date(2015, 4, 15), date(2015, 5, 15))
    # The reminder comes by the new limit: three working days before it.
    town.night(date(2015, 5, 11))
    assert _told(town, date(2015, 5, 11)) == {}
    town.night(date(2015, 5, 12))
    assert _told(town, date(2015, 5, 12)) == {UNIT: ("ending", 0)}
    town.night(date(2015, 5, 16))
    assert _told(town, date(2015, 5, 16)) == {}
    town.night(date(2015, 5, 18))
    assert _told(town, date(2015, 5, 18)) == {UNIT: ("worse", 1)}
    town.night(date(2015, 5, 25))
    assert _told(town, date(2015, 5, 25)) == dict.fromkeys(before, ("worse", 2))


def test_what_the_letters_say_of_an_extension() -> None:
    """The new limit with the first, no day of lateness, and the earlier letters by date."""
    town = Town.founded(_book(Overdue(None, "given", None, ()), TASK))
    _given(town, "2015-04-15", "2015-03-01T09:00")
    letters(town, "2015-04-16")
    _given(town, "2015-05-15", "2015-05-07T09:00")
    said = letters(town, "2015-05-08")[UNIT]
    subject, _, text = said.partition(" | ")
    assert subject == "Gia hạn đến 15/05/2015: Nhiệm vụ được giao – thư ngày 08/05/2015 [GIAO-0001]"
    assert "được gia hạn, hạn mới hết ngày 15/05/2015 (hạn đầu tiên: hết ngày 15/04/2015)" in text
    assert "Gia hạn đến 15/05" in text
    assert "Đã đôn đốc theo hạn cũ ngày 16/04/2015." in text
    assert "chậm nhất hết ngày 15/05/2015" in text
    assert "18/05/2015, đôn đốc đơn vị thực hiện" in text
    assert "Quá hạn 0" not in text.replace("Chưa hoàn thành quá hạn 00", "")
    late = letters(town, "2015-05-18")[UNIT]
    assert late.startswith("Đôn đốc lần 2: ")
    assert "hết ngày 15/05/2015 (hạn đầu tiên: hết ngày 15/04/2015; điều chỉnh ghi nhận ngày 08/05/2015)" in late
    assert "quá hạn 01 ngày làm việc" in late


def test_what_is_taken_back_names_the_letter_of_an_extension_too() -> None:
    """It still asked for what had been handed in before the first limit."""
    town = Town.founded(_book(Overdue(None, "given", None, ()), TASK))
    _given(town, "2015-04-15", "2015-03-01T09:00")
    letters(town, "2015-04-16")
    _given(town, "2015-05-15", "2015-05-07T09:00")
    letters(town, "2015-05-08")
    town.submits(UNIT, "given", "2015-04-15", "2015-05-11T09:00", task="N1")
    said = letters(town, "2015-05-12")[UNIT]
    assert said.count("các thư ngày 16/04 và 08/05/2015") == 1, "in the headline"


@pytest.mark.parametrize(
    ("done_on", "outcome"),
    [
        ("2015-04-15", Outcome.WITHDRAWN),
        ("2015-05-11", Outcome.EXTENDED),
        ("2015-05-19", Outcome.LATE),
    ],
)
def test_how_a_case_ends_under_an_extended_limit(done_on: str, outcome: Outcome) -> None:
    """In time after all, within the extension, or late under both; whoever had the bad news has the good."""
    town = Town.founded(_book(Overdue(None, "given", None, ()), TASK))
    _given(town, "2015-04-15", "2015-03-01T09:00")
    for night in (date(2015, 4, 16), date(2015, 4, 23)):
        town.night(night)
    knew = _told(town, date(2015, 4, 23)).keys()
    _given(town, "2015-05-15", "2015-05-07T09:00")
    town.submits(UNIT, "given", done_on, f"{max(done_on, '2015-05-08')}T10:00", task="N1")
    made = town.nights(date(2015, 5, 8), date(2015, 5, 20))
    del made
    closed = {night: _told(town, night) for night, _ in town.notified}
    told = {reader for said in closed.values() for reader, (section, _) in said.items() if section == "resolved"}
    assert told == knew
    outcomes = {one.case.outcome for _, one in town.notified if one.section is Section.RESOLVED and one.case}
    assert outcomes == {outcome}


def test_a_move_on_a_closed_day_is_told_on_the_next_working_one() -> None:
    """Recorded on Friday 8/5, known on Saturday: told on Monday, and the case waits for that night."""
    town = Town.founded(_book(Overdue(None, "given", None, ()), TASK))
    _given(town, "2015-04-15", "2015-03-01T09:00")
    town.night(date(2015, 4, 16))
    _given(town, "2015-05-15", "2015-05-08T09:00")
    (case,) = town.night(date(2015, 5, 9)).after
    assert case.next_on == date(2015, 5, 11)
    assert _told(town, date(2015, 5, 9)) == {}
    town.night(date(2015, 5, 10))
    town.night(date(2015, 5, 11))
    assert _told(town, date(2015, 5, 11)) == {UNIT: ("still", 0)}


def test_a_limit_that_is_shortened_back_dates_no_breach() -> None:
    """Due 15/5, shortened on 5/5 to 20/4: late from 6/5 on, the first night that knew, and one step then."""
    town = Town.founded(_book(Overdue(None, "given", None, ()), TASK))
    _given(town, "2015-05-15", "2015-03-01T09:00")
    town.night(date(2015, 5, 5))
    _given(town, "2015-04-20", "2015-05-05T09:00")
    (case,) = town.night(date(2015, 5, 6)).after
    assert (case.breach, case.reached) == (date(2015, 5, 6), 1)
    assert _told(town, date(2015, 5, 6)) == {UNIT: ("new", 1)}
    (case,) = town.night(date(2015, 5, 7)).after
    assert (case.breach, case.round) == (date(2015, 5, 6), 1)


def test_a_limit_that_is_shortened_further_changes_nothing_of_a_case() -> None:
    """A case that is open under its limit is not late for longer because the limit is moved back."""
    town = Town.founded(_book(Overdue(None, "given", None, ()), TASK))
    _given(town, "2015-04-15", "2015-03-01T09:00")
    town.night(date(2015, 4, 16))
    _given(town, "2015-04-01", "2015-04-16T09:00")
    (case,) = town.night(date(2015, 4, 17)).after
    assert (case.breach, case.round, case.task.last_day) == (date(2015, 4, 16), 1, date(2015, 4, 15))
    assert _told(town, date(2015, 4, 17)) == {}


def test_an_extension_to_a_day_that_has_passed_begins_at_the_first_step() -> None:
    """Extended on 8/5 to 30/4: late since 1/5, but the steps begin with the night that knew of it."""
    town = Town.founded(_book(Overdue(None, "given", None, ()), TASK))
    _given(town, "2015-04-15", "2015-03-01T09:00")
    for night in (date(2015, 4, 16), date(2015, 4, 23)):
        town.night(night)
    _given(town, "2015-04-30", "2015-05-07T09:00")
    (case,) = town.night(date(2015, 5, 8)).after
    assert (case.round, case.breach, case.reached) == (2, date(2015, 5, 1), 1)
    said = _told(town, date(2015, 5, 8))
    assert said.pop(UNIT) == ("worse", 1)
    assert set(said.values()) == {("still", 0)}


def test_a_rule_whose_fixed_day_is_edited_keeps_its_demand() -> None:
    """By 20/4, edited on 25/4 to by 20/5: the same case in its second round, and nothing closes as removed."""
    town = Town.founded(_book(_due(date(2015, 4, 20))))
    town.night(date(2015, 4, 21))
    town.book = _book(_due(date(2015, 5, 20)))
    (case,) = town.night(date(2015, 4, 25)).after
    assert (case.status, case.round, case.breach) == (CaseStatus.OPEN, 2, date(2015, 5, 21))
    assert _told(town, date(2015, 4, 25)) == {UNIT: ("still", 0)}
    town.submits(UNIT, "child-protection", "2015-05-20")
    (case,) = town.night(date(2015, 5, 21)).after
    assert case.outcome is Outcome.EXTENDED
    assert _told(town, date(2015, 5, 21)) == {UNIT: ("resolved", 0)}


def test_a_rule_whose_monthly_day_is_edited_keeps_its_demand() -> None:
    """By the 10th, a case since 11/3; edited to by the 25th: no step before the 26th, then the first one."""
    monthly = Overdue("child-protection", None, EveryPeriod(PeriodKind.CALENDAR_MONTH, 10))
    town = Town.founded(_book(replace(monthly), REPORT))
    directive = replace(
        town.book.directives["279-ubnd-ldtbxh"], in_force_from=date(2015, 1, 1), issued=date(2015, 1, 1)
    )
    town.book = replace(town.book, directives={**town.book.directives, "279-ubnd-ldtbxh": directive})
    for day in ("2015-01-05", "2015-02-05"):
        town.submits(UNIT, "child-protection", day)
    town.night(date(2015, 3, 11))
    assert _told(town, date(2015, 3, 11)) == {UNIT: ("new", 1)}
    rule = replace(
        town.book.rules[REPORT], condition=replace(monthly, due=EveryPeriod(PeriodKind.CALENDAR_MONTH, 25))
    )
    town.book = replace(town.book, rules={REPORT: rule})
    town.nights(date(2015, 3, 12), date(2015, 3, 26))
    said: Mapping[date, dict[str, tuple[str, int]]] = {night: _told(town, night) for night, _ in town.notified}
    assert said == {
        date(2015, 3, 11): {UNIT: ("new", 1)},
        date(2015, 3, 12): {UNIT: ("still", 0)},
        date(2015, 3, 26): {UNIT: ("worse", 1)},
    }


def test_a_rollup_of_an_extended_demand_waits_with_its_parts() -> None:
    """All communes late, then extended: the district's rollup neither climbs nor is said to be over."""
    book = only(rules(), REPORT)
    many = replace(
        book.rules[REPORT],
        id=f"{REPORT}-many",
        condition=Rollup(REPORT, units=3),
        applies_to=Selector(units=(DISTRICT,)),
    )
    book = replace(book, rules={**book.rules, many.id: many})
    town = Town.founded(book)
    town.night(date(2015, 4, 20))
    (whole,) = [one for one in town.cases() if one.task.rule == many.id]
    assert whole.reached == 1
    extended = replace(book.rules[REPORT], condition=_due(date(2015, 6, 30)))
    town.book = replace(book, rules={**book.rules, REPORT: extended})
    for night in (date(2015, 4, 21), date(2015, 5, 21), date(2015, 6, 29)):
        town.night(night)
        (case,) = [one for one in town.cases() if one.task.rule == many.id]
        assert (case.status, case.round, case.reached) == (CaseStatus.OPEN, 2, 0)
    town.night(date(2015, 7, 1))
    (case,) = [one for one in town.cases() if one.task.rule == many.id]
    assert (case.round, case.reached) == (2, 1)


def test_a_limit_that_moves_to_and_fro_in_one_day_has_not_moved() -> None:
    """Two corrections before one night that leave the limit where it was: nobody hears of anything."""
    town = Town.founded(_book(Overdue(None, "given", None, ()), TASK))
    _given(town, "2015-04-15", "2015-03-01T09:00")
    town.night(date(2015, 4, 16))
    _given(town, "2015-05-15", "2015-04-16T09:00")
    _given(town, "2015-04-15", "2015-04-16T10:00")
    (case,) = town.night(date(2015, 4, 17)).after
    assert (case.round, case.task.moved_on) == (1, None)
    assert _told(town, date(2015, 4, 17)) == {}


def test_a_limit_that_moves_back_is_told_again() -> None:
    """Extended on 4/5 and put back on 6/5: late from the first night that knew, and both moves are told."""
    town = Town.founded(_book(Overdue(None, "given", None, ()), TASK))
    _given(town, "2015-04-15", "2015-03-01T09:00")
    town.night(date(2015, 4, 16))
    _given(town, "2015-05-15", "2015-05-04T09:00")
    town.night(date(2015, 5, 5))
    _given(town, "2015-04-15", "2015-05-06T09:00")
    (case,) = town.night(date(2015, 5, 7)).after
    assert (case.round, case.breach, case.reached) == (3, date(2015, 5, 7), 1)
    assert _told(town, date(2015, 5, 5)) == {UNIT: ("still", 0)}
    assert _told(town, date(2015, 5, 7)) == {UNIT: ("worse", 1)}


def test_a_limit_that_moves_past_the_end_of_its_directive_is_no_longer_asked() -> None:
    """In force until 31/12/2015, extended to March: whoever knew hears once that nothing is asked any more."""
    town = Town.founded(_book(_due(date(2015, 4, 20))))
    town.night(date(2015, 4, 21))
    town.book = _book(_due(date(2016, 3, 31)))
    (case,) = town.night(date(2015, 4, 22)).after
    assert case.outcome is Outcome.CHANGED
    assert _told(town, date(2015, 4, 22)) == {UNIT: ("resolved", 1)}
    town.nights(date(2015, 12, 30), date(2016, 1, 5))
    assert {night for night, _ in town.notified} == {date(2015, 4, 21), date(2015, 4, 22)}


def test_explain_names_both_limits_and_promises_by_the_new_one() -> None:
    """The first limit, the round, and the steps that follow the new limit."""
    town = Town.founded(_book(Overdue(None, "given", None, ()), TASK))
    _given(town, "2015-04-15", "2015-03-01T09:00")
    letters(town, "2015-04-16")
    _given(town, "2015-05-15", "2015-05-07T09:00")
    letters(town, "2015-05-08")
    (case,) = town.cases()
    said = explained(town, case.code, "2015-05-08")
    assert "Hạn đầu tiên: hết ngày 15/04/2015; hạn nay ghi nhận từ đêm 08/05/2015, là lượt 2" in said
    assert "18/05/2015: bước 1" in said
    assert "Quá hạn? không" in said
