"""Communes of 279/UBND-LĐTBXH that are waived for some weeks of 2015: what is told when, on whose letter."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Waiver
from dondoc.engine.domain.terms import Section
from dondoc.engine.rulefile import load
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night import nights, tasks
from dondoc.engine.store.night.cases import retract
from dondoc.engine.store.night.waiver_use import used
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.explain_helpers import nights_of, why_not_text
from tests.support.story_stage import Stage, flat, mail_to, to
from tests.support.town import ROOT, Town, only, rules

REPORT, BAO_DAI = "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai"
BAO_SON = "ln.ubnd_xa.bao_son"
BOX, MONITOR, COMMITTEE = "ubnd.baodai.lucnam", "phongldtbxh.lucnam", "danguy.baodai.lucnam"
LAST = date(2015, 5, 15)


def waiver(first: date, until: date = LAST, unit: str = BAO_DAI) -> Waiver:
    """A waiver granted by the district; reason and basis are invented."""
    reason = Text("Khắc phục hậu quả mưa lũ (ví dụ).", "Flood damage (an example).")
    basis = Text("Công văn số 300/UBND-VP (ví dụ)", "Official letter 300/UBND-VP (an example)")
    return Waiver(REPORT, unit, "ln.ubnd_huyen", reason, basis, first, until, "waivers.yaml:3:5")


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """The example units and facts."""
    return Stage.set(database, sink)


def notified(stage: Stage, first: str, last: str, box: str) -> dict[str, str]:
    """Every letter to a mailbox between two nights, by its night: the subject."""
    return {
        day.isoformat(): mail_to(mails, box).subject
        for day, mails in stage.nights(first, last).items()
        if box in to(mails)
    }


def test_waived_from_the_breach_on(stage: Stage) -> None:
    """Silent from 20/4 to 15/5 but for the end, announced on 8/5; then told as new, with its full five days."""
    stage.book = replace(stage.book, waivers=(waiver(date(2015, 4, 20)),))
    stage.night("2015-04-17")
    about = "báo cáo công tác trẻ em đợt 1 năm 2015"
    assert notified(stage, "2015-04-20", "2015-05-25", BOX) == {
        "2015-05-08": f"Sắp hết thời gian tạm dừng nhắc (15/05/2015): {about} – thư ngày 08/05/2015 [LN15-0001]",
        "2015-05-18": f"Đôn đốc lần 1: UBND xã Bảo Đài chưa được ghi nhận {about} [LN15-0001]",
        "2015-05-25": f"Đôn đốc lần 2: {about} quá hạn 23 ngày làm việc [LN15-0001]",
    }
    first = flat(mail_to(stage.mails(date(2015, 5, 18)), BOX))
    assert "== MỚI ==" in first
    assert "Hệ thống chưa ghi nhận báo cáo công tác trẻ em đợt 1 năm 2015, quá hạn 18 ngày làm việc." in first
    assert "Tạm dừng nhắc: từ ngày 20/04/2015 đến hết ngày 15/05/2015, do UBND huyện Lục Nam cho phép" in first
    assert "các ngày này không tính vào bước đôn đốc" in first


def test_waived_after_two_steps(stage: Stage) -> None:
    """Whoever knew is told once with office and basis; counts name the waived ones apart; steps go on later."""
    stage.book = replace(stage.book, waivers=(waiver(date(2015, 4, 27)),))
    for day in ("2015-04-20", "2015-04-25"):
        stage.night(day)
    granted = stage.night("2015-04-27")
    assert {BOX, MONITOR, COMMITTEE} <= to(granted)
    for box in (BOX, MONITOR, COMMITTEE):
        letter = mail_to(granted, box)
        assert letter.subject.startswith("Tạm dừng nhắc đến 15/05/2015")
        assert "do UBND huyện Lục Nam cho phép; căn cứ: Công văn số 300/UBND-VP (ví dụ)" in flat(letter)
        assert "Tạm dừng nhắc đến 15/05 (quá hạn 07 ngày làm việc)" in flat(letter)
    counts = flat(mail_to(granted, MONITOR))
    assert "23 việc của 24 xã, thị trấn" in counts
    assert "ngoài ra tạm dừng nhắc 01 việc" in counts
    assert "Chưa hoàn thành quá hạn 06" in counts
    rest = {
        day: stage.night(day) for day in ("2015-04-28", "2015-05-08", "2015-05-18", "2015-05-21", "2015-05-22")
    }
    assert [day for day, mails in rest.items() if BOX in to(mails)] == ["2015-05-08", "2015-05-22"]
    third = flat(mail_to(rest["2015-05-22"], "ubnd.lucnam"))
    assert "Bảo Đài" in third


def test_every_night_of_a_waived_case_passes_its_audit(stage: Stage) -> None:
    """No case is without a next date, no reader told without a letter: every night is whole."""
    stage.book = replace(
        stage.book, waivers=(waiver(date(2015, 4, 18)), waiver(date(2015, 5, 16), date(2015, 5, 31)))
    )
    for day in ("04-18", "04-20", "05-08", "05-15", "05-16", "05-22", "05-29", "05-31", "06-01"):
        stage.night(f"2015-{day}")
    assert {report.state for report in stage.reports.values()} == {"ok"}


def town(*waivers: Waiver) -> Town:
    """The example units, round 1 alone, without mailboxes."""
    book = rules()
    return Town.founded(replace(book, rules={REPORT: book.rules[REPORT]}, waivers=waivers), mailboxes=False)


def test_a_letter_that_never_left_is_told_again() -> None:
    """A granting that was dropped or has expired is owed again, like any other news (decision 46)."""
    lucnam = town(waiver(date(2015, 4, 21)))
    lucnam.nights(date(2015, 4, 20), date(2015, 4, 21))
    assert lucnam.notices_of(REPORT, BAO_DAI, date(2015, 4, 21)) == {(BAO_DAI, "responsible", Section.STILL)}
    with audited(lucnam.engine) as tx:
        letter = tx.conn.scalar(select(t.notice.c.letter).where(t.notice.c.waived_until.is_not(None)))
        assert letter is not None
        retract(tx, letter, date(2015, 4, 21))
    lucnam.night(date(2015, 4, 22))
    assert lucnam.notices_of(REPORT, BAO_DAI, date(2015, 4, 22)) == {(BAO_DAI, "responsible", Section.STILL)}
    lucnam.night(date(2015, 4, 23))
    assert lucnam.notices_of(REPORT, BAO_DAI, date(2015, 4, 23)) == set()


def test_of_good_news_only_the_letter_that_never_left_is_owed_again() -> None:
    """Three offices knew of the case; the two whose letters arrived do not hear twice that it is done."""
    lucnam = town()
    nights_of(lucnam, "2015-04-20", "2015-04-27")
    lucnam.submits(BAO_DAI, "child-protection", "2015-04-27")
    # Holidays until then.
    nights_of(lucnam, "2015-05-04", "2015-05-04")
    assert len(lucnam.notices_of(REPORT, BAO_DAI, date(2015, 5, 4))) == 3
    told = t.notice.join(t.unit, t.unit.c.no == t.notice.c.reader_no)
    good_news = t.notice.c.section == Section.RESOLVED, t.unit.c.id == BAO_DAI
    with audited(lucnam.engine) as tx:
        letter = tx.conn.scalars(select(t.notice.c.letter).select_from(told).where(*good_news)).one()
        retract(tx, letter, date(2015, 5, 4))
    nights_of(lucnam, "2015-05-05", "2015-05-05")
    assert lucnam.notices_of(REPORT, BAO_DAI, date(2015, 5, 5)) == {(BAO_DAI, "responsible", Section.RESOLVED)}


def test_how_often_a_waiver_was_used_is_counted_from_the_log(stage: Stage) -> None:
    """Cases it held, and judged nights on which it held one; a report that comes in ends its use.

    A waiver of one night is used on that night.
    """
    both = waiver(date(2015, 4, 25)), waiver(date(2015, 4, 25), unit="ln.ubnd_xa.cam_ly")
    one_night = waiver(date(2015, 4, 27), date(2015, 4, 27), unit="ln.ubnd_xa.vo_tranh")
    granted = (*both, one_night, waiver(date(2015, 6, 1), date(2015, 6, 30)))
    stage.book = replace(stage.book, waivers=granted)
    for day in (24, 25, 26, 27, 28, 29):
        stage.night(f"2015-04-{day}")
    with reading(stage.engine) as conn:
        names = nights.names_of(conn, tasks.stored_rules(conn))
        counted = used(conn, granted, names)
    # What Cẩm Lý sent is known on the night of 28/4.
    assert [(one.cases, one.nights) for one in counted] == [(1, 5), (1, 3), (1, 1), (0, 0)]


def test_the_same_nights_without_the_waiver_tell_more_and_earlier() -> None:
    """What a waiver changes is only when; without it the same readers hear."""
    last = date(2015, 6, 10)
    free, held = town(), town(waiver(date(2015, 4, 27)))
    for one in (free, held):
        one.nights(date(2015, 4, 20), last)

    def first_heard(lucnam: Town) -> dict[str, date]:
        found: dict[str, date] = {}
        for night, notice in lucnam.notified:
            if notice.finding.task.unit == BAO_DAI and notice.waived_until is None:
                found.setdefault(notice.reader, night)
        return found

    without, under = first_heard(free), first_heard(held)
    assert set(without) == set(under)
    assert all(without[reader] <= under[reader] for reader in under)
    assert without["ln.huyen_uy"] < under["ln.huyen_uy"]


def test_everything_of_an_office_is_waived_by_one_entry(tmp_path: Path) -> None:
    """`rules: all` for a commune: it is quiet, the others are not, and the log and `why-not` say why."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    (tmp_path / "rules" / "waivers.yaml").write_text(
        f"version: 1\nwaivers:\n  - rules: all\n    unit: {BAO_DAI}\n    granted_by: ln.ubnd_huyen\n"
        "    reason: {vi: Lũ (ví dụ), en: A flood (an example)}\n"
        "    legal_basis: {vi: Công văn số 300/UBND-VP (ví dụ), en: Letter 300/UBND-VP (an example)}\n"
        "    from: 2015-04-13\n    until: 2015-05-15\n",
        "utf-8",
    )
    book = load(tmp_path / "rules")
    assert {waiver.rule.partition("/")[0] for waiver in book.waivers} == {"279-ubnd-ldtbxh"}
    town = Town.founded(replace(only(book, REPORT), waivers=book.waivers))
    nights_of(town, "2015-04-20", "2015-04-25")
    about = {unit: town.notices_of(REPORT, unit, date(2015, 4, 25)) for unit in (BAO_DAI, BAO_SON)}
    assert (bool(about[BAO_DAI]), bool(about[BAO_SON])) == (False, True)
    assert "theo dõi tiếp từ đêm 18/05/2015" in why_not_text(town, BAO_DAI, "2015-04-25")
    with reading(town.engine) as conn:
        kinds = set(conn.scalars(select(t.event.c.kind).where(t.event.c.kind.in_(("waiver-seen", "case-waived")))))
    assert kinds == {"waiver-seen", "case-waived"}
