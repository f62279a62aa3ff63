"""A case is opened again between the night that closed it and the delivery: nobody is told that it is done."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, func, select

from dondoc.engine.domain.acts import ActKind, Door
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.flows.records.acts import Said, recorded
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.answering import BAO_DAI, BOX, STEP_2, morning
from tests.support.story_stage import Stage, flat, hand_in, mail_to, to
from tests.support.town import at

FOLLOWER, FOLLOWERS_BOX = "ln.phong_ldtbxh", "phongldtbxh.lucnam"
OTHER = "ln.ubnd_xa.bac_lung"
TOLD = {BOX, FOLLOWERS_BOX, "danguy.baodai.lucnam"}


def closed(stage: Stage, when: date) -> None:
    """A night that finds the reports."""
    stage.judged(Night(when, steps.cutoff_of(when)))


def reopens(stage: Stage, when: str) -> None:
    """The office that follows up finds that the commune's report is none."""
    with reading(stage.engine) as conn:
        code = conn.scalar(
            select(t.case_file.c.code)
            .join(t.task, t.task.c.id == t.case_file.c.task_id)
            .join(t.unit, t.unit.c.no == t.task.c.unit_no)
            .where(t.unit.c.id == BAO_DAI)
        )
    said = Said(str(code), ActKind.REOPENED, FOLLOWER, words="Gửi nhầm đợt")
    recorded(stage.engine, stage.book, said, at(when), Door.COMMAND)


def test_that_it_is_done_does_not_leave(database: Engine, sink: Mailsink) -> None:
    """Its letter is withdrawn, and the next night says that the case is open."""
    stage = morning(database, sink)
    hand_in(stage.engine, at("2015-04-21T10:00"))
    closed(stage, date(2015, 4, 22))
    reopens(stage, "2015-04-22T05:00")
    assert stage.delivered(date(2015, 4, 22)).answered == 1
    assert BOX not in to(stage.mails(date(2015, 4, 22)))
    with reading(stage.engine) as conn:
        told = t.notice.c.night == date(2015, 4, 22), t.notice.c.untold_on.is_(None)
        assert conn.scalar(select(func.count()).select_from(t.notice).where(*told)) == 0
    closed(stage, date(2015, 4, 23))
    stage.delivered(date(2015, 4, 23))
    assert "mở lại hồ sơ: «Gửi nhầm đợt»" in flat(mail_to(stage.mails(date(2015, 4, 23)), BOX))


@pytest.mark.long
def test_a_letter_that_is_done_in_part_says_so_on_top(sqlite: Engine, sink: Mailsink) -> None:
    """Two communes have reported, and one of the reports was none."""
    stage = morning(sqlite, sink)
    closed(stage, STEP_2)
    stage.delivered(STEP_2)
    for unit in (BAO_DAI, OTHER):
        hand_in(stage.engine, at("2015-04-26T10:00"), unit, ref=unit)
    closed(stage, date(2015, 4, 27))
    reopens(stage, "2015-04-27T05:00")
    stage.delivered(date(2015, 4, 27))
    assert flat(mail_to(stage.mails(date(2015, 4, 27)), FOLLOWERS_BOX)).startswith(
        "Sau khi lập thư này, đến 06:30 ngày 27/04/2015, hồ sơ đã được mở lại: UBND xã Bảo Đài (LN15-0002). Thư "
        "này nêu là đã xong, nay chưa xong; đêm tới báo lại."
    )


def test_whoever_read_that_it_is_done_reads_that_it_is_open_again_and_in_the_end_that_it_is_done(
    sqlite: Engine, sink: Mailsink
) -> None:
    """Of a case that was opened again the good news goes out once more (41), and its superiors stay told."""
    stage = morning(sqlite, sink)
    closed(stage, STEP_2)
    stage.delivered(STEP_2)
    hand_in(stage.engine, at("2015-04-26T10:00"))
    read = []
    for night in (date(2015, 4, 27), date(2015, 5, 4), date(2015, 5, 5)):
        closed(stage, night)
        stage.delivered(night)
        subjects = {box: mail_to(stage.mails(night), box).subject for box in TOLD}
        read.append({box for box, subject in subjects.items() if subject.startswith("Đã xong: UBND xã Bảo Đài")})
        if night == date(2015, 4, 27):
            reopens(stage, "2015-04-27T15:00")
        else:
            hand_in(stage.engine, at(f"{night}T10:00"), ref=f"{night}")
    assert read == [TOLD, set(), TOLD]
