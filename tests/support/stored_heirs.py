"""Who carries each demand after a night, read from the rows of the store alone: its units, or their heirs.

The rules are those of decision 0022: the heirs of one demand carry it together with whoever of its units is there
still; until an office has decided, nobody does. What a rule demands later of the heirs is theirs alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, or_, select

from dondoc.engine.domain.model import ZONE
from dondoc.engine.store.db import tables as t
from tests.support.town import cutoff

Rows = Callable[[Select[Any]], list[Row[Any]]]


@dataclass(frozen=True)
class Carried:
    """Who carries a demand, from whom they took it over, and whether nobody carries it until an office decides.

    `doers` are the units whose activities count for it. `inherited`: an office has decided on this very demand,
    because its unit ended after it was due.
    """

    units: frozenset[str]
    doers: frozenset[str]
    former: frozenset[str] = frozenset()
    waits: bool = False
    inherited: bool = False


@dataclass
class Heirs:
    """The decisions on ended units that a night knows, and whose each demand is by them."""

    rows: Rows
    units: Mapping[int, str]
    night: date
    shared: Mapping[int, frozenset[str]]
    ended: Mapping[str, date] = field(init=False)
    decided: Mapping[tuple[int, int, str], Row[Any]] = field(init=False)
    heirs: Mapping[int, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.ended = self._ended()
        i, h, cut = t.inheritance, t.inheritance_heir, cutoff(self.night)
        known = i.c.recorded_at <= cut, or_(i.c.superseded_at.is_(None), i.c.superseded_at > cut)
        self.decided = {(row.rule_no, row.unit_no, row.subject): row for row in self.rows(select(i).where(*known))}
        found: dict[int, set[str]] = defaultdict(set)
        for row in self.rows(select(h)):
            found[row.inheritance_no].add(self.units[row.unit_no])
        self.heirs = {no: frozenset(units) for no, units in found.items()}

    def _ended(self) -> dict[str, date]:
        """The units that are not there any more, and their first day without them."""
        ends = {row.id: row.valid_to for row in self.rows(select(t.unit.c.id, t.unit.c.valid_to))}
        r, tied = t.relation, defaultdict[str, list[str]](list)
        mine = r.c.kind.in_(("organ_of", "staff_of")) & r.c.valid_to.is_(None)
        for row in self.rows(select(r).where(mine)):
            tied[self.units[row.unit_no]].append(self.units[row.other_no])
        # An organ ends with its body, and the staff of an organ with that.
        for _ in range(3):
            for unit, bodies in tied.items():
                of_bodies = [ends[body] for body in bodies]
                if ends[unit] is None and None not in of_bodies:
                    ends[unit] = max(of_bodies)
        return {unit: end for unit, end in ends.items() if end is not None and end <= self.night}

    def of(self, task: Row[Any], own: frozenset[str]) -> Carried:
        """Whose a demand is after the night; `own` are the units that its rule means there."""
        before = self.shared.get(task.id) or frozenset({self.units[task.unit_no]})
        gone = before & self.ended.keys()
        about = self.decided.get((task.rule_no, task.unit_no, task.subject))
        if about is not None and self.heirs.get(about.no):
            now = (before - gone) | self.heirs[about.no] if gone else before
            return Carried(now, before, gone, waits=bool(now & self.ended.keys()), inherited=bool(gone))
        former = frozenset() if before & own else self._handed_on(task, before)
        return Carried(before, before, former, waits=bool(gone))

    def _handed_on(self, task: Row[Any], now: frozenset[str]) -> frozenset[str]:
        """The units whose later demands these units took over."""
        begins = task.first_day or task.last_day
        return frozenset(
            self.units[row.unit_no]
            for row in self.decided.values()
            if (row.rule_no, row.subject) == (task.rule_no, "")
            and now <= self.heirs.get(row.no, frozenset())
            and (begins is None or begins > row.recorded_at.astimezone(ZONE).date())
        )
