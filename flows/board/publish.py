"""A folder of pages that is replaced as a whole: whoever reads sees the old pages or the new ones, no mixture.

The folder is a link to one beside it, in which the pages were written; turning the link is a single step. A
process that is killed leaves the old pages as they were, and the next run removes what it had begun.
"""

from __future__ import annotations

import fcntl
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from dondoc.engine.errors import DonDocError, Remedy
from dondoc.engine.file_faults import fault_of, shown


class BoardRefused(DonDocError):
    """The pages cannot be written there; nothing was changed, and the text says what to do."""

    remedy: ClassVar[Remedy] = Remedy.USAGE


class BoardBusy(DonDocError):
    """Another run writes the same pages."""

    remedy: ClassVar[Remedy] = Remedy.LATER


def publish(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Writes files by their relative path, then shows them as `folder`; returns how many bytes they have.

    Raises `BoardRefused` for a folder that holds anything else, `BoardBusy`, and `FileFault` where something
    cannot be written; the pages that were there before are whole in each case.
    """
    # Only the last part may be a link of ours; what leads there may be any link.
    folder = folder.parent.resolve() / folder.name
    _refuse_other(folder)
    with _alone(folder):
        _clear(folder)
        made = folder.parent / f".{folder.name}.{secrets.token_hex(8)}"
        try:
            size = _write(made, files)
            _show(folder, made)
        except OSError as error:
            shutil.rmtree(made, ignore_errors=True)
            raise fault_of(error, made) from error
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        _clear(folder)
        return size


def _refuse_other(folder: Path) -> None:
    """Refuses a folder that has anything but a board in it: it would be lost."""
    try:
        if folder.is_symlink():
            ours = folder.readlink().name.startswith(f".{folder.name}.")
        else:
            ours = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    except OSError as error:
        raise fault_of(error, folder) from error
    if not ours:
        raise BoardRefused(
            f"{shown(folder)}: đã có thứ khác ở đây, và các trang thay cả thư mục; chọn một thư mục mới, ví dụ "
            f"{shown(folder / 'board')} (holds something else, and the pages replace the whole folder: choose a "
            "new one)"
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else writes the same pages meanwhile."""
    lock = folder.parent / f".{folder.name}.lock"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        file = lock.open("w")
    except OSError as error:
        raise fault_of(error, folder.parent) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BoardBusy(
                f"{shown(folder)}: một lượt khác đang ghi các trang này; chờ xong rồi chạy lại (another run "
                "writes these pages: run again when it is done)"
            ) from None
        yield


def _clear(folder: Path) -> None:
    """Removes what is not shown: what a run that was killed had begun, and the pages that were shown before."""
    ours = re.compile(re.escape(f".{folder.name}.") + r"[0-9a-f]{16}(\.link)?")
    shown_now = folder.readlink().name if folder.is_symlink() else ""
    for one in folder.parent.iterdir():
        if not ours.fullmatch(one.name) or one.name == shown_now:
            continue
        if one.is_symlink():
            one.unlink()
        else:
            shutil.rmtree(one)


def _write(made: Path, files: Iterable[tuple[str, bytes]]) -> int:
    made.mkdir()
    known, size = {made}, 0
    for address, content in files:
        place = made / address
        if place.parent not in known:
            place.parent.mkdir(parents=True, exist_ok=True)
            known.add(place.parent)
        place.write_bytes(content)
        size += len(content)
    return size


def _show(folder: Path, made: Path) -> None:
    """Turns the link; an empty folder that stands there gives way to it."""
    link = folder.parent / f"{made.name}.link"
    link.symlink_to(made.name)
    try:
        if folder.is_dir() and not folder.is_symlink():
            folder.rmdir()
        link.replace(folder)
    except OSError:
        link.unlink(missing_ok=True)
        raise
