"""A whole delivery: outbox, relay and a mail server, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import Engine, select, update

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.db.database import connect, reading, writing
from dondoc.engine.store.db.schema_version import create_tables
from dondoc.engine.store.db.tables import delivery_attempt, letter
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.delivery.outbox import claim, counts, enqueue, mark_data_end
from dondoc.notifications.lifecycle import DeadLetter
from tests.support.outbox_bench import LOCAL, Bench
from tests.support.planned_letters import DUE, NIGHT, planned
from tests.support.scripted_server import DROP, SILENCE, Scripted, serving


@pytest.fixture
def bench(database: Engine) -> Bench:
    """On SQLite, and again on PostgreSQL."""
    return Bench(database)


def test_everything_due_arrives_once_and_byte_for_byte(bench: Bench, sink: Mailsink) -> None:
    """Thirty letters over two connections to a real server; a second run finds nothing to do."""
    bench.plan(30)
    report = asyncio.run(bench.run(replace(LOCAL, port=sink.port, dot_seconds=30)))
    assert (report.sent, report.remaining, report.halt, report.message) == (30, 0, None, "")
    kept = sorted(path.name.partition("-")[2] for path in sink.folder.glob("*/*.eml"))
    assert kept == sorted(f"o{n}.eml" for n in range(30))
    with reading(bench.engine) as conn:
        digests = set(conn.scalars(select(letter.c.mime_sha256)))
        phases = set(conn.execute(select(delivery_attempt.c.phase, delivery_attempt.c.code)).tuples())
    assert {sha256(path.read_bytes()).hexdigest() for path in sink.folder.glob("*/*.eml")} == digests
    assert phases == {("dot", 250)}
    again = asyncio.run(bench.run(replace(LOCAL, port=sink.port, dot_seconds=30)))
    assert (again.sent, again.remaining) == (0, 0)


def test_the_others_join_in_once_the_server_has_taken_a_letter(bench: Bench) -> None:
    """One connection begins; with the first letter it took, the server has as many as the settings say."""
    bench.plan(8)
    script = Scripted(delay={"MAIL": 0.02})
    assert bench.run_against(script, connections=2).sent == 8
    assert script.connections == 2


def test_a_greylisted_letter_comes_back_later(bench: Bench) -> None:
    """Deferred with a pause of its own, tried once a run, and sent when the server is ready for it."""
    bench.plan(1)
    report = bench.run_against(Scripted({"RCPT": "450 4.2.0 greylisted"}))
    assert (report.sent, report.deferred, report.remaining, report.halt) == (0, 1, 1, None)
    assert report.next_at == DUE + timedelta(minutes=2)
    assert bench.run_against(Scripted()).sent == 0, "not before its time"
    bench.at = report.next_at
    assert bench.run_against(Scripted()).sent == 1


def test_a_run_ends_however_short_the_pause(bench: Bench) -> None:
    """Drawn to be tried again at once, a deferred letter waits a second, which is a later run's."""
    bench.plan(1)
    bench.jitter = 0.0
    report = bench.run_against(Scripted({"RCPT": "450 4.2.0 greylisted"}))
    assert (report.deferred, report.next_at) == (1, DUE + timedelta(seconds=1))


def test_a_dead_letter_has_its_fallback_in_the_same_breath(bench: Bench) -> None:
    """The fallback is planned where the refusal is settled, and goes out in the same run."""
    bench.plan(1)

    def fall_back(tx: AuditedTransaction, dead: DeadLetter) -> None:
        if dead.letter.office == "office.0":
            other = planned("operator", recipient="operator@example.org")
            enqueue(tx, [replace(other, fallback_of=dead.letter.id)])

    bench.on_dead = fall_back
    report = bench.run_against(Scripted({"RCPT": "550 5.1.1 unknown"}))
    assert (report.refused, report.remaining) == (2, 0)
    assert [(one.letter.office, one.code, one.enhanced) for one in bench.dead] == [
        ("office.0", 550, "5.1.1"),
        ("operator", 550, "5.1.1"),
    ]
    with reading(bench.engine) as conn:
        fallbacks = conn.scalars(select(letter.c.fallback_of).where(letter.c.office == "operator")).all()
    assert fallbacks == [bench.dead[0].letter.id]


