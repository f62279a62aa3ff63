"""The list behind `dondoc waivers`: which unit has what waived until when, and how often it was used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.rulefile import load as load_rules
from dondoc.engine.store.night import nights, orgchart, tasks
from dondoc.engine.store.night.waiver_use import WaiverUse, used
from dondoc.flows.config import settings
from dondoc.notifications.wording.numbers import count, day


@dataclass(frozen=True, slots=True)
class WaiverListing:
    """One waiver of the list; `stands` is "holds", "coming" or "over"."""

    used: WaiverUse
    stands: str
    unit: str
    granted_by: str

    def as_json(self) -> dict[str, Any]:
        """For programs, with the keys of the waiver file."""
        waiver = self.used.waiver
        return {
            "rule": waiver.rule,
            "unit": waiver.unit,
            "granted_by": waiver.granted_by,
            "reason": asdict(waiver.reason),
            "legal_basis": asdict(waiver.legal_basis),
            "from": waiver.first,
            "until": waiver.until,
            "place": waiver.place,
            "stands": self.stands,
            "cases": self.used.cases,
            "nights": self.used.nights,
        }

    def text(self) -> str:
        """For people: who and what, until when and by whom, how often it was used, its legal basis."""
        waiver = self.used.waiver
        return (
            f"{self.unit}: {waiver.rule}\n"
            f"  {_STANDS[self.stands]}: {day(waiver.first)} – {day(waiver.until)}; do {self.granted_by} cho phép; "
            f"đã dùng cho {count(self.used.cases)} hồ sơ, {count(self.used.nights)} đêm\n"
            f"  căn cứ: {waiver.legal_basis.vi.rstrip('.')}; lý do: {waiver.reason.vi.rstrip('.')}"
        )


_STANDS = {"holds": "đang tạm miễn", "coming": "chưa bắt đầu", "over": "đã hết"}


def listing(environment: Mapping[str, str], now: datetime) -> tuple[WaiverListing, ...]:
    """Every waiver of the rules: those in force first, then those to come, then expired ones, by last day.

    Raises `RulesRefused` when the rules have problems.
    """
    given = settings.load(environment)
    book = load_rules(given.rules)
    with settings.read_only(given) as conn:
        found = used(conn, book.waivers, nights.names_of(conn, tasks.stored_rules(conn)))
        chart = orgchart.chart(conn, now)
    return _in_order(found, chart, now.astimezone(ZONE).date())


def _in_order(found: Sequence[WaiverUse], chart: OrgChart, today: date) -> tuple[WaiverListing, ...]:
    listed = [
        WaiverListing(
            one,
            _stands(one, today),
            _name(chart, one.waiver.unit, today),
            _name(chart, one.waiver.granted_by, today),
        )
        for one in found
    ]
    order = list(_STANDS)
    return tuple(
        sorted(
            listed,
            key=lambda one: (order.index(one.stands), one.used.waiver.until, one.unit, one.used.waiver.rule),
        )
    )


def _stands(one: WaiverUse, today: date) -> str:
    if today < one.waiver.first:
        return "coming"
    return "holds" if today <= one.waiver.until else "over"


def _name(chart: OrgChart, unit: str, on: date) -> str:
    """A unit's name and its id; the id alone where the chart does not know it."""
    return f"{chart.units[unit].name(on).vi} ({unit})" if unit in chart.units else unit
