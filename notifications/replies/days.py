"""Days as offices write them, Vietnamese and English: 5/5, 05-05-2026, ngày 5 tháng 5, 5 May 2026, 2026-05-05."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dondoc.notifications.replies.folding import folded

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if name[3:] else name for name in _MONTHS)
_NUMBERED = r"(?:0?[1-9]|[12][0-9]|3[01])"
_DAY = re.compile(
    rf"(?<![\w/.-])(?:"
    rf"(?P<iso>\d{{4}})-(?P<iso_month>\d{{1,2}})-(?P<iso_day>\d{{1,2}})"
    rf"|(?P<day>\d{{1,2}})(?P<mark>[/.-])(?P<month>\d{{1,2}})(?:(?P=mark)(?P<year>\d{{4}}|\d{{2}}))?"
    rf"|(?P<vi_day>\d{{1,2}}) thang (?P<vi_month>\d{{1,2}})(?:(?:,? nam |/)(?P<vi_year>\d{{4}}))?"
    rf"|(?P<en_day>{_NUMBERED})(?:st|nd|rd|th)? (?:of )?(?P<en_month>{_MONTH})\b(?:,? (?P<en_year>\d{{4}}))?"
    rf"|(?P<us_month>{_MONTH})\.? (?P<us_day>{_NUMBERED})(?:st|nd|rd|th)?(?:,? (?P<us_year>\d{{4}}))?"
    rf")(?![\w/]|[.-]\d)"
)
_CENTURY, _SHORT = 2000, 100
_HALF_A_YEAR = timedelta(days=183)


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """A day in a text, from `start` to `end` (exclusive); `day` None: written like one, and in no calendar."""

    start: int
    end: int
    day: date | None


def days_in(text: str, said_on: date) -> Iterator[WrittenDay]:
    """The days in a text, in its order. One without a year is the one nearest to the day it was said on."""
    for found in _DAY.finditer(folded(text)):
        got = found.groupdict()
        if got["day"] and got["mark"] != "/" and not got["year"]:
            # 5.5 and 2-3 are numbers as well.
            continue
        given = next(((got[year], got[month], got[day]) for year, month, day in _GROUPS if got[day]))
        yield WrittenDay(found.start(), found.end(), _meant(*given, said_on))


_GROUPS = (
    ("iso", "iso_month", "iso_day"),
    ("year", "month", "day"),
    ("vi_year", "vi_month", "vi_day"),
    ("en_year", "en_month", "en_day"),
    ("us_year", "us_month", "us_day"),
)


def _meant(year: str | None, month: str, day: str, said_on: date) -> date | None:
    number = int(month) if month.isdigit() else 1 + [name[:3] for name in _MONTHS].index(month[:3])
    if year is not None:
        full = int(year)
        return _existing(full + _CENTURY if full < _SHORT else full, number, int(day))
    near = (_existing(said_on.year + more, number, int(day)) for more in (-1, 0, 1))
    found = [one for one in near if one is not None and abs(one - said_on) <= _HALF_A_YEAR]
    return min(found, key=lambda one: abs(one - said_on), default=None)


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
