"""A folder that others put files into: which of them are finished, and where they go once they were read."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading.files import KINDS, is_data, kind_of

TAKEN, REFUSED = "da-nhan", "tu-choi"
# A file that was written to within this time may not be whole yet.
SETTLED = timedelta(minutes=5)
_ORDER = {kind: place for place, kind in enumerate(KINDS)}

# What tells one state of a file from another: its size, and when it was written to.
Stamp = tuple[int, int]


def waiting(folder: Path, now: datetime, kind: str | None) -> tuple[list[Path], list[Path]]:
    """The finished files in the order in which sheets build on each other, and those still being written.

    Raises `SheetRefused` when the folder is not there or cannot be read.
    """
    try:
        found = sorted(filter(is_data, folder.iterdir()))
    except OSError as error:
        raise SheetRefused(
            str(folder),
            f"không đọc được thư mục ({error.strerror}); xem lại đường dẫn, kết nối và quyền",
            "the folder cannot be read: look at its path, its connection and its rights",
        ) from error
    unfinished = [path for path in found if _written_just_now(path, now)]
    finished = [path for path in found if path not in unfinished]
    finished.sort(key=lambda path: _ORDER.get(kind or kind_of(path) or "", len(_ORDER)))
    return finished, unfinished


def _written_just_now(path: Path, now: datetime) -> bool:
    # A clock that runs ahead elsewhere must not keep a file out for ever.
    return abs(now.timestamp() - path.stat().st_mtime) < SETTLED.total_seconds()


def stamp(path: Path) -> Stamp:
    """The state of a file, to see whether it was written to meanwhile."""
    seen = path.stat()
    return seen.st_size, seen.st_mtime_ns


def put_away(path: Path, into: str) -> Path:
    """Moves a file into a folder beside it, under the first name that is free; where it lies then.

    Raises `OSError` when it cannot be moved.
    """
    folder = path.parent / into
    folder.mkdir(exist_ok=True)
    names = (path.name if n == 1 else f"{path.stem}-{n}{path.suffix}" for n in count(1))
    free = next(folder / name for name in names if not (folder / name).exists())
    return path.rename(free)
