"""1179-CV/HU of 26/6/2019, clause 3: a broadcast at least once a month, the centre and the portal each."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.story_stage import Stage, flat, mail_to, to

CENTRE = "truyenthong.tumorong"


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """The example units and facts: the centre misses July and broadcasts in August, the portal keeps its own."""
    return Stage.set(database, sink)


@pytest.mark.long
def test_july_is_missed_and_august_met(stage: Stage) -> None:
    """June is not judged; July is, on 1/8; what is made up in August leaves July missed and closes its case."""
    assert CENTRE not in to(stage.night("2019-07-01"))
    august = stage.night("2019-08-01")
    letter = mail_to(august, CENTRE)
    assert "Tháng 7/2019" in flat(letter)
    assert "00/01" in flat(letter)
    assert "trangttdt.tumorong" not in to(august)
    assert CENTRE not in to(stage.night("2019-08-06"))
    stage.nights("2019-08-07", "2019-08-29")
    assert to(stage.night("2019-09-01")) == set()
    assert to(stage.night("2019-09-02")) == set()
    resumed = stage.night("2019-09-03")
    notified = {CENTRE, "tuyengiao.huyenuy.tumorong", "ubnd.tumorong", "huyenuy.tumorong"}
    assert notified <= to(resumed)
    assert "tháng 7/2019" in flat(mail_to(resumed, CENTRE))
