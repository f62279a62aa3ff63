"""The least that a night needs: on PostgreSQL it runs as a role that can neither change the log nor the tables.

The roles are made by the very file that operators run, deploy/postgresql-roles.sql.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Literal

import psycopg
import pytest
from sqlalchemy import URL, Engine, make_url, text

from dondoc.engine.domain.acts import ActKind, Door
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import connect, night_lock, reading, writing
from dondoc.engine.store.db.faults import DatabaseNotWritable
from dondoc.engine.store.db.schema_version import begun, downgrade, upgrade
from dondoc.engine.store.matching.evaluate import Decisions
from dondoc.engine.store.matching.shares import Share, decide_share
from dondoc.engine.store.night import links
from dondoc.engine.store.retention.removed import Kept
from dondoc.flows.delivery import operator_decisions
from dondoc.flows.records.acts import ActRefused, Said, recorded, seen
from dondoc.flows.records.audit import audit
from dondoc.flows.records.desk import beside_letters, standing
from dondoc.flows.records.forgetting import forgotten
from dondoc.flows.records.retention import removed
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.story_stage import Stage, to
from tests.support.town import ROOT

ROLES = (ROOT / "deploy" / "postgresql-roles.sql").read_text("utf-8")


@pytest.fixture(scope="module")
def night_role(postgres_url: str) -> Iterator[Engine]:
    """The service's own role in a database that these tests share."""
    with _set_up(postgres_url, "roles") as service:
        yield service


@pytest.fixture
def night_role_alone(postgres_url: str) -> Iterator[Engine]:
    """The same in a database of one test."""
    with _set_up(postgres_url, "roles_alone") as service:
        yield service


@contextmanager
def _set_up(postgres_url: str, name: Literal["roles", "roles_alone"]) -> Iterator[Engine]:
    """A database as the manual sets it up, and the service's own role connected to it."""
    with psycopg.connect(postgres_url, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name}")
    url = make_url(postgres_url.replace("/postgres?", f"/{name}?"))
    run(url)
    owner = connect(as_role(url, "dondoc_owner"))
    upgrade(owner)
    owner.dispose()
    run(url)
    service = connect(as_role(url, "dondoc"))
    yield service
    service.dispose()
    with psycopg.connect(postgres_url, autocommit=True) as conn:
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(url: URL) -> None:
    """The file, as psql would run it."""
    with psycopg.connect(url.render_as_string(hide_password=False)) as conn:
        conn.execute(ROLES)


def as_role(url: URL, role: str) -> str:
    """The same database for one of the roles."""
    return url.set(username=role).render_as_string(hide_password=False)


def test_the_least_role_gives_shares_away_and_decides_them(night_role: Engine) -> None:
    """To export a snapshot and to import it asks for no right of its own."""
    with reading(night_role) as conn:
        snapshot = conn.scalar(text("SELECT pg_export_snapshot()"))
        share = Share((), {}, datetime(2015, 4, 19, 19, tzinfo=UTC), snapshot)
        assert decide_share(night_role.url.render_as_string(hide_password=False), share) == Decisions()


def test_whole_nights_and_deliveries_run_as_the_least_role(night_role: Engine, sink: Mailsink) -> None:
    """Import, three nights, their letters, what the operator decides: nothing needs more."""
    assert upgrade(night_role) is False
    stage = Stage.set(night_role, sink)
    with night_lock(night_role):
        assert to(stage.night("2015-04-20")) != set()
    assert to(stage.night("2015-04-25")) != set()
    assert to(stage.night("2015-05-07")) != set()
    assert operator_decisions.release(night_role, date(2015, 5, 7), datetime.now(UTC)) == []
    with reading(night_role) as conn:
        assert audit(conn).flaws == ()


FORBIDDEN = {
    "change an event": "UPDATE event SET detail = '{}'",
    "delete an event": "DELETE FROM event",
    "empty the log": "TRUNCATE log_entry",
    "change an entry": "UPDATE log_entry SET hash = previous",
    "take the guard away": "ALTER TABLE event DISABLE TRIGGER ALL",
    "drop the guard": "DROP TRIGGER event_stays ON event",
    "replace the guard's function": (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NULL; END $$"
    ),
    "silence every trigger": "SET session_replication_role = 'replica'",
    "drop a table": "DROP TABLE case_file",
    "add a column": "ALTER TABLE letter ADD COLUMN x integer",
    "make a table": "CREATE TABLE notes (x integer)",
    "lie about the schema": "UPDATE alembic_version SET version_num = '0001'",
    "delete a letter": "DELETE FROM letter",
    "delete a case": "DELETE FROM case_file",
    "delete a mailbox": "DELETE FROM mailbox",
    "change the statistics": "INSERT INTO case_statistic VALUES ('r', 'ubnd', 2015, 'late', 1, 1)",
    "become the owner": "SET ROLE dondoc_owner",
    "read a file of the server": "COPY notice FROM '/etc/passwd'",
    "run a program on the server": "COPY notice TO PROGRAM 'true'",
}


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN)
def test_it_may_not(night_role: Engine, statement: str) -> None:
    """What a stolen password of the service cannot do."""
    with pytest.raises(DatabaseNotWritable, match=r"permission denied|must be owner"), writing(night_role) as conn:
        conn.execute(text(statement))