def test_no_letter_dies_without_its_fallback(bench: Bench) -> None:
    """When the fallback cannot be planned, the death is not recorded either."""
    bench.plan(1)

    def broken(_tx: AuditedTransaction, _dead: DeadLetter) -> None:
        raise RuntimeError("no fallback")

    bench.on_dead = broken
    with pytest.raises(RuntimeError, match="no fallback"):
        bench.run_against(Scripted({"RCPT": "550 5.1.1 unknown"}))
    assert bench.states() == {LetterState.LEASED: 1}


@pytest.mark.parametrize("answer", [DROP, SILENCE], ids=["hangs up", "is silent"])
def test_a_letter_of_unknown_fate_is_never_sent_again_by_itself(bench: Bench, answer: str) -> None:
    """It is reported, it stays where it is, and a later run does not touch it."""
    bench.plan(2)
    report = bench.run_against(Scripted({"DOT": answer}))
    assert (report.unknown, report.remaining) == (2, 0)
    bench.at += timedelta(hours=12)
    assert bench.run_against(Scripted()).sent == 0
    assert bench.states() == {LetterState.UNKNOWN: 2}


def test_what_is_too_old_is_given_up_and_told(bench: Bench) -> None:
    """Expired before it could be sent: the caller un-tells, in the same transaction."""
    bench.plan(2, hours=24)
    bench.at = DUE + timedelta(hours=24)
    report = bench.run_against(Scripted())
    assert (report.expired, report.sent, bench.states()) == (2, 0, {LetterState.EXPIRED: 2})
    assert [one.office for one in bench.expired] == ["office.0", "office.1"]


def test_what_another_run_left_behind_is_taken_up(bench: Bench) -> None:
    """Leased by a run that was killed: sent now. With the dot gone: unknown, and reported."""
    bench.plan(2)
    with writing(bench.engine) as conn:
        _, dotted = claim(conn, "killed", DUE, 2, timedelta(minutes=20))
        assert mark_data_end(conn, dotted, DUE, timedelta(minutes=20))
    assert bench.run_against(Scripted()).sent == 0
    bench.at += timedelta(minutes=20)
    report = bench.run_against(Scripted())
    assert (report.sent, report.unknown) == (1, 1)


def test_a_letter_that_another_run_has_taken_meanwhile_is_not_counted(bench: Bench) -> None:
    """The answer comes after the lease is over: whoever has the letter now reports it."""
    bench.plan(1)

    class Slow(Scripted):
        async def answer(self, verb: str, writer: asyncio.StreamWriter) -> bool:
            if verb == "DOT":
                with writing(bench.engine) as conn:
                    conn.execute(update(letter).values(lease_token=letter.c.lease_token + 1, owner="another"))
            return await super().answer(verb, writer)

    report = bench.run_against(Slow())
    assert (report.sent, report.unknown, bench.states()) == (0, 0, {LetterState.DATA_SENT: 1})


def test_held_letters_stay(bench: Bench) -> None:
    """Nobody but the operator releases them."""
    bench.plan(2, held=True)
    assert bench.run_against(Scripted()).sent == 0
    assert bench.states() == {LetterState.HELD: 2}


def test_a_run_that_is_stopped_finishes_the_letter_in_hand(bench: Bench) -> None:
    """Cancelled between dot and answer: the answer is awaited, the rest stays due, nothing is unknown."""
    bench.plan(8)
    script = Scripted(delay={"DOT": 0.2})

    async def go() -> None:
        async with serving(script) as port:
            running = asyncio.create_task(bench.run(replace(LOCAL, port=port, connections=1, dot_seconds=5)))
            while not script.mails:  # noqa: ASYNC110 - the server is what we wait for
                await asyncio.sleep(0.01)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running

    asyncio.run(go())
    assert bench.states() == {LetterState.SENT: 1, LetterState.READY: 7}
    assert len(script.mails) == 1


def test_delivery_works_on_a_database_in_memory(sink: Mailsink) -> None:
    """One connection behind two workers: transactions take turns."""
    engine = connect("sqlite://")
    create_tables(engine)
    bench = Bench(engine)
    bench.plan(20)
    assert asyncio.run(bench.run(replace(LOCAL, port=sink.port, dot_seconds=30))).sent == 20
    with reading(engine) as conn:
        assert counts(conn, NIGHT)[LetterState.SENT] == 20
