"""A source that falls silent while a limit passes: nobody is accused, nobody is cleared, the operator is told."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from dondoc.engine.domain.data_sources import Address, DataSource, Patience, Queries
from dondoc.engine.domain.mail_policy import Brake
from dondoc.engine.domain.model import ZONE, Text
from dondoc.engine.domain.terms import NightState, SheetKind, SourceKind
from dondoc.engine.explain.reasons import Why
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading, writing
from dondoc.engine.store.db.schema_version import create_tables
from dondoc.engine.store.db.tables import event
from dondoc.engine.store.intake.pulls import Pull, record, stale_on
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.data.importer import bring_in
from dondoc.flows.explain import account_text
from dondoc.flows.explain.account import explain
from dondoc.flows.explain.night_view import night_view
from dondoc.flows.explain.why_not import why_not
from dondoc.flows.night import steps
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.story_stage import Mail, Stage, flat, mail_to, to
from tests.support.town import EXAMPLES, Town, rules

REPORT, BAO_DAI = "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai"
SELECT = "select ref, unit, report, submitted_on, document, recorded_at from reports"
OPERATOR = "vanhanh"
LATE = ("bao_dai", "binh_son", "cam_ly", "dan_hoi", "huyen_son", "luc_son", "truong_son", "vo_tranh")


def province(brings: frozenset[str] | None = None, *within: str) -> DataSource:
    """The system that the communes report to; it may be silent for one working day."""
    origin = Queries(Address("SOURCE", None), {SheetKind.SUBMISSIONS: SELECT}, 60)
    news = {SourceKind.REPORTS: brings}
    return DataSource(
        "province",
        Text("Tỉnh", "Province"),
        origin,
        Patience(1, True),
        "vn",
        None,
        news,
        "s:3:3",
        frozenset(within),
    )


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """The example units; what the communes of Lục Nam reported stands in the other system alone."""
    stage = Stage.set(database, sink, examples=False)
    stage.book = replace(stage.book, sources=(province(),))
    return stage


def other_system(file: Path, at: datetime) -> None:
    """The province's own database, with the example reports that were entered there by then."""
    file.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as conn:
        conn.execute("create table reports (ref, unit, report, submitted_on, document, recorded_at, task)")
        for line in (EXAMPLES / "submissions.csv").read_text("utf-8").splitlines()[1:]:
            cells = line.split(",")
            if cells[5] <= f"{at:%Y-%m-%dT%H:%M}":
                conn.execute("insert into reports values (?, ?, ?, ?, ?, ?, ?)", cells)
        conn.commit()


def pulls(stage: Stage, day: str, *, away: bool = False) -> None:
    """The pull at the start of a night; the other system may be away."""
    at = datetime.combine(date.fromisoformat(day), time(2), ZONE) + timedelta(seconds=9)
    file = stage.sink.folder.parent / "source.db"
    other_system(file, at)
    where = f"sqlite:///{file}.gone" if away else f"sqlite:///{file}"
    steps.pull(stage.engine, stage.book, {"SOURCE": where}, lambda: at)


def night(stage: Stage, day: str, *, away: bool = False) -> list[Mail]:
    """One night with its pull."""
    pulls(stage, day, away=away)
    return stage.night(day)


def state(stage: Stage, day: str) -> NightState:
    """How a night ended."""
    return stage.reports[date.fromisoformat(day)].state


def cases(stage: Stage) -> dict[str, tuple[int, str]]:
    """By its unit, the step and status of every case."""
    query = select(t.unit.c.id, t.case_file.c.reached, t.case_file.c.status).select_from(
        t.case_file.join(t.task, t.task.c.id == t.case_file.c.task_id).join(
            t.unit, t.unit.c.no == t.task.c.unit_no
        )
    )
    with reading(stage.engine) as conn:
        return {row.id: (row.reached, row.status.value) for row in conn.execute(query)}


def test_nobody_is_accused_while_a_limit_passes_in_silence(stage: Stage) -> None:
    """Heard on Thursday 16/4, then away over the limit of 19/4 until 23/4.

    Of the 12 communes of which nothing was known, three had reported on 16 and 17/4, in time, and one on 20/4:
    none of them ever hears of it. The other eight are then late as by the date.
    """
    night(stage, "2015-04-16")
    assert state(stage, "2015-04-16") is NightState.OK
    friday = night(stage, "2015-04-17", away=True)
    assert state(stage, "2015-04-17") is NightState.DEGRADED
    assert "ubnd.baodai.lucnam" in to(friday), "still fresh: the reminder of one working day leaves"
    for day in ("2015-04-18", "2015-04-19"):
        assert to(night(stage, day, away=True)) == set()
    for day in ("2015-04-20", "2015-04-21", "2015-04-22"):
        mails = night(stage, day, away=True)
        assert to(mails) == set()
        assert cases(stage) == {}
        said = flat(mail_to(mails, OPERATOR))
        assert "Nguồn «Tỉnh» (province) im lặng từ 02 giờ 00 ngày 16/04/2015, quá mức cho phép" in said
        assert (
            "thiếu dữ liệu của nguồn này không tính là quá hạn hay chưa đạt; 12 việc chưa kết luận vì thế" in said
        )
        assert "dondoc pull" in said
        assert state(stage, day) is NightState.DEGRADED
        with reading(stage.engine) as conn:
            assert stale_on(conn, date.fromisoformat(day)) == {"province"}
    back = night(stage, "2015-04-23")
    assert state(stage, "2015-04-23") is NightState.OK
    assert set(cases(stage)) == {f"ln.ubnd_xa.{name}" for name in LATE}
    assert {box for box in to(back) if box.startswith("ubnd.")} >= {"ubnd.baodai.lucnam", "ubnd.binhson.lucnam"}
    assert not {"ubnd.dongphu.lucnam", "ubnd.khamlang.lucnam", "ubnd.yenson.lucnam", "ubnd.baoson.lucnam"} & to(
        back
    )


