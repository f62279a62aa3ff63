"""The version of the database's schema: an older one is upgraded or, by what only reads, refused; a newer refused.

Alembic is imported only to migrate: the version of a database is one line of SQL, and every command reads it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, PoolProxiedConnection, func, select, text

from dondoc.engine.errors import DonDocError, Remedy
from dondoc.engine.store.db.database import connect, is_in_memory, reading, writing
from dondoc.engine.store.db.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent.parent / "migrations"
_VERSIONS = "alembic_version"
_MIGRATING = 0x646F6E646F65


class SchemaNewer(DonDocError):
    """The database was migrated by a newer version of this program."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(
            f"Cơ sở dữ liệu do phiên bản mới hơn tạo (bản {found}). Nâng cấp chương trình rồi chạy lại. "
            "(The database was made by a newer version: upgrade the program.)"
        )


class SchemaOlder(DonDocError):
    """An older version made the database, and a command that only reads does not upgrade it."""

    remedy = Remedy.USAGE

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(
            f"Cơ sở dữ liệu do phiên bản cũ tạo (bản {found}); lệnh chỉ xem thì không nâng cấp: chạy dondoc pull "
            "hoặc chờ đêm tới, rồi chạy lại. (The database was made by an older version, and a command that only "
            "reads does not upgrade it: run dondoc pull or wait for the next night, then run again.)"
        )


def _config(conn: Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - a tenth of a second that most commands do not need

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = conn
    return config


def _known() -> list[str]:
    """The revisions that this version knows, oldest first: the name of each migration file begins with its own."""
    return sorted(path.name.partition("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*.py"))


def _current(conn: Connection) -> str | None:
    """The database's revision; None: it has none yet."""
    if not conn.dialect.has_table(conn, _VERSIONS):
        return None
    found: str | None = conn.scalar(text(f"SELECT version_num FROM {_VERSIONS}"))  # noqa: S608 - a constant
    return found


def _found(engine: Engine) -> str | None:
    """The revision of a database that this version can read or upgrade. Raises `SchemaNewer`."""
    with reading(engine) as conn:
        current = _current(conn)
    if current is not None and current not in _known():
        raise SchemaNewer(current)
    return current


def behind(engine: Engine) -> bool:
    """Whether the database's schema is older than this version's; changes nothing. Raises as `upgrade` does."""
    return _found(engine) != _known()[-1]


def begun(engine: Engine) -> bool:
    """Whether the database has tables; changes nothing.

    Raises `SchemaOlder`, `SchemaNewer`, or a `faults.DatabaseFault` if the database cannot be reached.
    """
    found = _found(engine)
    if found is not None and found != _known()[-1]:
        raise SchemaOlder(found)
    return found is not None


def upgrade(engine: Engine) -> bool:
    """Migrates the database to this version's schema; whether anything had to be done.

    Raises `SchemaNewer`, or a `faults.DatabaseFault` if the database cannot be reached or written.
    """
    if not behind(engine):
        return False
    from alembic import command  # noqa: PLC0415 - as above

    with writing(engine) as conn:
        # Several first commands may begin at once: one migrates, the others wait for it and find it done.
        if conn.dialect.name == "postgresql":
            conn.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
        command.upgrade(_config(conn), "head")
    return True


def create_tables(engine: Engine) -> None:
    """Creates every table at once in an empty database that no later version will open: records no migration."""
    if not is_in_memory(engine):
        metadata.create_all(engine)
        return
    # A copy of empty tables takes a millisecond, and making them fifty.
    with closing(engine.raw_connection()) as raw:
        _empty_tables().backup(_sqlite_of(raw))


@cache
def _empty_tables() -> sqlite3.Connection:
    """A database in memory with every table and no row, which ends with the process."""
    engine = connect("sqlite://")
    metadata.create_all(engine)
    return _sqlite_of(engine.raw_connection())


def _sqlite_of(raw: PoolProxiedConnection) -> sqlite3.Connection:
    made = raw.driver_connection
    assert isinstance(made, sqlite3.Connection)
    return made


@contextmanager
def in_memory() -> Iterator[Engine]:
    """An empty in-memory database with every table, which ends with the context."""
    engine = connect("sqlite://")
    try:
        create_tables(engine)
        yield engine
    finally:
        engine.dispose()


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Reverts migrations down to `revision`; the data in what they created is lost."""
    from alembic import command  # noqa: PLC0415 - as above

    with writing(engine) as conn:
        command.downgrade(_config(conn), revision)
