"""A clock that is moved, back or forward, between plan and delivery and while letters are in hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.db.database import writing
from dondoc.flows.night import steps
from dondoc.flows.night.steps import NightRefused
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.outbox_bench import Bench
from tests.support.planned_letters import DUE
from tests.support.scripted_server import Scripted
from tests.support.story_stage import Stage, to

LEASE = timedelta(minutes=20)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def bench(database: Engine) -> Bench:
    """Three letters that are due, on SQLite and again on PostgreSQL."""
    bench = Bench(database)
    bench.plan(3)
    return bench


def test_moved_back_before_the_delivery(bench: Bench) -> None:
    """Not yet due: nothing leaves, and all of it when the clock has come so far."""
    bench.at = DUE - HOUR
    assert bench.run_against(Scripted()).sent == 0
    bench.at = DUE
    assert bench.run_against(Scripted()).sent == 3


def test_moved_back_after_the_delivery(bench: Bench) -> None:
    """The morning comes twice, the letters do not."""
    assert bench.run_against(Scripted()).sent == 3
    bench.at = DUE - HOUR
    assert bench.run_against(Scripted()).sent == 0
    bench.at = DUE
    assert bench.run_against(Scripted()).sent == 0


def test_moved_back_under_a_lease(bench: Bench) -> None:
    """A relay that died before the move: its letters come back by the new clock, late and once."""
    with writing(bench.engine) as conn:
        outbox.claim(conn, "killed", DUE, 3, LEASE)
    bench.at = DUE - HOUR
    assert bench.run_against(Scripted()).sent == 0
    bench.at = DUE + LEASE
    assert bench.run_against(Scripted()).sent == 3


@pytest.mark.parametrize("moved", [LEASE, 12 * HOUR], ids=["to the lease's end", "by half a day"])
def test_moved_forward_under_a_lease(bench: Bench, moved: timedelta) -> None:
    """Another relay takes the letters over: the first may not set its dot any more, and settles nothing."""
    with writing(bench.engine) as conn:
        before, dotted, _ = outbox.claim(conn, "first", DUE, 3, LEASE)
        assert outbox.mark_data_end(conn, dotted, DUE, LEASE)
    bench.at = DUE + moved
    report = bench.run_against(Scripted())
    assert (report.sent, report.unknown) == (2, 1)
    with writing(bench.engine) as conn:
        assert not outbox.mark_data_end(conn, before, DUE + moved, LEASE)
    assert bench.states() == {LetterState.SENT: 2, LetterState.UNKNOWN: 1}


def test_moved_forward_by_days_and_back_again(database: Engine, sink: Mailsink) -> None:
    """The letters have grown too old, their readers count as not told, and the next night tells them."""
    stage = Stage.set(database, sink)
    night = date(2015, 4, 20)
    planned = steps.plan_nights(database, night, catch_up=False)
    assert isinstance(planned, tuple)
    planned_letters = stage.judged(planned[-1]).counts["letters"]
    assert stage.delivered(night, after=3 * DAY).expired == planned_letters
    assert stage.delivered(night).sent == 0
    # Bảo Sơn has reported meanwhile.
    assert len(to(stage.night("2015-04-21"))) == planned_letters - 2


def test_moved_back_before_a_night(database: Engine, sink: Mailsink) -> None:
    """A night before the latest one is refused with its remedy; nothing is judged twice or in the wrong order."""
    Stage.set(database, sink).night("2015-04-20")
    with pytest.raises(NightRefused, match="trước đêm đã chạy gần nhất"):
        steps.plan_nights(database, date(2015, 4, 19))
