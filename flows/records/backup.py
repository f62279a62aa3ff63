"""Backup and restore: everything that is stored, as one SQLite file, from and into SQLite or PostgreSQL.

A backup is one consistent view, also while a night or a delivery runs. A night on a restored database continues
from it: the backup contains who was notified and the letters that wait.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import mkstemp

from dondoc.engine.domain.model import Event
from dondoc.engine.errors import DonDocError
from dondoc.engine.file_faults import fault_of, shown, translated
from dondoc.engine.store.audit_log.covered_rows import COVERED, digests, log_written
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.audit_log.logged import WITHDRAWN
from dondoc.engine.store.audit_log.removals import irretrievable_before
from dondoc.engine.store.db import transfer
from dondoc.engine.store.db.database import Engine, connect, reading
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.engine.store.recall.withdraw import Withdrawn, withdraw

# The first bytes of every SQLite file: https://www.sqlite.org/fileformat.html, 1.3.
_MAGIC = b"SQLite format 3\0"


class BackupRefused(DonDocError):
    """The backup would overwrite a file, is none or damaged, or has no empty database to fill; nothing changed."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """How many rows were written, and which nights were left out (None: none were to be)."""

    rows: int
    withdrawn: Withdrawn | None = None


def backup(source: Engine, path: Path, before: date | None = None) -> BackedUp:
    """Writes everything stored to the file `path`, atomically; with `before` without that night and later ones.

    The file gets its name when it was read back: whole, with as many rows of each table as were given. Raises
    `BackupRefused` when it is not, when the file exists, or when no night before `before` is stored, `FileFault`
    where it cannot be written.
    """
    if os.path.lexists(path):
        raise BackupRefused(f"{shown(path)}: đã có tệp này; chọn tên khác (the file exists: choose another name)")
    try:
        # A name that nobody can guess, made exclusively: the database would follow a link, and blame its address.
        number, name = mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise fault_of(OSError(error.errno, error.strerror, str(path))) from error
    os.close(number)
    fresh = Path(name)
    try:
        upgrade(source)
        with _file(fresh) as target:
            upgrade(target)
            rows = _copy(source, target)
            copied = BackedUp(sum(rows.values()))
            if before is not None:
                copied = replace(copied, withdrawn=_without(target, before))
                with reading(target) as conn:
                    rows = transfer.counts(conn)
        if before is not None and copied.withdrawn is None:
            raise BackupRefused(
                f"--before {before}: không có đêm nào trước đó để trở về; nạp lại vào cơ sở dữ liệu trống (there "
                "is no night before it to go back to: import again into an empty database)"
            )
        _refuse_damaged(fresh, path, rows)
        with translated(path):
            fresh.rename(path)
    finally:
        fresh.unlink(missing_ok=True)
    return copied


def _without(target: Engine, before: date) -> Withdrawn | None:
    """Takes the nights back in the copy, and logs that there.

    Raises `BackupRefused` where that needs rows which were removed.
    """
    with audited(target) as tx:
        first = irretrievable_before(tx.conn)
        if first is not None and before < first:
            raise BackupRefused(
                f"--before {before}: dondoc retain đã bỏ các dòng được thay trước ngày {first:%d/%m/%Y}; trở về "
                f"sớm nhất là --before {first} (what was replaced before {first} was removed: go back to that "
                "night at the earliest)"
            )
        stood = {table: digests(tx.conn, table) for table in COVERED.values()}
        found = withdraw(tx.conn, before)
        if found is not None:
            for table, was in stood.items():
                log_written(tx, None, table, was, digests(tx.conn, table))
            tx.log(None, [Event(WITHDRAWN, None, {"from": before.isoformat(), "nights": str(found.nights)})])
        return found


def restore(path: Path, target: Engine) -> int:
    """Fills an empty database from a backup; returns the number of rows.

    Raises `BackupRefused` for a file that is not a backup or a database that is not empty, `SchemaNewer` for a
    backup of a newer version. The file of an older version is upgraded in place first.
    """
    if not _is_sqlite(path):
        raise BackupRefused(f"{path}: không phải tệp sao lưu của dondoc (not a dondoc backup)")
    _refuse_damaged(path, path)
    upgrade(target)
    with reading(target) as conn:
        table = transfer.filled(conn)
    if table is not None:
        raise BackupRefused(
            f"cơ sở dữ liệu đã có dữ liệu ({table}); chỉ khôi phục vào cơ sở dữ liệu trống "
            "(the database is not empty: restore into an empty one)"
        )
    with _file(path) as source:
        upgrade(source)
        return sum(_copy(source, target, Event("restored", None, {"backup": path.name})).values())


def _refuse_damaged(file: Path, named: Path, rows: Mapping[str, int] | None = None) -> None:
    found = transfer.damage(file, rows)
    if found:
        raise BackupRefused(
            f"{shown(named)}: bản sao lưu hỏng, đọc lại không được như đã ghi; xem đĩa rồi sao lưu lại, hoặc dùng "
            f"bản khác (the backup is damaged: check the disk and back up again, or take another one) [{found}]"
        )


def _is_sqlite(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


@contextmanager
def _file(path: Path) -> Iterator[Engine]:
    engine = connect(f"sqlite:///{path}")
    try:
        yield engine
    finally:
        engine.dispose()


def _copy(source: Engine, target: Engine, *log: Event) -> dict[str, int]:
    """Copies everything stored, then logs the events in the copy; returns the number of rows given, by table."""
    with reading(source) as giving, audited(target) as taking:
        transfer.copy_all(giving, taking.conn)
        given = transfer.counts(giving)
        if transfer.counts(taking.conn) != given:
            raise BackupRefused("bản sao không đủ dòng; chạy lại (the copy lacks rows: run it again)")
        taking.log(None, log)
    return given
