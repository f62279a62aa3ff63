"""What is waived between the night and its delivery: nobody is urged to do what may wait."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Waiver
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.flows.scheduler import direct
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.letter.build import due_from
from tests.support.ready_databases import upgrade
from tests.support.story_stage import Stage, flat, hand_in, mail_to, to
from tests.support.town import ROOT

REPORT, BAO_DAI = "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai"
BOX, COMMITTEE, MONITOR = "ubnd.baodai.lucnam", "danguy.baodai.lucnam", "phongldtbxh.lucnam"
# Saturday 25/4/2015 is worked.
NIGHT, LATER = date(2015, 4, 20), date(2015, 4, 25)
WORDS = Text("Lý do bịa để thử", "A reason invented for a test")


def waiver(first: date, until: date, unit: str = BAO_DAI, rule: str = REPORT) -> Waiver:
    """A waiver granted by the district; reason and basis are invented."""
    return Waiver(rule, unit, "ln.ubnd_huyen", WORDS, WORDS, first, until, "waivers.yaml:3:5")


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """The example units and facts."""
    return Stage.set(database, sink)


def judged(stage: Stage, night: date) -> None:
    """A night without its delivery."""
    stage.judged(Night(night, steps.cutoff_of(night)))


def units_told(stage: Stage, night: date, box: str) -> set[str]:
    """The units whose demands the letter of a night to a mailbox tells of."""
    with reading(stage.engine) as conn:
        mine = t.letter.c.night == night, t.letter.c.recipient.startswith(box)
        letters = select(t.letter.c.id).where(*mine)
        about = select(t.notice.c.task_id).where(t.notice.c.letter.in_(letters))
        told = select(t.unit.c.id).join(t.task, t.task.c.unit_no == t.unit.c.no)
        return set(conn.scalars(told.where(t.task.c.id.in_(about))))


def grant(stage: Stage, *waivers: Waiver) -> None:
    """These waivers, and no others, are in the rule files from now on."""
    stage.book = replace(stage.book, waivers=waivers)


def untold(stage: Stage, night: date) -> set[str]:
    """The readers whose notices of a night are retracted."""
    with reading(stage.engine) as conn:
        mine = t.notice.c.night == night, t.notice.c.untold_on.is_not(None)
        return set(conn.scalars(select(t.unit.c.id).join(t.notice).where(*mine)))


def test_a_letter_whose_only_matter_was_waived_is_withdrawn(stage: Stage) -> None:
    """Granted in the morning: it never leaves, nobody counts as told, and after the waiver the case is new."""
    judged(stage, NIGHT)
    grant(stage, waiver(NIGHT, date(2015, 5, 15)))
    report = stage.delivered(NIGHT)
    assert report.answered == 1
    assert BOX not in to(stage.mails(NIGHT))
    assert untold(stage, NIGHT) == {BAO_DAI}
    assert BOX not in to(stage.night("2015-04-21"))
    assert mail_to(stage.night("2015-05-18"), BOX).subject.startswith("Đôn đốc lần 1")


def test_a_letter_of_which_a_part_was_waived_says_so_first(stage: Stage) -> None:
    """The monitor's letter of seven communes: the same, and on top whose matter may wait, by its case."""
    judged(stage, NIGHT)
    stage.delivered(NIGHT)
    judged(stage, LATER)
    grant(stage, waiver(LATER, date(2015, 5, 15)))
    report = stage.delivered(LATER)
    assert report.answered == 3, "the commune's, its party committee's and the monitor's"
    assert not {BOX, COMMITTEE} & to(stage.mails(LATER))
    mail = mail_to(stage.mails(LATER), MONITOR)
    assert flat(mail).startswith(
        "Sau khi lập thư này, đến 06:30 ngày 25/04/2015, đã được tạm miễn: UBND xã Bảo Đài (LN15-0001), đến hết "
        "ngày 15/05/2015. Những mục đó trong thư chưa phải thực hiện trong thời gian được miễn."
    )
    assert untold(stage, LATER) == {BAO_DAI, "ln.dang_uy_xa.bao_dai"}
    # Those who knew of the case are told of the waiver by the next night; the committee heard of neither.
    granted = stage.night("2015-04-27")
    assert {BOX, MONITOR} <= to(granted)
    assert COMMITTEE not in to(granted)


