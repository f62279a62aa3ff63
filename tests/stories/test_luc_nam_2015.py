"""279/UBND-LĐTBXH of 26/3/2015, clause 7: 24 communes report before 20/4 and before 30/10."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.story_stage import Stage, flat, mail_to, to

NEVER = {f"ubnd.{name}.lucnam" for name in ("baodai", "binhson", "truongson", "votranh")}
# UBND xã Lục Sơn never reports either and has no mailbox: its letters go to UBND huyện.
DISTRICT = "ubnd.lucnam"
LATE = {f"ubnd.{name}.lucnam" for name in ("baoson", "camly", "danhoi", "huyenson")}


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """The example units and facts."""
    return Stage.set(database, sink)


def test_first_round(stage: Stage) -> None:
    """Reminded on Friday, nothing on the Sunday of the limit, then exactly those who have sent nothing."""
    friday = stage.night("2015-04-17")
    assert to(friday) == NEVER | LATE | {DISTRICT, "ubnd.khamlang.lucnam"}
    reminder = mail_to(friday, "ubnd.baodai.lucnam")
    assert reminder.subject.startswith("Nhắc việc: báo cáo công tác trẻ em đợt 1 năm 2015")
    assert "thứ Sáu, 17/04/2015" in flat(reminder)
    assert to(stage.night("2015-04-18")) == set()
    assert to(stage.night("2015-04-19")) == set()
    assert to(stage.night("2015-04-20")) == NEVER | LATE | {DISTRICT}
    breach = mail_to(stage.mails(max(stage.reports)), "ubnd.baodai.lucnam")
    about = "chưa được ghi nhận báo cáo công tác trẻ em đợt 1 năm 2015"
    assert breach.subject == f"Đôn đốc lần 1: UBND xã Bảo Đài {about} [LN15-0001]"
    assert "quá hạn 01 ngày làm việc" in flat(breach)
    assert "Hạn: trước ngày 20/04/2015" in flat(breach)


def test_both_lines_climb(stage: Stage) -> None:
    """By the third step both lines have heard below the district committee, which hears only at the fourth."""
    notified: set[str] = set()
    told_on = {}
    for day, mails in stage.nights("2015-04-20", "2015-05-21").items():
        told_on |= dict.fromkeys(to(mails) - notified, day.isoformat())
        notified |= to(mails)
    assert told_on["ubnd.baodai.lucnam"] == "2015-04-20"
    assert told_on["phongldtbxh.lucnam"] == "2015-04-25"
    assert told_on["danguy.baodai.lucnam"] == "2015-04-25"
    assert told_on["huyenuy.lucnam"] == "2015-05-21"
    superior = [mail for mail in stage.mails(date(2015, 5, 7)) if mail.to.startswith(DISTRICT)]
    upward = [mail for mail in superior if "cần ý kiến chỉ đạo" in mail.subject]
    assert len(upward) == 1
    assert "05/24" in flat(upward[0])
    assert "Bảo Đài, Bình Sơn, Lục Sơn, Trường Sơn, Vô Tranh" in flat(upward[0])
    above = {"soldtbxh.bacgiang", "ubnd.bacgiang", "tinhuy.bacgiang"}
    assert not notified & above


def test_late_report_is_told_once_as_done_late(stage: Stage) -> None:
    """A commune that sends its report late gets one line that closes the matter, and counts as completed late."""
    stage.night("2015-04-20")
    good = stage.night("2015-04-21")
    assert to(good) == {"ubnd.baoson.lucnam"}
    letter = mail_to(good, "ubnd.baoson.lucnam")
    assert "Đã xong" in letter.subject
    assert "Hoàn thành quá hạn 01 ngày" in flat(letter)
    assert "Hoàn thành quá hạn 01" in flat(letter)
    assert all(
        "ubnd.baoson.lucnam" not in to(mails) for mails in stage.nights("2015-04-22", "2015-04-25").values()
    )


def test_in_time_but_recorded_late_is_withdrawn(stage: Stage) -> None:
    """Dated 17/4, recorded 27/4: what was written before is taken back, and it counts as on time."""
    stage.nights("2015-04-20", "2015-04-27")
    # 28/4 to 3/5 are closed days.
    assert all(to(mails) == set() for mails in stage.nights("2015-04-28", "2015-05-03").values())
    letter = mail_to(stage.night("2015-05-04"), "ubnd.camly.lucnam")
    assert letter.subject.startswith("Rút nhắc việc")
    assert "Hoàn thành đúng hạn" in flat(letter)


def test_second_round(stage: Stage) -> None:
    """The second round is overdue from 30/10 for those who have sent nothing for it."""
    # Everybody hears of what is left of round 1 on this first night, so that the next one is round 2 alone.
    stage.night("2015-10-29")
    mails = stage.night("2015-10-30")
    assert to(mails) == NEVER | {DISTRICT, "ubnd.tiennha.lucnam", "ubnd.yenson.lucnam"}


def test_the_district_counts_all_communes(stage: Stage) -> None:
    """What a superior reads counts every commune, done on time and late, and masks nobody's missing report."""
    stage.nights("2015-04-20", "2015-05-06")
    mails = stage.night("2015-05-07")
    monitor = mail_to(mails, "phongldtbxh.lucnam")
    assert "05/24 xã, thị trấn" in flat(monitor)
    assert "Chưa hoàn thành quá hạn 05" in flat(monitor)
