"""A generated country: invented communes and offices, and a year of their invented reports.

Nothing here is about a real place. Names are numbered, so that nobody takes them for one.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from engine.model import SCALE, ZONE
from engine.periods import Period, PeriodKind, periods_between
from engine.rulefile import load
from engine.rules import RuleBook
from engine.terms import Level, Line, MailboxRole, RelationKind

HERE = Path(__file__).parent
FIRST_NIGHT = date(2026, 11, 18)
SECOND_NIGHT = date(2026, 11, 19)
YEAR, NEW_YEARS_EVE = date(2026, 1, 1), date(2026, 12, 31)
THIS_MONTH = "2026-11"
IN_BREACH = 0.05
NEW = 0.01

_DAY = timedelta(days=1)
_FOUNDED = {"from": date(2025, 7, 1), "until": None}
_SHARED = ("calendar.yaml", "indicators.yaml", "ladders.yaml", "mail.yaml")

Rows = dict[str, list[tuple[int, dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Size:
    """How many communes, in how many provinces."""

    name: str
    communes: int
    provinces: int


SIZES = {size.name: size for size in (Size("province", 100, 1), Size("country", 3_321, 34))}


def book() -> RuleBook:
    """The rule book: the invented directive, on the project's own calendar, ladder, indicators and mail."""
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder, "rules")
        (rules / "mau").mkdir(parents=True)
        for name in _SHARED:
            shutil.copy(HERE.parent / "rules" / name, rules)
        _without_brake(rules / "mail.yaml")
        shutil.copy(HERE / "pack.yaml", rules / "mau" / "mau-2026.yaml")
        return load(rules)


def _without_brake(mail: Path) -> None:
    """Takes the brake out: a first night with 7,000 new cases is meant here."""
    mail.write_text(re.sub(r"(?m)^  brake:.*\n", "", mail.read_text("utf-8")), "utf-8")


@dataclass(slots=True)
class Country:
    """Rows for the store's intake, sheet by sheet. `pending` holds what every commune has left undone."""

    size: Size
    rows: Rows = field(default_factory=dict)
    pending: list[tuple[str, str, str]] = field(default_factory=list)
    chance: Random = field(default_factory=lambda: Random(2026))

    def add(self, sheet: str, **values: Any) -> None:
        """One more row of a sheet."""
        lines = self.rows.setdefault(sheet, [])
        lines.append((len(lines) + 2, values))

    def lapses(self, share: float = IN_BREACH) -> bool:
        """Whether this time somebody does not do what is asked."""
        return self.chance.random() < share

    def communes(self) -> Iterator[tuple[str, int]]:
        """The number of every commune and of its province."""
        for n in range(self.size.communes):
            yield f"mau.x{n + 1:04d}", n * self.size.provinces // self.size.communes + 1


def first_day(size: Size) -> Rows:
    """Everything known before the first night: offices and a year of reports, activities and readings."""
    country = Country(size)
    _central(country)
    for n in range(1, size.provinces + 1):
        _province(country, n)
    for commune, province in country.communes():
        _commune(country, commune, province)
        _facts(country, f"{commune}.ubnd")
    return country.rows


def next_day(size: Size) -> Rows:
    """What comes in between the two nights: November's reports but for 1 %, and 1 % of what was overdue."""
    country = Country(size)
    for commune, _ in country.communes():
        _facts(country, f"{commune}.ubnd")
    chance = Random(11)
    pending, country.rows = country.pending, {}
    for unit, report, subject in pending:
        in_time = subject == THIS_MONTH
        if chance.random() < ((1 - NEW) if in_time else NEW):
            _submits(country, unit, report, FIRST_NIGHT, subject)
    return country.rows


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZONE)


def _central(country: Country) -> None:
    _office(country, "mau.trung_uong", "cap-uy", Level.CENTRAL, "Cấp ủy trung ương (mẫu)")
    _office(country, "mau.chinh_phu", "chinh-phu", Level.CENTRAL, "Cơ quan ban hành (mẫu)")
    _office(country, "mau.cuc_tre_em", "cuc", Level.CENTRAL, "Cục theo dõi trẻ em (mẫu)")
    _under(country, "mau.chinh_phu", "mau.trung_uong", RelationKind.LED_BY)
    _under(country, "mau.cuc_tre_em", "mau.chinh_phu", RelationKind.PARENT, Line.GOVERNMENT)


def _province(country: Country, n: int) -> None:
    own = f"mau.t{n:02d}"
    _office(country, f"{own}.tinh_uy", "cap-uy", Level.PROVINCE, f"Tỉnh ủy Mẫu {n:02d}")
    _office(country, f"{own}.ubnd", "ubnd", Level.PROVINCE, f"UBND tỉnh Mẫu {n:02d}")
    _under(country, f"{own}.tinh_uy", "mau.trung_uong", RelationKind.PARENT, Line.PARTY)
    _under(country, f"{own}.ubnd", "mau.chinh_phu", RelationKind.PARENT, Line.GOVERNMENT)
    _under(country, f"{own}.ubnd", f"{own}.tinh_uy", RelationKind.LED_BY)


