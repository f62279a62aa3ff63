"""A database as a source: what it holds comes as cells, and nothing but reading is possible."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine

from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.formats.table import Native
from dondoc.engine.sources.pull.queries import QueryTable, connected

Query = Callable[..., list[list[str]]]
NEVER = "recursive n(i) as (select 1 union all select i + 1 from n) select count(*) as ref from n"


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A source with one table, as another system may have it."""
    table = "create table reports (ref text, on_day {date}, at {time}, many integer, much {number}, half {real})"
    row = "insert into reports values ('Số 1', '2015-04-18', '2015-04-18 10:00:00', 3, 2.61, 0.5)"
    if request.param == "sqlite":
        path = tmp_path / "source.db"
        with closing(sqlite3.connect(path)) as conn:
            conn.execute(table.format(date="text", time="text", number="text", real="real"))
            conn.execute(row)
            conn.commit()
        yield f"sqlite:///{path}"
    else:
        engine: Engine = request.getfixturevalue("postgres")
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as server:
            server.execute(table.format(date="date", time="timestamptz", number="numeric", real="real").encode())
            server.execute("set timezone = 'Asia/Ho_Chi_Minh'")
            server.execute(row.encode())
        yield url


@pytest.fixture
def ask(address: str) -> Query:
    """Asks the source one SELECT within some seconds."""

    def asked(select: str, seconds: int = 60) -> list[list[str]]:
        end = monotonic() + seconds

        def spent() -> bool:
            return monotonic() > end

        with connected("province", address, seconds, spent) as way:
            return [cells for _, cells in QueryTable("reports-province", select, way, spent).rows()]

    return asked


def test_rows_come_as_cells_below_the_names_of_their_columns(ask: Query) -> None:
    """Nothing is an empty cell; numbers and dates are what they are, however the database keeps them."""
    heading, row = ask("select ref, on_day, many, much, half, null as gone from reports where ref like '%1'")
    assert heading == ["ref", "on_day", "many", "much", "half", "gone"]
    assert row == ["Số 1", "2015-04-18", "3", "2.61", "0.5", ""]
    assert isinstance(row[2], Native)
    assert not isinstance(row[0], Native)


def test_an_instant_keeps_its_zone(ask: Query) -> None:
    """An aware one comes with its offset, one that the source writes as text as it is written."""
    _, (written,) = ask("select at from reports")
    assert written in {"2015-04-18 10:00:00", "2015-04-18T03:00:00+00:00"}


def test_what_is_asked_twice_begins_at_the_top(address: str) -> None:
    """A table is read once for its way of writing, and once for its rows."""
    with connected("province", address, 60, lambda: False) as way:
        table = QueryTable("reports-province", "select ref from reports", way, lambda: False)
        assert next(table.rows())[1] == ["ref"]
        assert list(table.rows()) == list(table.rows()) == [(1, ["ref"]), (2, ["Số 1"])]


@pytest.mark.parametrize(
    "statement",
    [
        "delete from reports",
        "insert into reports (ref) values ('x')",
        "with gone as (select 1) delete from reports",
        "create table x (y int)",
        "drop table reports",
        "select * into copied from reports",
        "attach 'x.db' as x",
    ],
)
def test_nothing_is_written(ask: Query, statement: str) -> None:
    """Even past the rule files: the database itself refuses."""
    with pytest.raises(SheetRefused, match="reports-province"):
        ask(statement)
    assert len(ask("select ref from reports")) == 2


def test_a_writing_with_is_refused(ask: Query) -> None:
    """PostgreSQL could write inside a SELECT; SQLite does not know the words."""
    with pytest.raises(SheetRefused):
        ask("with gone as (delete from reports returning ref) select ref from gone")
    assert len(ask("select ref from reports")) == 2


def test_a_query_that_takes_too_long_is_stopped(ask: Query) -> None:
    """After its time, with what to do."""
    begun = monotonic()
    with pytest.raises(SheetRefused, match="lấy quá lâu, đã dừng"):
        ask(f"with {NEVER}", seconds=1)
    assert monotonic() - begun < 10


def test_rows_that_come_too_slowly_are_stopped(address: str) -> None:
    """Though each single row is quick."""
    with connected("province", address, 60, lambda: True) as way, pytest.raises(SheetRefused, match="quá lâu"):
        list(QueryTable("reports-province", "select ref from reports", way, lambda: True).rows())


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://reader:secret@127.0.0.1/x", "phải bắt đầu bằng postgresql:// hoặc sqlite:///"),
        ("secret", "phải bắt đầu bằng postgresql:// hoặc sqlite:///"),
        ("postgresql://reader:secret@127.0.0.1:1/x", "không trả lời được"),
        ("postgresql://reader:secret@127.0.0.1/x?secre=secret", "không trả lời được"),
        ("sqlite:////no/such/secret.db", "không trả lời được"),
    ],
)
def test_an_address_that_does_not_answer_is_not_repeated(address: str, said: str) -> None:
    """It may hold a password."""
    with pytest.raises(SheetRefused, match=said) as refused, connected("province", address, 5, lambda: False):
        pass
    assert "secret" not in _everything(refused.value)


def _everything(error: SheetRefused) -> Any:
    return f"{error} {error.why.both()}"
