"""The units, counts and reminders below each office: computed once a night, used by every letter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from dondoc.engine.cases.history import History, TaskCounts
from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.domain.acts import DELEGATE
from dondoc.engine.domain.model import Finding, Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.terms import Line, Verdict

_RELATIVE = ("reports_to", "superior.", "led_by")


@dataclass(slots=True)
class Shares:
    """How many units lead to an office by a relation, computed when asked.

    `units` are, by rule and subject, those that carry the demand.
    """

    recipients: Recipients
    units: Mapping[tuple[str, str], tuple[str, ...]]
    _known: dict[tuple[str, str, str], Counter[str | None]] = field(default_factory=dict)
    _above: dict[str, set[str]] = field(default_factory=dict)

    def of(self, task: Task, relations: Collection[str], office: str) -> int | None:
        """For "05 of 24 units" in an office's row: how many units besides it have the demand that it reads of.

        Of who follows the rule these are all; of others those below it, or those that lead to it by a relation
        where these are more. None where any other relation also names the office, or where nobody else has the
        demand; 0 where no relation does and it is above none of those that carry the task.
        """
        if self.recipients.follows(task.rule, office):
            return len({*self.units.get((task.rule, task.subject), ())} - {office}) or None
        if DELEGATE in relations:
            return 0
        if not relations:
            return self._below(task, office)
        found = self._below(task, office) or 0
        for word in relations:
            if not word.startswith(_RELATIVE):
                return None
            found = max(found, self._by(task, word)[office])
        return found or None

    def _below(self, task: Task, office: str) -> int | None:
        # A superior is reminded by no word of a ladder, and a case may have gone on to a unit that is not below.
        body = self.recipients.chart.body_of(office, self.recipients.on)
        if not any(body in self._at_or_above(unit) for unit in self.recipients.bearers(task)):
            return 0
        units = self.units.get((task.rule, task.subject), ())
        return sum(body in self._at_or_above(unit) for unit in units if unit != office) or None

    def _at_or_above(self, unit: str) -> set[str]:
        if unit not in self._above:
            self._above[unit] = _at_or_above(self.recipients.chart, unit, self.recipients.on)
        return self._above[unit]

    def _by(self, task: Task, word: str) -> Counter[str | None]:
        key = (task.rule, task.subject, word)
        if key not in self._known:
            units = self.units.get((task.rule, task.subject), ())
            self._known[key] = Counter(self.recipients.leads_to(task, word, unit) for unit in units)
        return self._known[key]


# A rule and the units that carry its tasks together, with their counts.
Held = tuple[str, tuple[str, ...], TaskCounts]


@dataclass(frozen=True, slots=True)
class Subordinates:
    """`standing`: by unit the counts of each rule; `units`: by body the units at or below it.

    `ending`: by body what those units must do soon; a monitor finds all tasks of its rules there.
    """

    standing: Mapping[str, tuple[Held, ...]]
    units: Mapping[str, frozenset[str]]
    ending: Mapping[str, tuple[Finding, ...]]
    shares: Shares


def subordinates(
    chart: OrgChart,
    recipients: Recipients,
    history: History,
    findings: Iterable[Finding],
    on: date,
) -> Subordinates:
    """The night's counts and reminders, arranged by the bodies whose letters show them."""
    by_unit: dict[str, list[Held]] = defaultdict(list)
    for (rule, bearers), counts in history.standing.items():
        for unit in bearers:
            by_unit[unit].append((rule, bearers, counts))
    units: dict[str, set[str]] = defaultdict(set)
    for unit in by_unit:
        for body in _at_or_above(chart, unit, on):
            units[body].add(unit)
    ending: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.verdict is Verdict.ENDING:
            task = finding.task
            above = {reader.office for reader in recipients.monitor(task)}
            for unit in recipients.bearers(task):
                above |= _at_or_above(chart, unit, on)
            for body in above:
                ending[body].append(finding)
    return Subordinates(
        {unit: tuple(held) for unit, held in by_unit.items()},
        {body: frozenset(held) for body, held in units.items()},
        {body: tuple(held) for body, held in ending.items()},
        Shares(recipients, history.bearers),
    )


def _at_or_above(chart: OrgChart, unit: str, on: date) -> set[str]:
    """The unit, its superiors on every line, and the committees that lead any of these, with those above them."""
    found = {unit, *(body for line in Line for body in chart.parents(unit, line, on))}
    leading = (chart.led_by(body, on) for body in tuple(found))
    for committee in filter(None, leading):
        found |= {committee, *chart.parents(committee, Line.PARTY, on)}
    return found
