"""The second pass: derived rules, decided on the findings of the rules they are derived from.

Forward chaining, driven from here: the findings of one round are the facts of the next, until the last derived
rule is decided (docs/en/decisions/0015-derived-rules.md). This module only counts; durable_rules decides whether a
count is enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from dondoc.engine.cases.waivers import Waivers, by_demand, holding, of_task
from dondoc.engine.demands.derived import bodies_above, in_order, is_shared
from dondoc.engine.demands.periodicity import number_of
from dondoc.engine.domain.model import SCALE, Finding, MissedParts, Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Rollup, Rule, RuleBook, Streak
from dondoc.engine.domain.terms import Verdict
from dondoc.engine.judge.derived_compiler import Derivation, derivation
from dondoc.engine.judge.durable_rules import Chunk, Ruleset

_DAY = timedelta(days=1)
_CHUNK = 1_000


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


_SILENT = (PartVerdict.UNKNOWN, PartVerdict.UNHEARD)
_MARKS = {Verdict.BREACH: PartVerdict.MISSED, Verdict.MET: PartVerdict.MET, Verdict.UNHEARD: PartVerdict.UNHEARD}


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


@dataclass(slots=True)
class DerivedPass:
    """The second pass of one night.

    `tasks` are the open tasks of derived rules, by rule; `parts` what is known of the tasks of their base rules,
    by rule and task id.
    """

    book: RuleBook
    chart: OrgChart
    as_of: date
    tasks: Mapping[str, Sequence[Task]]
    parts: dict[str, dict[int, PartTask]]
    _waivers: Waivers = field(init=False)

    def __post_init__(self) -> None:
        self._waivers = by_demand(self.book.waivers)

    def findings(self) -> Iterator[Finding]:
        """One finding for each derived task that has parts; `unjudged` where too little is known.

        Raises `EngineFault` when durable_rules did not read all counts.
        """
        for rule in in_order(self.book, self.as_of):
            counts = list(self._counted(rule))
            mine = self.parts.setdefault(rule.id, {})
            for finding in _decided(rule, counts):
                mine[finding.task.id] = part_of(finding)
                yield finding

    def _counted(self, rule: Rule) -> Iterator[DerivedCount]:
        condition = rule.condition
        tasks = self.tasks.get(rule.id, ())
        if isinstance(condition, Streak):
            base = self.book.rules[condition.of]
            series = self._series(base)
            for task in tasks:
                count = self._streak(task, condition, base, series.get(_holder(base, task), ()))
                if count is not None:
                    yield count
        elif isinstance(condition, Rollup):
            groups = below(self.chart, self.parts.get(condition.of, {}).values(), self.as_of)
            for task in tasks:
                parts = groups.get((task.unit, task.subject))
                if parts:
                    yield self._rollup(task, condition, parts)

    def _series(self, base: Rule) -> Mapping[str, list[PartTask]]:
        """By holder of the series, the periods that are over or have a verdict, in order of time."""
        series: dict[str, list[PartTask]] = defaultdict(list)
        for part in self.parts.get(base.id, {}).values():
            # A period that still runs says nothing yet; one that is over without a verdict is a gap (decision 36).
            if part.mark not in _SILENT or _breach(part.task) <= self.as_of:
                series[_holder(base, part.task)].append(part)
        for parts in series.values():
            parts.sort(key=lambda part: (_breach(part.task), part.task.id))
        return series

    def _streak(self, task: Task, streak: Streak, base: Rule, parts: Sequence[PartTask]) -> DerivedCount | None:
        """The longest run of missed periods since the last one met; None where no period was judged."""
        if all(part.mark in _SILENT for part in parts):
            return None
        runs, reach = self._runs(base, parts)
        run = max(reversed(runs[-1]), key=len, default=[])
        longest = max((len(one) for found in runs for one in found), default=0)
        opened = _breach(run[streak.times - 1].task) if len(run) >= streak.times else None
        return DerivedCount(
            {"run": len(run), "reach": reach, "longest": longest},
            Finding(
                task,
                Verdict.UNJUDGED,
                breach=self._never_after_tonight(opened),
                value=len(run) * SCALE,
                limit=streak.times * SCALE,
                parts=MissedParts(tuple(part.task for part in run), sum(map(len, runs[-1])), reach),
            ),
        )

    def _runs(self, base: Rule, parts: Sequence[PartTask]) -> tuple[list[list[list[PartTask]]], int]:
        """The runs of missed periods, grouped between the met ones; and the number of periods since the last met.

        A waived period, an unjudged one and one that was not demanded each end a run and count as a period
        (decision 36).
        """
        runs: list[list[list[PartTask]]] = [[[]]]
        reach, before = 0, None
        for part in parts:
            number = number_of(base, part.task, self.book.occasions)
            gap = 0 if before is None else max(number - before - 1, 0)
            before = number
            # A period without a demand, as while the unit did not exist, breaks the run like an unjudged one.
            if gap:
                reach += gap
                runs[-1].append([])
            if part.mark is PartVerdict.MET:
                runs.append([[]])
                reach = 0
                continue
            reach += 1
            if part.mark in _SILENT or self._excused(part):
                runs[-1].append([])
            else:
                runs[-1][-1].append(part)
        return runs, reach

    def _excused(self, part: PartTask) -> bool:
        """Whether the period is waived tonight, or was on its first late day (decision 36)."""
        waivers = of_task(self._waivers, part.task)
        return any(holding(waivers, day) is not None for day in (self.as_of, _breach(part.task)))

    def _rollup(self, task: Task, rollup: Rollup, parts: Sequence[PartTask]) -> DerivedCount:
        """How many parts are missed; a waived part counts as judged, but not as missed (decision 37)."""
        late = [part for part in parts if part.mark is PartVerdict.MISSED]
        waived = {part.task.id for part in late if holding(of_task(self._waivers, part.task), self.as_of)}
        missed = [part for part in late if part.task.id not in waived]
        judged = sum(part.mark not in _SILENT for part in parts)
        breach = max((part.breach for part in missed if part.breach is not None), default=None)
        factor = derivation(rollup).factor
        return DerivedCount(
            {"missed": len(missed) * factor, "judged": judged, "judged100": judged * 100, "units": len(parts)},
            Finding(
                task,
                Verdict.UNJUDGED,
                breach=self._never_after_tonight(breach),
                value=len(missed) * SCALE,
                parts=MissedParts(
                    tuple(part.task for part in missed),
                    judged,
                    len(parts),
                    tuple(part.task for part in late if part.task.id in waived),
                ),
            ),
            unheard=any(part.mark is PartVerdict.UNHEARD for part in parts),
        )

    def _never_after_tonight(self, breach: date | None) -> date | None:
        # A part recorded today breaches tomorrow, but a case opened tonight counts from tonight (decision 13).
        return None if breach is None else min(breach, self.as_of)


def _breach(task: Task) -> date:
    """The first day on which a period counts as late."""
    assert task.last_day is not None
    return task.last_day + _DAY


def _holder(base: Rule, task: Task) -> str:
    """The holder of the series that a task belongs to: its unit, or "" where all units of the rule share one."""
    return "" if is_shared(base) else task.unit


def below(chart: OrgChart, parts: Iterable[PartTask], as_of: date) -> Mapping[tuple[str, str], list[PartTask]]:
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
                above[task.unit, on] = bodies_above(chart, task.unit, on)
            for body in above[task.unit, on]:
                found[body, task.subject].append(part)
    return found


def _decided(rule: Rule, counts: Sequence[DerivedCount]) -> Iterator[Finding]:
    """The findings of one derived rule, with the verdicts that durable_rules gives on the counts."""
    condition = rule.condition
    assert isinstance(condition, Streak | Rollup)
    if not counts:
        return
    how = derivation(condition)
    with Ruleset(rule.id, how.definition) as ruleset:
        for start in range(0, len(counts), _CHUNK):
            yield from _judged(ruleset, how, counts[start : start + _CHUNK])


def _judged(ruleset: Ruleset, how: Derivation, counts: Sequence[DerivedCount]) -> Iterator[Finding]:
    said = {number: how.meanings[name] for name, number in ruleset.judge(_chunk(counts))}
    for number, count in enumerate(counts):
        verdict, never = said.get(number, (Verdict.UNJUDGED, False))
        # What a stale source hides may be missed too: enough is enough, but few may not stay few (decision 24).
        if verdict is Verdict.MET and count.unheard:
            verdict = Verdict.UNHEARD
        breach = count.finding.breach if verdict is Verdict.BREACH else None
        yield replace(count.finding, verdict=verdict, breach=breach, corrected=never)


def _chunk(counts: Sequence[DerivedCount]) -> Chunk:
    facts = (
        "".join((f'{{"id":{number}', *(f',"{name}":{value}' for name, value in count.facts.items()), "}"))
        for number, count in enumerate(counts)
    )
    return Chunk(",".join(facts), len(counts))
