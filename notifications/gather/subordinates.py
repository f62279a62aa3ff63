"""The units, counts and reminders below each office: computed once a night, used by every letter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from dondoc.engine.cases.history import TaskCounts
from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.domain.model import Finding, Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.terms import Line, Verdict

_RELATIVE = ("reports_to", "superior.")


@dataclass(slots=True)
class Shares:
    """How many units of a rule lead to an office by a relation, computed when asked; `units` are by rule."""

    recipients: Recipients
    units: Mapping[str, tuple[str, ...]]
    _known: dict[tuple[str, str], Counter[str | None]] = field(default_factory=dict)

    def of(self, task: Task, relations: Iterable[str], office: str) -> int | None:
        """For "05 of 24 units" in a superior's row: how many units of the rule it is above in the same way.

        None where any other relation also names the office, or where the rule's tasks are not counted.
        """
        found = 0
        for word in relations:
            if not word.startswith(_RELATIVE):
                return None
            found = max(found, self._by(task, word)[office])
        return found or None

    def _by(self, task: Task, word: str) -> Counter[str | None]:
        key = (task.rule, word)
        if key not in self._known:
            units = self.units.get(task.rule, ())
            self._known[key] = Counter(self.recipients.leads_to(task, word, unit) for unit in units)
        return self._known[key]


@dataclass(frozen=True, slots=True)
class Subordinates:
    """`standing`: by unit its counts of each rule; `units`: by office the units at or below it.

    `ending`: by office what those units must do soon; a monitor finds all tasks of its rules there.
    """

    standing: Mapping[str, tuple[tuple[str, TaskCounts], ...]]
    units: Mapping[str, frozenset[str]]
    ending: Mapping[str, tuple[Finding, ...]]
    shares: Shares


def subordinates(
    chart: OrgChart,
    recipients: Recipients,
    standing: Mapping[tuple[str, str], TaskCounts],
    findings: Iterable[Finding],
    on: date,
) -> Subordinates:
    """The night's counts (by rule and unit) and reminders, arranged by the offices whose letters show them."""
    by_unit: dict[str, list[tuple[str, TaskCounts]]] = defaultdict(list)
    by_rule: dict[str, list[str]] = defaultdict(list)
    for (rule, unit), counts in standing.items():
        by_unit[unit].append((rule, counts))
        by_rule[rule].append(unit)
    units: dict[str, set[str]] = defaultdict(set)
    for unit in by_unit:
        for office in _at_or_above(chart, unit, on):
            units[office].add(unit)
    ending: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.verdict is Verdict.ENDING:
            followers = {reader.office for reader in recipients.monitor(finding.task)}
            for office in followers | _at_or_above(chart, finding.task.unit, on):
                ending[office].append(finding)
    return Subordinates(
        {unit: tuple(held) for unit, held in by_unit.items()},
        {office: frozenset(held) for office, held in units.items()},
        {office: tuple(held) for office, held in ending.items()},
        Shares(recipients, {rule: tuple(held) for rule, held in by_rule.items()}),
    )


def _at_or_above(chart: OrgChart, unit: str, on: date) -> set[str]:
    return {unit, *(body for line in Line for body in chart.parents(unit, line, on))}