def _commune(country: Country, own: str, province: int) -> None:
    number = own.removeprefix("mau.x")
    above = f"mau.t{province:02d}"
    _office(country, f"{own}.dang_uy", "cap-uy", Level.COMMUNE, f"Đảng ủy xã Mẫu {number}")
    _office(country, f"{own}.ubnd", "ubnd", Level.COMMUNE, f"UBND xã Mẫu {number}")
    _under(country, f"{own}.dang_uy", f"{above}.tinh_uy", RelationKind.PARENT, Line.PARTY)
    _under(country, f"{own}.ubnd", f"{above}.ubnd", RelationKind.PARENT, Line.GOVERNMENT)
    _under(country, f"{own}.ubnd", f"{own}.dang_uy", RelationKind.LED_BY)


def _office(country: Country, unit: str, kind: str, level: Level, name: str) -> None:
    country.add("units", id=unit, kind=kind, level=level, **_FOUNDED)
    country.add("names", unit=unit, name=name, name_en=f"{name} (sample)", short=name, **_FOUNDED)
    address = f"{unit.removeprefix('mau.').replace('_', '-')}@example.vn"
    country.add("mailboxes", unit=unit, role=MailboxRole.WORKING, address=address, languages="vi", **_FOUNDED)


def _under(country: Country, unit: str, other: str, kind: RelationKind, line: Line | None = None) -> None:
    country.add("relations", unit=unit, other=other, kind=kind, line=line, basis="", **_FOUNDED)


def _facts(country: Country, unit: str) -> None:
    """A year of one commune, up to the first night: about one demand in twenty is not met."""
    quarters = list(periods_between(PeriodKind.CALENDAR_QUARTER, date(2025, 10, 1), NEW_YEARS_EVE))
    for month in periods_between(PeriodKind.CALENDAR_MONTH, YEAR, NEW_YEARS_EVE):
        _reports(country, unit, "child-monthly", month, 18)
        _acts(country, unit, "broadcast", month, 2)
        _acts(country, unit, "home-visit", month, 1)
    for quarter in quarters[1:]:
        _reports(country, unit, "child-quarterly", quarter, 20)
        _acts(country, unit, "inspection", quarter, 1)
    for half in periods_between(PeriodKind.CALENDAR_HALF, YEAR, NEW_YEARS_EVE):
        _reports(country, unit, "child-half-yearly", half, 15)
    _reports(country, unit, "child-survey", Period(YEAR, date(2026, 10, 30), "2026-10-30"), 30)
    injuries = 50
    for quarter in quarters[:-1]:
        if not country.lapses():
            _reads(
                country, unit, "child-drownings", quarter, 4 if country.lapses() else country.chance.randint(0, 2)
            )
        injuries = injuries * 3 // 2 if country.lapses() else max(20, injuries - country.chance.randint(0, 3))
        _reads(country, unit, "child-injuries", quarter, injuries)
        _reads(country, unit, "poor-children-share", quarter, 13 if country.lapses() else 9)


def _reports(country: Country, unit: str, report: str, period: Period, by: int) -> None:
    last = period.last.replace(day=by)
    if last > FIRST_NIGHT:
        return
    # Where the limit is the night's own day, four communes in ten send their report only in the morning.
    if country.lapses(0.4 if last == FIRST_NIGHT else IN_BREACH):
        country.pending.append((unit, report, period.key))
    else:
        _submits(country, unit, report, last - country.chance.randint(1, 9) * _DAY, period.key)


def _submits(country: Country, unit: str, report: str, day: date, subject: str) -> None:
    country.add(
        "submissions",
        ref=f"{unit}-{report}-{subject}",
        unit=unit,
        report=report,
        submitted_on=day,
        document="Báo cáo mẫu",
        recorded_at=_at(day),
        task=subject,
    )


def _acts(country: Country, unit: str, activity: str, period: Period, times: int) -> None:
    for n in range(times):
        if country.lapses(IN_BREACH / times):
            continue
        day = period.first + country.chance.randint(0, 27) * _DAY
        if day < FIRST_NIGHT:
            country.add(
                "activities",
                ref=f"{unit}-{activity}-{period.key}-{n}",
                unit=unit,
                activity=activity,
                done_on=day,
                quantity=1,
                recorded_at=_at(day),
            )


def _reads(country: Country, unit: str, indicator: str, period: Period, value: int) -> None:
    country.add(
        "readings",
        ref=f"{unit}-{indicator}-{period.key}",
        unit=unit,
        indicator=indicator,
        first_day=period.first,
        last_day=period.last,
        value=value * SCALE,
        recorded_at=_at(period.last + 5 * _DAY),
        source="",
    )
