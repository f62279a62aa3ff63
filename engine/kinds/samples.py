"""Invented facts that put one rule in breach for one unit, for the preview of a letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Rule, RuleBook
from dondoc.engine.domain.terms import SheetKind

_MORNING = time(8)
# A row of an import sheet: the sheet, and the values by column.
SampleRow = tuple[SheetKind, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class SampleBreach:
    """An invented breach: the unit, the first day that counts as late, and the rows to import.

    `rows` are values of import sheets. `said` describes for a person what was invented, in Vietnamese.
    """

    unit: str
    breach: date
    rows: tuple[SampleRow, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sampling:
    """What facts are invented for: a rule of a book, around a day; for `unit` when one is given."""

    book: RuleBook
    rule: Rule
    chart: OrgChart
    day: date
    unit: str | None

    def units(self, on: date) -> tuple[str, ...]:
        """The units that may be put in breach on a day."""
        picked, units = self.rule.applies_to, self.chart.units
        if picked.units:
            found = tuple(unit for unit in picked.units if unit in units and units[unit].alive(on))
        else:
            found = self.chart.select(kind=picked.kind, level=picked.level, within=picked.within, on=on)
        return found if self.unit is None else tuple(unit for unit in found if unit == self.unit)


def recorded(on: date) -> datetime:
    """The instant at which an invented fact of a day is recorded."""
    return datetime.combine(on, _MORNING, ZONE)
