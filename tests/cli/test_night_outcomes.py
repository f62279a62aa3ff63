"""What a night looks after when it is over: missed nights, cases without a date, letters without an end."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from dondoc.engine.domain.rulebook import Waiver
from dondoc.engine.domain.terms import LetterState
from dondoc.engine.errors import EngineFault
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.db.tables import event, letter
from dondoc.engine.store.matching.evaluate import Decisions, Fault
from dondoc.engine.store.night import cases, derived
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.flows.night.report import NightReport
from dondoc.flows.night.self_audit import audit
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.letter.operator_letter import OFFICE
from tests.support.story_stage import Stage, mail_to, to
from tests.support.town import Town, only, rules
from tests.support.worlds import WORDS

FIRST = date(2015, 4, 20)


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """One night passed: cases stand open, and its letters have arrived."""
    stage = Stage.set(database, sink)
    stage.night(FIRST.isoformat())
    return stage


def planned(stage: Stage, after: int) -> tuple[Night, ...]:
    """What would be judged so many days after the first night."""
    found = steps.plan_nights(stage.engine, FIRST + timedelta(days=after))
    assert not isinstance(found, NightReport)
    return found


@pytest.mark.parametrize(
    ("after", "judged", "skipped"),
    [(1, 1, 0), (2, 2, 0), (32, 32, 0), (33, 1, 32), (400, 1, 399)],
    ids=["none missed", "one missed", "31 missed", "32 missed", "a year missed"],
)
def test_missed_nights_are_judged_up_to_thirty_one(stage: Stage, after: int, judged: int, skipped: int) -> None:
    """Beyond, only the last night is judged, and it knows how many were skipped (decision 28)."""
    nights = planned(stage, after)
    assert (len(nights), nights[-1].skipped) == (judged, skipped)
    assert [night.notifying for night in nights] == [False] * (judged - 1) + [True]


def test_skipped_nights_leave_an_event_and_a_line_and_their_letters_wait(stage: Stage) -> None:
    """The log says how many; the operator is asked whether the service was down or the clock is ahead."""
    (night,) = planned(stage, 35)
    report = stage.judged(night)
    with reading(stage.engine) as conn:
        (said,) = conn.scalars(select(event.c.detail).where(event.c.kind == "nights-skipped"))
    assert json.loads(said) == {"nights": "34"}
    assert any(line.startswith("34 đêm đã lỡ, quá số đêm chạy bù") for line in report.lines)
    assert report.state == "held"
    assert any("đồng hồ của máy chạy trước" in line for line in report.lines)
    with reading(stage.engine) as conn:
        found = conn.execute(select(letter.c.office, letter.c.state).where(letter.c.night == night.as_of)).all()
    assert {state for office, state in found if office != OFFICE} == {LetterState.HELD}
    assert [state for office, state in found if office == OFFICE] == [LetterState.READY]


def test_a_good_night_leaves_nothing_astray(stage: Stage) -> None:
    """Every case has a date to come on, every reader a letter, every letter an end."""
    with reading(stage.engine) as conn:
        found = audit(conn, FIRST, steps.cutoff_of(FIRST + timedelta(days=1)))
    assert (found.cases, found.unlettered, found.letters) == ((), 0, ())


def test_a_case_without_a_date_is_named(stage: Stage) -> None:
    """A case that would be forgotten is a fault of the service."""
    with writing(stage.engine) as conn:
        conn.execute(update(t.case_file).where(t.case_file.c.code == "LN15-0003").values(next_on=None))
        conn.execute(update(t.case_file).where(t.case_file.c.code == "LN15-0004").values(next_on=FIRST))
        found = audit(conn, FIRST, steps.cutoff_of(FIRST))
    assert found.cases == ("LN15-0003", "LN15-0004")
    assert found.faulty


def test_a_reader_told_by_no_letter_is_counted(stage: Stage) -> None:
    """Nobody counts as told without a stored letter."""
    with writing(stage.engine) as conn:
        conn.execute(update(t.notice).where(t.notice.c.id == 1).values(letter="nowhere"))
        assert audit(conn, FIRST, steps.cutoff_of(FIRST)).unlettered == 1


@pytest.mark.parametrize(
    ("state", "listed"),
    [
        (LetterState.HELD, True),
        (LetterState.READY, True),
        (LetterState.LEASED, True),
        (LetterState.DATA_SENT, True),
        (LetterState.UNKNOWN, True),
        (LetterState.DEAD, True),
        (LetterState.SENT, False),
        (LetterState.EXPIRED, False),
        (LetterState.DROPPED, False),
    ],
)
def test_letters_of_earlier_nights_without_an_end_need_a_person(
    stage: Stage, state: LetterState, *, listed: bool
) -> None:
    """Each is a line with what to do; the night itself is whole."""
    with writing(stage.engine) as conn:
        conn.execute(update(letter).where(letter.c.office == "ln.ubnd_xa.bao_dai").values(state=state))
    (night,) = planned(stage, 1)
    report = stage.judged(night)
    assert any("ln.ubnd_xa.bao_dai đêm 20/04/2015" in line for line in report.lines) is listed
    assert report.state == "ok"


def test_a_second_pass_that_fails_stops_nothing_else(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Derived rules are not judged that night, the night is degraded, and everybody else hears as always."""

    def fails(*_: object) -> None:
        raise EngineFault("streaks", "a chunk of 3 facts was not read to its end")

    monkeypatch.setattr(derived, "of_derived", fails)
    (night,) = planned(stage, 1)
    report = stage.judged(night)
    assert report.state == "degraded"
    assert any("không đánh giá được các quy tắc suy ra (streaks)" in line for line in report.lines)
    assert (report.counts["closed"], report.counts["letters"]) == (1, 2)


