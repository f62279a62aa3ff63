"""A folder that others put files into: which files are finished, and where they go after they are read."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading.files import KINDS, is_data, kind_of

TAKEN, REFUSED = "da-nhan", "tu-choi"
# A file changed within this time may not be complete yet.
SETTLED = timedelta(minutes=5)
_ORDER = {kind: place for place, kind in enumerate(KINDS)}

# Identifies a state of a file: its size, and when it was changed, in nanoseconds.
Stamp = tuple[int, int]


def waiting(folder: Path, now: datetime, kind: str | None) -> tuple[list[Path], list[Path]]:
    """The finished files in the order in which sheets build on each other, and those still being written.

    Raises `SheetRefused` if the folder is missing or cannot be read.
    """
    try:
        found = sorted(filter(is_data, folder.iterdir()))
    except OSError as error:
        raise SheetRefused(
            str(folder),
            f"không đọc được thư mục ({error.strerror}); xem lại đường dẫn, kết nối và quyền",
            "the folder cannot be read: check its path, its connection and its permissions",
        ) from error
    unfinished = [path for path in found if _written_just_now(path, now)]
    finished = [path for path in found if path not in unfinished]
    finished.sort(key=lambda path: _ORDER.get(kind or kind_of(path) or "", len(_ORDER)))
    return finished, unfinished


def _written_just_now(path: Path, now: datetime) -> bool:
    # `abs`: a file from a machine whose clock runs ahead must not be left out for ever.
    return abs(now.timestamp() - path.stat().st_mtime) < SETTLED.total_seconds()


def stamp(path: Path) -> Stamp:
    """The state of a file, to see later whether it was changed."""
    seen = path.stat()
    return seen.st_size, seen.st_mtime_ns


def put_away(path: Path, into: str) -> None:
    """Moves a file into the folder `into` beside it, under the first free name.

    Raises `OSError` if it cannot be moved.
    """
    folder = path.parent / into
    folder.mkdir(exist_ok=True)
    names = (path.name if n == 1 else f"{path.stem}-{n}{path.suffix}" for n in count(1))
    free = next(folder / name for name in names if not (folder / name).exists())
    path.rename(free)
