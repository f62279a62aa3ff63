"""A folder that others put files into: which files are finished, and where they go after they are read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from dondoc.engine.file_faults import fault_of
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading.files import KINDS, is_data, is_linked, kind_of
from dondoc.engine.sources.reading.own_folder import opened_folder

TAKEN, REFUSED = "da-nhan", "tu-choi"
# A file changed within this time may not be complete yet.
SETTLED = timedelta(minutes=5)
_ORDER = {kind: place for place, kind in enumerate(KINDS)}

# Identifies a state of a file: its number, its size, and when it was changed, in nanoseconds.
Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in a folder: finished files in the order in which sheets build on each other, and the rest."""

    finished: list[Path]
    unfinished: list[Path]
    links: list[Path]


def waiting(folder: Path, now: datetime, kind: str | None) -> Waiting:
    """What waits in a folder. Raises `SheetRefused` if the folder is missing or cannot be read."""
    try:
        here = sorted(folder.iterdir())
        found = [(path, _written_just_now(path, now)) for path in here if is_data(path)]
        links = [path for path in here if is_linked(path)]
    except OSError as error:
        fault = fault_of(error, folder)
        raise SheetRefused(
            str(folder),
            f"không đọc được thư mục: {fault.vi} (và xem kết nối)",
            f"the folder cannot be read: {fault.en} (and check the connection)",
        ) from error
    finished = [path for path, unfinished in found if not unfinished]
    finished.sort(key=lambda path: _ORDER.get(kind or kind_of(path) or "", len(_ORDER)))
    return Waiting(finished, [path for path, unfinished in found if unfinished], links)


def _written_just_now(path: Path, now: datetime) -> bool:
    # `abs`: a file from a machine whose clock runs ahead must not be left out for ever.
    return abs(now.timestamp() - path.lstat().st_mtime) < SETTLED.total_seconds()


def stamp(path: Path) -> Stamp:
    """The state of a file, to see later whether it was changed."""
    seen = path.lstat()
    return seen.st_ino, seen.st_size, seen.st_mtime_ns


def put_away(path: Path, into: str) -> None:
    """Moves a file into the folder `into` beside it, under the first free name; never through a link.

    Raises `OSError` if it cannot be moved.
    """
    with opened_folder(path.parent / into, ours=True) as folder:
        taken = set(os.listdir(folder))  # noqa: PTH208 - an open folder has no path
        names = (path.name if n == 1 else f"{path.stem}-{n}{path.suffix}" for n in count(1))
        path_there = next(name for name in names if name not in taken)
        os.rename(path, path_there, dst_dir_fd=folder)
