"""Migrations make exactly the tables the code knows, on both databases, from nothing and back."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Enum, inspect, text
from sqlalchemy.exc import IntegrityError

from dondoc.engine.store.db import schema_version
from dondoc.engine.store.db.database import connect, reading, writing
from dondoc.engine.store.db.schema_version import SchemaNewer, SchemaOlder
from dondoc.engine.store.db.tables import metadata
from dondoc.flows.records.audit import audit
from tests.support.planned_letters import planned
from tests.support.town import Town


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
    assert schema_version.upgrade(empty) is True
    assert schema_version.upgrade(empty) is False
    with reading(empty) as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []


def test_migrated_columns_take_every_word_of_their_enums_and_no_other(empty: Engine) -> None:
    """Alembic compares no checks: a new kind of task without its migration would be refused by night."""
    schema_version.upgrade(empty)
    asked = inspect(empty)
    for table in metadata.sorted_tables:
        found = {check["name"]: check["sqltext"] for check in asked.get_check_constraints(table.name)}
        for column in table.columns:
            if isinstance(column.type, Enum):
                words = set(re.findall(r"'([^']*)'", found[f"ck_{table.name}_{column.type.name}"]))
                assert words == set(column.type.enums), f"{table.name}.{column.name}"


def test_every_table_is_known_to_a_process_that_imported_nothing_else() -> None:
    """What is backed up, restored or migrated does not depend on which modules happened to be imported."""
    code = """
from sqlalchemy import inspect
from dondoc.engine.store.db.database import connect
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.engine.store.db.tables.columns import metadata
engine = connect("sqlite://")
upgrade(engine)
assert {*metadata.tables, "alembic_version"} == {*inspect(engine).get_table_names()}, [*metadata.tables]
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_night_runs_on_migrated_tables_and_they_can_be_taken_back(empty: Engine) -> None:
    """Data goes in, the migrations are taken back, and made again."""
    schema_version.upgrade(empty)
    Town(empty).founded_here()
    schema_version.downgrade(empty)
    assert set(inspect(empty).get_table_names()) <= {"alembic_version"}
    assert schema_version.upgrade(empty) is True
    Town(empty).founded_here()


def test_a_newer_database_is_refused(empty: Engine) -> None:
    """A database made by a later version is left alone, with the remedy."""
    schema_version.upgrade(empty)
    with writing(empty) as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaNewer, match="Nâng cấp chương trình"):
        schema_version.upgrade(empty)


def test_looking_tells_an_empty_database_an_older_one_and_a_current_one_apart(empty: Engine) -> None:
    """Nothing is made or upgraded by it."""
    assert schema_version.begun(empty) is False
    assert set(inspect(empty).get_table_names()) <= {"alembic_version"}
    schema_version.upgrade(empty)
    assert schema_version.begun(empty) is True
    schema_version.downgrade(empty, "0009")
    with pytest.raises(SchemaOlder, match=r"bản 0009.*run dondoc pull"):
        schema_version.begun(empty)
    assert schema_version.behind(empty) is True


def test_a_database_of_before_derived_rules_takes_their_tasks_and_gives_them_up_again(empty: Engine) -> None:
    """The database checks the kind of a task; rows of the new kinds go when the migration is taken back."""
    schema_version.upgrade(empty)
    schema_version.downgrade(empty, "0001")
    assert not takes(empty, "streak")
    schema_version.upgrade(empty)
    for kind in ("report", "streak", "whole"):
        assert takes(empty, kind)
    assert not takes(empty, "roman")
    schema_version.downgrade(empty, "0001")
    with reading(empty) as conn:
        assert conn.scalars(text("SELECT kind FROM task")).all() == ["report"]


def test_a_log_of_before_the_chain_is_its_first_entry_and_stays_when_it_is_taken_back(empty: Engine) -> None:
    """Events keep their order and their words; nights and letters are logged as they are found."""
    schema_version.upgrade(empty)
    schema_version.downgrade(empty, "0004")
    event = "INSERT INTO event (night, kind, task_id, detail) VALUES ('2015-04-20', :kind, :task, :detail)"
    night = (
        "INSERT INTO night (as_of, state, cutoff, rules_sha256, telling, baseline, summary) "
        "VALUES ('2015-04-20', 'ok', '2015-04-19 19:00:00', 'r', true, false, '{}')"
    )
    with writing(empty) as conn:
        for n, detail in enumerate(('{"b": "1", "a": "đ"}', "{}", '{"letter": "x"}')):
            conn.execute(text(event), {"kind": f"kind-{n}", "task": n or None, "detail": detail})
        conn.execute(text(night))
        enqueue_of_old(conn)
    schema_version.upgrade(empty)
    with reading(empty) as conn:
        rows = conn.execute(text("SELECT kind, task_id, detail FROM event ORDER BY entry, position")).all()
        audited = audit(conn)
    assert [tuple(row) for row in rows[:3]] == [
        ("kind-0", None, '{"a":"đ","b":"1"}'),
        ("kind-1", 1, "{}"),
        ("kind-2", 2, '{"letter":"x"}'),
    ]
    assert [row.kind for row in rows[3:]] == ["night-judged", "letter-planned", "rows-found"]
    assert "covered since" in audited.text().vi
    assert (audited.proof.head.number, audited.flaws) == (2, ())
    schema_version.downgrade(empty, "0004")
    with reading(empty) as conn:
        kept = conn.execute(text("SELECT kind FROM event ORDER BY id")).scalars().all()
    assert kept == ["kind-0", "kind-1", "kind-2", "night-judged", "letter-planned"]


