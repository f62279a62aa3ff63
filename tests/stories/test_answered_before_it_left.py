"""What is recorded between the night and its delivery: nobody is written to about what he has answered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, select

from dondoc.engine.domain.terms import LetterState, TaskKind
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.night.answered import matters
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.delivery import deliver
from dondoc.flows.night import steps
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.delivery.smtp_settings import SmtpSettings, Tls
from dondoc.notifications.letter.build import due_from
from tests.support.scripted_server import Scripted, played_beside
from tests.support.story_stage import Mail, Stage, flat, hand_in

# Saturday 25/4/2015 is worked.
DAY = timedelta(days=1)
NIGHT, LATER = date(2015, 4, 20), date(2015, 4, 25)
BAO_DAI, MONITOR = "ubnd.baodai.lucnam@example.vn", "phongldtbxh.lucnam@example.vn"


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """The example units and facts."""
    return Stage.set(database, sink)


def judged(stage: Stage, night: date) -> None:
    """A night without its delivery."""
    stage.judged(Night(night, steps.cutoff_of(night)))


def letters_to(stage: Stage, night: date, box: str = BAO_DAI) -> list[Mail]:
    """What arrived at a mailbox of a night."""
    return [mail for mail in stage.mails(night) if mail.to == box]


def states(stage: Stage, night: date, box: str = BAO_DAI) -> list[LetterState]:
    """The states of the letters to a mailbox of a night."""
    with reading(stage.engine) as conn:
        mine = select(t.letter.c.state).where(t.letter.c.recipient == box, t.letter.c.night == night)
        return list(conn.scalars(mine.order_by(t.letter.c.part)))


def test_a_letter_whose_only_matter_was_answered_is_withdrawn(stage: Stage) -> None:
    """Recorded at 03:00, letter due at 06:30: it never leaves, and the next night says nothing."""
    judged(stage, NIGHT)
    hand_in(stage.engine, due_from(NIGHT) - timedelta(hours=3, minutes=30))
    report = stage.delivered(NIGHT)
    assert (report.answered, letters_to(stage, NIGHT)) == (1, [])
    assert states(stage, NIGHT) == [LetterState.DROPPED]
    with reading(stage.engine) as conn:
        unit = select(t.unit.c.no).where(t.unit.c.id == "ln.ubnd_xa.bao_dai").scalar_subquery()
        stands = select(func.count()).where(t.notice.c.reader_no == unit, t.notice.c.untold_on.is_(None))
        assert conn.scalar(stands) == 0
    judged(stage, NIGHT + timedelta(days=1))
    stage.delivered(NIGHT + timedelta(days=1))
    assert letters_to(stage, NIGHT + timedelta(days=1)) == []


def test_a_letter_of_which_a_part_was_answered_says_so_first(stage: Stage) -> None:
    """The monitor's letter of seven communes: the same, and on top what came in since, by its case."""
    judged(stage, NIGHT)
    stage.delivered(NIGHT)
    judged(stage, LATER)
    hand_in(stage.engine, due_from(LATER) - timedelta(hours=3))
    report = stage.delivered(LATER)
    assert report.answered == 3, "the commune's, its party committee's and the monitor's"
    assert states(stage, LATER) == [LetterState.DROPPED]
    assert states(stage, LATER, MONITOR) == [LetterState.DROPPED, LetterState.SENT]
    (mail,) = letters_to(stage, LATER, MONITOR)
    assert flat(mail).startswith(
        "Sau khi lập thư này, đến 06:30 ngày 25/04/2015, hệ thống đã nhận thêm kết quả của: "
        "UBND xã Bảo Đài (LN15-0001). Nếu kết quả đã đủ, những mục đó trong thư không còn phải thực hiện; "
        "đêm tới xét lại."
    )
    assert "Sau khi lập thư này" in mail.html
    with reading(stage.engine) as conn:
        told = (
            select(t.unit.c.id)
            .join(t.notice, t.notice.c.reader_no == t.unit.c.no)
            .where(t.notice.c.night == LATER)
        )
        assert set(conn.scalars(told.where(t.notice.c.untold_on.is_not(None)))) == {
            "ln.ubnd_xa.bao_dai",
            "ln.dang_uy_xa.bao_dai",
        }


def test_what_came_after_the_delivery_changes_no_letter(stage: Stage) -> None:
    """A fact of the future, as a replay of the past has many, withdraws nothing."""
    judged(stage, NIGHT)
    hand_in(stage.engine, due_from(NIGHT) + timedelta(hours=1))
    assert stage.delivered(NIGHT).answered == 0
    assert len(letters_to(stage, NIGHT)) == 1


def test_bytes_that_a_server_has_seen_never_change(stage: Stage) -> None:
    """Deferred after its dot, then answered: it leaves as it is, or never, but not as another letter."""
    judged(stage, NIGHT)
    with played_beside(Scripted({"DOT": "451 4.3.0 try later"})) as port:
        smtp = SmtpSettings("127.0.0.1", port, Tls.PLAIN)
        deliver.deliver(stage.engine, stage.book.mail, smtp, lambda: due_from(NIGHT))
    hand_in(stage.engine, due_from(NIGHT) + timedelta(minutes=5))
    report = stage.delivered(NIGHT, after=timedelta(hours=5))
    assert report.answered == 0
    assert len(letters_to(stage, NIGHT)) == 1


def test_a_figure_that_came_since_is_seen(stage: Stage) -> None:
    """A case of a figure names no period: a newer figure of its indicator and unit answers it."""
    night = date(2019, 8, 1)
    judged(stage, night)
    with writing(stage.engine) as conn:
        about = select(t.notice.c.letter, t.task.c.unit_no, t.task.c.counts).join(t.task)
        row = conn.execute(about.where(t.task.c.kind == TaskKind.LEVEL, t.notice.c.night == night)).first()
        assert row is not None
        came = due_from(night) - timedelta(hours=3)
        assert not any(one.answered for one in matters(conn, row.letter, came))
        one = select(t.reading).where(t.reading.c.unit_no == row.unit_no, t.reading.c.indicator == row.counts)
        figure = dict(conn.execute(one).mappings().first() or {})
        conn.execute(t.reading.insert().values(figure | {"id": 10**9, "ref": "new", "recorded_at": came}))
        assert any(one.answered for one in matters(conn, row.letter, came))


def test_an_activity_of_the_last_day_that_came_since_is_seen(stage: Stage) -> None:
    """Held within the period of a quota, its two ends included, and only recorded after the night."""
    night = date(2019, 8, 1)
    judged(stage, night)
    with writing(stage.engine) as conn:
        about = select(t.notice.c.letter, t.task).join(t.task)
        row = conn.execute(about.where(t.task.c.kind == TaskKind.QUOTA, t.notice.c.night == night)).first()
        assert row is not None
        held = dict(conn.execute(select(t.activity)).mappings().first() or {})
        held |= {
            "unit_no": row.unit_no,
            "activity": row.counts,
            "recorded_at": due_from(night) - timedelta(hours=3),
        }
        days = [row.first_day - DAY, row.first_day, row.final_day, row.final_day + DAY]
        seen = []
        for number, on in enumerate(days, 10**9):
            with conn.begin_nested() as trial:
                conn.execute(t.activity.insert().values(held | {"id": number, "ref": f"{on}", "done_on": on}))
                told = matters(conn, row.letter, due_from(night))
                seen += [one.answered for one in told if one.task == row.id]
                trial.rollback()
    assert seen == [False, True, True, False]
