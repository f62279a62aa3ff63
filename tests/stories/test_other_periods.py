"""Figures and reports by another period than the rule asks for: nobody is accused of silence, and all is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from dondoc.engine.domain.mail_policy import Brake
from dondoc.engine.domain.model import scaled
from dondoc.engine.domain.periods import PeriodKind, parse
from dondoc.engine.domain.rulebook import EveryPeriod, OnDate, Overdue, RuleBook, Threshold
from dondoc.engine.domain.terms import Verdict
from dondoc.engine.store.db.database import reading
from dondoc.flows.check.periods import of_other_periods
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.explain_helpers import explained, nights_of, why_not_text
from tests.support.story_stage import Stage, flat, mail_to, to
from tests.support.town import Town, at, only, rules

RULE = "bao-ve-tre-em-2019/injuries"
PROVINCE, BOX = "bp.ubnd_tinh", "theodoi.ubnd.binhphuoc"
ASKED = Threshold(
    "child-injuries",
    PeriodKind.CALENDAR_QUARTER,
    PROVINCE,
    date(2020, 1, 1),
    above=Decimal(100),
    no_data_after=10,
)
MONTHS = ("2020-01", "2020-02", "2020-03")
FIRST_NIGHT = "2020-04-16"
REPORT = "279-ubnd-ldtbxh/report-round-1"
UNIT = "ln.ubnd_xa.bao_dai"


def asking(condition: Threshold | Overdue, name: str = RULE) -> RuleBook:
    """The book with one rule alone, asking that."""
    book = only(rules(), name)
    rule = replace(book.rules[name], condition=condition)
    return replace(book, rules={name: rule}, mail=replace(book.mail, brake=Brake()))


def reads(town: Town, *keys: str, recorded: str = "2020-04-03T10:00") -> None:
    """Figures of periods, each 8."""
    for key in keys:
        period = parse(key)
        values = {
            "ref": key,
            "unit": PROVINCE,
            "indicator": ASKED.indicator,
            "first_day": period.first,
            "last_day": period.last,
            "value": scaled(Decimal(8)),
            "source": "",
            "recorded_at": at(recorded),
        }
        assert not town.brings("readings", [(2, values)]).refused


CALENDAR_MONTH, CALENDAR_QUARTER = PeriodKind.CALENDAR_MONTH, PeriodKind.CALENDAR_QUARTER
REPORTING_MONTHS = ("R2020-02", "R2020-03", "R2020-04")


@pytest.mark.parametrize(
    ("per", "sent", "said"),
    [
        (CALENDAR_QUARTER, MONTHS, "có 03 số liệu theo tháng, quy tắc hỏi theo quý"),
        (CALENDAR_MONTH, ("2020-Q1",), "có 01 số liệu theo quý, quy tắc hỏi theo tháng"),
        (CALENDAR_QUARTER, ("2020",), "có 01 số liệu theo năm, quy tắc hỏi theo quý"),
        (CALENDAR_QUARTER, ("2020-01-06..2020-03-20",), "có 01 số liệu theo khoảng ngày khác"),
        (CALENDAR_MONTH, REPORTING_MONTHS, "theo tháng báo cáo (từ ngày 15), quy tắc hỏi theo tháng"),
    ],
    ids=["months", "a quarter", "a year", "a span of days", "reporting months"],
)
def test_figures_by_other_periods_are_no_silence(
    database: Engine, sink: Mailsink, per: PeriodKind, sent: tuple[str, ...], said: str
) -> None:
    """No letter says that nothing came; the operator and whoever asks are told what is there."""
    stage = Stage.set(database, sink, examples=False)
    stage.book = asking(replace(ASKED, per=per))
    town = Town(database, stage.book)
    reads(town, *sent)
    mails = stage.night(FIRST_NIGHT)
    assert to(mails) == set()
    assert "số liệu theo kỳ khác, nên không bị coi là thiếu số liệu: UBND tỉnh Bình Phước" in flat(
        mail_to(mails, "vanhanh")
    )
    assert said in why_not_text(town, PROVINCE, FIRST_NIGHT, RULE)


def test_silence_is_still_a_breach(database: Engine, sink: Mailsink) -> None:
    """Figures of another quarter's months say nothing of this one."""
    stage = Stage.set(database, sink, examples=False)
    stage.book = asking(ASKED)
    reads(Town(database), "2019-12", "2020-04", recorded="2020-04-14T10:00")
    assert mail_to(stage.night(FIRST_NIGHT), BOX).subject.startswith("Đôn đốc lần 1: ")


def test_a_case_rests_while_figures_are_there_and_closes_with_the_right_one() -> None:
    """Asked for on 16 April, months on the 20th: no step after that; the quarter's figure closes it as late."""
    town = Town.founded(asking(ASKED))
    nights_of(town, FIRST_NIGHT, "2020-04-20")
    reads(town, *MONTHS, recorded="2020-04-20T10:00")
    before = len(town.notified)
    nights_of(town, "2020-04-21", "2020-05-20")
    (case,) = town.cases()
    assert (case.reached, len(town.notified)) == (1, before)
    assert "theo kỳ khác với kỳ mà quy tắc hỏi" in explained(town, case.code, "2020-05-20")
    reads(town, "2020-Q1", recorded="2020-05-20T10:00")
    nights_of(town, "2020-05-21", "2020-05-21")
    assert {notice.case.outcome for night, notice in town.notified[before:] if notice.case} == {"late"}


