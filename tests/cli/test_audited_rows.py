"""Rows that somebody changes beside the log: who hears, how cases stand, who was told, what units are called."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, insert, select, text

from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.db.schema_version import downgrade
from dondoc.flows.delivery import operator_decisions
from dondoc.flows.records.audit import audit
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.ready_databases import upgrade
from tests.support.story_stage import Stage

CHANGED = {
    "a mailbox": "UPDATE mailbox SET address = 'x@evil.example' WHERE no = 1",
    "the end of a mailbox": "UPDATE mailbox SET valid_to = '2015-01-01' WHERE no = 1",
    "a mailbox is gone": "DELETE FROM mailbox WHERE no = 1",
    "a step that a case reached": "UPDATE case_file SET reached = 9 WHERE code = 'LN15-0001'",
    "when a case is looked at next": "UPDATE case_file SET next_on = '2099-01-01' WHERE code = 'LN15-0001'",
    "the day of a breach": "UPDATE case_file SET breach = '2015-01-01' WHERE code = 'LN15-0001'",
    "the steps of a case": "UPDATE case_file SET ladder = '{}' WHERE code = 'LN15-0001'",
    "a notice that nobody retracted": "UPDATE notice SET untold_on = '2015-04-26' WHERE id = 1",
    "a notice for another reader": "UPDATE notice SET reader_no = reader_no + 1 WHERE id = 1",
    "a notice is gone": "DELETE FROM notice WHERE id = 1",
    "the name of a unit": "UPDATE unit_name SET name = 'x' WHERE unit_no = 1",
    "the level of a unit": "UPDATE unit SET level = 'central' WHERE no = (SELECT max(no) FROM unit)",
    "who is above a unit": "UPDATE relation SET other_no = 2 WHERE no = 3",
    "who succeeds a unit": "UPDATE succession SET scope = 'x' WHERE no = 1",
    "what a night knew": "UPDATE night SET cutoff = '2014-01-01 00:00:00.000000'",
    "that a night told nobody": "UPDATE night SET baseline = true",
}


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """One night with its delivery."""
    played = Stage.set(database, sink)
    played.night("2015-04-20")
    return played


def _found(conn: Connection, *statements: str) -> list[str]:
    """What the audit says of these statements, which are taken back."""
    with conn.begin_nested() as trial:
        for statement in statements:
            assert conn.execute(text(statement)).rowcount
        audited = audit(conn)
        trial.rollback()
    assert audited.proof.flaws == ()
    return [flaw.en for flaw in audited.differences]


def test_every_change_beside_the_log_names_its_row(stage: Stage) -> None:
    """Each of them left the audit green while the log had nothing but events."""
    with writing(stage.engine) as conn:
        assert audit(conn).flaws == ()
        for what, statement in CHANGED.items():
            table = statement.removeprefix("DELETE FROM ").removeprefix("UPDATE ").split()[0]
            named = [said for said in _found(conn, statement) if said.startswith(f"{table} ")]
            assert named, what
            assert ("is gone" if statement.startswith("DELETE") else "is not as it was logged") in named[0], what


def test_rows_put_in_by_hand_are_named(stage: Stage) -> None:
    """A second mailbox for an office, a notice that no night made."""
    with writing(stage.engine) as conn:
        for table in (t.mailbox, t.notice):
            key = table.primary_key.columns[0].name
            row = dict(conn.execute(select(table).limit(1)).mappings().one()) | {key: 99_999}
            if table is t.mailbox:
                row["valid_from"] = row["valid_from"].replace(year=1999)
            conn.execute(insert(table).values(row))
        said = [flaw.en for flaw in audit(conn).differences]
    assert [one.split(" (")[0] for one in said] == ["mailbox 99999", "notice 99999"]
    assert all(one.endswith("was never logged") for one in said)


def test_a_change_that_a_night_wrote_over_still_shows(stage: Stage) -> None:
    """The night logs how it found the row: after which entry somebody changed it, and before which."""
    with writing(stage.engine) as conn:
        conn.execute(text("UPDATE case_file SET reached = reached + 3 WHERE code = 'LN15-0001'"))
    for day in ("2015-04-25", "2015-05-07"):
        stage.night(day)
    with reading(stage.engine) as conn:
        said = [flaw.text() for flaw in audit(conn).flaws]
    assert any("(LN15-0001) was changed beside the log, after entry" in one for one in said), said


def test_what_an_operator_decides_is_no_difference(database: Engine, sink: Mailsink) -> None:
    """Letters that were dropped, and whose notices were retracted, agree with the log."""
    stage = Stage.set(database, sink)
    stage.night("2015-04-20")
    with writing(database) as conn:
        night = conn.scalar(select(t.night.c.as_of))
        conn.execute(t.letter.update().values(state="held"))
    operator_decisions.drop(database, night, datetime.now(UTC))
    with reading(database) as conn:
        assert conn.scalar(select(t.notice.c.untold_on).limit(1)) is not None
        assert [flaw.en for flaw in audit(conn).flaws if flaw.en.startswith(("notice", "case_file"))] == []


def test_an_older_database_is_covered_from_its_upgrade_on(sqlite: Engine, sink: Mailsink) -> None:
    """What was changed before it nobody can see, which the report says; what is changed after it is found."""
    t.metadata.drop_all(sqlite)
    upgrade(sqlite)
    stage = Stage.set(sqlite, sink)
    stage.night("2015-04-20")
    downgrade(sqlite, "0013")
    with writing(sqlite) as conn:
        conn.execute(text(CHANGED["a mailbox"]))
        conn.execute(text(CHANGED["a notice is gone"]))
    upgrade(sqlite)
    with writing(sqlite) as conn:
        audited = audit(conn)
        assert audited.flaws == ()
        assert f"covered since {audited.covered_since}: nothing shows a change before it" in audited.text().vi
        assert _found(conn, CHANGED["a step that a case reached"])
    stage.night("2015-04-25")
    with reading(sqlite) as conn:
        assert audit(conn).flaws == ()
