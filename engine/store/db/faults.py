"""Errors of the database, which tell the operator what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from dondoc.engine.errors import DonDocError, Remedy

# `DBAPIError`: an error that `translated` does not know reaches the caller as the driver raised it.
__all__ = [
    "DBAPIError",
    "DatabaseFault",
    "DatabaseLocked",
    "DatabaseNotWritable",
    "DatabaseUnreachable",
    "DiskFull",
    "NightRunning",
    "SnapshotUnknown",
    "place",
    "translated",
]


class DatabaseFault(DonDocError):
    """The database failed; `where` is its URL without the password, `seen` the driver's message."""

    remedy = Remedy.LATER
    vi: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, where: str, seen: str) -> None:
        self.where, self.seen = where, seen
        super().__init__(f"{where}: {self.vi} ({self.en}) [{seen}]")


class DatabaseUnreachable(DatabaseFault):
    """It cannot be opened or read: no server, wrong name or password, no folder, a damaged file."""

    vi = "Không mở được cơ sở dữ liệu. Kiểm tra địa chỉ, mật khẩu, ổ đĩa và dịch vụ rồi chạy lại."
    en = "The database cannot be opened: check its address, password, disk and service, then run again."


class DatabaseLocked(DatabaseFault):
    """Another process held a lock for longer than the waiting time; nothing was written."""

    vi = "Cơ sở dữ liệu đang bị tiến trình khác khóa. Chờ tiến trình đó xong hoặc dừng nó rồi chạy lại."
    en = "Another process holds the database: let it finish or stop it, then run again."


class DatabaseNotWritable(DatabaseFault):
    """It can be read but not written: permissions, a read-only disk, a standby server."""

    vi = "Không ghi được vào cơ sở dữ liệu. Kiểm tra quyền ghi của tệp, của thư mục chứa nó hoặc của tài khoản."
    en = "The database cannot be written: check the permissions of its file, folder or account, then run again."


class DiskFull(DatabaseFault):
    """The disk is full; the transaction was rolled back, and everything committed before is intact."""

    vi = "Ổ đĩa của cơ sở dữ liệu đã đầy, chưa ghi gì. Giải phóng dung lượng rồi chạy lại."
    en = "The database's disk is full and nothing was written: free some space, then run again."


class NightRunning(DatabaseFault):
    """Another process is running a night on this database, so this one must not."""

    remedy = Remedy.NOTHING
    vi = "Một đêm khác đang chạy trên cơ sở dữ liệu này. Chờ đêm đó xong; không cần làm gì thêm."
    en = "Another night is running on this database: wait until it is done, nothing else is needed."


class SnapshotUnknown(DatabaseFault):
    """The snapshot of a share is unknown: its night is over, or this is not the database of that night."""

    vi = "Không thấy ảnh chụp dữ liệu của đêm: đêm đã xong, hoặc DONDOC_DATABASE ở máy này trỏ tới nơi khác."
    en = "The night's snapshot is unknown: the night is over, or DONDOC_DATABASE here names another database."


# Primary result codes: https://www.sqlite.org/rescode.html
_SQLITE: Mapping[int, type[DatabaseFault]] = {
    3: DatabaseNotWritable,  # PERM
    5: DatabaseLocked,  # BUSY
    6: DatabaseLocked,  # LOCKED
    8: DatabaseNotWritable,  # READONLY
    10: DatabaseUnreachable,  # IOERR
    11: DatabaseUnreachable,  # CORRUPT
    13: DiskFull,  # FULL
    14: DatabaseUnreachable,  # CANTOPEN
    26: DatabaseUnreachable,  # NOTADB
}
# SQLSTATE, else its class: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES: Mapping[str, type[DatabaseFault]] = {
    "25006": DatabaseNotWritable,  # read_only_sql_transaction
    "42501": DatabaseNotWritable,  # insufficient_privilege
    "40P01": DatabaseLocked,  # deadlock_detected
    "55P03": DatabaseLocked,  # lock_not_available
    "53100": DiskFull,
    "08": DatabaseUnreachable,  # connection_exception
    "28": DatabaseUnreachable,  # invalid_authorization_specification
    "3D": DatabaseUnreachable,  # invalid_catalog_name
    "53": DatabaseUnreachable,  # insufficient_resources
    "57": DatabaseUnreachable,  # operator_intervention: shutdown, starting up
}


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Turns errors of the driver into a `DatabaseFault`; others pass unchanged."""
    try:
        yield
    except DBAPIError as error:
        kind = _meaning(error)
        if kind is None:
            raise
        raise kind(place(engine), str(error.orig).strip()) from error


# The query parameters of a URL that may be shown; others, such as `password`, are left out.
_SHOWN = frozenset({"host", "port", "mode", "uri"})


def place(engine: Engine) -> str:
    """The database's URL for a message, without the password wherever it is given."""
    shown = {name: value for name, value in engine.url.query.items() if name in _SHOWN}
    return engine.url.set(query=shown).render_as_string(hide_password=True)


def _meaning(error: DBAPIError) -> type[DatabaseFault] | None:
    """The fault that a driver's error means; psycopg gives no SQLSTATE if no server could answer."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF)
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        # Without a statement the driver never got as far as one: its address has an option that it does not know.
        never_connected = error.statement is None
        return (
            DatabaseUnreachable if error.connection_invalidated or never_connected or _no_answer(error) else None
        )
    return _POSTGRES.get(state) or _POSTGRES.get(state[:2])


def _no_answer(error: DBAPIError) -> bool:
    return any(kind.__name__ == "OperationalError" for kind in type(error.orig).__mro__)
