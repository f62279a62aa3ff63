"""Why an office heard nothing: the first reason of the pipeline, with its values, for every way to be silent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pytest
from sqlalchemy import func, select

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Overdue, Threshold, Waiver
from dondoc.engine.domain.terms import Section
from dondoc.engine.explain.reasons import Explanation, Why
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.db.tables import metadata
from dondoc.engine.store.night import cases
from dondoc.flows.explain.reason_text import Speaker
from dondoc.flows.lookup import CallRefused
from tests.support import worlds
from tests.support.explain_helpers import lines_of, nights_of, why_not_text
from tests.support.town import Town, only, rules

REPORT = "279-ubnd-ldtbxh/report-round-1"
BROADCAST = "1179-cv-hu/monthly-broadcast"
BAO_DAI, BAO_SON = "ln.ubnd_xa.bao_dai", "ln.ubnd_xa.bao_son"
CENTRE, PORTAL = "tmr.tt_vh_tt_dl_tt", "tmr.trang_ttdt"
DROWNING = "bao-ve-tre-em-2019/drowning-deaths"


@lru_cache(maxsize=1)
def luc_nam() -> Town:
    """Lục Nam from the first reminder to the third step; nobody runs the service on 22 April."""
    town = Town.founded()
    town.submits(BAO_SON, "child-protection", "2015-04-14", document="21/BC-UBND")
    town.submits("ln.ubnd_xa.cam_ly", "child-protection", "2015-04-23")
    nights_of(town, "2015-04-10", "2015-05-08", "2015-04-22")
    return town


@lru_cache(maxsize=1)
def luc_nam_as_baseline() -> Town:
    """Lục Nam, first judged on old data, in silence."""
    town = Town.founded()
    nights_of(town, "2015-04-27", "2015-04-28", baseline="2015-04-27")
    return town


@lru_cache(maxsize=1)
def luc_nam_waived() -> Town:
    """Lục Nam with one commune waived until the end of April."""
    town = Town.founded(replace(rules(), waivers=(_waiver(),)))
    nights_of(town, "2015-04-16", "2015-04-22")
    return town


def _waiver() -> Waiver:
    why = Text("Mưa lũ (bịa)", "Floods (invented)")
    first, until = date(2015, 4, 15), date(2015, 4, 30)
    return Waiver(REPORT, BAO_DAI, "ln.ubnd_huyen", why, why, first, until, "rules/waivers.yaml:1:1")


@lru_cache(maxsize=1)
def tu_mo_rong() -> Town:
    """Tu Mơ Rông in 2019: the centre misses July and August, the portal only August."""
    town = Town.founded()
    town.does(PORTAL, "broadcast", "2019-07-05")
    nights_of(town, "2019-07-01", "2019-07-05")
    nights_of(town, "2019-07-25", "2019-09-05", "2019-07-27")
    return town


@lru_cache(maxsize=1)
def binh_phuoc() -> Town:
    """Bình Phước: readings of 2019, and the report of 2016 that fell due on a Sunday."""
    town = Town.founded()
    nights_of(town, "2016-07-08", "2016-07-10")
    period = ("2018-01-01", "2019-03-31")
    for indicator, value in (("child-drowning-deaths", 21), ("child-traffic-accidents", 11)):
        town.reads("bp.ubnd_tinh", indicator, *period, value, "2019-05-03T08:00")
    town.reads("bp.ubnd_tinh", "child-injuries", *period, 1426, "2019-01-10T08:00")
    nights_of(town, "2019-05-04", "2019-05-13")
    return town


@lru_cache(maxsize=1)
def dai_loc() -> Town:
    """Đại Lộc's district, which ends with June 2025, and a directive that here does not end with it."""
    book = rules()
    longer = replace(book.directives["46-ct-hu"], in_force_until=None)
    town = Town.founded(replace(book, directives={**book.directives, "46-ct-hu": longer}))
    share = "children-special-circumstances-share"
    town.reads("dl.ubnd_huyen", share, "2023-10-02", "2023-10-02", 2.61, "2023-10-02T08:00")
    nights_of(town, "2025-06-30", "2025-07-02")
    return town


