"""When a delivery stops early: nothing is lost, and the operator is told why."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from dondoc.engine.domain.mail_policy import Rate
from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import connect, reading, writing
from dondoc.engine.store.db.faults import DatabaseLocked
from dondoc.engine.store.db.tables import letter
from dondoc.notifications.delivery.breaker import Halt
from dondoc.notifications.delivery.outbox import enqueue
from dondoc.notifications.delivery.smtp_settings import Tls
from tests.support.outbox_bench import LOCAL, Bench
from tests.support.planned_letters import DUE, planned
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


@pytest.mark.parametrize(
    ("answer", "halt", "dead"),
    [
        ("554 5.7.1 relay access denied", Halt.MISCONFIGURED, 0),
        ("550 relay not permitted", Halt.MISCONFIGURED, 0),
        ("553 5.7.1 Sender address rejected: not owned by user", Halt.MISCONFIGURED, 0),
        ("554 Access denied", Halt.BLOCKED, 0),
        ("550 5.7.1 Message rejected by policy", Halt.BLOCKED, 0),
        ("550 5.1.1 User unknown in local recipient table", Halt.BLOCKED, 3),
        ("450 4.7.1 Error: too much mail from 10.0.0.1", Halt.BUSY, 0),
    ],
)
@pytest.mark.parametrize("runs", [1, 9])
def test_a_server_that_refuses_everybody_does_not_get_to_kill_a_nights_letters(
    bench: Bench, *, answer: str, halt: Halt, dead: int, runs: int
) -> None:
    """Whatever it says and however often it is asked; when it takes letters again, it gets all the others."""
    bench.plan(40, hours=72)
    for _ in range(runs):
        report = bench.run_against(Scripted({"RCPT": answer}))
        assert report.halt is halt
        bench.at += timedelta(minutes=15)
    assert bench.states().get(LetterState.DEAD, 0) == dead
    bench.at += timedelta(hours=5)
    assert bench.run_against(Scripted()).sent == 40 - dead


def test_a_few_refusals_among_many_letters_pause_nothing(bench: Bench) -> None:
    """Three of thirty mailboxes that a policy protects are no server that blocks us.

    It does not say whom it means: believed when the server has taken another letter since, not before.
    """
    bench.plan(30, hours=72)
    answers = ["250 ok"] * 27 + ["554 5.7.1 no mail from outside"] * 3
    report = bench.run_against(Scripted({"RCPT": "|".join(answers)}))
    assert (report.halt, report.sent, report.refused, report.deferred) == (None, 27, 0, 3)
    bench.at += timedelta(hours=5)
    report = bench.run_against(Scripted({"RCPT": "554 5.7.1 no mail from outside"}))
    assert (report.refused, report.halt) == (0, Halt.BLOCKED), "nobody knows yet that it takes others"
    bench.at += timedelta(hours=5)
    with audited(bench.engine) as tx:
        enqueue(tx, [planned("office.new", recipient="new@example.org", due=DUE, hours=72)])
    report = bench.run_against(Scripted({"RCPT": "250 ok|554 5.7.1 no mail from outside"}))
    assert (report.halt, report.sent, report.refused) == (None, 1, 3)


@pytest.mark.parametrize("point", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_sender_refused_at_whatever_command_kills_nothing(bench: Bench, point: str) -> None:
    """Postfix says it at RCPT, Exchange at the dot: the run stops at the first letter, all are sent later."""
    bench.plan(12)
    report = bench.run_against(Scripted({point: "550 5.7.1 Sender address rejected: not owned by user"}))
    assert (report.halt, report.refused, report.remaining) == (Halt.MISCONFIGURED, 0, 12)
    bench.at += timedelta(hours=5)
    assert bench.run_against(Scripted()).sent == 12


def test_a_letter_that_the_server_will_not_relay_does_not_end_every_run(bench: Bench) -> None:
    """One mailbox in a domain that the server does not serve: the others go first the next time."""
    bench.plan(1)
    first = bench.run_against(Scripted({"RCPT": "554 5.7.1 Relay access denied"}))
    assert first.halt is Halt.MISCONFIGURED
    with audited(bench.engine) as tx:
        enqueue(tx, [planned(f"other.{n}", recipient="other@example.org") for n in range(5)])
    assert bench.run_against(Scripted()).sent == 5


def test_a_run_begins_with_one_letter(bench: Bench) -> None:
    """However many connections: a fault of ours is found out by one letter, and the others join after it."""
    bench.plan(20)
    script = Scripted(delay={"RCPT": 0.05})
    assert bench.run_against(script, connections=4).sent == 20
    assert script.connections > 1
    begun = [line.split(":")[0] for line in script.heard if line.startswith(("MAIL", "DATA"))]
    assert begun[:2] == ["MAIL FROM", "DATA"], "no second letter begins before the first is handed over"


def test_a_full_mailbox_is_tried_until_its_letter_expires(bench: Bench) -> None:
    """Every few hours, and once more shortly before the end; then it expires, and nobody was told."""
    bench.plan(1, hours=12)
    tried = []
    while LetterState.EXPIRED not in bench.states():
        report = bench.run_against(Scripted({"RCPT": "552 5.2.2 Mailbox full"}))
        tried += [bench.at - DUE] * report.deferred
        assert (report.refused, report.halt) == (0, None)
        bench.at += timedelta(minutes=15)
    assert tried == [timedelta(hours=each) for each in (0, 4, 8, 11.5)]
    assert bench.at - DUE == timedelta(hours=12, minutes=15)


@pytest.mark.parametrize(
    ("rate", "letters", "least"),
    [(Rate(per_minute=600), 6, 0.5), (Rate(per_domain=600), 6, 0.5), (Rate(), 6, 0)],
    ids=["in all", "to one domain", "no limit"],
)
def test_letters_leave_at_the_rate_that_is_set(bench: Bench, rate: Rate, letters: int, least: float) -> None:
    """Six letters at ten a second take half a second at least."""
    bench.plan(letters)
    bench.rate = rate
    started = time.monotonic()
    assert bench.run_against(Scripted()).sent == letters
    assert time.monotonic() - started >= least


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


def test_a_worker_that_fails_stops_the_others_after_the_letter_in_hand(bench: Bench) -> None:
    """What follows a refusal cannot be stored: the run ends with that, and most letters were not even tried."""

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    bench.on_dead = fails
    bench.plan(40)
    with pytest.raises(ZeroDivisionError):
        bench.run_against(Scripted({"RCPT": "550 5.1.1 no such mailbox|250 ok"}), connections=2)
    assert bench.states().get(LetterState.SENT, 0) < 10
    assert bench.states()[LetterState.READY] > 20


def test_after_a_halt_no_letter_in_hand_is_tried(bench: Bench) -> None:
    """Five are claimed at once; when the first shows that our sender is refused, the other four go back."""
    bench.plan(12)
    script = Scripted({"MAIL": "550 5.1.8 who are you?"})
    assert bench.run_against(script, connections=1).halt is Halt.MISCONFIGURED
    assert len([line for line in script.heard if line.startswith("MAIL")]) == 1
    assert bench.states() == {LetterState.READY: 12}


@pytest.mark.parametrize(
    ("answers", "halt"),
    [
        pytest.param({"BANNER": "421 busy"}, Halt.BUSY, id="a server that takes no call"),
        pytest.param({"RCPT": SILENCE}, Halt.SILENT, id="a server that says nothing"),
        pytest.param({"RCPT": "554 Access denied"}, Halt.BLOCKED, id="a server that blocks us"),
    ],
)
def test_three_letters_show(bench: Bench, answers: dict[str, str], halt: Halt) -> None:
    """The third in a row stops the run, not the second and not the fourth."""
    bench.plan(9)
    script = Scripted(answers)
    report = bench.run_against(script, connections=1, command_seconds=0.1)
    assert (report.halt, report.refused) == (halt, 0)
    letters = sum(line.startswith("RCPT") for line in script.heard)
    assert max(script.connections, letters) == 3


def test_two_letters_that_fail_and_one_that_arrives_begin_the_count_again(bench: Bench) -> None:
    """So a run goes on beside a few bad lines."""
    bench.plan(9)
    twice = "421 busy|421 busy|250 ok|421 busy|421 busy|250 ok"
    report = bench.run_against(Scripted({"RCPT": twice}), connections=1)
    assert (report.halt, report.sent, report.deferred) == (None, 5, 4)
