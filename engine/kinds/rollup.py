"""`rollup`: enough units below a body are late with the same thing.

A rollup's parts are the units of its base rule that are below the body, near or far, on any line, on the last day
of the demand; a unit below several such bodies is a part of each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from dondoc.engine.domain.demand import Demand
from dondoc.engine.domain.model import SCALE, Asked, Case, Finding, MissedParts, Task, scaled
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Condition, Rollup, Rule
from dondoc.engine.domain.terms import Line, Outcome, TaskKind, Verdict
from dondoc.engine.kinds.kind import Kind
from dondoc.engine.kinds.limits import Asking
from dondoc.engine.kinds.second_pass import (
    SILENT,
    Derivation,
    DerivedCount,
    FollowsBase,
    PartsTonight,
    PartTask,
    PartVerdict,
    never_after,
)
from dondoc.engine.kinds.shapes import Test, every, has

# The percentage of a rollup's parts that must be judged; below it the rollup is unjudged (decision 37).
ENOUGH_JUDGED = 80


class RollupKind(FollowsBase):
    """Counts the parts of a body that miss the same demand; a case for each body and subject."""

    def asked(self, condition: Rollup) -> Asked | None:
        # A number of parts counts below zero, so that it is told from a percentage.
        return Asked(scaled(condition.percent) if condition.percent is not None else -(condition.units or 0))

    def misses(self, finding: Finding, asked: Asked) -> bool:
        parts, level = finding.parts, asked.level
        if parts is None:
            return False
        missed = len(parts.missed)
        return missed >= -level if level < 0 else missed * 100 * SCALE >= parts.judged * level

    def covers(self, condition: Rollup) -> bool:
        return condition.covers

    def is_counted(self, task: TaskKind) -> bool:
        return False

    def is_measured(self, task: TaskKind) -> bool:
        return True

    def is_never_made_up(self, task: TaskKind) -> bool:
        return False

    def is_superseded(self, finding: Finding) -> bool:
        # As its parts are: periods of a quota.
        return finding.parts is not None and any(part.kind is TaskKind.QUOTA for part in finding.parts.missed)

    def is_finished(self, finding: Finding, case: Case | None) -> bool:
        # Once all of its parts have met their demand; a level has no last day and goes on.
        parts, dated = finding.parts, finding.task.last_day is not None
        return (
            finding.verdict is Verdict.MET
            and dated
            and parts is not None
            and not (parts.missed or parts.waived)
            and parts.judged == parts.units
        )

    def outcome(self, finding: Finding) -> Outcome:
        return Outcome.CLEARED

    def is_worse_with_time(self, task: TaskKind) -> bool:
        return True

    def is_worse(self, finding: Finding, before: int, now: int) -> bool:
        return now > before

    def fits(self, base: Kind[Any], condition: Condition) -> bool:
        return base.asks_each(condition)

    def demands(
        self, condition: Rollup, parts: Iterable[Demand], asking: Asking, base: Rule, *, shared: bool
    ) -> Iterator[Demand]:
        # One rollup for each body and subject that has parts.
        rule, bearers = asking.rule, asking.bearers
        key = base.id.rpartition("/")[2]
        made: dict[tuple[str, str], Demand] = {}
        for part in parts:
            # Whose part a unit is follows responsibility, which is as of the last day (decision 7).
            on = part.final_day or part.last_day or asking.as_of
            for body in _bodies_above(bearers.chart, part.unit, on).intersection(bearers.of(rule.applies_to, on)):
                made.setdefault(
                    (body, part.subject),
                    Demand(
                        rule.id,
                        body,
                        part.subject,
                        TaskKind.ROLLUP,
                        key,
                        part.last_day,
                        part.issued_on,
                        part.first_day,
                        part.final_day,
                    ),
                )
        for place in sorted(made):
            yield made[place]

    def by_subject(self) -> bool:
        return True

    def counts(self, condition: Rollup, tasks: Iterable[Task], night: PartsTonight) -> Iterator[DerivedCount]:
        groups = _below(night.chart, night.parts_of(condition.of), night.as_of)
        for task in tasks:
            if parts := groups.get((task.unit, task.subject)):
                missed, breach = _missed(parts, night)
                value = len(missed.missed) * SCALE
                yield DerivedCount(
                    self.counted(condition, missed),
                    Finding(task, Verdict.UNJUDGED, breach=breach, value=value, parts=missed),
                    unheard=any(part.mark is PartVerdict.UNHEARD for part in parts),
                )

    def counted(self, condition: Rollup, parts: MissedParts) -> Mapping[str, int]:
        missed, judged = len(parts.missed) * _share(condition).denominator, parts.judged
        return {"missed": missed, "judged": judged, "judged100": judged * 100, "units": parts.units}

    def derivation(self, condition: Rollup) -> Derivation:
        # In breach with enough missed parts, by share or number; no verdict while too few parts are judged.
        seen = [
            *(has(field) for field in ("judged", "judged100", "units")),
            {"$gte": {"judged": 1}},
            {"$gte": {"judged100": _times("units", ENOUGH_JUDGED)}},
        ]
        limit: Any = condition.units
        if condition.percent is not None:
            limit = _times("judged", _share(condition).numerator)
        return Derivation(
            {
                "many": every(*seen, has("missed"), {"$gte": {"missed": limit}}),
                "few": every(*seen, has("missed"), {"$lt": {"missed": limit}}),
            },
            {"many": (Verdict.BREACH, False), "few": (Verdict.MET, False)},
        )

    def how_ended(self, finding: Finding) -> str:
        return ""

    def ended_as(self, ended: str) -> PartVerdict:
        # It is finished once all of its parts are done.
        return PartVerdict.MET


def _share(condition: Rollup) -> Fraction:
    """The share of missed parts that is asked for; 0, whose denominator is 1, where a number of them is."""
    return Fraction(condition.percent or 0) / 100


def _times(field: str, factor: int) -> Test:
    return {"$mul": {"$l": {"$m": field}, "$r": factor}}


def _bodies_above(chart: OrgChart, unit: str, on: date) -> frozenset[str]:
    """Every body above a unit on any line, near or far: those that it is a part of."""
    return frozenset(body for line in Line for body in chart.parents(unit, line, on))


def _below(
    chart: OrgChart, parts: Iterable[PartTask], as_of: date
) -> Mapping[tuple[str, str], Sequence[PartTask]]:
    """By body and subject, the parts below the body whose units are alive on `as_of`, in order of their units.

    A part belongs to the bodies above its unit on the last day of its period or limit (decision 7).
    """
    found: dict[tuple[str, str], list[PartTask]] = defaultdict(list)
    above: dict[tuple[str, date], frozenset[str]] = {}
    for part in sorted(parts, key=lambda part: (part.task.unit, part.task.id)):
        task = part.task
        if task.unit in chart.units and chart.units[task.unit].alive(as_of):
            on = task.final_day or task.last_day or as_of
            if (task.unit, on) not in above:
                above[task.unit, on] = _bodies_above(chart, task.unit, on)
            for body in above[task.unit, on]:
                found[body, task.subject].append(part)
    return found


def _missed(parts: Sequence[PartTask], night: PartsTonight) -> tuple[MissedParts, date | None]:
    """Which parts are missed, and the latest breach; a waived part is judged, but not missed (decision 37)."""
    late = [part for part in parts if part.mark is PartVerdict.MISSED]
    waived = {part.task.id for part in late if night.is_waived(part.task, night.as_of)}
    missed = [part for part in late if part.task.id not in waived]
    breach = max((part.breach for part in missed if part.breach is not None), default=None)
    found = MissedParts(
        tuple(part.task for part in missed),
        sum(part.mark not in SILENT for part in parts),
        len(parts),
        tuple(part.task for part in late if part.task.id in waived),
    )
    return found, never_after(night.as_of, breach)
