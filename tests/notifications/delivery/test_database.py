"""The database edge: transactions, locks, and faults that tell the operator what to do."""

from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, select
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from engine.errors import DonDocError
from engine.store.database import Instant, connect, insert_many, metadata, night_lock, reading, writing
from engine.store.faults import (
    DatabaseFault,
    DatabaseLocked,
    DatabaseNotWritable,
    DatabaseUnreachable,
    DiskFull,
    NightRunning,
    spoken,
)
from notifications import outbox
from tests.notifications.delivery import rivals
from tests.notifications.delivery.planned import planned

SPAWN = multiprocessing.get_context("spawn")
HANOI = timezone(timedelta(hours=7))


def _url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def _letters(engine: Engine) -> int:
    with reading(engine) as conn:
        return sum(outbox.counts(conn).values())


@contextmanager
def _rival(work: Callable[[str, Event, Event], None], url: str) -> Iterator[None]:
    """Another process, holding what `work` holds."""
    holding, done = SPAWN.Event(), SPAWN.Event()
    process = SPAWN.Process(target=work, args=(url, holding, done))
    process.start()
    try:
        assert holding.wait(30)
        yield
    finally:
        done.set()
        process.join(30)


def test_what_fails_leaves_nothing_behind(database: Engine) -> None:
    """A transaction is whole or it is not at all."""
    with pytest.raises(ZeroDivisionError), writing(database) as conn:
        outbox.enqueue(conn, [planned()])
        _ = 1 / 0
    assert _letters(database) == 0
    with writing(database) as conn:
        outbox.enqueue(conn, [planned()])
    assert _letters(database) == 1


def test_a_reader_changes_nothing(database: Engine) -> None:
    """What is written while reading is refused (PostgreSQL) or forgotten (SQLite)."""
    try:
        with reading(database) as conn:
            outbox.enqueue(conn, [planned()])
    except DatabaseNotWritable:
        assert database.dialect.name == "postgresql"
    assert _letters(database) == 0


def test_a_reader_sees_one_moment(database: Engine) -> None:
    """What another commits meanwhile does not appear half-way through."""
    with reading(database) as conn:
        before = sum(outbox.counts(conn).values())
        with writing(database) as other:
            outbox.enqueue(other, [planned()])
        assert sum(outbox.counts(conn).values()) == before
    assert _letters(database) == before + 1


def test_two_writers_take_turns(database: Engine) -> None:
    """A writer that comes while another is at work waits instead of failing."""
    started = threading.Event()

    def second() -> None:
        started.set()
        with writing(database) as conn:
            outbox.enqueue(conn, [planned(part=2)])

    with writing(database) as conn:
        outbox.enqueue(conn, [planned()])
        thread = threading.Thread(target=second)
        thread.start()
        started.wait()
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
    told = datetime(2015, 4, 20, 2, 0, 0, 5, tzinfo=HANOI)
    with writing(database) as conn:
        assert insert_many(conn, table, [{"id": 1, "at": told}, {"id": 2, "at": None}]) == 2
        assert insert_many(conn, table, []) == 0
    with reading(database) as conn:
        found = conn.scalars(select(table.c.at).order_by(table.c.id)).all()
        earlier = conn.scalar(select(table.c.id).where(table.c.at < told + timedelta(microseconds=1)))
    assert found == [told, None]
    assert found[0].tzinfo is UTC
    assert earlier == 1
    with pytest.raises(StatementError, match="needs a time zone"), writing(database) as conn:
        insert_many(conn, table, [{"id": 3, "at": datetime(2015, 4, 20)}])  # noqa: DTZ001 - the point


def test_a_database_in_memory_lives_as_long_as_its_engine() -> None:
    """One connection behind all transactions, so that tests see their own tables."""
    engine = connect("sqlite://")
    metadata.create_all(engine)
    with writing(engine) as conn:
        outbox.enqueue(conn, [planned()])
    assert _letters(engine) == 1
    with night_lock(engine), pytest.raises(NightRunning), night_lock(engine):
        pass
    with night_lock(engine):
        pass


def test_a_lock_held_elsewhere_is_told_after_the_wait(database: Engine) -> None:
    """Another process sits on the database: a typed fault, not a driver's error and not an endless wait."""
    impatient = connect(_url(database), wait_seconds=0.2)
    with _rival(rivals.hold_a_write, _url(database)):
        with pytest.raises(DatabaseLocked, match="đang bị tiến trình khác khóa"), writing(impatient) as conn:
            outbox.enqueue(conn, [planned()])
        if database.dialect.name == "sqlite":
            assert _letters(database) == 0, "reading goes on meanwhile"
    with writing(impatient) as conn:
        outbox.enqueue(conn, [planned()])
    assert _letters(database) == 1
    impatient.dispose()


