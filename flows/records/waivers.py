"""The list behind `dondoc waivers`: which unit has what waived until when, and how often it was used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from dondoc.engine.domain.model import ZONE, Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.rulefile import load as load_rules
from dondoc.engine.store.night import nights, orgchart, tasks
from dondoc.engine.store.night.waiver_use import WaiverUse, used
from dondoc.flows.config import settings
from dondoc.notifications.wording.numbers import count, day, without_stop


@dataclass(frozen=True, slots=True)
class WaiverListing:
    """One waiver of the list; `stands` is "holds", "coming" or "over"."""

    used: WaiverUse
    stands: str
    unit: Text
    granted_by: Text

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

    def text(self) -> Text:
        """For people: who and what, until when and by whom, how often it was used, its legal basis."""
        waiver, stands = self.used.waiver, _STANDS[self.stands]
        days = f"{day(waiver.first)} – {day(waiver.until)}"
        cases, nights_ = count(self.used.cases), count(self.used.nights)
        return Text.format(
            "{unit}: {rule}\n  {stands}: {days}; do {office} cho phép; đã dùng cho {cases} hồ sơ, {nights} đêm\n"
            "  căn cứ: {basis}; lý do: {reason}",
            "{unit}: {rule}\n  {stands}: {days}; granted by {office}; used for {cases} cases on {nights} nights\n"
            "  basis: {basis}; reason: {reason}",
            unit=self.unit,
            rule=waiver.rule,
            stands=stands,
            days=days,
            office=self.granted_by,
            cases=cases,
            nights=nights_,
            basis=without_stop(waiver.legal_basis),
            reason=without_stop(waiver.reason),
        )


_STANDS = {
    "holds": Text("đang tạm miễn", "in force"),
    "coming": Text("chưa bắt đầu", "not begun yet"),
    "over": Text("đã hết", "over"),
}


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


def _name(chart: OrgChart, unit: str, on: date) -> Text:
    """A unit's name and its id; the id alone where the chart does not know it."""
    if unit not in chart.units:
        return Text(unit, unit)
    name = chart.units[unit].name(on)
    return Text.format("{name} ({unit})", name=Text(name.vi, name.en), unit=unit)
