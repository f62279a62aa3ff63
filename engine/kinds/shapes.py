"""What a kind of rule compiles to: definitions for durable_rules, plain data, one shape per kind of fact and test.

A shape is a group of rules that read the same fields and apply the same tests. Tonight's date is a constant in the
tests, so that a fact holds only its own fields. Every test first names each field it reads with `has`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Against
from dondoc.engine.domain.terms import TaskKind, Verdict
from dondoc.engine.domain.workdays import WorkCalendar

Test = Mapping[str, Any]


class FactSource(StrEnum):
    """Where a shape's facts come from: dated tasks, tasks with a count, or readings of an indicator."""

    TASKS = "tasks"
    COUNTS = "counts"
    READINGS = "readings"


class ReadingVerdict(StrEnum):
    """What a match says of a reading for one rule: beyond the limit, or between it and the clearing value.

    A judged reading without a match is clear: most are, so a match for each of them would cost most.
    """

    BEYOND = "beyond"
    HYSTERESIS = "band"


@dataclass(frozen=True, slots=True)
class MatchMeaning:
    """What a match of one durable rule means. `rule` is None where the fact's task has its rule."""

    verdict: Verdict | None = None
    offset: int | None = None
    rule: str | None = None
    says: ReadingVerdict | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """One definition for durable_rules, the facts it is applied to, and what its matches mean.

    `rules` are the ids of the rules whose tasks are facts of this shape, `tasks` the kinds of those tasks; a
    reading is a fact without one. For counts, `readings` says that readings are counted instead of activities. For
    readings, `indicator` and `per` select them, `against` says which earlier value is the base, and `factors` the
    multiples of the value that the tests read.
    """

    name: str
    source: FactSource
    rules: tuple[str, ...]
    definition: Mapping[str, Test]
    meanings: Mapping[str, MatchMeaning]
    tasks: tuple[TaskKind, ...] = ()
    readings: bool = False
    indicator: str = ""
    per: PeriodKind | None = None
    against: Against | None = None
    factors: tuple[int, ...] = ()


def every(*tests: Test) -> Test:
    """The conjunction of tests."""
    return {"$and": list(tests)}


def has(field: str) -> Test:
    """That a fact has a field; without it, durable_rules also fires where a field that a test reads is missing."""
    return {"$ex": {field: 1}}


def reminders(calendar: WorkCalendar, offsets: tuple[int, ...], as_of: date) -> Iterator[tuple[str, int, str]]:
    """For each offset k: (name, k, the latest last day whose k-th working day before has come).

    Raises `CalendarUncovered` where the days cannot be counted.
    """
    for offset in offsets:
        yield f"ending-{offset}", offset, calendar.reach(as_of, offset).isoformat()


def window(field: str, night: str, until: str) -> tuple[Test, Test]:
    """The tests that a day lies between the night and another day, both inclusive."""
    return {"$gte": {field: night}}, {"$lte": {field: until}}


def multiple(factor: int) -> str:
    """The name of the field of a fact that holds its value times `factor`."""
    return f"v{factor}"
