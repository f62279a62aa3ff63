"""Finished letters between their making and their storing, in an unnamed file instead of in memory.

A country's letters are 200 MB, and they are all made before the night's transaction begins, so that it holds its
lock for seconds only. The file has no name and is gone with the process.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from typing import IO, Self

from dondoc.notifications.lifecycle import PlannedLetter


class Spool:
    """Letters in the order in which they were added; read as often as one likes until it is closed.

    A context manager: closing it, or leaving its block, throws the letters away.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()

    def close(self) -> None:
        """Throws the letters away."""
        self._file.close()

    def add(self, letter: PlannedLetter) -> None:
        """Puts one more letter at the end. Raises OSError when the disk of temporary files is full."""
        self._file.seek(0, 2)
        pickle.dump(letter, self._file)
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[PlannedLetter]:
        at = 0
        for _ in range(self._count):
            self._file.seek(at)
            # Written by this process a moment ago, in a file that nobody else can open.
            letter: PlannedLetter = pickle.load(self._file)  # noqa: S301
            at = self._file.tell()
            yield letter
