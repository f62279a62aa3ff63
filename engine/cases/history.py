"""What the letters of a night look back on, as values: who was written to when, how many tasks stand where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """The four counts of one rule and unit, and the last day of the longest overdue task (None: none).

    `waived` counts the open tasks that are waived on the night; they are in none of the four (decision 50).
    """

    on_time: int = 0
    late: int = 0
    in_time: int = 0
    overdue: int = 0
    oldest: date | None = None
    waived: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """Earlier letters by task and reader, reminders by task, counts by rule and unit, bearers of each demand."""

    written: Mapping[int, Mapping[str, tuple[date, ...]]] = field(default_factory=dict)
    reminders: Mapping[int, tuple[date, ...]] = field(default_factory=dict)
    standing: Mapping[tuple[str, str], TaskCounts] = field(default_factory=dict)
    bearers: Mapping[tuple[str, str], int] = field(default_factory=dict)
