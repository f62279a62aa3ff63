"""What stands below each office, worked out once a night and asked by every letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from engine.hearing import Hearing
from engine.model import Finding
from engine.orgchart import OrgChart
from engine.store.history import Standing
from engine.terms import Line, Verdict


@dataclass(frozen=True, slots=True)
class Below:
    """By unit its counts of each rule; by office the units at or below it, and what they must soon do.

    Of the last, an office that follows a rule up finds the tasks of that rule as well.
    """

    standing: Mapping[str, tuple[tuple[str, Standing], ...]]
    units: Mapping[str, frozenset[str]]
    ending: Mapping[str, tuple[Finding, ...]]


def below(
    chart: OrgChart,
    hearing: Hearing,
    standing: Mapping[tuple[str, str], Standing],
    findings: Iterable[Finding],
    on: date,
) -> Below:
    """The night's counts and reminders, laid out by who may ask for them."""
    by_unit: dict[str, list[tuple[str, Standing]]] = defaultdict(list)
    for (rule, unit), counts in standing.items():
        by_unit[unit].append((rule, counts))
    units: dict[str, set[str]] = defaultdict(set)
    for unit in by_unit:
        for office in _at_or_above(chart, unit, on):
            units[office].add(unit)
    ending: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.verdict is Verdict.ENDING:
            followers = {reader.office for reader in hearing.monitor(finding.task)}
            for office in followers | _at_or_above(chart, finding.task.unit, on):
                ending[office].append(finding)
    return Below(
        {unit: tuple(held) for unit, held in by_unit.items()},
        {office: frozenset(held) for office, held in units.items()},
        {office: tuple(held) for office, held in ending.items()},
    )


def _at_or_above(chart: OrgChart, unit: str, on: date) -> set[str]:
    return {unit, *(body for line in Line for body in chart.parents(unit, line, on))}