def enqueue_of_old(conn: Connection) -> None:
    """A letter as it was stored before anything was logged of it, in the hands of a relay."""
    letter = planned()
    row = {
        "id": letter.id,
        "office": letter.office,
        "message_id": letter.message_id,
        "mime": letter.mime,
        "sha256": sha256(letter.mime).hexdigest(),
        "size": len(letter.mime),
    }
    conn.execute(
        text(
            "INSERT INTO letter (id, night, office, part, message_id, envelope_from, recipient, mime, "
            "mime_sha256, size, state, attempt, next_at, lease_token, reply, expires_at, planned_at) "
            "VALUES (:id, '2015-04-20', :office, 1, :message_id, 'a@example.vn', 'b@example.vn', :mime, "
            ":sha256, :size, 'leased', 1, "
            "'2015-04-20 00:00:00', 1, '', '2015-04-21 00:00:00', '2015-04-20 00:00:00')"
        ),
        row,
    )


def test_both_ways_to_the_tables_guard_the_log_alike(empty: Engine) -> None:
    """Made by the migrations or by the code: the same triggers stand before the log."""
    schema_version.upgrade(empty)
    migrated = triggers(empty)
    schema_version.downgrade(empty)
    metadata.create_all(empty)
    assert migrated == triggers(empty) != set()


def triggers(engine: Engine) -> set[tuple[str, str]]:
    """Every trigger: its name, and what it does."""
    sqlite = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    postgres = "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    with reading(engine) as conn:
        query = sqlite if engine.dialect.name == "sqlite" else postgres
        return {(name, what) for name, what in conn.execute(text(query))}


def test_assigned_tasks_become_versions_and_tasks_again(empty: Engine) -> None:
    """Taken back, a task has the values of its last version, whether or not a night has seen it."""
    schema_version.upgrade(empty)
    town = Town(empty).founded_here()
    for ref in ("seen", "new"):
        town.is_assigned("ln.ubnd_xa.bao_dai", "w", "2015-05-10", "2015-05-01T10:00", ref=ref)
        if ref == "seen":
            town.night(date(2015, 5, 4))
    town.is_assigned("ln.ubnd_xa.bao_dai", "w", "2015-05-20", "2015-05-01T11:00", ref="seen")
    schema_version.downgrade(empty, before("assignments"))
    assert known(empty, "SELECT subject, last_day FROM task WHERE kind = 'assigned' ORDER BY subject") == [
        ("new", "2015-05-10"),
        ("seen", "2015-05-20"),
    ]
    schema_version.upgrade(empty)
    assert known(empty, "SELECT ref, last_day FROM assignment WHERE task_id IS NOT NULL ORDER BY ref") == [
        ("new", "2015-05-10"),
        ("seen", "2015-05-20"),
    ]
    town.is_assigned("ln.ubnd_xa.bao_dai", "w", "2015-05-30", "2015-05-02T10:00", ref="seen")
    town.night(date(2015, 5, 5))
    last = "SELECT last_day, title FROM task WHERE subject = 'seen'"
    assert known(empty, last) == [("2015-05-30", "Nhiệm vụ được giao")]


def before(name: str) -> str:
    """The revision before the one of that name."""
    (file,) = (Path(schema_version.__file__).parent.parent / "migrations" / "versions").glob(f"*_{name}.py")
    revisions = schema_version._known()
    return revisions[revisions.index(file.name.partition("_")[0]) - 1]


def known(engine: Engine, query: str) -> list[tuple[str, ...]]:
    """The rows of a query, as text."""
    with reading(engine) as conn:
        return [tuple(map(str, row)) for row in conn.execute(text(query))]


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
    script = ScriptDirectory(str(Path(schema_version.__file__).parent.parent / "migrations"))
    chain = [revision.revision for revision in script.walk_revisions()][::-1]
    assert schema_version._known() == chain
