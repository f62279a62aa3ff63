"""A command that only looks changes no database: it makes none, and upgrades none."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from dondoc.engine.store.db.database import connect
from dondoc.engine.store.db.schema_version import downgrade
from tests.support.cli_office import Office
from tests.support.town import ROOT

MIGRATIONS = ROOT / "engine" / "store" / "migrations"
WRONG_CALL = 2
*_, OLDER, NEWEST = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py"))
LOOKING = [
    "status",
    "explain LN15-0001",
    "why-not ln.ubnd_huyen --on 2015-05-06",
    "register",
    "waivers",
    "sources",
    "outbox list",
    "audit verify",
    "audit list",
    "audit export log.csv",
    "inherit list",
    "inherit list --decided",
    "check",
    "forecast",
    "backtest --from 2015-04-01 --to 2015-04-02",
    "preview report-round-1",
    "form submissions ln.ubnd_xa.bao_dai",
]


def version(file: Path) -> str:
    """The shape that a database has."""
    with sqlite3.connect(file) as conn:
        found: str = conn.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        return found


@pytest.fixture
def older(office: Office) -> Office:
    """The examples are in a database as the version before made it."""
    office.holds_the_examples()
    engine = connect(f"sqlite:///{office.database}")
    downgrade(engine, OLDER)
    engine.dispose()
    return office


@pytest.mark.long
def test_an_older_database_is_named_and_left_as_it_is(older: Office) -> None:
    """One sentence with the remedy; the command that it names upgrades, and then the same commands answer."""
    for words in LOOKING:
        ran = older.dondoc(*words.split())
        assert (ran.code, ran.out, ran.err.count("\n")) == (WRONG_CALL, "", 1), words
        assert f"phiên bản cũ tạo (bản {OLDER})" in ran.err
        assert "run dondoc pull" in ran.err
    assert "cũ hơn chương trình" in older.dondoc("doctor").out
    assert version(older.database) == OLDER
    assert older.dondoc("pull").code == 0
    assert version(older.database) == NEWEST
    assert older.dondoc("status").code == 0


def test_a_database_that_is_not_there_is_not_made(office: Office) -> None:
    """Looked at before the first import it is an empty one."""
    made_one = ("status", "waivers", "sources", "outbox list", "audit verify", "audit list", "inherit list")
    for words in (*made_one, "check", "doctor"):
        ran = office.dondoc(*words.split())
        assert "Traceback" not in ran.err, words
    assert not office.database.parent.exists()
