"""Migrations make exactly the tables the code knows, on both databases, from nothing and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

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
