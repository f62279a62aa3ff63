"""Bình Phước: 330-CV/TU of 2016, clause 6, and the figures of 2019 against example thresholds."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.story_stage import Stage, flat, mail_to, to

BOARD = "tuyengiao.tinhuy.binhphuoc"
STANDING = "thuongtruc.tinhuy.binhphuoc"


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """The example units and facts."""
    return Stage.set(database, sink)


def test_report_before_a_sunday(stage: Stage) -> None:
    """Reminded on Friday 08/7, breached on Sunday, told on Monday, and never reported to itself."""
    reminder = mail_to(stage.night("2016-07-08"), BOARD)
    assert reminder.subject.startswith("Nhắc việc")
    assert "thứ Sáu, 08/07/2016" in flat(reminder)
    assert to(stage.night("2016-07-09")) == set()
    assert to(stage.night("2016-07-10")) == set()
    notified = mail_to(stage.night("2016-07-11"), BOARD)
    assert "Hạn: trước ngày 10/07/2016" in flat(notified)
    assert to(stage.night("2016-07-15")) == set()
    second = stage.night("2016-07-18")
    assert to(second) == {BOARD, STANDING}
    assert "Ban Tuyên giáo Tỉnh ủy Bình Phước" in flat(mail_to(second, STANDING))
    done = stage.night("2016-07-21")
    assert to(done) == {BOARD, STANDING}
    assert "Báo cáo số 88-BC/TU" in flat(mail_to(done, BOARD))


def test_figures_of_2019(stage: Stage) -> None:
    """33 and 11 are above their example thresholds; 21 and 1.426 equal theirs and do not fire."""
    letter = mail_to(stage.night("2019-05-04"), "theodoi.ubnd.binhphuoc")
    said = flat(letter)
    assert "33 em" in said
    assert "11 em" in said
    assert "21 em" not in said
    assert "1.426" not in said
    assert "do UBND tỉnh Bình Phước đặt ngày 15/01/2019" in said
    assert "tham số ví dụ" in said
    assert "làm bù cho 29/04" in said
    assert "33" not in letter.subject
