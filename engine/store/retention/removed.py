"""What removals are made of: the kinds, how much of each, and the events that keep the log provable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from dondoc.engine.domain.model import ZONE


class Kept(StrEnum):
    """The kinds of what is kept for a time: words of the report of `dondoc retain`."""

    LETTERS = "letters"
    ATTEMPTS = "attempts"
    HISTORY = "history"
    CASES = "cases"


@dataclass(frozen=True, slots=True)
class Removal:
    """How much of a kind goes: what is older than the day `before`, in rows and, where it is known, bytes."""

    kind: Kept
    before: date
    rows: int
    size: int = 0


def instant_of(before: date) -> datetime:
    """The beginning of a day, in Vietnamese time."""
    return datetime.combine(before, time(), ZONE)
