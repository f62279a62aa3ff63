"""The first period that a limit judges begins on or after the day it was set, or the day its rule names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from dondoc.engine.domain.mail_policy import Brake
from dondoc.engine.domain.periods import PeriodKind, parse
from dondoc.engine.domain.rulebook import RuleBook, Threshold
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.explain_helpers import explained, nights_of, why_not_text
from tests.support.story_stage import Stage, flat, mail_to, to
from tests.support.town import Town, only, rules

RULE = "bao-ve-tre-em-2019/injuries"
PROVINCE, BOX = "bp.ubnd_tinh", "theodoi.ubnd.binhphuoc"
APRIL_FIRST = date(2020, 4, 1)
SET = Threshold("child-injuries", PeriodKind.CALENDAR_QUARTER, PROVINCE, APRIL_FIRST, above=Decimal(3))


def watching(threshold: Threshold) -> RuleBook:
    """The book with this threshold alone."""
    book = only(rules(), RULE)
    rule = replace(book.rules[RULE], condition=threshold)
    return replace(book, rules={RULE: rule}, mail=replace(book.mail, brake=Brake()))


def reads(town: Town, key: str, value: float, recorded: str) -> None:
    """A figure of a period."""
    period = parse(key)
    town.reads(PROVINCE, SET.indicator, str(period.first), str(period.last), value, recorded)


@pytest.mark.parametrize(
    ("threshold", "period", "told"),
    [
        pytest.param(SET, "2020-Q1", False, id="it began before"),
        pytest.param(SET, "2020-Q2", True, id="it begins on that day"),
        pytest.param(replace(SET, set_on=date(2020, 4, 2)), "2020-Q2", False, id="it began a day before"),
        pytest.param(
            replace(SET, judge_from=date(2020, 1, 1)), "2020-Q1", True, id="the rule names its first day"
        ),
        pytest.param(replace(SET, judge_from=date(2020, 7, 1)), "2020-Q2", False, id="the rule names a later day"),
    ],
)
def test_a_figure_counts_if_its_period_begins_in_time(
    database: Engine, sink: Mailsink, threshold: Threshold, period: str, *, told: bool
) -> None:
    """Recorded long after the limit was set: the period decides, not the recording."""
    stage = Stage.set(database, sink, examples=False)
    stage.book = watching(threshold)
    reads(Town(database), period, 8, "2020-07-06T10:00")
    mails = stage.night("2020-07-07")
    assert (BOX in to(mails)) == told
    if told:
        assert "08 em, vượt ngưỡng theo dõi 03 em" in flat(mail_to(mails, BOX))


@pytest.mark.parametrize(
    ("threshold", "said"),
    [
        (SET, "kỳ bắt đầu trước ngày 01/04/2020, từ ngày đó mới xét, nên không tính"),
        (
            replace(SET, judge_from=date(2020, 7, 1)),
            "kỳ bắt đầu trước ngày 01/07/2020, từ ngày đó mới xét, nên không tính",
        ),
    ],
    ids=["set", "judged from"],
)
def test_why_not_says_from_when_the_limit_judges(threshold: Threshold, said: str) -> None:
    """The office that asks why it heard nothing reads the day from which its figures count."""
    town = Town.founded(watching(threshold))
    reads(town, "2020-Q1", 8, "2020-04-03T10:00")
    nights_of(town, "2020-04-06", "2020-04-06")
    assert said in why_not_text(town, PROVINCE, "2020-04-06", RULE)


def test_explain_shows_an_earlier_figure_as_not_counted() -> None:
    """The figure of the period before is printed, and the case rests on the one that counts."""
    town = Town.founded(watching(replace(SET, judge_from=APRIL_FIRST, set_on=date(2020, 1, 15))))
    reads(town, "2020-Q1", 9, "2020-04-03T10:00")
    reads(town, "2020-Q2", 8, "2020-07-03T10:00")
    nights_of(town, "2020-07-06", "2020-07-06")
    (case,) = town.cases()
    text = explained(town, case.code, "2020-07-06")
    assert "xét từ kỳ bắt đầu từ ngày 01/04/2020" in text
    assert case.breach == date(2020, 7, 4)


def test_a_reading_of_its_own_period_counts_by_its_recording(database: Engine, sink: Mailsink) -> None:
    """`per: reading` names no fixed periods: what is recorded on or after the day counts (decision 47)."""
    stage = Stage.set(database, sink, examples=False)
    stage.book = watching(replace(SET, per=PeriodKind.READING))
    Town(database).reads(PROVINCE, SET.indicator, "2020-01-03", "2020-03-20", 8, "2020-04-01T10:00")
    assert BOX in to(stage.night("2020-04-03"))


def test_figures_are_missed_only_of_periods_that_are_judged() -> None:
    """Missing data of a quarter that began before the limit was set is nobody's fault, and `why-not` says so."""
    town = Town.founded(watching(replace(SET, no_data_after=10)))
    nights_of(town, "2020-04-20", "2020-04-20")
    assert town.cases() == []
    said = why_not_text(town, PROVINCE, "2020-04-20", RULE)
    assert "bắt đầu hoặc đến hạn trước ngày đặt mức (01/04/2020) nên không đánh giá" in said
    nights_of(town, "2020-07-15", "2020-07-15")
    (case,) = town.cases()
    assert case.task.subject == "child-injuries@2020-Q2"
