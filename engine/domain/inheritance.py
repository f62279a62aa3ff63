"""Who takes over what an ended unit leaves behind: decisions of offices, never a conclusion of ours (decision 35).

A chart says which units follow an ended one; whether they take over a demand, and how they share it, is decided by
an office and written down with its legal basis. Until then everything about it is silent, and the operator is
asked every few working days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from dondoc.engine.domain.model import Finding, Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.terms import Line, Scope
from dondoc.engine.domain.workdays import WorkCalendar

# The operator is asked anew every so many working days after the unit has ended.
ASK_EVERY = 5


@dataclass(frozen=True, slots=True)
class Inheritance:
    """One decision: `heirs` take over from `unit`, or nobody does when there are none.

    With `rule` and `subject` it is about that one demand, which fell due before the unit ended; with `rule` alone,
    about what the rule goes on to demand, shared as `scope` says; with neither, about the unit as a reader of
    others' letters. `recorded_on` is the local day on which it was recorded: nights after it know it.
    """

    unit: str
    heirs: tuple[str, ...]
    basis: str
    decided_by: str
    recorded_on: date
    rule: str = ""
    subject: str = ""
    scope: Scope = Scope.EACH


@dataclass(frozen=True, slots=True)
class Wait:
    """The days on which a demand stood still because nobody had decided, both inclusive."""

    first: date
    until: date


@dataclass(frozen=True, slots=True)
class Inheritances:
    """Every decision that a night knows. `handed_on` holds, by rule, the demands that go on with heirs."""

    decided: tuple[Inheritance, ...] = ()
    handed_on: Mapping[str, tuple[Inheritance, ...]] = field(init=False, repr=False, compare=False)
    _by: Mapping[tuple[str, str, str], Inheritance] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[str, list[Inheritance]] = defaultdict(list)
        for one in sorted(self.decided, key=lambda one: (one.rule, one.unit)):
            if one.rule and not one.subject and one.heirs:
                found[one.rule].append(one)
        object.__setattr__(self, "handed_on", {rule: tuple(decided) for rule, decided in found.items()})
        object.__setattr__(self, "_by", {(one.rule, one.unit, one.subject): one for one in self.decided})

    def of(self, task: Task) -> Inheritance | None:
        """What was decided about one demand."""
        return self._by.get((task.rule, task.unit, task.subject)) if self._by else None

    def going_on(self, rule: str, unit: str) -> Inheritance | None:
        """What was decided about what a rule goes on to demand of an ended unit."""
        return self._by.get((rule, unit, ""))

    @property
    def readers_decided(self) -> frozenset[str]:
        """The ended offices of which it is decided who reads in their place, or that nobody does."""
        return frozenset(one.unit for one in self.decided if not one.rule)

    def taken_over_by(self, rule: str, unit: str) -> frozenset[tuple[str, str]]:
        """The demands of a rule, as unit and subject, that a unit has taken over."""
        return frozenset(
            (one.unit, one.subject)
            for one in self.decided
            if one.rule == rule and one.subject and unit in one.heirs
        )

    def carried(self, task: Task, chart: OrgChart, on: date) -> Task:
        """The task as its heirs carry it on that day: whoever carried it and has ended is `former`."""
        decided = self.of(task)
        if decided is not None and decided.heirs:
            before = task.bearers or (task.unit,)
            gone = tuple(unit for unit in before if not _lives(chart, unit, on))
            stay = [unit for unit in before if unit not in gone]
            return replace(task, bearers=tuple(sorted({*stay, *decided.heirs})), former=gone) if gone else task
        now = task.bearers or (task.unit,)
        former = tuple(
            one.unit
            for one in self.handed_on.get(task.rule, ())
            if set(now) <= set(one.heirs) and one.unit not in now
        )
        return replace(task, former=former) if former else task

    def of_findings(self, findings: Iterable[Finding], chart: OrgChart, on: date) -> Iterator[Finding]:
        """Findings about the tasks as their heirs carry them."""
        for finding in findings:
            task = self.carried(finding.task, chart, on) if self.decided else finding.task
            yield finding if task is finding.task else replace(finding, task=task)

    def wait(self, task: Task, chart: OrgChart) -> tuple[Wait, ...]:
        """The days on which an inherited task stood still; none for any other."""
        decided = self.of(task)
        ended = ended_on(chart, task.former) if decided is not None else None
        if decided is None or ended is None or ended > decided.recorded_on:
            return ()
        return (Wait(ended, decided.recorded_on),)


def _lives(chart: OrgChart, unit: str, on: date) -> bool:
    return unit in chart.units and chart.units[unit].alive(on)


def ended_on(chart: OrgChart, units: Collection[str]) -> date | None:
    """The first day on which the last of some ended units was no more; None when none of them ends."""
    ends = [chart.units[unit].valid_to for unit in units if unit in chart.units]
    return max((end for end in ends if end is not None), default=None)


def asks_again(calendar: WorkCalendar, ended: date, on: date) -> date:
    """The first working day after a day on which the operator is asked again about what a unit left behind."""
    asked = calendar.position(ended, on) // ASK_EVERY if on >= ended else -1
    return calendar.night_of(ended, (asked + 1) * ASK_EVERY)


def is_asked(calendar: WorkCalendar, ended: date, on: date) -> bool:
    """Whether a working day is one on which the operator is asked about what a unit left behind."""
    return calendar.is_workday(on) and calendar.position(ended, on) % ASK_EVERY == 0


def proposed(chart: OrgChart, unit: str, on: date) -> tuple[tuple[str, str], ...]:
    """The units alive that follow an ended one, however many changes later, each with the scope it takes over.

    A unit of which nothing is said goes where the body above it went, when both have ended. Nothing more than a
    proposal: the chart knows who follows, not who owes what.
    """
    return _following(chart, unit, on) or _following_above(chart, unit, on)


def _following_above(chart: OrgChart, unit: str, on: date) -> tuple[tuple[str, str], ...]:
    ended = ended_on(chart, (unit,))
    if ended is None:
        return ()
    last = ended - timedelta(days=1)
    bodies = (chart.body_of(unit, last), *(chart.parent(unit, line, last) for line in Line))
    above = (body for body in bodies if body is not None and body != unit and not _lives(chart, body, on))
    return next((heirs for body in above if (heirs := _following(chart, body, on))), ())


def _following(chart: OrgChart, unit: str, on: date) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    seen: set[str] = set()
    waiting = [(unit, "")]
    while waiting:
        old, scope = waiting.pop(0)
        if old in seen:
            continue
        seen.add(old)
        for entry in chart.heirs_of(old, on):
            if _lives(chart, entry.new, on):
                found.setdefault(entry.new, scope or entry.scope)
            else:
                waiting.append((entry.new, scope or entry.scope))
    return tuple(sorted(found.items()))
