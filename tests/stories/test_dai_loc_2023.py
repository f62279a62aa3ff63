"""46-CT/HU of 02/10/2023: two shares against example thresholds, and demands due at the end of the year."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.story_stage import Stage, flat, mail_to, to


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """The example units and facts."""
    return Stage.set(database, sink)


def test_one_share_above_and_one_below(stage: Stage) -> None:
    """2,61% is above 2,5%; 4,49% is below 4,5%."""
    letter = mail_to(stage.night("2023-10-03"), "ubnd.dailoc")
    assert "2,61%" in flat(letter)
    assert "4,49%" not in flat(letter)
    assert "do UBND huyện Đại Lộc đặt ngày 02/10/2023" in flat(letter)


def test_new_year(stage: Stage) -> None:
    """A limit on 31/12: nobody is written to on New Year's Day, and everybody on 2/1."""
    stage.night("2023-12-29")
    assert to(stage.night("2024-01-01")) == set()
    mails = stage.night("2024-01-02")
    assert "ubnd.dailoc" in to(mails)
    assert "Quá hạn 01 ngày làm việc (02 ngày)" in flat(mail_to(mails, "ubnd.dailoc"))
