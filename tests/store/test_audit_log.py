"""The audit log: written with what it tells of, refused to every hand, and every change to it is found."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from dondoc.engine.domain.model import Event, Head
from dondoc.engine.store.audit_log.events import NOTHING_BEFORE, audited, entry_line, event_line, head
from dondoc.engine.store.audit_log.hash_chain import has_entry, prove
from dondoc.engine.store.db.database import connect, reading, writing
from dondoc.engine.store.db.schema_version import create_tables
from dondoc.engine.store.db.tables import event, log_entry
from tests.support.log_tampering import does, flaws, logged, unguarded

NIGHT = date(2015, 4, 20)


def test_one_transaction_is_one_entry_whatever_it_logs(database: Engine) -> None:
    """Events come in the order they were given, from however many places, and are sealed when it commits."""
    with audited(database) as tx:
        tx.log(NIGHT, [Event("case-opened", 7, {"breach": "2015-04-20"})])
        assert head(tx.conn) == Head(0, NOTHING_BEFORE)
        tx.log(None, [])
        tx.log(None, [Event("imported", None, {"file": "đơn-vị.csv", "added": "3"})])
    with reading(database) as conn:
        rows = conn.execute(select(event).order_by(event.c.position)).all()
        proof = prove(conn)
    assert [(row.entry, row.position, row.night, row.kind) for row in rows] == [
        (1, 0, NIGHT, "case-opened"),
        (1, 1, None, "imported"),
    ]
    assert (proof.head.number, proof.events, proof.whole_until, proof.flaws) == (1, 2, 1, ())


def test_what_is_not_done_is_not_logged(database: Engine) -> None:
    """A transaction that fails leaves no entry, one that logs nothing makes none."""

    def fail() -> None:
        with audited(database) as tx:
            tx.log(NIGHT, [Event("case-opened", 1, {})])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with audited(database) as tx:
        tx.log(NIGHT, [])
    with reading(database) as conn:
        assert head(conn) == Head(0, NOTHING_BEFORE)


def test_the_bytes_are_those_of_the_specification(database: Engine) -> None:
    """docs/en/audit-log.md shows these very lines: a SHA-256 is enough to check the log without our program."""
    notified = '{"breach":"2015-04-20"}'
    line = event_line("2015-04-20", "case-opened", 7, notified)
    assert line.decode() == f'{{"detail":{notified},"kind":"case-opened","night":"2015-04-20","task":7}}\n'
    assert event_line(None, "imported", None, "{}") == (
        b'{"detail":{},"kind":"imported","night":null,"task":null}\n'
    )
    logged(database, [2, 1])
    with reading(database) as conn:
        first, second = conn.execute(select(log_entry).order_by(log_entry.c.number)).all()
    at = f"{first.at:%Y-%m-%dT%H:%M:%S.%f}Z"
    by_hand = (
        f'{{"at":"{at}","events":2,"events_sha256":"{first.events_sha256}","number":1,"previous":"{"0" * 64}"}}\n'
    )
    assert entry_line(1, at, 2, first.events_sha256, NOTHING_BEFORE).decode() == by_hand
    assert first.hash == second.previous == sha256(by_hand.encode()).hexdigest()


@pytest.mark.parametrize("table", ["event", "log_entry"])
@pytest.mark.parametrize(
    "act", ["UPDATE {} SET {} = 9", "DELETE FROM {}", "TRUNCATE {}", "INSERT OR REPLACE INTO {} "]
)
def test_the_database_refuses_every_change(database: Engine, table: str, act: str) -> None:
    """Each database in the words it has: an entry that stands is there for good."""
    logged(database, [2, 1])
    column = {"event": "task_id", "log_entry": "number"}[table]
    if act.startswith("INSERT"):
        act += f"SELECT * FROM {table}"
    foreign = {"sqlite": "TRUNCATE", "postgresql": "INSERT OR"}[database.dialect.name]
    words = "syntax error" if act.startswith(foreign) else "the log is append-only"
    with pytest.raises(DBAPIError, match=words), writing(database) as conn:
        conn.execute(text(act.format(table, column)))
    assert flaws(database) == ()


def test_writers_at_once_make_one_chain(database: Engine) -> None:
    """Four writers, ten transactions each: forty entries, each joined to the one before it."""

    def write(writer: int) -> None:
        for n in range(10):
            with audited(database) as tx:
                tx.log(NIGHT, [Event("case-climbed", writer, {"step": str(n)})])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with reading(database) as conn:
        proof = prove(conn)
    assert (proof.head.number, proof.events, proof.flaws) == (40, 40, ())


TAMPERED = {
    "a detail is changed": (["UPDATE event SET detail = '{}' WHERE entry = 3 AND position = 0"], 3),
    "a detail says the same in other bytes": (
        ["UPDATE event SET detail = replace(detail, ':', ': ') WHERE entry = 3"],
        3,
    ),
    "a night is changed": (["UPDATE event SET night = '2015-05-01' WHERE entry = 2"], 2),
    "an event is gone": (["DELETE FROM event WHERE entry = 3 AND position = 1"], 3),
    "the last event of an entry is gone": (["DELETE FROM event WHERE entry = 3 AND position = 2"], 3),
    "an event is added": (
        ["INSERT INTO event (entry, position, kind, detail) VALUES (4, 1, 'case-closed', '{}')"],
        4,
    ),
    "two events are swapped": (
        [
            "UPDATE event SET position = 9 WHERE entry = 3 AND position = 0",
            "UPDATE event SET position = 0 WHERE entry = 3 AND position = 1",
            "UPDATE event SET position = 1 WHERE entry = 3 AND position = 9",
        ],
        3,
    ),
    "an entry is gone with its events": (
        ["DELETE FROM event WHERE entry = 2", "DELETE FROM log_entry WHERE number = 2"],
        3,
    ),
    "an entry is gone and its events are left": (["DELETE FROM log_entry WHERE number = 5"], 5),
    "the first entry is gone": (
        ["DELETE FROM event WHERE entry = 1", "DELETE FROM log_entry WHERE number = 1"],
        2,
    ),
    "an instant is changed": (["UPDATE log_entry SET at = '2015-04-20 00:00:00.000000' WHERE number = 4"], 4),
    "a hash is changed": (["UPDATE log_entry SET hash = previous WHERE number = 4"], 4),
    "two entries are swapped": (
        [
            "UPDATE log_entry SET number = 9 WHERE number = 2",
            "UPDATE log_entry SET number = 2 WHERE number = 3",
            "UPDATE log_entry SET number = 3 WHERE number = 9",
        ],
        2,
    ),
}


@pytest.mark.parametrize(("statements", "number"), TAMPERED.values(), ids=TAMPERED)
def test_what_was_done_to_it_is_named(database: Engine, statements: list[str], number: int) -> None:
    """The first entry that is not as it was written, and that all before it is whole."""
    logged(database, [1, 2, 3, 1, 2])
    unguarded(database)
    does(database, *statements)
    with reading(database) as conn:
        proof = prove(conn)
    assert (proof.flaws[0].number, proof.whole_until) == (number, number - 1)


def test_a_change_is_told_with_its_night_and_what_was_expected(database: Engine) -> None:
    """The operator reads the entry, the night, and both hashes; entries after it are not blamed."""
    logged(database, [1, 2, 3])
    unguarded(database)
    does(database, "UPDATE event SET task_id = 1 WHERE entry = 2 AND position = 1")
    (flaw,) = flaws(database)
    with reading(database) as conn:
        expected = conn.scalar(select(log_entry.c.events_sha256).where(log_entry.c.number == 2))
    assert flaw.text().startswith(
        f"mục 2 (đêm 2015-04-02): sự kiện đã bị sửa: mã phải là {expected}, nay tính ra "
    )


def test_a_tail_that_is_cut_off_or_written_anew_shows_against_a_kept_head(database: Engine) -> None:
    """By itself such a log is whole; the head that lies in a letter or with an inspector is in it no more."""
    logged(database, [1, 2, 3])
    with reading(database) as conn:
        kept = head(conn).hash
        assert has_entry(conn, kept)
    unguarded(database)
    does(database, "DELETE FROM event WHERE entry = 3", "DELETE FROM log_entry WHERE number = 3")
    logged(database, [3])
    with reading(database) as conn:
        assert prove(conn).flaws == ()
        assert not has_entry(conn, kept)


def _column(name: str) -> st.SearchStrategy[str]:
    """A value for a column, as SQL."""
    whole = st.integers(-2, 60).map(str)
    letters = st.text('ab0{}":đ ,-', max_size=8).map(lambda value: "'" + value + "'")
    if name in {"number", "events", "entry", "position", "task_id"}:
        return whole
    if name in {"at", "night"}:
        return st.dates(date(2015, 1, 1), date(2015, 12, 31)).map(lambda day: f"'{day}'") | letters
    return letters


@st.composite
def changes(draw: st.DrawFn) -> list[str]:
    """One change to a log of five entries: a cell, a row gone, a row added, two rows that change places."""
    table = draw(st.sampled_from([event, log_entry]))
    key = "entry" if table is event else "number"
    columns = [column.name for column in table.columns]
    number = draw(st.integers(1, 5))
    match draw(st.sampled_from(["cell", "gone", "added", "swapped"])):
        case "cell":
            column = draw(st.sampled_from(columns))
            value = draw(_column(column))
            return [f"UPDATE OR IGNORE {table.name} SET {column} = {value} WHERE {key} = {number}"]
        case "gone":
            return [f"DELETE FROM {table.name} WHERE {key} = {number}"]
        case "added":
            values = ", ".join(draw(_column(column)) for column in columns)
            return [f"INSERT OR IGNORE INTO {table.name} ({', '.join(columns)}) VALUES ({values})"]
        case _:
            other = draw(st.integers(1, 5))
            moves = ((number, 99), (other, number), (99, other))
            return [f"UPDATE {table.name} SET {key} = {new} WHERE {key} = {old}" for old, new in moves]


@pytest.fixture(scope="module")
def tampered_with() -> Iterator[Engine]:
    """A log of five entries whose guards are gone; each trial is taken back."""
    engine = connect("sqlite://")
    create_tables(engine)
    logged(engine, [1, 2, 3, 1, 2])
    unguarded(engine)
    yield engine
    engine.dispose()


@given(statements=changes())
@settings(max_examples=300, deadline=None)
def test_any_single_change_is_found(tampered_with: Engine, statements: list[str]) -> None:
    """Whatever cell, row, insertion or swap: a log that differs from what was written is never called whole."""
    with tampered_with.connect() as conn, conn.begin() as trial:
        before = [conn.execute(select(text("*")).select_from(table)).all() for table in (event, log_entry)]
        for statement in statements:
            conn.exec_driver_sql(statement)
        after = [conn.execute(select(text("*")).select_from(table)).all() for table in (event, log_entry)]
        changed = [set(map(repr, rows)) for rows in before] != [set(map(repr, rows)) for rows in after]
        assert bool(prove(conn).flaws) is changed
        trial.rollback()