def test_what_stood_before_stands_still_and_climbs_by_date_when_the_source_is_back(stage: Stage) -> None:
    """Opened on 20/4, silent from 21/4 over step 2 of 25/4: no step, no letter; then as by the date."""
    for day in ("2015-04-16", "2015-04-17", "2015-04-20"):
        night(stage, day)
    before = cases(stage)
    assert before[BAO_DAI] == (1, "open")
    assert len(before) == 9
    for day in range(21, 29):
        mails = night(stage, f"2015-04-{day}", away=True)
        if day >= 22:
            assert to(mails) == set()
            assert cases(stage) == before
    back = night(stage, "2015-05-04")
    assert cases(stage)[BAO_DAI] == (2, "open")
    assert {"ubnd.baodai.lucnam", "phongldtbxh.lucnam", "danguy.baodai.lucnam"} <= to(back)


def test_a_case_that_nobody_was_told_of_yet_waits_with_its_letter(stage: Stage) -> None:
    """Opened on a night that told nobody; the next nights are silent, and the letter leaves when they are over."""
    night(stage, "2015-04-16")
    pulls(stage, "2015-04-20")
    stage.judged(Night(date(2015, 4, 20), steps.cutoff_of(date(2015, 4, 20)), notifying=False))
    assert len(cases(stage)) == 9
    assert to(night(stage, "2015-04-22", away=True)) == set()
    assert "ubnd.baodai.lucnam" in to(night(stage, "2015-04-23"))


def test_a_report_that_is_there_settles_its_case_whoever_is_silent(stage: Stage) -> None:
    """Facts that came by another way count: the office that was told hears that it is done."""
    for day in ("2015-04-16", "2015-04-17", "2015-04-20"):
        night(stage, day)
    for day in ("2015-04-21", "2015-04-22", "2015-04-23"):
        night(stage, day, away=True)
    Town(stage.engine, stage.book).submits(BAO_DAI, "child-protection", "2015-04-23")
    assert to(night(stage, "2015-04-24", away=True)) == {"ubnd.baodai.lucnam"}
    assert cases(stage)[BAO_DAI][1] == "closed"


def test_a_source_hides_only_the_words_it_feeds(stage: Stage) -> None:
    """One that feeds other reports is told of, and the communes are late as ever."""
    stage.book = replace(stage.book, sources=(province(frozenset({"child-forum"})),))
    night(stage, "2015-04-16")
    mails = night(stage, "2015-04-20", away=True)
    assert len(cases(stage)) == 12
    assert "im lặng từ" in flat(mail_to(mails, OPERATOR))


def test_a_source_hides_only_the_units_it_brings_facts_of(stage: Stage) -> None:
    """One of a single commune: that commune is not accused, and the eleven others are late as ever."""
    stage.book = replace(stage.book, sources=(province(None, BAO_DAI),))
    night(stage, "2015-04-16")
    mails = night(stage, "2015-04-20", away=True)
    assert len(cases(stage)) == 11
    assert BAO_DAI not in cases(stage)
    assert "01 việc chưa kết luận vì thế" in flat(mail_to(mails, OPERATOR))


def test_silence_and_failure_are_told_apart(stage: Stage) -> None:
    """A failure degrades the night at once, silence for too long hides what is missing, an event remembers it."""
    night(stage, "2015-04-16")
    mails = night(stage, "2015-04-17", away=True)
    assert "không lấy được đủ" in flat(mail_to(mails, OPERATOR))
    night(stage, "2015-04-20", away=True)
    with reading(stage.engine) as conn:
        events = conn.execute(select(event.c.night).where(event.c.kind == "source-stale")).scalars().all()
    assert events == [date(2015, 4, 20)]


def test_a_source_that_nobody_asks_any_more_degrades_the_night_too(stage: Stage) -> None:
    """No pull failed, for there was none: what is missing is hidden all the same, and the night is not whole."""
    night(stage, "2015-04-16")
    assert to(stage.night("2015-04-20")) == set()
    assert state(stage, "2015-04-20") is NightState.DEGRADED