def test_one_answered_and_the_others_waived_leave_nothing_to_urge(stage: Stage) -> None:
    """The monitor's letter is emptied by both."""
    judged(stage, NIGHT)
    stage.delivered(NIGHT)
    judged(stage, LATER)
    first, *others = sorted(units_told(stage, LATER, MONITOR))
    grant(stage, *(waiver(LATER, date(2015, 5, 15), unit) for unit in others))
    hand_in(stage.engine, due_from(LATER) - timedelta(hours=3), unit=first)
    stage.delivered(LATER)
    assert MONITOR not in to(stage.mails(LATER))


def test_a_month_that_is_waived_as_a_whole_is_no_longer_claimed(stage: Stage) -> None:
    """Missed in July and waived for it on 1 August: the waiver is over, and so is the demand."""
    night, rule, centre = date(2019, 8, 1), "1179-cv-hu/monthly-broadcast", "tmr.tt_vh_tt_dl_tt"
    judged(stage, night)
    assert centre not in untold(stage, night)
    grant(stage, waiver(date(2019, 7, 1), date(2019, 7, 31), centre, rule))
    assert stage.delivered(night).answered > 0
    assert centre in untold(stage, night)


def test_a_letter_that_tells_of_a_waiver_itself_leaves(stage: Stage) -> None:
    """The night knew of it; only when it was prolonged since is what the letter says no longer so."""
    stage.night("2015-04-20")
    grant(stage, waiver(date(2015, 4, 21), date(2015, 5, 15)))
    assert mail_to(stage.night("2015-04-21"), BOX).subject.startswith("Tạm dừng nhắc đến 15/05/2015")
    end = date(2015, 5, 8)
    judged(stage, end)
    grant(stage, waiver(date(2015, 4, 21), date(2015, 5, 29)))
    assert stage.delivered(end).answered == 1
    assert BOX not in to(stage.mails(end))


def test_what_begins_tomorrow_holds_no_letter_back_today(stage: Stage) -> None:
    """A waiver counts from its first day on."""
    judged(stage, NIGHT)
    grant(stage, waiver(NIGHT + timedelta(days=1), date(2015, 5, 15)))
    assert stage.delivered(NIGHT).answered == 0
    assert BOX in to(stage.mails(NIGHT))


WAIVERS = """\
version: 1
waivers:
  - rule: 279-ubnd-ldtbxh/report-round-1
    unit: ln.ubnd_xa.bao_dai
    granted_by: ln.ubnd_huyen
    reason: {vi: Lý do bịa để thử, en: A reason invented for a test}
    legal_basis: {vi: Văn bản bịa để thử, en: A text invented for a test}
    from: 2015-04-20
    until: 2015-05-15
"""


@pytest.mark.parametrize(("broken", "withdrawn"), [(False, 1), (True, 0)], ids=["sound rules", "a broken rule"])
def test_a_delivery_reads_the_waivers_of_the_rule_files(
    sink: Mailsink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, broken: bool, withdrawn: int
) -> None:
    """As they are at its start; while a rule is being corrected letters leave as their night wrote them."""
    engine = connect(f"sqlite:///{tmp_path / 'dondoc.db'}")
    upgrade(engine)
    stage = Stage.set(engine, sink)
    judged(stage, NIGHT)
    folder = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", folder)
    (folder / "waivers.yaml").write_text(WAIVERS, "utf-8")
    if broken:
        (folder / "luc-nam" / "279-ubnd-ldtbxh.yaml").write_text("version: 1\n", "utf-8")
    service = {
        "DATABASE": str(engine.url),
        "RULES": str(folder),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(sink.port),
        "SMTP_TLS": "plain",
    }
    for name, value in service.items():
        monkeypatch.setenv(f"DONDOC_{name}", value)
    report = direct.deliver(lambda: due_from(NIGHT))
    assert report.answered == withdrawn
    assert (BOX in to(stage.mails(NIGHT))) is broken
