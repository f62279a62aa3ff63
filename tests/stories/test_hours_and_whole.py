"""Edges of what nights are given: a figure in the small hours, and a superior without one unit in order."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.town import Town, letters, only, rules

FIGURE, PROVINCE = "bao-ve-tre-em-2019/sexual-abuse", "bp.ubnd_tinh"
ROUND_1 = "279-ubnd-ldtbxh/report-round-1"


@pytest.mark.parametrize(
    ("recorded", "night"),
    [("2019-05-07T00:30", "2019-05-07"), ("2019-05-07T02:00", "2019-05-07"), ("2019-05-07T02:01", "2019-05-08")],
)
def test_a_figure_of_the_small_hours_counts_from_the_night_that_knows_it(recorded: str, night: str) -> None:
    """Recorded before 02:00 it is told the same morning, at the first step, and not a day before its breach."""
    town = Town.founded(only(rules(), FIGURE))
    town.reads(PROVINCE, "child-sexual-abuse", "2018-01-01", "2019-03-31", 33, recorded)
    for day in (date(2019, 5, 7), date(2019, 5, 8)):
        town.night(day)
    told = [(str(on), notice.step, notice.case.breach) for on, notice in town.notified if notice.case]
    assert told == [(night, 1, date.fromisoformat(night))]


def test_a_superior_without_a_unit_in_order_reads_that() -> None:
    """All 24 communes are late: 24 of 24, and nobody in time."""
    town = Town.founded(only(rules(), ROUND_1))
    letters(town, "2015-04-20")
    letters(town, "2015-04-25")
    said = letters(town, "2015-05-07")["ln.ubnd_huyen"]
    assert "24/24 xã, thị trấn" in said
    assert "Hoàn thành đúng hạn 00 Hoàn thành quá hạn 00 Chưa hoàn thành trong hạn 00" in said
    assert "Chưa hoàn thành quá hạn 24" in said