def test_why_not_says_what_is_there_where_missing_data_counts_for_nothing() -> None:
    """With `no_data: unjudged` no letter could ever come: the answer names the periods."""
    town = Town.founded(asking(replace(ASKED, no_data_after=None)))
    reads(town, *MONTHS)
    nights_of(town, FIRST_NIGHT, FIRST_NIGHT)
    said = why_not_text(town, PROVINCE, FIRST_NIGHT, RULE)
    assert "có 03 số liệu theo tháng, quy tắc hỏi theo quý" in said
    assert "chưa có số liệu nào" not in said


def notes(town: Town) -> list[tuple[str, str]]:
    """What `check` says of the facts of the database."""
    with reading(town.engine) as conn:
        return [(one.code, one.vi) for one in of_other_periods(conn, town.book, datetime(2026, 1, 1, tzinfo=UTC))]


def test_check_says_which_figures_no_rule_uses() -> None:
    """Before any night, from the database; with the right figure there is nothing to say."""
    town = Town.founded(asking(ASKED))
    reads(town, *MONTHS)
    ((code, said),) = notes(town)
    assert code == "figures-of-other-periods"
    assert "có 03 số liệu theo tháng của 01 đơn vị, quy tắc hỏi theo quý" in said
    reads(town, "2020-Q1")
    assert notes(town) == []


MONTHLY = Overdue("child-protection", None, EveryPeriod(PeriodKind.CALENDAR_MONTH, 25))
ONCE = Overdue("child-protection", None, OnDate(date(2015, 4, 25), exclusive=False))


@pytest.mark.parametrize(
    ("due", "names", "refused"),
    [
        pytest.param(MONTHLY, "quý I/2015", "mà như «tháng", id="a quarter under months"),
        pytest.param(MONTHLY, "2015", "mà như «tháng", id="a year under months"),
        pytest.param(MONTHLY, "03/2015", "", id="a month"),
        pytest.param(MONTHLY, "12/2015", "", id="a month that is not demanded yet"),
        pytest.param(MONTHLY, "25/03/2015", "", id="its last day"),
        pytest.param(ONCE, "03/2015", "mà như ngày «2015-04-25»", id="a month where a day is asked for"),
    ],
)
def test_a_report_that_names_a_period_of_another_kind_is_refused(due: Overdue, names: str, refused: str) -> None:
    """It would wait for ever: its row is refused with the periods that are asked for."""
    town = Town.founded(asking(due, REPORT))
    nights_of(town, "2015-03-27", "2015-03-27")
    values = {
        "ref": "R1",
        "unit": UNIT,
        "report": "child-protection",
        "submitted_on": date(2015, 3, 26),
        "document": "12/BC",
        "task": names,
        "recorded_at": at("2015-03-26T10:00"),
    }
    taken = town.brings("submissions", [(2, values)])
    assert [row.column for row in taken.refused] == (["task"] if refused else [])
    assert refused in "".join(row.vi for row in taken.refused)


def test_check_names_reports_that_came_before_any_night() -> None:
    """An import before the first night cannot know; the check with the rules does."""
    town = Town.founded(asking(MONTHLY, REPORT))
    town.submits(UNIT, "child-protection", "2015-03-26", task="quý I/2015")
    town.submits(UNIT, "child-protection", "2015-04-26", task="04/2015")
    ((code, said),) = notes(town)
    assert code == "reports-of-other-periods"
    assert "01 báo cáo «child-protection» ghi kỳ không phải theo tháng" in said
    assert "quý I/2015" in said


@pytest.mark.parametrize(
    ("span", "verdict"),
    [
        ("2020-03-17..2020-04-14", Verdict.MISMATCHED),
        ("2020-03-18..2020-04-15", Verdict.BREACH),
        ("2019-12-19..2020-01-14", Verdict.MISMATCHED),
        ("2019-12-18..2020-01-14", Verdict.BREACH),
        ("2019-01-01..2020-02-15", Verdict.MISMATCHED),
        ("2019-01-01..2020-02-14", Verdict.BREACH),
        ("2020-02-15..2020-12-31", Verdict.MISMATCHED),
        ("2020-02-16..2020-12-31", Verdict.BREACH),
    ],
    ids=[
        "its middle is the last day of the quarter",
        "its middle is the day after the quarter",
        "its middle is the first day of the quarter",
        "its middle is the day before the quarter",
        "it reaches to the middle of the quarter",
        "it ends a day before the middle of the quarter",
        "it begins at the middle of the quarter",
        "it begins a day after the middle of the quarter",
    ],
)
def test_a_figure_of_a_span_of_days_is_about_a_quarter_if(span: str, verdict: Verdict) -> None:
    """Then the unit was not silent about the quarter; else it was."""
    town = Town.founded(asking(ASKED))
    reads(town, span, recorded="2020-04-15T10:00")
    made = town.night(date(2020, 4, 16))
    assert {one.task.subject: one.verdict for one in made.findings.values()} == {"child-injuries@2020-Q1": verdict}
