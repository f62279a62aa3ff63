"""Rollups that cover their parts: an office notified of a rollup is not notified of its parts (decision 37)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dondoc.engine.domain.model import Case, Finding, Task
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import CaseStatus
from dondoc.engine.kinds import kind_of


@dataclass(frozen=True, slots=True)
class Covering:
    """By task id, the `rollups` that cover the task, and the `parts` that it covers as a rollup."""

    rollups: Mapping[int, tuple[int, ...]]
    parts: Mapping[int, tuple[int, ...]]

    def depth(self, task: int) -> int:
        """How many rollups stand above a task, one over the other; 0 for most."""
        return max((1 + self.depth(rollup) for rollup in self.rollups.get(task, ())), default=0)

    def all_parts(self, task: int) -> Iterator[int]:
        """The parts of a rollup and, where a part is itself a rollup that covers its parts, those too."""
        for part in self.parts.get(task, ()):
            yield part
            yield from self.all_parts(part)

    def all_rollups(self, task: int) -> Iterator[int]:
        """The rollups over a task, and those over these."""
        for rollup in self.rollups.get(task, ()):
            yield rollup
            yield from self.all_rollups(rollup)


@dataclass(slots=True)
class Hidden:
    """The offices that are not notified of a part tonight. Note each rollup before asking for its parts."""

    covering: Covering
    _notified: dict[int, dict[str, Task]] = field(default_factory=dict)

    def offices(self, task: int) -> Mapping[str, Task]:
        """The offices that know of a rollup which covers this task, directly or through another, each with it."""
        found: dict[str, Task] = {}
        for rollup in self.covering.rollups.get(task, ()):
            found |= self._notified.get(rollup, {})
        return found

    def note(self, task: int, case: Case | None) -> None:
        """Records the case that the night left a rollup with; tasks that cover nothing are ignored."""
        if task not in self.covering.parts:
            return
        known = self._notified.setdefault(task, {})
        known |= self.offices(task)
        # A closed or waiting rollup sends no letters, so its parts must speak for themselves (decision 37).
        if case is not None and case.status in (CaseStatus.OPEN, CaseStatus.EXHAUSTED):
            known |= dict.fromkeys(case.notified, case.task)


def covering(book: RuleBook, findings: Iterable[Finding]) -> Covering:
    """Which rollups cover which missed parts tonight: those whose rule says `covers`."""
    parts: dict[int, tuple[int, ...]] = {}
    rollups: dict[int, list[int]] = defaultdict(list)
    for finding in findings:
        if finding.parts is None or not _covers(book, finding.task.rule):
            continue
        parts[finding.task.id] = tuple(part.id for part in finding.parts.missed)
        for part in parts[finding.task.id]:
            rollups[part].append(finding.task.id)
    return Covering({part: tuple(above) for part, above in rollups.items()}, parts)


def _covers(book: RuleBook, rule: str) -> bool:
    known = book.rules.get(rule)
    return known is not None and kind_of(known.condition).covers(known.condition)
