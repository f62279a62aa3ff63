"""A database that was copied is one that was filled: what stands in it does not say which."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, select

from dondoc.engine.store.db import schema_version
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.db.schema_version import create_tables
from tests.support.ready_databases import upgrade
from tests.support.town import Town, rules


def rows(engine: Engine) -> dict[str, set[tuple[object, ...]]]:
    """Every row of every table, as text; those of the log apart, which say when they were written."""
    with reading(engine) as conn:
        return {
            table.name: {tuple(map(str, row)) for row in conn.execute(select(table))}
            for table in t.metadata.sorted_tables
            if table is not t.event
        }


def founded(path: Path) -> Engine:
    """A town in a file."""
    engine = connect(f"sqlite:///{path}")
    create_tables(engine)
    Town(engine, rules()).founded_here()
    return engine


def test_the_second_town_is_the_first(tmp_path: Path) -> None:
    """And is a database of its own."""
    first, second = founded(tmp_path / "1.db"), founded(tmp_path / "2.db")
    assert rows(first) == rows(second)
    assert rows(first)["unit"]
    Town(second, rules()).submits("ln.ubnd_xa.bao_dai", "child-protection", "2015-04-15")
    with reading(first) as conn:
        assert conn.execute(select(t.submission)).all() == []


def test_what_stands_in_a_database_stays(tmp_path: Path) -> None:
    """Only an empty one becomes a copy: any other is filled beside what it has."""
    engine = founded(tmp_path / "1.db")
    Town(engine, rules()).submits("ln.ubnd_xa.bao_dai", "child-protection", "2015-04-15")
    Town(engine, rules()).founded_here()
    with reading(engine) as conn:
        assert len(conn.execute(select(t.submission)).all()) == 1


def test_a_copy_is_of_the_newest_version(tmp_path: Path) -> None:
    """As `upgrade` leaves it: nothing more to migrate."""
    for n in (1, 2):
        engine = connect(f"sqlite:///{tmp_path / f'{n}.db'}")
        upgrade(engine)
        assert schema_version.upgrade(engine) is False
