"""An indicator's readings as one series: in which periods it is open, from durable_rules' verdict on each reading.

The verdicts are folded in order of time (decision 19): an indicator opens after `needed` consecutive periods
beyond the limit; a value between the limit and the clearing value breaks a run that is building and keeps an open
indicator open; one period at the clearing value closes it; a period without a reading breaks a run and never
closes. The fold takes the whole series as known tonight, not last night's state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class ReadingMark(StrEnum):
    """The verdict on one period's reading: beyond the limit, in the hysteresis band, clear; or missing."""

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
    """The state after each period, for marks in order of time; `needed` consecutive periods open the indicator."""
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
