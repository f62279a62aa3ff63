"""What the letters of a night say about the past, as values: earlier letters, reminders, counts of tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """The four counts of one rule and unit, and the last day of the longest overdue task (None: none).

    Done `on_time`, done `late`, open `in_time`, open `overdue`. `waived` counts the open tasks that are waived on
    the night; they are in none of the four (decision 50).
    """

    on_time: int = 0
    late: int = 0
    in_time: int = 0
    overdue: int = 0
    oldest: date | None = None
    waived: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """The nights of earlier letters by task and reader and of reminders by task; `standing` are counts of tasks.

    `standing` is by rule and unit; `bearers` is, by rule and subject, how many units carry the demand.
    """

    written: Mapping[int, Mapping[str, tuple[date, ...]]] = field(default_factory=dict)
    reminders: Mapping[int, tuple[date, ...]] = field(default_factory=dict)
    standing: Mapping[tuple[str, str], TaskCounts] = field(default_factory=dict)
    bearers: Mapping[tuple[str, str], int] = field(default_factory=dict)
