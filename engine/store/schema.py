"""The database's shape: brought up to date before anything is read, refused when it is newer than the code."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from engine.errors import DonDocError
from engine.store.database import reading, writing

_FOLDER = Path(__file__).parent / "migrations"


class SchemaNewer(DonDocError):
    """The database was migrated by a newer version of this program."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(
            f"Cơ sở dữ liệu do phiên bản mới hơn tạo (bản {found}). Nâng cấp chương trình rồi chạy lại. "
            "(The database was made by a newer version: upgrade the program.)"
        )


def _config(conn: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = conn
    return config


def upgrade(engine: Engine) -> bool:
    """Brings the database to this version's shape; whether anything had to be done.

    Raises `SchemaNewer`, or a `faults.DatabaseFault` when the database cannot be reached or written.
    """
    script = ScriptDirectory(str(_FOLDER))
    with reading(engine) as conn:
        current = MigrationContext.configure(conn).get_current_revision()
    if current == script.get_current_head():
        return False
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise SchemaNewer(current)
    with writing(engine) as conn:
        command.upgrade(_config(conn), "head")
    return True


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Takes migrations back, down to `revision`; data in what they made is lost."""
    with writing(engine) as conn:
        command.downgrade(_config(conn), revision)
