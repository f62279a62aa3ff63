"""Who takes over the demands of a unit that has ended: an office decides that, never this program (decision 35).

The chart only says which units succeed an ended one. An office decides whether they take over a demand and how
they share it, and records its legal basis. Until then nobody is notified of the demand, and the operator is asked
every few working days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from dondoc.engine.domain.demand import Demand
from dondoc.engine.domain.model import Finding, Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.terms import Line, Scope
from dondoc.engine.domain.workdays import WorkCalendar

# The operator is asked again every so many working days after the unit has ended.
ASK_EVERY = 5


@dataclass(frozen=True, slots=True)
class Inheritance:
    """One decision: `heirs` take over from `unit`; without heirs, nobody does.

    With `rule` and `subject` it covers that one demand, which fell due before the unit ended; with `rule` alone,
    the rule's later demands, shared as `scope` says; with neither, the unit as a reader of letters about others.
    `recorded_on` is the local day (Asia/Ho_Chi_Minh) of recording: only nights after it know the decision.
    """

    unit: str
    heirs: tuple[str, ...]
    basis: str
    decided_by: str
    recorded_on: date
    rule: str = ""
    subject: str = ""
    scope: Scope = Scope.EACH

    def hands_on(self, begins: date | None) -> bool:
        """Whether the heirs owe a later demand that begins on a day; None: it has no first day.

        They owe only what begins after the decision: nobody owed it to them before (decision 35).
        """
        return begins is None or begins > self.recorded_on


@dataclass(frozen=True, slots=True)
class Wait:
    """The days on which a demand was paused because no heir was decided, both ends inclusive."""

    first: date
    until: date


@dataclass(frozen=True, slots=True)
class Inheritances:
    """Every decision that a night knows. `handed_on` holds, by rule, the decisions on its later demands.

    `own` are, by rule, the units that it means without any decision.
    """

    decided: tuple[Inheritance, ...] = ()
    own: Mapping[str, frozenset[str]] = field(default_factory=dict)
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
        """The decision about one demand; None while there is none."""
        return self._by.get((task.rule, task.unit, task.subject)) if self._by else None

    def going_on(self, rule: str, unit: str) -> Inheritance | None:
        """The decision about a rule's later demands on an ended unit; None while there is none."""
        return self._by.get((rule, unit, ""))

    @property
    def readers_decided(self) -> frozenset[str]:
        """The ended offices whose place as a reader is decided, be it that nobody takes it."""
        return frozenset(one.unit for one in self.decided if not one.rule)

    def leaves(self, demand: Demand, chart: OrgChart, on: date) -> bool:
        """Whether an office has decided that nobody takes over a demand of a unit that has ended by that day."""
        decided = self._by.get((demand.rule, demand.unit, demand.subject)) if self._by else None
        if decided is None or decided.heirs:
            return False
        return not all(_lives(chart, unit, on) for unit in demand.bearers or (demand.unit,))

    def taken_over_by(self, rule: str, unit: str) -> frozenset[tuple[str, str]]:
        """The demands of a rule that a unit has taken over, each as (former unit, subject)."""
        return frozenset(
            (one.unit, one.subject)
            for one in self.decided
            if one.rule == rule and one.subject and unit in one.heirs
        )

    def carried(self, task: Task, chart: OrgChart, on: date) -> Task:
        """The task as its heirs carry it on that day; the bearers that have ended become `former`."""
        decided = self.of(task)
        # A decision about this very demand wins over one about the rule's later demands.
        if decided is not None and decided.heirs:
            before = task.bearers or (task.unit,)
            gone = tuple(unit for unit in before if not _lives(chart, unit, on))
            stay = [unit for unit in before if unit not in gone]
            return replace(task, bearers=tuple(sorted({*stay, *decided.heirs})), former=gone) if gone else task
        former = tuple(self._handing_on(task))
        return replace(task, former=former) if former else task

    def _handing_on(self, task: Task) -> Iterator[str]:
        """The ended units from which the task's units have it, because it begins after the decision on them."""
        handed_on = self.handed_on.get(task.rule, ())
        now = set(task.bearers or (task.unit,))
        # What its rule asks of a unit anyway was never another unit's, whatever else that unit has taken over.
        if not handed_on or not now.isdisjoint(self.own.get(task.rule, ())):
            return
        for one in handed_on:
            if now <= set(one.heirs) and one.unit not in now and one.hands_on(task.first_day or task.last_day):
                yield one.unit

    def of_findings(self, findings: Iterable[Finding], chart: OrgChart, on: date) -> Iterator[Finding]:
        """The findings, each about its task as the heirs carry it on that day."""
        for finding in findings:
            task = self.carried(finding.task, chart, on) if self.decided else finding.task
            yield finding if task is finding.task else replace(finding, task=task)

    def wait(self, task: Task, chart: OrgChart) -> tuple[Wait, ...]:
        """The days on which an inherited task was paused; empty for any other task."""
        decided = self.of(task)
        ended = ended_on(chart, task.former) if decided is not None else None
        # Decided before the unit ended: the heirs took over at once, so no day was lost (decision 35).
        if decided is None or ended is None or ended > decided.recorded_on:
            return ()
        return (Wait(ended, decided.recorded_on),)


def _lives(chart: OrgChart, unit: str, on: date) -> bool:
    return unit in chart.units and chart.units[unit].alive(on)


def ended_on(chart: OrgChart, units: Collection[str]) -> date | None:
    """The first day without any of these units, as far as they have an end; None when none of them ends."""
    ends = [chart.units[unit].valid_to for unit in units if unit in chart.units]
    return max((end for end in ends if end is not None), default=None)


def next_ask_on(calendar: WorkCalendar, ended: date, on: date) -> date:
    """The first working day strictly after `on` on which the operator is asked again who the heirs are."""
    asked = calendar.position(ended, on) // ASK_EVERY if on >= ended else -1
    return calendar.night_of(ended, (asked + 1) * ASK_EVERY)


def is_asked(calendar: WorkCalendar, ended: date, on: date) -> bool:
    """Whether the operator is asked on that day who the heirs of a unit are; never on a closed day."""
    return calendar.is_workday(on) and calendar.position(ended, on) % ASK_EVERY == 0


def proposed(chart: OrgChart, unit: str, on: date) -> tuple[tuple[str, str], ...]:
    """The units alive that succeed an ended one, through any number of changes, each as (unit, scope).

    Without a recorded succession, the successors of the body above it, if that has ended too. Only a proposal: the
    chart knows who succeeds whom, not who owes what (decision 35).
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