def test_one_night_at_a_time_across_processes(database: Engine) -> None:
    """The second holder is told at once; when the first has gone, even by kill -9, the way is free."""
    with _rival(rivals.hold_the_night, _url(database)):
        said = rivals.try_the_night(_url(database))
        assert "Một đêm khác đang chạy" in said
        assert "Another night is running" in said
    assert rivals.try_the_night(_url(database)) == "ran"
    with night_lock(database):
        assert "Một đêm khác" in rivals.try_the_night(_url(database))
    holding, done = SPAWN.Event(), SPAWN.Event()
    killed = SPAWN.Process(target=rivals.hold_the_night, args=(_url(database), holding, done))
    killed.start()
    assert holding.wait(30)
    killed.kill()
    killed.join(30)
    if database.dialect.name == "postgresql":
        _until_freed(database)
    assert rivals.try_the_night(_url(database)) == "ran"


def _until_freed(engine: Engine) -> None:
    """The server notices a vanished client when it next looks at the socket."""
    for _ in range(100):
        if rivals.try_the_night(_url(engine)) == "ran":
            return
        threading.Event().wait(0.05)


def test_a_fault_within_the_night_is_its_own(sqlite: Engine) -> None:
    """The lock does not take somebody else's blocked call for a second night."""
    with pytest.raises(BlockingIOError), night_lock(sqlite):
        raise BlockingIOError


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("sqlite:////nowhere/at/all/dondoc.db", DatabaseUnreachable),
        ("postgresql://nobody:canary@127.0.0.1:1/dondoc", DatabaseUnreachable),
    ],
    ids=["no such folder", "no server there"],
)
def test_what_cannot_be_opened_says_so(url: str, kind: type[DatabaseFault]) -> None:
    """In both languages, with the remedy, and never with the password."""
    with pytest.raises(kind) as caught, reading(connect(url)):
        pass
    assert "Kiểm tra" in str(caught.value)
    assert "check" in str(caught.value)
    assert "canary" not in str(caught.value)
    assert isinstance(caught.value, DonDocError)
    if url.startswith("sqlite"):
        with pytest.raises(kind), night_lock(connect(url)):
            pass


def test_a_database_that_does_not_exist_says_so(postgres_url: str) -> None:
    """A wrong name on a server that answers."""
    with pytest.raises(DatabaseUnreachable), reading(connect(postgres_url.replace("/postgres?", "/missing?"))):
        pass


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    """A text file under the database's name."""
    path = tmp_path / "dondoc.db"
    path.write_text("this is no database, " * 100)
    with pytest.raises(DatabaseUnreachable), reading(connect(f"sqlite:///{path}")):
        pass


def test_a_file_that_may_only_be_read_says_so(sqlite: Engine) -> None:
    """The file is there and readable, and the rights are missing."""
    readonly = connect(f"sqlite:///file:{sqlite.url.database}?mode=ro&uri=true")
    with pytest.raises(DatabaseNotWritable, match="quyền ghi"), writing(readonly) as conn:
        outbox.enqueue(conn, [planned()])


def test_a_full_disk_keeps_what_was_committed(sqlite: Engine) -> None:
    """The transaction is gone, the letters before it are not. A page limit stands in for the disk."""
    with writing(sqlite) as conn:
        outbox.enqueue(conn, [planned()])
    with pytest.raises(DiskFull, match="Giải phóng dung lượng"), writing(sqlite) as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar()
        conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        big = b"Subject: x\r\n\r\n" + b"y" * 76 + b"\r\n"
        outbox.enqueue(conn, [planned(part=n, content=big * 2000) for n in range(2, 9)])
    sqlite.dispose()
    assert _letters(sqlite) == 1


def test_what_is_a_mistake_of_ours_stays_what_it_is(database: Engine) -> None:
    """A fault for the operator is not a cover for a bug."""
    with pytest.raises(DBAPIError), writing(database) as conn:
        conn.exec_driver_sql("SELECT wrong FROM nowhere")
    with pytest.raises(DBAPIError), spoken(database):
        raise DBAPIError("x", None, sqlite3.ProgrammingError("closed"))


def test_the_edge_opens_nothing_by_being_imported() -> None:
    """A command that needs no database must not wait for one."""
    code = "import engine.store.database as d; d.connect('postgresql://x@127.0.0.1:1/x')"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[3]).returncode == 0


def test_a_date_stays_a_date(database: Engine) -> None:
    """Nights are dates, never instants."""
    with writing(database) as conn:
        outbox.enqueue(conn, [planned()])
        assert conn.scalar(select(outbox.letter.c.night)) == date(2015, 4, 20)
