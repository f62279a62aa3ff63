"""Tables as CSV, for the spreadsheet that opens them."""

from __future__ import annotations

import csv
import io

import pytest

from dondoc.flows.records.csv_file import guarded, to_csv


@pytest.mark.parametrize("cell", ["=1+1", "+A1", "-A1", "@x", "\t=1", "\r=1", '=HYPERLINK("http://x")', "-", "+"])
def test_no_cell_of_the_file_starts_a_formula(cell: str) -> None:
    """A spreadsheet runs what begins so; an apostrophe makes it text."""
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5", "+2,61%", "1.426", "UBND xã", ""])
def test_plain_numbers_and_words_stay_as_they_are(cell: str) -> None:
    """A negative number is no formula."""
    assert guarded(cell) == cell


def test_the_finished_file_starts_no_formula() -> None:
    """A name that a spreadsheet would run stands behind an apostrophe; figures stay figures."""
    head, row = csv.reader(
        io.StringIO(to_csv([["Đơn vị", "Số"], ['=HYPERLINK("x")', "-3,5"]]).decode("utf-8-sig"))
    )
    assert (head, row) == (["Đơn vị", "Số"], ['\'=HYPERLINK("x")', "-3,5"])
