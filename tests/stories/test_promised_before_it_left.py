"""What is promised or granted between the night and its delivery: nobody is urged to do what may wait."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, select

from dondoc.engine.domain.acts import Act, ActKind, Door
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night import acts, cases, nights
from dondoc.engine.store.night.prepared import Night
from dondoc.engine.store.night.tasks import stored_rules
from dondoc.flows.night import steps
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.story_stage import Stage, flat, mail_to, to
from tests.support.town import at

BAO_DAI, DISTRICT = "ln.ubnd_xa.bao_dai", "ln.ubnd_huyen"
BOX, COMMITTEE, MONITOR = "ubnd.baodai.lucnam", "danguy.baodai.lucnam", "phongldtbxh.lucnam"
NIGHT, LATER = date(2015, 4, 20), date(2015, 4, 25)
PROMISED = date(2015, 5, 8)


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """The example units and facts, delivered on the 20th and judged again on the 25th."""
    stage = Stage.set(database, sink)
    stage.judged(Night(NIGHT, steps.cutoff_of(NIGHT)))
    stage.delivered(NIGHT)
    stage.judged(Night(LATER, steps.cutoff_of(LATER)))
    return stage


def says(
    stage: Stage,
    kind: ActKind,
    when: str,
    office: str = BAO_DAI,
    about: int | None = None,
    promised: date = PROMISED,
) -> None:
    """An act on the commune's case, recorded at an instant."""
    now = at(when)
    with audited(stage.engine) as tx:
        names = nights.names_of(tx.conn, stored_rules(tx.conn))
        (case,) = [one for one in cases.live(tx.conn, names) if one.task.unit == BAO_DAI]
        until = None if kind is ActKind.TAKEN_BACK else promised
        number, done_on = acts.next_number(tx.conn), now.date() if kind is ActKind.DECLARED else None
        act = Act(number, kind, office, now.date(), now.date(), until, "Lũ", "9/UBND", about, done_on)
        acts.record(tx, case, act, Door.COMMAND, names, now)


def untold(stage: Stage) -> set[str]:
    """The readers whose notices of the 25th are retracted."""
    with reading(stage.engine) as conn:
        mine = t.notice.c.night == LATER, t.notice.c.untold_on.is_not(None)
        return set(conn.scalars(select(t.unit.c.id).join(t.notice).where(*mine)))


@pytest.mark.parametrize("kind", [ActKind.EXPLAINED, ActKind.EXTENSION_GRANTED])
def test_a_letter_does_not_urge_what_was_promised_or_granted_since(stage: Stage, kind: ActKind) -> None:
    """Said at three in the morning: the unit's letter stays, the monitor's says so on top."""
    says(stage, kind, "2015-04-25T03:00", DISTRICT if kind is ActKind.EXTENSION_GRANTED else BAO_DAI)
    stage.delivered(LATER)
    assert not {BOX, COMMITTEE} & to(stage.mails(LATER))
    assert untold(stage) == {BAO_DAI, "ln.dang_uy_xa.bao_dai"}
    assert flat(mail_to(stage.mails(LATER), MONITOR)).startswith(
        "Sau khi lập thư này, đến 06:30 ngày 25/04/2015, đã có giải trình với ngày hẹn hoặc được lùi hạn: UBND xã "
        "Bảo Đài (LN15-0001), đến hết ngày 08/05/2015. Những mục đó trong thư chưa đôn đốc cho đến ngày ấy."
    )


def test_a_letter_does_not_urge_what_was_declared_since(stage: Stage) -> None:
    """Another office has still to confirm it, and the next night says so."""
    says(stage, ActKind.DECLARED, "2015-04-25T03:00")
    stage.delivered(LATER)
    assert not {BOX, COMMITTEE} & to(stage.mails(LATER))
    assert untold(stage) == {BAO_DAI, "ln.dang_uy_xa.bao_dai"}
    assert "đã nhận thêm kết quả của: UBND xã Bảo Đài" in flat(mail_to(stage.mails(LATER), MONITOR))


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([(ActKind.EXTENSION_ASKED, "2015-04-25T03:00")], id="only asked for"),
        pytest.param([(ActKind.EXPLAINED, "2015-04-24T03:00")], id="known to the night"),
        pytest.param(
            [(ActKind.EXPLAINED, "2015-04-25T03:00"), (ActKind.TAKEN_BACK, "2015-04-25T04:00")], id="taken back"
        ),
        pytest.param(
            [(ActKind.DECLARED, "2015-04-25T03:00"), (ActKind.TAKEN_BACK, "2015-04-25T04:00")],
            id="declared and taken back",
        ),
    ],
)
def test_what_postpones_nothing_changes_no_letter(
    database: Engine, sink: Mailsink, said: list[tuple[ActKind, str]]
) -> None:
    """A request, what the night knew, what holds no longer."""
    stage = Stage.set(database, sink)
    stage.judged(Night(NIGHT, steps.cutoff_of(NIGHT)))
    stage.delivered(NIGHT)
    for kind, when in said:
        if when < "2015-04-25":
            says(stage, kind, when)
    stage.judged(Night(LATER, steps.cutoff_of(LATER)))
    for kind, when in said:
        if when >= "2015-04-25":
            says(stage, kind, when, about=1 if kind is ActKind.TAKEN_BACK else None)
    assert stage.delivered(LATER).answered == 0


def test_a_second_explanation_keeps_no_letter_back(database: Engine, sink: Mailsink) -> None:
    """The first promise is broken, the letter says so, and before it leaves another is made (decision 0066)."""
    stage = Stage.set(database, sink)
    stage.judged(Night(NIGHT, steps.cutoff_of(NIGHT)))
    stage.delivered(NIGHT)
    says(stage, ActKind.EXPLAINED, "2015-04-21T03:00", promised=date(2015, 4, 24))
    stage.judged(Night(LATER, steps.cutoff_of(LATER)))
    says(stage, ActKind.EXPLAINED, "2015-04-25T03:00")
    assert stage.delivered(LATER).answered == 0
    assert BOX in to(stage.mails(LATER))


def test_what_was_granted_by_the_very_cut_off_is_in_the_letter_and_nothing_since(
    database: Engine, sink: Mailsink
) -> None:
    """Recorded at 02:00: the night knows of it, and its letter leaves as it is."""
    stage = Stage.set(database, sink)
    stage.judged(Night(NIGHT, steps.cutoff_of(NIGHT)))
    stage.delivered(NIGHT)
    says(stage, ActKind.EXTENSION_GRANTED, "2015-04-25T02:00", DISTRICT)
    stage.judged(Night(LATER, steps.cutoff_of(LATER)))
    stage.delivered(LATER)
    letter = mail_to(stage.mails(LATER), BOX)
    assert letter.subject.startswith("Gia hạn đến 08/05/2015")
    assert not flat(letter).startswith("Sau khi lập thư này")
    assert untold(stage) == set()
