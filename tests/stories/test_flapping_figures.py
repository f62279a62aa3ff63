"""A figure that flaps is one case: its closing is told only once the figure has stayed within its limit (0045)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from dondoc.engine.domain.rulebook import RuleBook, Threshold
from dondoc.engine.domain.terms import CaseStatus
from dondoc.engine.store.audit_log.agreement import differences
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.db.tables import event
from tests.support.explain_helpers import explained, nights_of
from tests.support.town import Town, only, rules

FIGURE, PROVINCE = "bao-ve-tre-em-2019/drowning-deaths", "bp.ubnd_tinh"
PERIOD = ("2018-01-01", "2019-03-31")


def _book(calm: int = 5) -> RuleBook:
    book = only(rules(), FIGURE)
    rule = book.rules[FIGURE]
    assert isinstance(rule.condition, Threshold)
    condition = replace(rule.condition, above=Decimal(5), clear=None, calm=calm)
    return replace(book, rules={FIGURE: replace(rule, condition=condition)})


def _played(values: list[int], calm: int = 5) -> tuple[Town, list[tuple[date, str, str]]]:
    """Values recorded on Friday 3/5 and the working days after it (the Saturday is worked); nights until 24/5."""
    town = Town.founded(_book(calm))
    days = [date(2019, 5, day) for day in (3, 6, 7, 8, 9)]
    for day, value in zip(days, values, strict=False):
        town.reads(PROVINCE, "child-drowning-deaths", *PERIOD, value, f"{day}T08:00")
    town.nights(date(2019, 5, 4), date(2019, 5, 24))
    told = [
        (night, notice.section.value, notice.case.code if notice.case else "")
        for night, notice in town.notified
        if notice.reader == PROVINCE
    ]
    return town, told


def test_a_figure_that_flaps_is_one_case_and_two_letters() -> None:
    """9, 4, 9, 4, 9 by corrections: new once, and the further step when its day comes; no closing in between."""
    town, told = _played([9, 4, 9, 4, 9])
    (case,) = town.cases()
    assert case.status is CaseStatus.OPEN
    assert {code for _, _, code in told} == {case.code}
    assert "resolved" not in {section for _, section, _ in told}
    assert [section for _, section, _ in told].count("new") == 1


def test_a_figure_that_stays_within_its_limit_is_told_after_the_window() -> None:
    """9, then 4 on 6/5: closed on 7/5, and told on 14/5, five working days later."""
    town, told = _played([9, 4])
    assert town.cases() == []
    assert [(night, section) for night, section, _ in told] == [
        (date(2019, 5, 4), "new"),
        (date(2019, 5, 14), "resolved"),
    ]


def test_a_rule_may_tell_at_once() -> None:
    """`calm: 0 workdays`: the closing is told on the night that finds it."""
    _, told = _played([9, 4], calm=0)
    assert [(night, section) for night, section, _ in told][-1] == (date(2019, 5, 7), "resolved")


def test_a_figure_beyond_its_limit_after_the_window_is_another_case() -> None:
    """What was told as over is not opened again."""
    town = Town.founded(_book())
    for day, value in ((3, 9), (6, 4), (20, 9)):
        town.reads(PROVINCE, "child-drowning-deaths", *PERIOD, value, f"2019-05-{day:02d}T08:00")
    town.nights(date(2019, 5, 4), date(2019, 5, 21))
    codes = [notice.case.code for _, notice in town.notified if notice.case]
    assert len(set(codes)) == 2


def test_a_limit_lowered_before_a_closing_was_told_lets_its_case_go_on() -> None:
    """9, then 4 on 6/5; the nights of the window are missed, and the limit is 3 on the next: no end is told."""
    town = Town.founded(_book())
    for day, value in ((3, 9), (6, 4)):
        town.reads(PROVINCE, "child-drowning-deaths", *PERIOD, value, f"2019-05-{day:02d}T08:00")
    town.nights(date(2019, 5, 4), date(2019, 5, 8))
    rule = town.book.rules[FIGURE]
    assert isinstance(rule.condition, Threshold)
    lowered = replace(rule, condition=replace(rule.condition, above=Decimal(3)))
    town.book = replace(town.book, rules={FIGURE: lowered})
    town.night(date(2019, 5, 15))
    (case,) = town.cases()
    assert case.status is CaseStatus.OPEN
    told = {notice.section.value for night, notice in town.notified if night == date(2019, 5, 15)}
    assert told
    assert "resolved" not in told


def test_the_clock_of_a_flapping_figure_runs_on() -> None:
    """The step is that of the day: the window gives no more time, and a step is told when the figure is beyond."""
    town, told = _played([9, 4, 9])
    (case,) = town.cases()
    assert (case.reached, case.outcome) == (3, None)
    assert [section for _, section, _ in told][:1] == ["new"]


def test_explain_says_from_when_an_end_is_told() -> None:
    """Inside the window nobody has been told yet, and nobody is forgotten."""
    town = Town.founded(_book())
    for day, value in ((3, 9), (6, 4)):
        town.reads(PROVINCE, "child-drowning-deaths", *PERIOD, value, f"2019-05-{day:02d}T08:00")
    nights_of(town, "2019-05-04", "2019-05-08")
    (case,) = town.cases()
    said = explained(town, case.code, "2019-05-08")
    assert "Hồ sơ đóng đêm 07/05/2019" in said
    assert "Ai đã được báo sẽ nhận tin từ đêm 14/05/2019" in said


def test_a_case_that_goes_on_is_as_the_audit_log_has_it() -> None:
    """Closed and opened again, twice: the log has every turn, so that nobody seems to have changed the store."""
    town, _ = _played([9, 4, 9, 4, 9])
    with reading(town.engine) as conn:
        assert list(differences(conn)) == []
        kinds = [kind for (kind,) in conn.execute(select(event.c.kind).order_by(event.c.entry, event.c.position))]
    assert [kinds.count(kind) for kind in ("case-opened", "case-closed", "case-reopened")] == [1, 2, 2]
