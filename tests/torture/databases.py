"""Databases with the example data for rounds: a copy of one template each, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from dondoc.engine.store.db.database import connect
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.flows.data.importer import bring_in
from tests.torture.victims import ROOT

# Makes a database with the example data and gives its address; called again for every round.
Databases = Callable[[Path], str]


def sqlite_files(template: Path) -> Databases:
    """Copies of one SQLite file that holds the example data; `template` is made first."""
    engine = connect(f"sqlite:///{template}")
    upgrade(engine)
    bring_in(engine, ROOT / "examples", datetime.now(UTC))
    engine.dispose()

    def fresh(place: Path) -> str:
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(template, place / "dondoc.db")
        return f"sqlite:///{place / 'dondoc.db'}"

    return fresh


def postgres_copies(server: str, prefix: str = "torture") -> Databases:
    """Copies of one PostgreSQL database that holds the example data; their names begin with `prefix`."""
    numbers = iter(range(10**6))

    def made(name: str, template: str) -> str:
        with psycopg.connect(server, autocommit=True) as conn:
            conn.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return server.replace("/postgres?", f"/{name}?")

    url = made(f"{prefix}_template", "template0")
    engine = connect(url)
    upgrade(engine)
    bring_in(engine, ROOT / "examples", datetime.now(UTC))
    engine.dispose()
    return lambda _: made(f"{prefix}_{next(numbers)}", f"{prefix}_template")
