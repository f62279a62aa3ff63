"""Named periods: their days in both calendars, and their keys there and back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.engine.domain.periods import (
    NAMED,
    Period,
    PeriodKind,
    label,
    named,
    parse,
    period_of,
    periods_between,
    previous,
    same_last_year,
)

DAY = timedelta(days=1)
DAYS = st.dates(date(2014, 1, 1), date(2028, 12, 31))
KINDS = st.sampled_from(NAMED)


@pytest.mark.parametrize(
    ("kind", "day", "first", "last", "key"),
    [
        ("calendar-month", "2019-02-28", "2019-02-01", "2019-02-28", "2019-02"),
        ("calendar-month", "2020-02-01", "2020-02-01", "2020-02-29", "2020-02"),
        ("calendar-quarter", "2019-06-30", "2019-04-01", "2019-06-30", "2019-Q2"),
        ("calendar-half", "2019-07-01", "2019-07-01", "2019-12-31", "2019-H2"),
        ("calendar-year", "2019-12-31", "2019-01-01", "2019-12-31", "2019"),
        # Nghị định 09/2019/NĐ-CP, điều 12: từ ngày 15 tháng trước đến ngày 14 của tháng cuối kỳ.
        ("reporting-month", "2019-08-14", "2019-07-15", "2019-08-14", "R2019-08"),
        ("reporting-month", "2019-08-15", "2019-08-15", "2019-09-14", "R2019-09"),
        ("reporting-month", "2018-12-15", "2018-12-15", "2019-01-14", "R2019-01"),
        ("reporting-quarter", "2019-03-15", "2019-03-15", "2019-06-14", "R2019-Q2"),
        ("reporting-half", "2019-06-14", "2018-12-15", "2019-06-14", "R2019-H1"),
        ("reporting-year", "2018-12-15", "2018-12-15", "2019-12-14", "R2019"),
    ],
)
def test_day_lies_in_its_period(kind: str, day: str, first: str, last: str, key: str) -> None:
    """The days of the period, both inclusive, and the name it bears."""
    expected = Period(date.fromisoformat(first), date.fromisoformat(last), key)
    assert period_of(PeriodKind(kind), date.fromisoformat(day)) == expected


@pytest.mark.parametrize(
    ("key", "vi", "en"),
    [
        ("2019-07", "tháng 7/2019", "07/2019"),
        ("2019-Q2", "quý II/2019", "Q2 2019"),
        ("2019-H1", "6 tháng đầu năm 2019", "H1 2019"),
        ("2019-H2", "6 tháng cuối năm 2019", "H2 2019"),
        ("2019", "năm 2019", "2019"),
        ("R2019-08", "kỳ 15/07 – 14/08/2019", "15/07 – 14/08/2019"),
        ("R2019-01", "kỳ 15/12/2018 – 14/01/2019", "15/12/2018 – 14/01/2019"),
        ("R2019", "kỳ 15/12/2018 – 14/12/2019", "15/12/2018 – 14/12/2019"),
        ("2018-01-01..2019-03-31", "kỳ 01/01/2018 – 31/03/2019", "01/01/2018 – 31/03/2019"),
        ("2019-08-30..2019-09-13", "kỳ 30/08 – 13/09/2019", "30/08 – 13/09/2019"),
        ("2023-10-02..2023-10-02", "ngày 02/10/2023", "02/10/2023"),
    ],
)
def test_key_in_words(key: str, vi: str, en: str) -> None:
    """A key reads as a person would say it, in both languages."""
    assert (label(key), label(key, "en")) == (vi, en)


@given(KINDS, DAYS)
def test_key_parses_back(kind: PeriodKind, day: date) -> None:
    """A period's key names that very period, and its bounds name its kind."""
    period = period_of(kind, day)
    assert period.first <= day <= period.last
    assert parse(period.key) == period
    assert named(period.first, period.last) == (kind, period)


@given(DAYS, DAYS)
def test_any_two_days_have_a_key_that_parses_back(one: date, other: date) -> None:
    """Also a period that has no name of its own."""
    kind, period = named(min(one, other), max(one, other))
    assert parse(period.key) == period
    assert (kind is PeriodKind.READING) == (".." in period.key)


@given(KINDS, DAYS)
def test_periods_of_a_kind_follow_each_other(kind: PeriodKind, day: date) -> None:
    """The one before ends the day before; the one of a year ago ends so many periods earlier."""
    period = period_of(kind, day)
    earlier = previous(kind, period)
    assert earlier.last + DAY == period.first
    for _ in range(12 // kind.months - 1):
        earlier = previous(kind, earlier)
    assert same_last_year(kind, period) == earlier


@given(KINDS, DAYS, st.integers(0, 800))
def test_periods_between_are_the_whole_ones(kind: PeriodKind, start: date, length: int) -> None:
    """A period that begins before the first day or ends after the last is not among them (decision 16)."""
    end = start + length * DAY
    found = list(periods_between(kind, start, end))
    days = (start + n * DAY for n in range(length + 1))
    wanted = {period_of(kind, day) for day in days}
    assert found == sorted(p for p in wanted if p.first >= start and p.last <= end)


def test_a_reading_names_no_period_of_its_own() -> None:
    """`reading` takes whatever period a reading brings along."""
    with pytest.raises(ValueError, match="names no period"):
        period_of(PeriodKind.READING, date(2019, 1, 1))


@pytest.mark.parametrize("text", ["NV-01", "12-Q", "2026-13", "2026-Q5", "2026-H3", "2026-", "R", "", "x..y"])
def test_text_that_is_no_key_is_no_period(text: str) -> None:
    """It has no words, and no days."""
    for read in (label, parse):
        with pytest.raises(ValueError, match=r"\S|^$"):
            read(text)


@pytest.mark.parametrize(
    ("kind", "months"),
    [("month", 1), ("quarter", 3), ("half", 6), ("year", 12)],
)
@pytest.mark.parametrize("calendar", ["calendar", "reporting"])
def test_a_kind_of_period_spans_its_months(calendar: str, kind: str, months: int) -> None:
    """In both calendars alike."""
    assert PeriodKind(f"{calendar}-{kind}").months == months


def test_a_reading_spans_no_number_of_months() -> None:
    """Its period is whatever it says."""
    assert PeriodKind.READING.months == 0
    assert PeriodKind.READING not in NAMED


def test_the_period_a_year_before_one_about_a_leap_day() -> None:
    """The month from 15 February 2016 has 29 February in its middle, of which 2015 has none."""
    month = PeriodKind.REPORTING_MONTH
    assert same_last_year(month, period_of(month, date(2016, 2, 20))) == period_of(month, date(2015, 2, 20))