def test_why_nobody_heard_is_that_the_source_was_silent(stage: Stage) -> None:
    """Asked long after, when it is back: of a case that stands still, and of a demand that has none yet."""
    night(stage, "2015-04-16")
    night(stage, "2015-04-20", away=True)
    night(stage, "2015-04-23")
    code = "LN15-0001"
    night(stage, "2015-04-27", away=True)
    with reading(stage.engine) as conn:
        for day, whys in (("2015-04-20", Why.UNHEARD), ("2015-04-23", Why.TOLD), ("2015-04-27", Why.UNHEARD)):
            with night_view(conn, stage.book, date.fromisoformat(day)) as seen:
                assert [line.reason.why for line in why_not(seen, BAO_DAI, REPORT).lines] == [whys]
        with night_view(conn, stage.book, date(2015, 4, 27)) as seen:
            said = "\n".join(line.vi for line in account_text.lines(explain(seen, code), seen))
    assert "chưa thấy không phải là chưa làm" in said
    assert "bước 1" in said


NIGHTS = tuple(
    date.fromisoformat(f"2015-{day}")
    for day in ("04-16", "04-17", "04-18", "04-20", "04-21", "04-25", "05-04", "05-07", "05-08", "05-21", "05-22")
)


@pytest.mark.long
@settings(max_examples=8, deadline=None, phases=[Phase.generate])
@given(st.sets(st.sampled_from(NIGHTS[:-1])))
def test_after_any_silence_open_cases_stand_where_they_would_have_stood(silent: set[date]) -> None:
    """Whatever nights heard nothing: once the source is back, status, step and breach are those of the dates.

    And nobody was told who would not have been told otherwise.
    """
    played = {heard: passed(frozenset() if heard else frozenset(silent)) for heard in (True, False)}
    (cases_heard, told_heard), (cases_silent, told_silent) = played[True], played[False]
    assert cases_silent == cases_heard
    assert told_silent <= told_heard


def passed(silent: frozenset[date]) -> tuple[set[tuple[object, ...]], set[tuple[int, str]]]:
    """The open cases after all nights, and who was told of which unit; the example facts, in memory."""
    engine = connect("sqlite://")
    create_tables(engine)
    book = replace(rules(), sources=(replace(province(), patience=Patience(1, in_workdays=False)),))
    bring_in(engine, EXAMPLES, datetime(2030, 1, 1, tzinfo=ZONE))
    for day in NIGHTS:
        if day not in silent:
            with writing(engine) as conn:
                record(conn, Pull("province", steps.cutoff_of(day), added=1))
        steps.judge_night(engine, book, Night(day, steps.cutoff_of(day)))
    case, task, notice = t.case_file.c, t.task.c, t.notice.c
    joined = t.case_file.join(t.task, task.id == case.task_id)
    with reading(engine) as conn:
        open_ = select(task.rule_no, task.unit_no, task.subject, case.status, case.reached, case.breach)
        cases = {tuple(row) for row in conn.execute(open_.select_from(joined).where(case.status != "closed"))}
        about = select(notice.reader_no, task.unit_no).join(t.task, task.id == notice.task_id)
        notified = {tuple(row) for row in conn.execute(about.where(notice.case_id.is_not(None)))}
    engine.dispose()
    return cases, notified


def test_missed_nights_hear_what_came_meanwhile(stage: Stage) -> None:
    """Down from 17/4 to 22/4; the pull of 23/4 speaks for the nights before it, by the source's own times."""
    night(stage, "2015-04-16")
    pulls(stage, "2015-04-23")
    planned = steps.plan_nights(stage.engine, date(2015, 4, 23))
    assert isinstance(planned, tuple)
    reports = [stage.judged(one) for one in planned]
    assert [report.state for report in reports] == [NightState.OK] * 7
    assert reports[3].counts["opened"] == 9


def test_the_brake_holds_a_night_of_too_many_silent_sources(stage: Stage) -> None:
    """Other letters of such a night wait for the operator."""
    other = replace(province(frozenset({"child-forum"})), id="other")
    for limit, wanted in ((2, NightState.DEGRADED), (1, NightState.HELD)):
        mail = replace(stage.book.mail, brake=Brake(stale_sources=limit))
        stage.book = replace(stage.book, mail=mail, sources=(replace(other, id="one"), replace(other, id="two")))
        day = "2015-04-20" if limit == 2 else "2015-04-25"
        steps.pull(stage.engine, stage.book, {}, lambda: datetime(2015, 4, 20, tzinfo=ZONE))
        report = stage.judged(steps.plan_nights(stage.engine, date.fromisoformat(day), catch_up=False)[-1])  # type: ignore[index]
        assert report.state is wanted
        assert ("mức phanh 1" in " ".join(report.lines)) is (wanted is NightState.HELD)