ROWS: list[Any] = [
    pytest.param(luc_nam, BAO_DAI, "2015-04-20", REPORT, Why.TOLD, {"section": Section.NEW}, id="a letter went"),
    pytest.param(
        luc_nam, BAO_DAI, "2015-04-19", REPORT, Why.REMINDED, {"night": date(2015, 4, 17)}, id="reminded already"
    ),
    pytest.param(
        luc_nam,
        BAO_DAI,
        "2015-04-10",
        REPORT,
        Why.JUDGED_LATER,
        {"judged_on": date(2015, 4, 20)},
        id="still in time, judged later",
    ),
    pytest.param(
        luc_nam,
        BAO_DAI,
        "2015-04-11",
        REPORT,
        Why.CLOSED_NIGHT,
        {"next": date(2015, 4, 13)},
        id="a reminder that falls due on a Saturday goes on Monday",
    ),
    pytest.param(
        luc_nam,
        BAO_SON,
        "2015-04-20",
        REPORT,
        Why.HANDED_IN,
        {"document": "21/BC-UBND", "on": date(2015, 4, 14), "recorded_on": date(2015, 4, 14)},
        id="handed in, with document and day",
    ),
    pytest.param(
        luc_nam,
        "ln.ubnd_xa.cam_ly",
        "2015-04-23",
        REPORT,
        Why.ALREADY_TOLD,
        {"night": date(2015, 4, 20)},
        id="what was handed in later was not known that night",
    ),
    pytest.param(
        luc_nam,
        BAO_DAI,
        "2015-04-23",
        REPORT,
        Why.ALREADY_TOLD,
        {"night": date(2015, 4, 20), "step": 1, "next": date(2015, 4, 25)},
        id="told already, nothing new until the next step",
    ),
    pytest.param(
        luc_nam,
        "ln.huyen_uy",
        "2015-05-08",
        REPORT,
        Why.NOT_YET,
        {"step": 4, "on": date(2015, 5, 21)},
        id="Huyện ủy is not told before step 4",
    ),
    pytest.param(
        luc_nam,
        "ln.phong_ldtbxh",
        "2015-04-24",
        REPORT,
        Why.NOT_YET,
        {"step": 2, "on": date(2015, 4, 25)},
        id="the monitor is not told before step 2",
    ),
    pytest.param(
        luc_nam, "bg.ubnd_tinh", "2015-05-08", REPORT, Why.NOT_NAMED, {}, id="no step names the province"
    ),
    pytest.param(
        luc_nam,
        "tmr.ubnd_huyen",
        "2015-05-08",
        REPORT,
        Why.NOT_APPLIED,
        {"part": "level", "wanted": "commune"},
        id="the rule is for communes",
    ),
    pytest.param(
        luc_nam,
        BAO_DAI,
        "2015-05-08",
        "279-ubnd-ldtbxh/report-round-2",
        Why.NO_DEMAND,
        {"last_day": date(2015, 10, 29)},
        id="the limit is far ahead",
    ),
    pytest.param(
        luc_nam_as_baseline,
        BAO_DAI,
        "2015-04-28",
        REPORT,
        Why.NOT_YET,
        {"step": 3},
        id="a baseline passed the first steps in silence",
    ),
    pytest.param(
        luc_nam_waived,
        BAO_DAI,
        "2015-04-21",
        REPORT,
        Why.WAIVED,
        {"until": date(2015, 4, 30), "granted_by": "ln.ubnd_huyen", "resumes": date(2015, 5, 4)},
        id="waived until the end of April",
    ),
    pytest.param(
        tu_mo_rong,
        "tmr.ubnd_huyen",
        "2019-07-05",
        "1179-cv-hu/action-month",
        Why.WINDOW_NOT_WHOLE,
        {"subject": "2019-06", "from": date(2019, 6, 26)},
        id="June 2019 began before the directive",
    ),
    pytest.param(
        tu_mo_rong, CENTRE, "2019-07-26", BROADCAST, Why.REMINDED, {"count": None}, id="the early notice was sent"
    ),
    pytest.param(
        tu_mo_rong,
        PORTAL,
        "2019-08-01",
        BROADCAST,
        Why.COUNT_MET,
        {"count": 1, "need": 1},
        id="July was met",
    ),
    pytest.param(
        tu_mo_rong,
        CENTRE,
        "2019-09-04",
        BROADCAST,
        Why.COVERED,
        {"by": "2019-08"},
        id="July stands behind August",
    ),
    pytest.param(
        binh_phuoc,
        "bp.ban_tuyen_giao_tinh_uy",
        "2016-07-10",
        "330-cv-tu/action-month-report",
        Why.CLOSED_NIGHT,
        {"next": date(2016, 7, 11)},
        id="Sunday 10 July 2016 is told on Monday",
    ),
    pytest.param(
        binh_phuoc,
        "bp.ubnd_tinh",
        "2019-05-13",
        DROWNING,
        Why.WITHIN_LIMIT,
        {"value": 210_000_000, "limit": 210_000_000},
        id="21 equals the limit of 21 and does not fire",
    ),
    pytest.param(
        binh_phuoc,
        "bp.ubnd_tinh",
        "2019-05-13",
        "bao-ve-tre-em-2019/injuries",
        Why.TOO_EARLY_READING,
        {"recorded_on": date(2019, 1, 10), "set_on": date(2019, 1, 15)},
        id="a figure from before the limit does not count",
    ),
    pytest.param(
        binh_phuoc,
        "bp.ubnd_tinh",
        "2019-05-13",
        "bao-ve-tre-em-2019/sexual-abuse",
        Why.NO_READING,
        {},
        id="no figure came in",
    ),
    pytest.param(
        binh_phuoc,
        "tw.chinh_phu",
        "2019-05-13",
        "bao-ve-tre-em-2019/traffic-accidents",
        Why.ABOVE_CEILING,
        {"word": "superior.government"},
        id="the government stands above the issuer",
    ),
    pytest.param(
        binh_phuoc,
        "bp.ban_tuyen_giao_tinh_uy",
        "2019-05-13",
        "330-cv-tu/action-month-report",
        Why.NOT_IN_FORCE,
        {"until": date(2016, 12, 31)},
        id="the directive of 2016 is no longer in force",
    ),
    pytest.param(
        dai_loc,
        "dl.ubnd_huyen",
        "2025-07-02",
        None,
        Why.NOT_ALIVE,
        {"until": date(2025, 6, 30)},
        id="a district that ended with June",
    ),
    pytest.param(
        dai_loc,
        "dl.ubnd_huyen",
        "2025-07-02",
        None,
        Why.AWAITING_HEIR,
        {"unit": "dl.ubnd_huyen"},
        id="its open case waits for an heir",
    ),
]


