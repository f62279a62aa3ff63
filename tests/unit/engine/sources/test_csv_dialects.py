"""How a file writes its numbers and dates is decided by the whole file, and refused when nobody can tell."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading.cells import Unreadable, number
from dondoc.engine.sources.reading.kinds import SHEETS, AcceptedRow, Reject
from dondoc.engine.sources.reading.number_style import NumberStyle, plain, styles
from dondoc.engine.sources.reading.sheets import ImportOptions, read

READINGS = next(sheet for sheet in SHEETS if sheet.name == "readings")
SCALE = 10_000_000


def file_of(folder: Path, values: Sequence[str], first_day: str = "2019-01-01") -> Path:
    """Readings with these values, one of each in a row."""
    path = folder / "readings.csv"
    rows = [
        f'S{place},u.a,child-injuries,{first_day},2019-03-31,"{value}",2019-04-05T10:00,'
        for place, value in enumerate(values)
    ]
    path.write_text("\n".join([",".join(READINGS.columns), *rows]) + "\n", "utf-8")
    return path


def values_of(path: Path, how: ImportOptions | None = None) -> list[int | str]:
    """What each row means, or why it was rejected."""
    return [row.values["value"] if isinstance(row, AcceptedRow) else row.vi for row in read(path, READINGS, how)]


@pytest.mark.parametrize(
    ("cells", "meant"),
    [
        (["8.999", "2,61"], [8999, Decimal("2.61")]),
        (["8,999", "2.61"], [8999, Decimal("2.61")]),
        (["8.999", "2,61 %"], [8999, Decimal("2.61")]),
        (["1.234.567", "8.999"], [1234567, 8999]),
        (["1,234,567", "8,999"], [1234567, 8999]),
        (["1.234,5", "8.999"], [Decimal("1234.5"), 8999]),
        (["0.125", "8,999"], [Decimal("0.125"), 8999]),
        (["0,125", "8.999"], [Decimal("0.125"), 8999]),
        (["142", "754"], [142, 754]),
        (["-2,5", "+1.000"], [Decimal("-2.5"), 1000]),
    ],
    ids=lambda cells: " ".join(map(str, cells)),
)
def test_column_decides_for_its_cells(tmp_path: Path, cells: list[str], meant: list[Decimal]) -> None:
    """One cell that can be read in one way only decides for those that could be read in two."""
    assert values_of(file_of(tmp_path, cells)) == [value * SCALE for value in meant]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (["8.999"], "không rõ số ở dòng 2 là hàng nghìn hay số thập phân"),
        (["1", "8,999"], "không rõ số ở dòng 3"),
        (["2,61", "2.61"], "dòng 2 viết số kiểu Việt Nam (2,61), dòng 3 kiểu quốc tế (2.61)"),
    ],
    ids=["one cell, both ways", "comma, both ways", "two ways in one file"],
)
def test_what_nobody_can_tell_is_refused_with_advice(tmp_path: Path, cells: list[str], why: str) -> None:
    """Nothing of the file is taken; a person may declare what is meant."""
    path = file_of(tmp_path, cells)
    with pytest.raises(SheetRefused) as refused:
        values_of(path)
    assert refused.value.why.vi.startswith(why)
    assert "--numbers vi" in refused.value.why.vi


def test_declared_way_wins_and_what_contradicts_it_is_rejected_by_the_row(tmp_path: Path) -> None:
    """8.999 becomes eight thousand, and 2.61 is no Vietnamese number."""
    found = values_of(file_of(tmp_path, ["8.999", "2.61"]), ImportOptions(numbers=NumberStyle.VI))
    assert found[0] == 8999 * SCALE
    assert str(found[1]).startswith("không phải số kiểu Việt Nam")
    found = values_of(file_of(tmp_path, ["8.999", "2.61"]), ImportOptions(numbers=NumberStyle.EN))
    assert found == [89_990_000, 26_100_000]


@pytest.mark.parametrize(
    ("percentage", "taken"), [({"child-injuries": True}, True), ({"child-injuries": False}, False), ({}, True)]
)
def test_percent_sign_on_a_count_is_refused(tmp_path: Path, percentage: dict[str, bool], *, taken: bool) -> None:
    """What the indicator is measured in says whether a percent sign may stand there; unknown lets it pass."""
    (row,) = read(file_of(tmp_path, ["2,61 %"]), READINGS, ImportOptions(percentages=percentage))
    assert isinstance(row, AcceptedRow if taken else Reject)
    if isinstance(row, Reject):
        assert (row.column, row.vi) == ("value", "chỉ tiêu này không tính bằng %")


def test_month_before_the_day_refuses_the_file(tmp_path: Path) -> None:
    """Because 01/04/2019 in the same file would be read as the first of April."""
    with pytest.raises(SheetRefused, match="dòng 2 viết tháng trước ngày"):
        values_of(file_of(tmp_path, ["1"], "01/31/2019"))
    assert values_of(file_of(tmp_path, ["1"], "31/01/2019")) == [SCALE]


def written(value: Decimal, style: NumberStyle, *, grouped: bool) -> str:
    """A number as an office writes it."""
    text = f"{value:,f}" if grouped else f"{value:f}"
    return text if style is NumberStyle.EN else text.translate(str.maketrans(",.", ".,"))


@given(
    value=st.decimals(min_value=0, max_value=999_999_999, places=3, allow_nan=False),
    style=st.sampled_from(NumberStyle),
    grouped=st.booleans(),
)
def test_no_way_of_writing_changes_a_number(value: Decimal, style: NumberStyle, *, grouped: bool) -> None:
    """Whatever a number is written like, it is read back as it was in its own way."""
    cell = written(value, style, grouped=grouped)
    assert style in styles(cell)
    assert Decimal(plain(cell, style)[0]) == value


@given(st.text(alphabet="0123456789.,-+ %", max_size=14), st.sampled_from(NumberStyle))
def test_any_cell_is_a_number_or_is_refused(cell: str, style: NumberStyle) -> None:
    """What is accepted has the digits that were written, in their order."""
    try:
        digits, _ = plain(cell, style)
        number(digits)
    except Unreadable:
        return
    assert [mark for mark in digits if mark.isdigit()] == [mark for mark in cell if mark.isdigit()]
