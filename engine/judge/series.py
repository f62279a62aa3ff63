"""An indicator's readings as one series: when it is beyond its limit, from the engine's word on each reading.

The engine compares; this folds its verdicts in order of time (decision 19): an indicator is open after `needed`
periods running beyond the limit; a value between the limit and the clearing value breaks a run that is building
and keeps an open one open; one period at the clearing value ends it; a period without a reading breaks building
and never clears. Computed from the whole series as known tonight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class ReadingMark(StrEnum):
    """What the engine said of one period's reading."""

    BEYOND = "beyond"
    HYSTERESIS = "band"
    CLEAR = "clear"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class SeriesState:
    """After one period: whether the indicator is open, and the index of the period that opened it."""

    open: bool
    opened_at: int | None


def fold(marks: Sequence[ReadingMark], needed: int) -> tuple[SeriesState, ...]:
    """The state after each period, for marks in order of time; `needed` is the number of periods running."""
    states: list[SeriesState] = []
    run = 0
    opened: int | None = None
    for index, mark in enumerate(marks):
        run = run + 1 if mark is ReadingMark.BEYOND else 0
        if opened is None and run >= needed:
            opened = index
        elif mark is ReadingMark.CLEAR:
            opened = None
        states.append(SeriesState(opened is not None, opened))
    return tuple(states)