@pytest.mark.parametrize(("town", "office", "on", "rule", "why", "values"), ROWS)
def test_the_first_reason(
    town: Callable[[], Town], office: str, on: str, rule: str | None, why: Why, values: dict[str, Any]
) -> None:
    """Each way to be silent is named, with the days and numbers it rests on."""
    found = [line for line in lines_of(town(), office, on, rule) if line.reason.why is why]
    assert found, lines_of(town(), office, on, rule)
    (line,) = found[:1]
    assert {name: line.reason.values.get(name) for name in values} == values


def test_a_night_that_never_ran() -> None:
    """A breach on a night that was skipped was not looked at; the answer says so."""
    town = Town.founded()
    nights_of(town, "2015-04-17", "2015-04-22", "2015-04-20", "2015-04-21")
    (line, *_) = lines_of(town, BAO_DAI, "2015-04-21", REPORT)
    assert line.reason.why is Why.NIGHT_NOT_RUN
    assert "hệ thống không chạy" in why_not_text(town, BAO_DAI, "2015-04-21", REPORT)


def test_a_night_that_ran_before_the_rule_was_changed() -> None:
    """A breach by today's limit, on a night that ran with another: not said to be a night that never ran."""
    town = Town.founded()
    town.reads("bp.ubnd_tinh", "child-drowning-deaths", "2018-01-01", "2019-03-31", 21, "2019-05-03T08:00")
    nights_of(town, "2019-05-04", "2019-05-13")
    rule = town.book.rules[DROWNING]
    assert isinstance(rule.condition, Threshold)
    lower = replace(rule, condition=replace(rule.condition, above=Decimal(20)))
    town.book = replace(town.book, rules={**town.book.rules, DROWNING: lower})
    (line, *_) = lines_of(town, "bp.ubnd_tinh", "2019-05-13", DROWNING)
    assert (line.reason.why, line.reason.values.get("ran")) == (Why.NIGHT_NOT_RUN, True)
    said = why_not_text(town, "bp.ubnd_tinh", "2019-05-13", DROWNING)
    assert "theo quy tắc và dữ liệu hiện nay thì quá hạn từ" in said
    assert "hệ thống không chạy" not in said


