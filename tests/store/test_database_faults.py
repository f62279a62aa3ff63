"""A database that is locked, full, away or not ours to write: faults that tell the operator what to do."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from dondoc.engine.errors import DonDocError
from dondoc.engine.store.audit_log.events import AuditedTransaction, audited
from dondoc.engine.store.db.database import connect, night_lock, reading, writing
from dondoc.engine.store.db.faults import (
    DatabaseFault,
    DatabaseLocked,
    DatabaseNotWritable,
    DatabaseUnreachable,
    DiskFull,
    translated,
)
from dondoc.notifications.delivery import outbox
from tests.support import outbox_rivals as rivals
from tests.support.planned_letters import planned

SPAWN = multiprocessing.get_context("spawn")


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


def test_a_lock_held_elsewhere_is_told_after_the_wait(database: Engine) -> None:
    """Another process sits on the database: a typed fault, not a driver's error and not an endless wait."""
    impatient = connect(_url(database), wait_seconds=0.2)
    with _rival(rivals.hold_a_write, _url(database)):
        with pytest.raises(DatabaseLocked, match="đang bị tiến trình khác khóa"), audited(impatient) as tx:
            outbox.enqueue(tx, [planned()])
        if database.dialect.name == "sqlite":
            assert _letters(database) == 0, "reading goes on meanwhile"
    with audited(impatient) as tx:
        outbox.enqueue(tx, [planned()])
    assert _letters(database) == 1
    impatient.dispose()


def test_a_reader_that_writes_too_late_is_told(sqlite: Engine) -> None:
    """What it read is no longer so: SQLite refuses at once, with one of its finer codes."""

    def late() -> None:
        with reading(sqlite) as conn:
            outbox.counts(conn)
            with audited(sqlite) as other:
                outbox.enqueue(other, [planned()])
            outbox.enqueue(AuditedTransaction(conn), [planned(part=2)])

    with pytest.raises(DatabaseLocked):
        late()


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
    with pytest.raises(DatabaseNotWritable, match="quyền ghi"), audited(readonly) as tx:
        outbox.enqueue(tx, [planned()])


def test_a_full_disk_keeps_what_was_committed(sqlite: Engine) -> None:
    """The transaction is gone, the letters before it are not. A page limit stands in for the disk."""
    with audited(sqlite) as tx:
        outbox.enqueue(tx, [planned()])
    big = planned(part=2, content=b"Subject: x\r\n\r\n" + (b"y" * 76 + b"\r\n") * 9000)

    def fill() -> None:
        with audited(sqlite) as tx:
            pages = tx.conn.exec_driver_sql("PRAGMA page_count").scalar()
            tx.conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            outbox.enqueue(tx, [planned(part=3), big])

    with pytest.raises(DiskFull, match="Giải phóng dung lượng"):
        fill()
    sqlite.dispose()
    assert _letters(sqlite) == 1


def test_what_is_a_mistake_of_ours_stays_what_it_is(database: Engine) -> None:
    """A fault for the operator is not a cover for a bug."""
    with pytest.raises(DBAPIError), writing(database) as conn:
        conn.exec_driver_sql("SELECT wrong FROM nowhere")
    with pytest.raises(DBAPIError), translated(database):
        raise DBAPIError("x", None, sqlite3.ProgrammingError("closed"))
