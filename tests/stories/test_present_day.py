"""Today's duties on present units: communes report to their province; the five old directives are silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select

from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.story_stage import Stage, flat, mail_to, to

HISTORICAL = {"279-ubnd-ldtbxh", "330-cv-tu", "bao-ve-tre-em-2019", "1179-cv-hu", "46-ct-hu"}


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """The example units and facts."""
    return Stage.set(database, sink)


def directives(stage: Stage) -> set[str]:
    """Of which directives there are tasks."""
    with reading(stage.engine) as conn:
        names = conn.scalars(select(t.rule.c.id).join(t.task, t.task.c.rule_no == t.rule.c.no)).all()
    return {name.partition("/")[0] for name in names}


def test_a_commune_that_has_not_reported_is_told_and_then_its_own_province(stage: Stage) -> None:
    """Due before 20/7/2026: four communes of seventeen; ten working days on, the provinces above three of them."""
    mails = stage.night("2026-07-20")
    communes = {"ubnd.baodai.bacninh", "ubnd.lucson.bacninh", "ubnd.hanha.danang", "ubnd.mangri.quangngai"}
    provinces = {f"ubnd.{name}" for name in ("bacninh", "dongnai", "danang")}
    assert to(mails) == communes | provinces
    letter = flat(mail_to(mails, "ubnd.baodai.bacninh"))
    assert "chưa ghi nhận báo cáo kết quả Tháng hành động vì trẻ em (đợt năm 2026)" in letter
    assert "Đề nghị UBND xã Bảo Đài gửi báo cáo về UBND tỉnh Bắc Ninh, chậm nhất hết ngày 24/07/2026" in letter
    assert "khoản 1 Điều 5, Thông tư số 28/2019/TT-BLĐTBXH" in letter
    # The provinces are reminded of a report of their own, and hear nothing of the communes yet.
    assert "Bảo Đài" not in flat(mail_to(mails, "ubnd.bacninh"))

    stage.night("2026-07-27")
    mails = stage.night("2026-08-03")
    assert to(mails) == {
        *("ubnd.baodai.bacninh", "ubnd.lucson.bacninh", "ubnd.bacninh"),
        *("ubnd.mangri.quangngai", "ubnd.quangngai"),
    }
    letter = flat(mail_to(mails, "ubnd.bacninh"))
    assert "02/08 xã, phường, đặc khu: Bảo Đài, Lục Sơn" in letter
    assert "Măng Ri" not in letter
    assert directives(stage).isdisjoint(HISTORICAL)


def test_the_ministry_never_hears_of_a_commune(stage: Stage) -> None:
    """Nobody hands in anything for two more months: the province's party committee is the last to hear."""
    notified = set()
    # Watched since before the limit, so that no matter is new to its unit.
    stage.night("2026-07-15")
    for night in ("2026-08-15", "2026-08-17", "2026-08-24", "2026-09-09", "2026-09-14"):
        notified |= to(stage.night(night))
    assert "tinhuy.quangngai" in notified
    assert not notified & {"bmte.boyte", "vanphong.chinhphu"}


def test_a_row_about_communes_of_several_provinces_names_none_of_these(stage: Stage) -> None:
    """Each reports to its own; an office that follows all of them up reads of no single one."""
    name = "28-2019-tt-bldtbxh/action-month-report"
    rule = replace(stage.book.rules[name], monitor="tw.bo_y_te")
    stage.book = replace(stage.book, rules={**stage.book.rules, name: rule})
    stage.night("2026-07-20")
    letter = flat(mail_to(stage.night("2026-07-27"), "bmte.boyte"))
    assert "Bảo Đài" in letter
    assert "Măng Ri" in letter
    assert "UBND tỉnh" not in letter
    assert "03/08/2026, báo cáo cơ quan liên quan của từng đơn vị" in letter


def test_the_five_directives_of_the_past_are_silent(stage: Stage) -> None:
    """A night for today judges today's duties alone; everything is handed in, so nobody is written to."""
    assert to(stage.night("2026-11-20")) == set()
    assert directives(stage) == {
        *("28-2019-tt-bldtbxh", "29-2019-tt-bldtbxh", "cham-soc-thay-the", "09-2019-nd-cp"),
    }
    report = stage.reports[date(2026, 11, 20)]
    assert report.counts["found"] == 0
