"""The second pass as its kinds see it: what is known of the tasks that a derived rule counts, and what it counts.

A derived kind only counts; durable_rules decides whether a count is enough. Every test first names each field with
`has`, and every field is an integer, so that a share is compared as a product and nothing is divided.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from dondoc.engine.domain.model import Finding, Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Derived
from dondoc.engine.domain.terms import SheetKind, TaskKind, Verdict
from dondoc.engine.kinds.limits import InForce, Occasions
from dondoc.engine.kinds.shapes import Test

_DAY = timedelta(days=1)


class PartVerdict(StrEnum):
    """What is known tonight of one task that a derived rule counts.

    `passed`: it was missed for good, and its case has closed. `unknown`: it has no verdict, or not yet. `unheard`:
    it has none because a source is stale.
    """

    MISSED = "missed"
    LAPSED = "passed"
    MET = "met"
    UNKNOWN = "unknown"
    UNHEARD = "unheard"


SILENT = (PartVerdict.UNKNOWN, PartVerdict.UNHEARD)
_MARKS = {
    Verdict.BREACH: PartVerdict.MISSED,
    # It is missed, and waived: whoever counts asks for both.
    Verdict.EXCUSED: PartVerdict.MISSED,
    Verdict.MET: PartVerdict.MET,
    Verdict.UNHEARD: PartVerdict.UNHEARD,
}
# How a derived rule counts a finished task, by how it ended.
_ENDED = {"on-time": PartVerdict.MET, "late": PartVerdict.MET, "missed": PartVerdict.LAPSED}


def ended_as(ended: str) -> PartVerdict:
    """How a derived rule counts a finished task, by how it ended."""
    return _ENDED.get(ended, PartVerdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class PartTask:
    """One task that a derived rule counts; `breach` is the first day that counts as late."""

    task: Task
    mark: PartVerdict
    breach: date | None = None


def part_of(finding: Finding) -> PartTask:
    """A finding as the rules derived from its rule count it."""
    return PartTask(finding.task, _MARKS.get(finding.verdict, PartVerdict.UNKNOWN), finding.breach)


@dataclass(frozen=True, slots=True)
class DerivedCount:
    """The count for one derived task: the fields of its fact, and the finding that still lacks its verdict.

    `unheard`: a stale source hides some of the parts, so it cannot be met, however few are missed.
    """

    facts: Mapping[str, int]
    finding: Finding
    unheard: bool = False


@dataclass(frozen=True, slots=True)
class Derivation:
    """A definition for durable_rules, and what matches mean: a verdict, and whether there never was a breach."""

    definition: Mapping[str, Test]
    meanings: Mapping[str, tuple[Verdict, bool]]


class PartsTonight(Protocol):
    """What a derived kind may ask of the night on which it counts."""

    @property
    def chart(self) -> OrgChart:
        """The units."""

    @property
    def as_of(self) -> date:
        """The date of the night."""

    def parts_of(self, rule: str) -> Iterable[PartTask]:
        """What is known of the tasks of a base rule."""

    def is_shared(self, rule: str) -> bool:
        """Whether the units of a rule carry each of its periods together."""

    def numbering(self, rule: str) -> Callable[[Task], int]:
        """Numbers the periods of a rule; two of them are consecutive when their numbers are."""

    def is_waived(self, task: Task, *days: date) -> bool:
        """Whether a task is waived on any of these days, or its whole period is."""


class FollowsBase:
    """What every derived kind answers alike: its base rule, which is judged and checked by itself, has the say."""

    def is_derived(self) -> bool:
        return True

    def reads(self, condition: Derived) -> Iterable[tuple[SheetKind, str]]:
        return ()

    def judged_since(self, condition: Derived) -> None:
        return None

    def is_shared(self, condition: Derived) -> bool:
        return False

    def asks_each(self, condition: Derived) -> bool:
        return True

    def calm(self, condition: Derived, task: TaskKind) -> int:
        return 0

    def has_periods(self, condition: Derived) -> bool:
        return False

    def number_of(self, condition: Derived, task: Task, occasions: Occasions) -> int:
        raise ValueError(f"{task.rule} has no periods")

    def is_reachable(self, condition: Derived, in_force: InForce, occasions: Occasions) -> bool:
        return True

    def goes_on(self, condition: Derived, occasions: Occasions, on: date) -> bool:
        return False

    def likeness(self, condition: Derived) -> Hashable:
        return condition

    def how_much(self, condition: Derived) -> int:
        return 0


def first_late_day(task: Task) -> date:
    """The first day on which a period counts as late."""
    assert task.last_day is not None
    return task.last_day + _DAY


def never_after(as_of: date, breach: date | None) -> date | None:
    """The breach of a derived task, at the latest on the night itself."""
    # A part recorded today breaches tomorrow, but a case opened tonight counts from tonight (decision 13).
    return None if breach is None else min(breach, as_of)
