"""Finished letters in an unnamed temporary file instead of in memory, until they are stored.

A country's letters are 200 MB, and all are made before the night's transaction begins, so that it holds its lock
for seconds only. The file has no name and disappears with the process.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from typing import IO, Self

from dondoc.notifications.lifecycle import PlannedLetter


class Spool:
    """Letters in the order in which they were added; it can be read many times until it is closed.

    A context manager: closing it, or leaving its block, discards the letters.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()

    def close(self) -> None:
        """Discards the letters."""
        self._file.close()

    def add(self, letter: PlannedLetter) -> None:
        """Appends a letter. Raises OSError when the disk for temporary files is full."""
        self._file.seek(0, 2)
        pickle.dump(letter, self._file)
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[PlannedLetter]:
        at = 0
        for _ in range(self._count):
            self._file.seek(at)
            # Written by this process, to a file that no other can open.
            letter: PlannedLetter = pickle.load(self._file)  # noqa: S301
            at = self._file.tell()
            yield letter
