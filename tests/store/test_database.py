"""The database edge: transactions, locks, and faults that tell the operator what to do."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, select
from sqlalchemy.exc import IntegrityError, StatementError

from dondoc.engine.store.audit_log.events import AuditedTransaction, audited
from dondoc.engine.store.db.database import connect, insert_many, night_lock, reading, writing
from dondoc.engine.store.db.faults import DatabaseNotWritable, NightRunning
from dondoc.engine.store.db.schema_version import create_tables, in_memory
from dondoc.engine.store.db.tables import Instant, letter, metadata
from dondoc.notifications.delivery import outbox
from tests.support.planned_letters import planned
from tests.support.town import ROOT

HANOI = timezone(timedelta(hours=7))


def _letters(engine: Engine) -> int:
    with reading(engine) as conn:
        return sum(outbox.counts(conn).values())


def test_what_fails_leaves_nothing_behind(database: Engine) -> None:
    """A transaction is whole or it is not at all."""

    def fail() -> None:
        with audited(database) as tx:
            outbox.enqueue(tx, [planned()])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert _letters(database) == 0
    with audited(database) as tx:
        outbox.enqueue(tx, [planned()])
    assert _letters(database) == 1


def test_a_reader_changes_nothing(database: Engine) -> None:
    """What is written while reading is refused (PostgreSQL) or forgotten (SQLite)."""
    refused = pytest.raises(DatabaseNotWritable) if database.dialect.name == "postgresql" else nullcontext()
    with refused, reading(database) as conn:
        outbox.enqueue(AuditedTransaction(conn), [planned()])
    assert _letters(database) == 0


def test_a_reader_sees_one_moment(database: Engine) -> None:
    """What another commits meanwhile does not appear half-way through."""
    with reading(database) as conn:
        before = sum(outbox.counts(conn).values())
        with audited(database) as other:
            outbox.enqueue(other, [planned()])
        assert sum(outbox.counts(conn).values()) == before
    assert _letters(database) == before + 1


def test_two_writers_take_turns(database: Engine) -> None:
    """A writer that comes while another is at work waits, also one that reads before it writes."""
    started = threading.Event()

    def second() -> None:
        started.set()
        with audited(database) as tx:
            outbox.counts(tx.conn)
            outbox.enqueue(tx, [planned(part=2)])

    with audited(database) as tx:
        outbox.enqueue(tx, [planned()])
        thread = threading.Thread(target=second)
        thread.start()
        started.wait()
        time.sleep(0.1)
    thread.join()
    assert _letters(database) == 2


def test_a_foreign_key_is_kept(database: Engine) -> None:
    """SQLite checks references only when told to."""
    table = metadata.tables["delivery_attempt"]
    row = {"letter": "nowhere", "lease_token": 1, "attempt": 1, "phase": "rcpt", "text": ""}
    at = datetime(2015, 4, 20, tzinfo=UTC)
    with pytest.raises(IntegrityError), writing(database) as conn:
        insert_many(conn, table, [row | {"started_at": at, "ended_at": at}])


def test_a_commit_is_on_the_disk(sqlite: Engine) -> None:
    """Readers do not wait for the writer (WAL), and a commit survives a power cut (FULL = 2)."""
    with reading(sqlite) as conn:
        asked = ("journal_mode", "synchronous", "foreign_keys", "temp_store", "busy_timeout")
        found = [conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert found == ["wal", 2, 1, 2, 30_000]


def test_an_instant_comes_back_as_the_same_instant(database: Engine) -> None:
    """Stored from Hanoi, read in UTC; a naive one is refused, because nobody knows when it was."""
    mine = MetaData()
    table = Table("moment", mine, Column("id", Integer, primary_key=True), Column("at", Instant))
    mine.create_all(database)
    notified = datetime(2015, 4, 20, 2, 0, 0, 5, tzinfo=HANOI)
    with writing(database) as conn:
        assert insert_many(conn, table, [{"id": 1, "at": notified}, {"id": 2, "at": None}]) == 2
        assert insert_many(conn, table, []) == 0
    with reading(database) as conn:
        found = conn.scalars(select(table.c.at).order_by(table.c.id)).all()
        earlier = conn.scalar(select(table.c.id).where(table.c.at < notified + timedelta(microseconds=1)))
    assert found == [notified, None]
    assert found[0].tzinfo is UTC
    assert earlier == 1
    # SQLite is handed its rows without SQLAlchemy's wrapping.
    refused = ValueError if database.dialect.name == "sqlite" else StatementError
    with pytest.raises(refused, match="needs a time zone"), writing(database) as conn:
        insert_many(conn, table, [{"id": 3, "at": datetime(2015, 4, 20)}])  # noqa: DTZ001 - the point


def test_a_database_in_memory_lives_as_long_as_its_engine() -> None:
    """One connection behind all transactions, so that tests see their own tables."""
    engine = connect("sqlite://")
    create_tables(engine)
    with audited(engine) as tx:
        outbox.enqueue(tx, [planned()])
    assert _letters(engine) == 1
    with night_lock(engine), pytest.raises(NightRunning), night_lock(engine):
        pass
    with night_lock(engine):
        pass


def test_two_databases_in_memory_share_no_row() -> None:
    """What was compiled for one serves the other, and nothing else does."""
    with in_memory() as one, in_memory() as other:
        with audited(one) as tx:
            outbox.enqueue(tx, [planned()])
        assert (_letters(one), _letters(other)) == (1, 0)
        assert one.dialect is other.dialect


def test_the_edge_opens_nothing_by_being_imported() -> None:
    """A command that needs no database must not wait for one."""
    code = "import dondoc.engine.store.db.database as d; d.connect('postgresql://x@127.0.0.1:1/x')"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


def test_a_date_stays_a_date(database: Engine) -> None:
    """Nights are dates, never instants."""
    with audited(database) as tx:
        outbox.enqueue(tx, [planned()])
        assert tx.conn.scalar(select(letter.c.night)) == date(2015, 4, 20)
