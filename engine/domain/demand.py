"""What a rule asks of one unit, before the store has given it a number; and which units a rule means."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Selector
from dondoc.engine.domain.terms import Level, Scope, TaskKind

# A night looks for demands whose last day lies so far behind it, or at least so far ahead of it.
BEHIND = timedelta(days=400)
AHEAD = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class TriggerEvent:
    """An activity that starts a counted period: by which unit, which activity, on which day.

    `known_as` is the day by which its demand is known already, where the record of its day was corrected since.
    """

    unit: str
    activity: str
    on: date
    known_as: date | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """A task before the store has given it a number; fields as in `model.Task`.

    `counts` is the report, activity or indicator that meets it; `need` how many. `issued_on` is the first day on
    which a submission that names no demand can settle it: its directive is issued and its period has begun.
    `once`: the rule demands it of a unit once, so that it stays the same when its day moves.
    """

    rule: str
    unit: str
    subject: str
    kind: TaskKind
    counts: str
    last_day: date | None
    issued_on: date
    first_day: date | None = None
    final_day: date | None = None
    need: int = 0
    scope: Scope = Scope.EACH
    bearers: tuple[str, ...] = ()
    once: bool = False


@dataclass(slots=True)
class Bearers:
    """The units that a selector means on a day; caches its answers, since many rules share a selector."""

    chart: OrgChart
    known: dict[tuple[Selector, date], tuple[str, ...]] = field(default_factory=dict)

    def of(self, selector: Selector, on: date) -> tuple[str, ...]:
        """The ids of the units that are alive on that day, in order; unknown ids are left out."""
        key = (selector, on)
        if key not in self.known:
            self.known[key] = self._find(selector, on)
        return self.known[key]

    def _find(self, selector: Selector, on: date) -> tuple[str, ...]:
        if selector.units:
            units = (self.chart.units[unit] for unit in sorted(selector.units) if unit in self.chart.units)
            return tuple(unit.id for unit in units if unit.alive(on))
        level: Level | None = selector.level
        return self.chart.select(kind=selector.kind, level=level, within=selector.within, on=on)
