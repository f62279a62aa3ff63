"""How people write the period of a report: `01/2026`, `tháng 02/2026`, `quý II/2026`, `2026-Q2`, `năm 2026`.

Read into the keys of `periods`, so that a report that names its demand in words is counted for that one. Whether a
month is a calendar or a reporting one depends on the rule: both keys are tried.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from dondoc.engine.domain.periods import FIRST_YEAR, LAST_YEAR, PeriodKind, named, parse

_DAY = timedelta(days=1)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
# What a text about a period may begin with; one that does and is none of the forms below is a mistake.
_OPENING = re.compile(r"(thang|quy|nam|ky|dot|ngay|han|month|quarter|half|year|round|[0-9]{1,2} ?/ ?[0-9]{4}\b)")
_YEAR = r"(?P<year>[0-9]{4})"
_SEP = r" ?(?:[-/.]| nam | of | )? ?"
_OF_MONTH = r"(?:(?:bao cao |ky |dot )?(?:thang|month) ?)?"
_NTH_QUARTER = r"(?P<nth>iv|i{1,3}|[0-9])"
_SHORT_DAY = r"([0-9]{1,2})/([0-9]{1,2})"


class NoSuchPeriod(ValueError):
    """A text is written like a period, and there is none such: month 13, a quarter without its year."""


def period_key(text: str) -> str | None:
    """The key of the period that a text names, or of its day, as `2026-02`, `R2026-02` or `2026-02-25`.

    None for a text that is not written like a period. Raises `NoSuchPeriod`.
    """
    folded = _folded(text)
    for form, key in _FORMS:
        match = form.fullmatch(folded)
        if match:
            try:
                return key(match)
            except (ValueError, KeyError):
                raise NoSuchPeriod(text) from None
    if _OPENING.match(folded):
        raise NoSuchPeriod(text)
    return None


def subjects(names: str) -> tuple[str, ...]:
    """The subjects of the demands that a text may name, the likeliest first; `names` may be `rule@subject`.

    A text that is written like a period and names none is taken as it stands.
    """
    written = names.rpartition("@")[2]
    try:
        key = period_key(written)
    except NoSuchPeriod:
        key = None
    if key is None:
        return (written,)
    # A spreadsheet makes 02/2026 the first day of that month.
    month = key.removesuffix("-01") if key.count("-") > 1 else key
    spelt = (written, key, month, month if month.startswith("R") else f"R{month}")
    return tuple(dict.fromkeys(spelt))


def kinds_named(names: str) -> frozenset[PeriodKind]:
    """The kinds of period that a text may name: `02/2026` two of them, a day or a ref none."""
    found = set()
    for subject in subjects(names):
        if _is_day(subject):
            return frozenset()
        try:
            period = parse(subject)
        except ValueError:
            continue
        found.add(named(period.first, period.last)[0])
    return frozenset(found)


def _is_day(subject: str) -> bool:
    try:
        date.fromisoformat(subject)
    except ValueError:
        return False
    return True


def last_days(names: str) -> tuple[date, ...]:
    """The last days that a text may name: its day, or the day before, since `before` prints the day after."""
    for subject in subjects(names):
        try:
            day = date.fromisoformat(subject)
        except ValueError:
            continue
        return day, day - _DAY
    return ()


def is_named(names: str, demands: Sequence[tuple[str, date]]) -> int | None:
    """Which of some demands, each as its `rule@subject` and its last day, a text names; None: none of them."""
    for n, (name, _) in enumerate(demands):
        if names in (name, name.rpartition("@")[2]):
            return n
    rule, of_rule, _ = names.rpartition("@")
    mine = [(n, *name.rpartition("@")[::2], last) for n, (name, last) in enumerate(demands)]
    mine = [one for one in mine if not of_rule or one[1] == rule]
    for meant in subjects(names):
        for n, _, subject, _ in mine:
            if subject == meant:
                return n
    for day in last_days(names):
        for n, _, _, last in mine:
            if last == day:
                return n
    return None


def _folded(text: str) -> str:
    """Lower case without tone marks, and one space where there were several."""
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d").casefold())
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[\u2010-\u2015\u2212]", "-", kept).split())


def _year(match: re.Match[str]) -> int:
    year = int(match["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(year)
    return year


def _month(match: re.Match[str]) -> str:
    month = int(match["nth"])
    return f"{_reporting(match)}{date(_year(match), month, 1):%Y-%m}"


def _quarter(match: re.Match[str]) -> str:
    written = str(match["nth"])
    nth = _ROMAN[written] if written in _ROMAN else int(written)
    if nth not in _ROMAN.values():
        raise ValueError(nth)
    return f"{_reporting(match)}{_year(match)}-Q{nth}"


def _half(match: re.Match[str]) -> str:
    nth = {"1": 1, "dau": 1, "2": 2, "cuoi": 2}[str(match["nth"])]
    return f"{_reporting(match)}{_year(match)}-H{nth}"


def _whole_year(match: re.Match[str]) -> str:
    return f"{_reporting(match)}{_year(match)}"


def _reporting(match: re.Match[str]) -> str:
    """`R` where the text itself says that it means a reporting period, as a key does."""
    return "R" if match.groupdict().get("reporting") else ""


def _one_day(match: re.Match[str]) -> str:
    return date(_year(match), int(match["month"]), int(match["day"])).isoformat()


def _span(match: re.Match[str]) -> str:
    """A reporting period as letters print it, `kỳ 15/07 – 14/08/2019`."""
    day, month, year, last_day, last_month, _ = match.groups()
    last = date(_year(match), int(last_month), int(last_day))
    first = date(int(year or last.year), int(month), int(day))
    kind, period = named(first, last)
    return period.key if kind is not PeriodKind.READING else f"{first}..{last}"


def _days(match: re.Match[str]) -> str:
    return parse(match[0]).key


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(form), key)
    for form, key in (
        (rf"(?:ngay|han|het ngay|han ngay)? ?{_YEAR}-(?P<month>[0-9]{{1,2}})-(?P<day>[0-9]{{1,2}})", _one_day),
        (
            rf"(?:ngay|han|het ngay|han ngay)? ?(?P<day>[0-9]{{1,2}})([/.-])(?P<month>[0-9]{{1,2}})\2{_YEAR}",
            _one_day,
        ),
        (rf"(?:ky )?{_SHORT_DAY}(?:/([0-9]{{4}}))? ?- ?{_SHORT_DAY}/{_YEAR}", _span),
        (r"[0-9]{4}-[0-9]{2}-[0-9]{2}\.\.[0-9]{4}-[0-9]{2}-[0-9]{2}", _days),
        (rf"{_OF_MONTH}(?P<nth>[0-9]{{1,2}}){_SEP}{_YEAR}", _month),
        (rf"{_OF_MONTH}(?P<reporting>r)?{_YEAR}{_SEP}m?(?P<nth>[0-9]{{1,2}})", _month),
        (rf"(?:bao cao |ky |dot )?(?:quy|quarter|q) ?{_NTH_QUARTER}{_SEP}{_YEAR}", _quarter),
        (rf"(?:(?P<reporting>r)|(?:quy|quarter) ?)?{_YEAR}{_SEP}q ?{_NTH_QUARTER}", _quarter),
        (rf"(?:6 thang|nua) ?(?P<nth>dau|cuoi)(?: nam)?{_SEP}{_YEAR}", _half),
        (rf"(?:h|half) ?(?P<nth>[0-9]){_SEP}{_YEAR}", _half),
        (rf"(?P<reporting>r)?{_YEAR}{_SEP}h ?(?P<nth>[0-9])", _half),
        (rf"(?:bao cao |ky |dot )?(?:nam |year |dot nam |round of )?(?P<reporting>r)?{_YEAR}", _whole_year),
    )
)