def test_units_with_different_figures_are_not_said_to_have_none() -> None:
    """A line about several units within the limit names no figure; it does not claim that figures are missing."""
    shared = {"indicator": "child-injuries", "limit": None, "below": False, "subject": "2019-Q1"}
    said = Speaker(str, rules(), date(2019, 5, 1)).said(Explanation(Why.WITHIN_LIMIT, shared))
    assert said.vi == "quý I/2019: số liệu đều không vượt ngưỡng"


def test_a_letter_that_never_left_tells_nobody() -> None:
    """A letter that was dropped is named as undone, not as told."""
    town = Town.founded()
    nights_of(town, "2015-04-20", "2015-04-20")
    (notified, *_) = lines_of(town, BAO_DAI, "2015-04-20", REPORT)
    with audited(town.engine) as tx:
        cases.retract(tx, notified.reason.values["letter"], date(2015, 4, 20))
    (line, *_) = lines_of(town, BAO_DAI, "2015-04-20", REPORT)
    assert (notified.reason.why, line.reason.why) == (Why.TOLD, Why.UNDONE)


def test_an_office_without_a_mailbox_is_told_through_another() -> None:
    """Lục Sơn has no mailbox: its letter went to the district, and the answer says which body that is."""
    said = why_not_text(luc_nam(), "ln.ubnd_xa.luc_son", "2015-04-20", REPORT)
    assert "ĐÃ CÓ THƯ" in said
    assert "qua hộp thư của UBND huyện Lục Nam" in said


def test_units_with_the_same_reason_stand_in_one_line() -> None:
    """A district hears one sentence about all communes that have nothing for it yet, not twenty-four."""
    lines = lines_of(luc_nam(), "ln.huyen_uy", "2015-05-08", REPORT)
    assert {line.reason.why: len(line.units) for line in lines} == {Why.NOT_YET: 22, Why.HANDED_IN: 2}


def test_a_night_to_come_is_played_and_nothing_is_written() -> None:
    """Asked about 21 May, Huyện ủy is told then; the store is as it was."""
    town = luc_nam()
    before = _rows(town)
    (line, *_) = lines_of(town, "ln.huyen_uy", "2015-05-21", REPORT)
    assert line.reason.why is Why.TOLD
    assert "xem như từ nay không ai làm gì thêm" in why_not_text(town, "ln.huyen_uy", "2015-05-21", REPORT)
    assert _rows(town) == before