def test_what_is_old_goes_under_a_role_of_its_own(night_role_alone: Engine, sink: Mailsink) -> None:
    """It removes every kind; the service's own role is refused for each of them, and everything stays."""
    stage = Stage.set(night_role_alone, sink)
    for day in ("2015-04-20", "2015-04-25", "2015-05-07", "2016-04-20", "2016-05-07"):
        stage.night(day)
    old = dict.fromkeys(Kept, date(2017, 1, 1))
    for kind in (Kept.ATTEMPTS, Kept.HISTORY, Kept.CASES):
        with pytest.raises(DatabaseNotWritable, match="permission denied"):
            removed(night_role_alone, {kind: old[kind]})
    remover = connect(as_role(night_role_alone.url, "dondoc_retention"))
    with night_lock(remover):
        gone = {one.kind: one.rows for one in removed(remover, old).removals}
    assert all(gone[kind] > 0 for kind in Kept if kind is not Kept.CASES), gone
    with reading(remover) as conn:
        assert audit(conn).flaws == ()
        address = str(conn.scalar(text("SELECT max(recipient) FROM letter WHERE office LIKE 'ln.ubnd_xa%'")))
    done, _ = forgotten(remover, address, "Công văn 12/VP", date(2027, 1, 1))
    assert done.letters > 0
    with reading(remover) as conn:
        assert audit(conn).flaws == ()
    remover.dispose()


MORE_FORBIDDEN = ("delete a letter", "change an event", "delete an event", "empty the log", "drop a table")


@pytest.mark.parametrize("what", MORE_FORBIDDEN)
def test_nor_may_the_one_that_removes(night_role: Engine, what: str) -> None:
    """It removes what has a time, and no letter, no event, no table."""
    remover = connect(as_role(night_role.url, "dondoc_retention"))
    with pytest.raises(DatabaseNotWritable, match=r"permission denied|must be owner"), writing(remover) as conn:
        conn.execute(text(FORBIDDEN[what]))
    remover.dispose()


def test_the_pages_role_opens_a_case_and_records_an_act(night_role_alone: Engine, sink: Mailsink) -> None:
    """Nothing needs more than `dondoc_web` may: the case, the act, its event, and the proof of the log."""
    stage = Stage.set(night_role_alone, sink)
    stage.night("2015-04-20")
    pages = connect(as_role(night_role_alone.url, "dondoc_web"))
    unit, now = "ln.ubnd_xa.bao_dai", datetime(2015, 4, 21, 3, tzinfo=UTC)
    with reading(night_role_alone) as conn:
        code = str(
            conn.scalar(
                text(
                    "SELECT code FROM case_file JOIN task ON task.id = task_id JOIN unit ON no = unit_no "
                    f"WHERE unit.id = '{unit}'"
                )
            )
        )
    assert begun(pages)
    with reading(pages) as conn:
        found = seen(conn, stage.book, code, unit, now)
        assert links.revoked_through(conn, code, unit) is None
        assert links.closed_on(conn, code) is None
    assert ActKind.EXTENSION_ASKED in {one.kind for one in found.offered}
    said = Said(code, ActKind.EXTENSION_ASKED, unit, until=date(2015, 4, 30), words="Lũ")
    assert recorded(pages, stage.book, said, now, Door.LINK).number == 1
    with reading(pages) as conn:
        assert [one.code for one in beside_letters(conn, stage.book, now)] == ["night-missing", "extension-asked"]
        stands = standing(conn, stage.book, now)
    with reading(night_role_alone) as conn:
        assert stands == standing(conn, stage.book, now)
    assert stands is not None
    assert (stands.delivery.delivered, stands.delivery.due) == (9, 9)
    with pytest.raises(ActRefused):
        recorded(pages, stage.book, replace(said, until=date(2015, 4, 1)), now, Door.LINK)
    # What is said to have been handed in counts as a report, until it is taken back.
    done = Said(code, ActKind.DONE, unit, document="12/BC-UBND", done_on=date(2015, 4, 20))
    assert recorded(pages, stage.book, done, now, Door.LINK).number == 2
    back = Said(code, ActKind.TAKEN_BACK, unit, about=2)
    assert recorded(pages, stage.book, back, now, Door.LINK).number == 3
    with audited(pages) as tx:
        links.refuse(tx, "altered")
    with reading(night_role_alone) as conn:
        assert audit(conn).flaws == ()
    pages.dispose()


OF_THE_PAGES = {
    "read a letter": "SELECT mime FROM letter",
    "read to which mailbox it went": "SELECT recipient FROM letter",
    "read what a server answered": "SELECT reply FROM letter",
    "read the attempts": "SELECT text FROM delivery_attempt",
    "read a mailbox": "SELECT address FROM mailbox",
    "read what a mail said": "SELECT text FROM answer",
    "read what a night named": "SELECT summary FROM night",
    "change a case": "UPDATE case_file SET closing_told = true",
    "change an act": "UPDATE act SET words = ''",
    "delete an act": "DELETE FROM act",
    "change what was handed in": "UPDATE submission SET document = 'x'",
    "delete what was handed in": "DELETE FROM submission",
    "measure something": "INSERT INTO reading (ref) VALUES ('x')",
    "revoke a link, or take that back": "DELETE FROM link_revocation",
    "change an event": "UPDATE event SET detail = '{}'",
    "drop a table": "DROP TABLE act",
}


@pytest.mark.parametrize("statement", OF_THE_PAGES.values(), ids=OF_THE_PAGES)
def test_nor_may_the_pages(night_role: Engine, statement: str) -> None:
    """What a stolen password of `dondoc web` cannot do."""
    pages = connect(as_role(night_role.url, "dondoc_web"))
    with pytest.raises(DatabaseNotWritable, match=r"permission denied|must be owner"), writing(pages) as conn:
        conn.execute(text(statement))
    pages.dispose()


def test_nor_take_a_migration_back(night_role: Engine) -> None:
    """Migrations are the owner's: the service is told that it may not."""
    with pytest.raises(DatabaseNotWritable, match=r"permission denied for|must be owner"):
        downgrade(night_role, "0001")
