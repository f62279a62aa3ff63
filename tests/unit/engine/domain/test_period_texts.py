"""How people write the period of a report, and which demand they name by it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.engine.domain.period_texts import NoSuchPeriod, is_named, last_days, period_key
from dondoc.engine.domain.periods import NAMED, PeriodKind, label, period_of
from tests.support.worlds import day


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2026-02", "2026-02"),
        ("02/2026", "2026-02"),
        ("2/2026", "2026-02"),
        ("02-2026", "2026-02"),
        ("02.2026", "2026-02"),
        ("2026/02", "2026-02"),
        ("tháng 02/2026", "2026-02"),
        ("Tháng 2 năm 2026", "2026-02"),
        ("thang 2/2026", "2026-02"),
        ("THÁNG 12-2026", "2026-12"),
        ("báo cáo tháng 02/2026", "2026-02"),
        ("R2026-02", "R2026-02"),
        ("2026-Q2", "2026-Q2"),
        ("Q2/2026", "2026-Q2"),
        ("Q2 2026", "2026-Q2"),
        ("quý II/2026", "2026-Q2"),
        ("Quý 2 năm 2026", "2026-Q2"),
        ("quý IV-2026", "2026-Q4"),
        ("2026Q3", "2026-Q3"),
        ("R2026-Q1", "R2026-Q1"),
        ("6 tháng đầu năm 2026", "2026-H1"),
        ("6 tháng cuối năm 2026", "2026-H2"),
        ("2026-H2", "2026-H2"),
        ("năm 2026", "2026"),
        ("đợt năm 2026", "2026"),
        ("2026", "2026"),
        ("2026-02-25", "2026-02-25"),
        ("25/2/2026", "2026-02-25"),
        ("ngày 25/02/2026", "2026-02-25"),
        ("hạn 25/02/2026", "2026-02-25"),
        ("kỳ 15/07 – 14/08/2019", "R2019-08"),
        ("15/12/2018 - 14/01/2019", "R2019-01"),
        ("NV-01", None),
        ("12-Q", None),
        ("công văn số 5", None),
        ("", None),
    ],
)
def test_period_as_people_write_it(text: str, key: str | None) -> None:
    """The key of the period; None for what is not written like one."""
    assert period_key(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "13/2026",
        "tháng 13/2026",
        "tháng 0/2026",
        "tháng 2",
        "quý V/2026",
        "quý 5/2026",
        "quý II",
        "30/02/2026",
        "2026-13",
    ],
)
def test_period_that_there_is_not(text: str) -> None:
    """Written like a period, and none such."""
    with pytest.raises(NoSuchPeriod):
        period_key(text)


@given(st.sampled_from(NAMED), st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.sampled_from(["vi", "en"]))
def test_what_a_letter_prints_is_understood(kind: PeriodKind, on: date, language: str) -> None:
    """A period's name copied from a letter names that period."""
    key = period_of(kind, on).key
    assert period_key(label(key, language)) == key
    assert period_key(key) == key


DEMANDS = [("d/a@2026-01", day("2026-01-25")), ("d/b@R2026-02", day("2026-02-25")), ("d/c@x", day("2026-03-30"))]


@pytest.mark.parametrize(
    ("names", "which"),
    [
        ("tháng 1/2026", 0),
        ("d/a@01/2026", 0),
        ("2026-01-01", 0),
        ("d/b@01/2026", None),
        ("02/2026", 1),
        ("x", 2),
        ("30/03/2026", 2),
        ("31/03/2026", 2),
        ("03/2026", None),
    ],
)
def test_which_demand_is_named(names: str, which: int | None) -> None:
    """By its period in words, with or without its rule, or by the day that a letter prints as its limit."""
    assert is_named(names, DEMANDS) == which


def test_day_names_its_last_day_or_the_day_before() -> None:
    """A `before` date is printed as the day after the last one."""
    assert last_days("31/03/2026") == (day("2026-03-31"), day("2026-03-30"))
    assert last_days("NV-01") == ()
