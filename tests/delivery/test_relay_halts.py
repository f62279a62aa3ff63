"""When a delivery stops early: nothing is lost, and the operator is told why."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.db.database import connect, reading, writing
from dondoc.engine.store.db.faults import DatabaseLocked
from dondoc.engine.store.db.tables import letter
from dondoc.notifications.delivery.relay import Halt
from dondoc.notifications.delivery.smtp_settings import Tls
from tests.support.outbox_bench import LOCAL, Bench
from tests.support.planned_letters import DUE
from tests.support.scripted_server import SILENCE, Scripted


@pytest.fixture
def bench(database: Engine) -> Bench:
    """On SQLite, and again on PostgreSQL."""
    return Bench(database)


def test_a_server_that_is_away_costs_nothing(bench: Bench) -> None:
    """After three tries the run stops, says so in both languages, and no attempt is counted."""
    bench.plan(20)
    report = asyncio.run(bench.run(replace(LOCAL, port=1)))
    assert report.halt is Halt.UNREACHABLE
    assert "Không kết nối được máy chủ thư" in report.message
    assert "nothing is lost" in report.message
    assert (report.sent, report.remaining, bench.states()) == (0, 20, {LetterState.READY: 20})
    assert 1 <= report.deferred <= 4
    with reading(bench.engine) as conn:
        assert set(conn.scalars(select(letter.c.attempt))) == {0}
    bench.at += timedelta(minutes=5)
    assert bench.run_against(Scripted()).sent == 20


def test_even_one_letter_tells_that_the_server_is_away(bench: Bench) -> None:
    """Too few letters to stop for, and the operator hears of it all the same."""
    bench.plan(1)
    assert asyncio.run(bench.run(replace(LOCAL, port=1))).halt is Halt.UNREACHABLE


@pytest.mark.parametrize(
    ("answers", "settings"),
    [
        ({}, {"tls": Tls.STARTTLS}),
        ({"EHLO": "250-x\n250 AUTH PLAIN", "AUTH": "535 5.7.8 no"}, {"username": "u", "password": "canary"}),
        ({"MAIL": "550 5.1.8 who are you?"}, {}),
    ],
    ids=["no encryption", "wrong password", "sender refused"],
)
def test_wrong_settings_stop_everything_and_lose_nothing(
    bench: Bench, answers: dict[str, str], settings: dict[str, object]
) -> None:
    """Every letter stays due, at once, with no attempt counted; mended settings send them all."""
    bench.plan(12)
    report = bench.run_against(Scripted(answers), **settings)
    assert report.halt is Halt.MISCONFIGURED
    assert "cho tới khi sửa" in report.message
    assert "canary" not in report.message
    assert (report.remaining, report.next_at, bench.dead) == (12, DUE, [])
    with reading(bench.engine) as conn:
        assert set(conn.scalars(select(letter.c.attempt))) == {0}
    assert bench.run_against(Scripted()).sent == 12


def test_a_refusal_in_bulk_pauses_the_run(bench: Bench) -> None:
    """A server that blocks us does not get to kill a whole night's letters."""
    bench.plan(40)
    report = bench.run_against(Scripted({"RCPT": "554 5.7.1 relay access denied"}))
    assert report.halt is Halt.BLOCKED
    assert 3 <= report.refused <= 4
    assert report.refused + report.remaining == 40


def test_a_few_refusals_among_many_letters_pause_nothing(bench: Bench) -> None:
    """Three of thirty mailboxes that a policy protects are no server that blocks us."""
    bench.plan(30)
    answers = ["250 ok"] * 27 + ["554 5.7.1 no mail from outside"] * 3
    report = bench.run_against(Scripted({"RCPT": "|".join(answers)}))
    assert (report.halt, report.sent, report.refused) == (None, 27, 3)


@pytest.mark.parametrize("point", ["RCPT", "DOT"])
def test_a_server_that_falls_silent_is_left_alone(bench: Bench, point: str) -> None:
    """It takes the call and says nothing: after three letters in a row the run stops, the rest is untouched."""
    bench.plan(20)
    report = bench.run_against(Scripted({point: SILENCE}), command_seconds=0.1, dot_seconds=0.1)
    assert report.halt is Halt.SILENT
    assert "chưa rõ" in report.message
    assert 3 <= report.deferred + report.unknown <= 4
    assert (report.unknown == 0) is (point == "RCPT")
    bench.at += timedelta(hours=1)
    assert bench.run_against(Scripted()).sent == 20 - report.unknown


def test_a_tarpit_is_a_server_that_falls_silent(bench: Bench) -> None:
    """A byte now and then is no answer: the time is counted for the whole of it."""
    bench.plan(8)
    started = time.monotonic()
    report = bench.run_against(Scripted({"RCPT": "250-" + "x" * 200 + "\n250 ok"}, drip=0.05), command_seconds=0.2)
    assert (report.halt, report.sent) == (Halt.SILENT, 0)
    assert time.monotonic() - started < 5


def test_a_locked_database_is_the_operators_to_hear(sqlite: Engine) -> None:
    """The fault comes out as it is; nothing is sent that could not be written down."""
    Bench(sqlite).plan(1)
    impatient = Bench(connect(str(sqlite.url), wait_seconds=0.1))
    script = Scripted()
    with writing(sqlite), pytest.raises(DatabaseLocked):
        impatient.run_against(script)
    impatient.engine.dispose()
    assert script.heard == []