def _rows(town: Town) -> dict[str, int]:
    with reading(town.engine) as conn:
        return {
            table.name: conn.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


def test_every_letter_of_a_night_is_one_told_line() -> None:
    """Whoever was written to on a night, and nobody else, is answered that a letter went."""
    town = luc_nam()
    on = date(2015, 5, 7)
    notified = {notice.reader for night, notice in town.notified if night == on}
    asked = ["ln.huyen_uy", "ln.phong_ldtbxh", "ln.ubnd_huyen", BAO_DAI, BAO_SON, "ln.dang_uy_xa.bao_dai"]
    said = {office for office in asked if _was_told(town, office, on)}
    assert said == notified & set(asked)


def _was_told(town: Town, office: str, on: date) -> bool:
    return any(line.reason.why is Why.TOLD for line in lines_of(town, office, on.isoformat()))


def test_an_unknown_office_is_refused() -> None:
    """A misspelt office is answered with the one that was probably meant."""
    with pytest.raises(CallRefused, match=r"ln\.huyen_uy"):
        lines_of(luc_nam(), "ln.huyen_u", "2015-05-08")


def test_every_reason_has_its_words() -> None:
    """No reason is left without a sentence in both languages."""
    from dondoc.flows.explain import reason_text  # noqa: PLC0415 - the table is private to its module

    missing = [why for why in Why if why is not Why.NOT_APPLIED and why not in reason_text._SAID]
    assert missing == []


def test_the_store_is_named_by_its_rules() -> None:
    """A rule that no night has seen yet is answered from the rules alone."""
    town = Town.founded()
    with reading(town.engine) as conn:
        assert conn.scalar(select(func.count()).select_from(t.rule)) == 0
    found = lines_of(town, BAO_DAI, "2015-04-20", REPORT)
    assert [line.reason.why for line in found] == [Why.TOLD]


def test_the_day_on_which_a_report_was_recorded_is_the_day_in_vietnam() -> None:
    """Entered half an hour after midnight, when in UTC it was still the day before."""
    town = Town.founded()
    town.submits(BAO_DAI, "child-protection", "2015-04-14", "2015-04-15T00:30")
    nights_of(town, "2015-04-20", "2015-04-20")
    assert "ghi nhận ngày 15/04/2015" in why_not_text(town, BAO_DAI, "2015-04-20", REPORT)


@pytest.mark.parametrize("ref", ["NV-01", "12-Q", "2015-04", "2015"])
def test_ref_of_a_task_is_no_period(ref: str) -> None:
    """Not even one that is written like a month: nothing is said of a period (T14)."""
    rule = worlds.rule("assigned/task", Overdue(None, "assigned", None), BAO_DAI)
    town = Town.founded(
        replace(rules(), rules={rule.id: rule}, directives={"assigned": worlds.directive("assigned")})
    )
    town.is_assigned(BAO_DAI, "assigned", "2015-04-16", "2015-04-01T08:00", ref=ref)
    nights_of(town, "2015-04-17", "2015-04-20")
    for on in ("2015-04-18", "2015-04-20"):
        said = why_not_text(town, BAO_DAI, on)
        assert "tháng" not in said.lower().replace("tháng tự", "")
        assert "tháng" not in said
        assert "quý" not in said
        assert "năm 2015" not in said
        (line,) = lines_of(town, BAO_DAI, on)
        assert line.subject == ref


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ([], "kỳ này chưa kết thúc, mới ghi nhận 0 lần, cần 1; xét từ đêm 01/08/2019."),
        (["2019-07-10"], "đã ghi nhận đủ 1 lần, cần 1; xét từ đêm 01/08/2019."),
    ],
    ids=["nothing held", "held"],
)
def test_a_running_quota_of_which_enough_is_recorded_is_not_said_to_lack_anything(
    held: list[str], said: str
) -> None:
    """Its verdict comes when the month is over, but the broadcast is there (decision 0055)."""
    rule, centre = "1179-cv-hu/monthly-broadcast", "tmr.tt_vh_tt_dl_tt"
    town = Town.founded(only(rules(), rule))
    for on in held:
        town.does(centre, "broadcast", on)
    nights_of(town, "2019-07-15", "2019-07-15")
    assert f"tháng 7/2019: {said}" in why_not_text(town, centre, "2019-07-15", rule)