def test_a_row_that_could_not_be_judged_is_logged_with_its_shape(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever reads the log finds the fact, whichever of thousands it is."""
    decide = steps.decide

    def with_a_fault(*given: Any, **more: Any) -> Decisions:
        decided = decide(*given, **more)
        decided.faults.append(Fault("overdue", 7, "not read to its end"))
        return decided

    monkeypatch.setattr(steps, "decide", with_a_fault)
    (night,) = planned(stage, 1)
    with caplog.at_level(logging.INFO, "dondoc"):
        stage.judged(night)
    (noted,) = [one for one in caplog.records if one.getMessage() == "fault"]
    assert vars(noted)["fields"] == {"shape": "overdue", "row": 7}


ABROAD = "ln.ubnd_xa.bao_dai"


def lives(stage: Stage, at: str) -> None:
    """The commune's mailbox is moved."""
    with writing(stage.engine) as conn:
        number = select(t.unit.c.no).where(t.unit.c.id == ABROAD).scalar_subquery()
        conn.execute(update(t.mailbox).where(t.mailbox.c.unit_no == number).values(address=at))


def test_a_letter_that_cannot_be_built_is_owed_again(database: Engine, sink: Mailsink) -> None:
    """Its mailbox is abroad: the night is degraded and says so, and the commune hears once that is corrected."""
    stage = Stage.set(database, sink)
    lives(stage, "baodai@elsewhere.example")
    first = stage.night(FIRST.isoformat())
    report = stage.reports[FIRST]
    assert report.state == "degraded"
    (said,) = [line for line in report.lines if line.startswith(f"thư gửi {ABROAD} không lập được")]
    assert "elsewhere.example" in said
    assert "ubnd.binhson.lucnam" in to(first)
    lives(stage, "ubnd.baodai.lucnam@example.vn")
    again = stage.night("2015-04-21")
    assert mail_to(again, "ubnd.baodai.lucnam").subject.startswith("Đôn đốc lần 1")
    assert stage.reports[FIRST + timedelta(days=1)].state == "ok"


def test_a_fault_that_the_night_finds_in_itself_degrades_it(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """No night of ours leaves a case without a date, so the store has to say that one did."""
    monkeypatch.setattr(cases, "stranded", lambda *_: ("LN15-0003",))
    (night,) = planned(stage, 1)
    report = stage.judged(night)
    assert report.state == "degraded"
    assert any(line.startswith("01 hồ sơ đang mở mà không có ngày xử lý tiếp: LN15-0003") for line in report.lines)


def test_the_operator_hears_of_cases_that_begin_to_wait_on_a_night_without_letters(
    database: Engine, sink: Mailsink
) -> None:
    """The commune ended on the day after its limit: nobody is told of the case, and somebody must say who is."""
    town = Town(database, only(rules(), "279-ubnd-ldtbxh/report-round-1")).founded_here()
    stage = Stage(database, sink, town.book)
    with reading(database) as conn:
        communes = conn.scalars(select(t.unit.c.id).where(t.unit.c.id.like("ln.ubnd_xa.%"))).all()
    for unit in communes:
        if unit != ABROAD:
            town.submits(unit, "child-protection", "2015-04-17")
    with writing(database) as conn:
        conn.execute(update(t.unit).where(t.unit.c.id == ABROAD).values(valid_to=FIRST))
    (mail,) = stage.night(FIRST.isoformat())
    assert mail.to.startswith("vanhanh@")
    assert "LN15-0001" in mail.text


def test_a_waiver_is_in_the_log_from_the_first_night_that_sees_it(stage: Stage) -> None:
    """Once, and again when it is changed: a file alone does not show since when it says so."""
    granted = Waiver(
        "279-ubnd-ldtbxh/report-round-1",
        ABROAD,
        "ln.ubnd_huyen",
        WORDS,
        WORDS,
        date(2015, 4, 25),
        date(2015, 5, 15),
        "waivers.yaml:3:5",
    )
    seen = []
    for after, waivers in (
        (1, ()),
        (2, (granted,)),
        (3, (granted,)),
        (4, (replace(granted, until=date(2015, 5, 20)),)),
    ):
        stage.book = replace(stage.book, waivers=waivers)
        (night,) = planned(stage, after)
        stage.judged(night)
        with reading(stage.engine) as conn:
            seen.append(
                list(
                    conn.scalars(select(event.c.night).where(event.c.kind.in_(("waiver-seen", "waiver-changed"))))
                )
            )
    assert seen == [[], [date(2015, 4, 22)], [date(2015, 4, 22)], [date(2015, 4, 22), date(2015, 4, 24)]]


def test_a_repeat_counts_as_a_climb_in_the_report(stage: Stage) -> None:
    """Four steps after the first, then a repeat: on each of these nights the same cases moved."""
    moved = []
    for _ in range(4):
        with reading(stage.engine) as conn:
            next_on = conn.scalars(select(t.case_file.c.next_on).where(t.case_file.c.code == "LN15-0001")).one()
        (night,) = [
            one for one in steps.plan_nights(stage.engine, next_on, catch_up=False) if isinstance(one, Night)
        ]
        moved.append(stage.judged(night).counts["climbed"])
    assert moved[0] > 0
    assert moved[3] == moved[2]
