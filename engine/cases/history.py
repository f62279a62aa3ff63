"""What the letters of a night say about the past, as values: earlier letters, reminders, counts of tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dondoc.engine.cases.tonight import Tonight


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """The four counts of a rule's tasks, and the last day of the longest overdue one (None: none).

    Done `on_time`, done `late`, open `in_time`, open `overdue`, of which `declared` ones wait to be confirmed. In
    none of the four (decisions 50 and 0036): `waived` open tasks, and `unjudged` ones, past their limit without a
    verdict.
    """

    on_time: int = 0
    late: int = 0
    in_time: int = 0
    overdue: int = 0
    oldest: date | None = None
    waived: int = 0
    unjudged: int = 0
    declared: int = 0


# By rule and by the units that carry the tasks: of most tasks one, of shared and inherited ones several.
Standing = Mapping[tuple[str, tuple[str, ...]], TaskCounts]


@dataclass(frozen=True, slots=True)
class History:
    """The past of a night's letters; `standing` are the counts of tasks as the night leaves them.

    `written` has the nights of earlier letters by case and reader, `moves` the nights on which a reader was told
    that a limit has moved, `reminders` the nights of reminders by task, `cases` the case of a task after the
    night. `bearers` are, by rule and subject, the units with the demand; `answered` is, by case of which an
    office has said something, what the night knew of it. `withdrawn` has, by task, the day on which something
    recorded of it was last withdrawn.
    """

    written: Mapping[int, Mapping[str, tuple[date, ...]]] = field(default_factory=dict)
    moves: Mapping[int, Mapping[str, tuple[date, ...]]] = field(default_factory=dict)
    reminders: Mapping[int, tuple[date, ...]] = field(default_factory=dict)
    cases: Mapping[int, int] = field(default_factory=dict)
    standing: Standing = field(default_factory=dict)
    bearers: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    answered: Mapping[int, Tonight] = field(default_factory=dict)
    withdrawn: Mapping[int, date] = field(default_factory=dict)

    def letters(self, case: int | None) -> Mapping[str, tuple[date, ...]]:
        """The nights of earlier letters about a case, by reader; an earlier case of the same task is another."""
        return self.written.get(case, {}) if case is not None else {}

    def told(self, case: int | None, reader: str) -> tuple[date, ...]:
        """The nights of every letter to a reader about a case, also of those that told of a moved limit."""
        moves = self.moves.get(case, {}) if case is not None else {}
        return tuple(sorted({*self.letters(case).get(reader, ()), *moves.get(reader, ())}))

    def last_letter(self, case: int | None, reader: str) -> date | None:
        """The night of the last of these letters."""
        return max(self.told(case, reader), default=None)
