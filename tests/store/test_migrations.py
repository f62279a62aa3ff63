"""Migrations make exactly the tables the code knows, on both databases, from nothing and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from engine.store import schema
from engine.store.database import connect, metadata, reading, writing
from engine.store.schema import SchemaNewer
from tests.town import Town


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """A database without any table."""
    if request.param == "sqlite":
        return connect(f"sqlite:///{tmp_path / 'empty.db'}")
    engine: Engine = request.getfixturevalue("postgres")
    metadata.drop_all(engine)
    return engine


def test_migrated_is_what_the_code_knows(empty: Engine) -> None:
    """After the migrations there is no difference left to the tables of the code."""
    assert schema.upgrade(empty) is True
    assert schema.upgrade(empty) is False
    with reading(empty) as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []


def test_a_night_runs_on_migrated_tables_and_they_can_be_taken_back(empty: Engine) -> None:
    """Data goes in, the migrations are taken back, and made again."""
    schema.upgrade(empty)
    Town(empty).founded_here()
    schema.downgrade(empty)
    assert set(inspect(empty).get_table_names()) <= {"alembic_version"}
    assert schema.upgrade(empty) is True
    Town(empty).founded_here()


def test_a_newer_database_is_refused(empty: Engine) -> None:
    """A database made by a later version is left alone, with the remedy."""
    schema.upgrade(empty)
    with writing(empty) as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaNewer, match="Nâng cấp chương trình"):
        schema.upgrade(empty)


def test_a_database_of_before_derived_rules_takes_their_tasks_and_gives_them_up_again(empty: Engine) -> None:
    """The database checks the kind of a task; rows of the new kinds go when the migration is taken back."""
    schema.upgrade(empty)
    schema.downgrade(empty, "0001")
    assert not takes(empty, "streak")
    schema.upgrade(empty)
    for kind in ("report", "streak", "whole"):
        assert takes(empty, kind)
    assert not takes(empty, "roman")
    schema.downgrade(empty, "0001")
    with reading(empty) as conn:
        assert conn.scalars(text("SELECT kind FROM task")).all() == ["report"]


def takes(engine: Engine, kind: str) -> bool:
    """Whether the database takes a task of this kind."""
    unit = (
        "INSERT INTO unit (no, id, kind, level, valid_from, recorded_at) "
        "VALUES (:n, :id, 'ubnd', 'commune', :d, :t)"
    )
    row = (
        "INSERT INTO task (unit_no, subject, kind, counts, issued_on, recorded_at) "
        "VALUES (:n, :id, :kind, 'x', :d, :t)"
    )
    values = {
        "n": sum(map(ord, kind)),
        "id": f"x.{kind}",
        "kind": kind,
        "d": "2015-01-01",
        "t": "2015-01-01 00:00:00",
    }
    try:
        with writing(engine) as conn:
            conn.execute(text(unit), values)
            conn.execute(text(row), values)
    except IntegrityError:
        return False
    return True


def test_every_revision_is_named_by_its_file_and_follows_the_one_before() -> None:
    """The latest is found by the files' names alone, so that no command waits for Alembic."""
    script = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    chain = [revision.revision for revision in script.walk_revisions()][::-1]
    assert schema._known() == chain
