"""Named periods: the days of a month, quarter, half or year in the two calendars that this country reports by.

`calendar-*` are the plain ones. `reporting-*` close on the 14th: a reporting month runs from the 15th of
the month before to the 14th (Nghị định 09/2019/NĐ-CP, điều 12). All ends here are inclusive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)
_KEY = re.compile(r"R?[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]|H[12]))?")
_ROMAN = ("I", "II", "III", "IV")
# The years that a rule may name.
FIRST_YEAR, LAST_YEAR = 1900, 2100


class PeriodKind(StrEnum):
    """The words a rule may use after `per:`; `reading` takes the period that each reading names."""

    CALENDAR_MONTH = "calendar-month"
    CALENDAR_QUARTER = "calendar-quarter"
    CALENDAR_HALF = "calendar-half"
    CALENDAR_YEAR = "calendar-year"
    REPORTING_MONTH = "reporting-month"
    REPORTING_QUARTER = "reporting-quarter"
    REPORTING_HALF = "reporting-half"
    REPORTING_YEAR = "reporting-year"
    READING = "reading"

    @property
    def months(self) -> int:
        """How many months a period of this kind spans; 0 for `reading`."""
        return _MONTHS.get(self.value.partition("-")[2], 0)

    @property
    def reporting(self) -> bool:
        """Whether periods of this kind close on the 14th."""
        return self.value.startswith("reporting")


_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
NAMED = tuple(kind for kind in PeriodKind if kind.months)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days `first` to `last`, inclusive, and the key that names them in cases and files."""

    first: date
    last: date
    key: str


def period_of(kind: PeriodKind, day: date) -> Period:
    """The period of this kind that `day` lies in. Raises `ValueError` for `reading`, which names none."""
    if not kind.months:
        raise ValueError(f"{kind} names no period")
    month = day.year * 12 + day.month - 1
    if kind.reporting and day.day > 14:  # noqa: PLR2004 - the decree's closing day
        month += 1
    return _numbered(kind, month // kind.months)


def _numbered(kind: PeriodKind, number: int) -> Period:
    start, stop = number * kind.months, (number + 1) * kind.months
    if kind.reporting:
        first, last = _day(start - 1, 15), _day(stop - 1, 14)
    else:
        first, last = _day(start, 1), _day(stop, 1) - _DAY
    year, index = divmod(start, 12)
    return Period(first, last, _key(kind, year, index // kind.months + 1))


def _day(month: int, day: int) -> date:
    return date(month // 12, month % 12 + 1, day)


def _key(kind: PeriodKind, year: int, nth: int) -> str:
    body = {1: f"{year}-{nth:02d}", 3: f"{year}-Q{nth}", 6: f"{year}-H{nth}", 12: f"{year}"}[kind.months]
    return f"R{body}" if kind.reporting else body


def periods_between(kind: PeriodKind, start: date, end: date) -> Iterator[Period]:
    """Every period of this kind that lies wholly in [start, end], both inclusive, in order of time."""
    period = period_of(kind, start)
    while period.last <= end:
        if period.first >= start:
            yield period
        period = period_of(kind, period.last + _DAY)


def previous(kind: PeriodKind, period: Period) -> Period:
    """The period of the same kind directly before."""
    return period_of(kind, period.first - _DAY)


def same_last_year(kind: PeriodKind, period: Period) -> Period:
    """The same period one year earlier."""
    middle = period.first + (period.last - period.first) // 2
    return period_of(kind, middle.replace(year=middle.year - 1, day=min(middle.day, 28)))


def named(first: date, last: date) -> tuple[PeriodKind, Period]:
    """The kind of the period [first, last], and the period; `reading` when it is none of the named ones."""
    for kind in NAMED:
        period = period_of(kind, first)
        if (period.first, period.last) == (first, last):
            return kind, period
    return PeriodKind.READING, Period(first, last, f"{first}..{last}")


def label(key: str, language: str = "vi") -> str:
    """A period's key in words, "vi" or "en": `2019-07` is "tháng 7/2019", `R2019-08` "kỳ 15/07 – 14/08/2019".

    Raises `ValueError` for a text that is no key.
    """
    if ".." in key:
        first, last = (date.fromisoformat(part) for part in key.split(".."))
        if first == last:
            return f"ngày {last:%d/%m/%Y}" if language == "vi" else f"{last:%d/%m/%Y}"
        return _span(first, last, language)
    period = parse(key)
    if key.startswith("R"):
        return _span(period.first, period.last, language)
    year, _, part = key.partition("-")
    if language != "vi":
        return f"{part} {year}".strip() if not part.isdigit() else f"{int(part):02d}/{year}"
    if not part:
        return f"năm {year}"
    if part.startswith("Q"):
        return f"quý {_ROMAN[int(part[1]) - 1]}/{year}"
    if part.startswith("H"):
        return f"6 tháng {'đầu' if part == 'H1' else 'cuối'} năm {year}"
    return f"tháng {int(part)}/{year}"


def _span(first: date, last: date, language: str) -> str:
    start = f"{first:%d/%m}" if first.year == last.year else f"{first:%d/%m/%Y}"
    return f"{'kỳ ' if language == 'vi' else ''}{start} – {last:%d/%m/%Y}"


def parse(key: str) -> Period:
    """The period that a key names, e.g. `2019-Q2`, `R2019-08`, `2015`, `2018-01-01..2019-03-31`.

    Raises `ValueError` for a text that is no key.
    """
    if ".." in key:
        first, last = (date.fromisoformat(part) for part in key.split(".."))
        return Period(first, last, key)
    if not _KEY.fullmatch(key):
        raise ValueError(key)
    year, _, part = key.removeprefix("R").partition("-")
    word = {"": "year", "Q": "quarter", "H": "half"}.get(part[:1], "month")
    kind = PeriodKind(f"{'reporting' if key.startswith('R') else 'calendar'}-{word}")
    nth = int(part.lstrip("QH") or 1)
    return _numbered(kind, (int(year) * 12) // kind.months + nth - 1)
