"""Units of random worlds that end in mid-year, who succeeds them, and what offices decide on what they left."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from dondoc.engine.domain.demand import Bearers
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Derived, Quota, Rule
from dondoc.engine.domain.terms import Scope, TaskKind
from dondoc.engine.kinds import kind_of_task
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from tests.support.town import Town, rows

_DAY = timedelta(days=1)
_LATER = (0, 2, 6, 15, 40)


@dataclass
class Ended:
    """The units of a town that end, with their first day without each and its successors."""

    town: Town
    drawn: Random
    on: dict[str, date] = field(default_factory=dict)
    heirs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    decided: set[tuple[str, str, str]] = field(default_factory=set)

    def draw(self, chart: OrgChart, first: date) -> None:
        """Ends one to three units of the rules some months after the first day; each has one or two successors."""
        book = self.town.book
        named = {
            office
            for rule in book.rules.values()
            for office in (rule.monitor, rule.reports_to, book.directive_of(rule.id).monitor)
        }
        issuers = {one for paper in book.directives.values() for one in (paper.issuer, paper.competent)}
        units = [unit for unit in self._bound(chart, first) if unit not in named | issuers]
        for unit in self.drawn.sample(units, min(len(units), self.drawn.choice((1, 1, 2, 3)))):
            end = first + self.drawn.randrange(30, 250) * _DAY
            others = [one for one in units if one not in self.on and one != unit and _alike(chart, one, unit)]
            kinds = self.drawn.choice((("new",), ("old",), ("new", "old"), ("new", "new"), ("old", "old")))
            heirs = []
            for n, kind in enumerate(kinds):
                if kind == "old" and others:
                    heirs.append(others.pop(self.drawn.randrange(len(others))))
                else:
                    heirs.append(self.founded(unit, f"{unit}.{n + 1}", end))
            self.ends(unit, end, tuple(dict.fromkeys(heirs)))

    def _bound(self, chart: OrgChart, on: date) -> list[str]:
        rules = (rule for rule in self.town.book.rules.values() if not isinstance(rule.condition, Derived))
        found = (Bearers(chart).of(rule.applies_to, on) for rule in rules)
        return sorted(
            {
                unit
                for units in found
                for unit in units
                if chart.units[unit].valid_to is None or chart.units[unit].valid_to > on + 300 * _DAY
            }
        )

    def ends(self, unit: str, end: date, heirs: tuple[str, ...]) -> None:
        self._bring("units", [{**row, "until": end - _DAY} for row in _of("units", "id", unit)])
        about = {"old": unit, "scope": "all", "effective": end, "basis": "Nghị quyết (ví dụ)"}
        self._bring("successions", [{**about, "new": heir} for heir in heirs])
        self.on[unit], self.heirs[unit] = end, heirs

    def founded(self, old: str, new: str, since: date) -> str:
        """A unit like an ended one: with its place, a mailbox, and another name."""
        life = {"from": since, "until": None}
        self._bring("units", [{**row, **life, "id": new} for row in _of("units", "id", old)])
        number = new.rpartition(".")[2]
        self._bring(
            "names",
            [
                {
                    **row,
                    **life,
                    "unit": new,
                    **{key: f"{row[key]} mới {number}" for key in ("name", "name_en", "short")},
                }
                for row in _of("names", "unit", old)[-1:]
            ],
        )
        for sheet, others in (("relations", {}), ("mailboxes", {"address": f"{new}@example.vn"})):
            mine = [row for row in _of(sheet, "unit", old) if row["until"] is None or row["until"] >= since]
            self._bring(sheet, [{**row, **life, **others, "unit": new} for row in mine])
        return new

    def _bring(self, sheet: str, values: list[dict[str, Any]]) -> None:
        taken = self.town.brings(sheet, list(enumerate(values, start=2)))
        assert not taken.refused, taken.refused

    def decide(self, night: date) -> None:
        """After a night, offices decide on some of what the units left; the heirs do some of it."""
        f, k, r, u = t.case_file, t.task, t.rule, t.unit
        asked = (
            select(r.c.id.label("rule"), u.c.id.label("unit"), k.c["subject", "kind", "counts"])
            .join_from(f, k, k.c.id == f.c.task_id)
            .join(r, r.c.no == k.c.rule_no)
            .join(u, u.c.no == k.c.unit_no)
            .where(f.c.status == "waiting")
            .order_by(f.c.code)
        )
        with reading(self.town.engine) as conn:
            waiting = list(conn.execute(asked))
        for row in waiting:
            if row.unit in self.heirs and self.drawn.random() < 0.5:
                measured = kind_of_task(row.kind).is_measured(row.kind)
                heirs = () if measured else self._some(row.unit)
                self._decides(night, row.unit, heirs, rule=row.rule, subject=row.subject)
                if heirs and row.kind is TaskKind.REPORT and self.drawn.random() < 0.6:
                    self._hands_in(self.drawn.choice(heirs), row.counts, night)
        for unit, end in self.on.items():
            for rule in self.town.book.rules.values() if end <= night else ():
                if isinstance(rule.condition, Derived) or self.drawn.random() < 0.6:
                    continue
                if unit in _bearers_of(self.town, rule, end - _DAY):
                    heirs, scope = self._some(unit), self.drawn.choice(list(Scope))
                    self._decides(night, unit, heirs, rule=rule.id, scope=scope)
                    if isinstance(rule.condition, Quota):
                        self._holds(heirs, rule.condition.activity, night)

    def _decides(self, night: date, unit: str, heirs: tuple[str, ...], **about: Any) -> None:
        key = (unit, about["rule"], about.get("subject", ""))
        # Now and then an office decides anew.
        if key not in self.decided or self.drawn.random() < 0.1:
            self.town.is_decided(unit, *sorted(heirs), recorded=f"{night}T10:00", **about)
        self.decided.add(key)

    def _some(self, unit: str) -> tuple[str, ...]:
        heirs = self.heirs[unit]
        return self.drawn.choice((heirs, heirs, heirs[:1], heirs[-1:], ()))

    def _holds(self, heirs: tuple[str, ...], activity: str, night: date) -> None:
        for heir in heirs:
            for _ in range(self.drawn.choice((0, 1, 3))):
                done = night + self.drawn.randrange(1, 120) * _DAY
                if done < self.on.get(heir, date.max):
                    self.town.does(heir, activity, str(done), f"{done}T{10 + self.drawn.randrange(10)}:{night:%d}")

    def _hands_in(self, heir: str, report: str, night: date) -> None:
        done = night + (1 + self.drawn.choice(_LATER)) * _DAY
        if done < self.on.get(heir, date.max):
            self.town.submits(heir, report, str(done), ref=f"{heir}-{report}-{night}-{self.drawn.random()}")


def _alike(chart: OrgChart, one: str, other: str) -> bool:
    return (chart.units[one].kind, chart.units[one].level) == (chart.units[other].kind, chart.units[other].level)


def _of(sheet: str, column: str, unit: str) -> list[dict[str, Any]]:
    return [values for _, values in rows(sheet) if values[column] == unit]


def _bearers_of(town: Town, rule: Rule, on: date) -> tuple[str, ...]:
    assert town.chart is not None or town.last is not None
    chart = town.last.night.chart if town.last else town.chart
    assert chart is not None
    return Bearers(chart).of(rule.applies_to, on)
