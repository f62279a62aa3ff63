"""Letters and rows that could not be written: a fault of one stops no other."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class UnbuiltLetter:
    """A letter that could not be made: the office it was for (the first of several), and the reason."""

    office: str
    reason: str


@dataclass(frozen=True, slots=True)
class UnwrittenRow:
    """A row left out of a letter because it could not be written; its readers were not notified of its tasks.

    `office` is the first of the letter; `name` says which row it was: its case, or its rule, unit and subject.
    """

    office: str
    tasks: tuple[int, ...]
    name: str
    reason: str


def described(fault: Exception) -> str:
    """A fault of the software in one line: its kind, its text, and the place in the code."""
    frames = traceback.extract_tb(fault.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(fault).__name__}: {fault}{place}"
