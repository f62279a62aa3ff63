"""The attached list: what stands in the finished file, for the spreadsheet that opens it."""

from __future__ import annotations

import csv
import io

from dondoc.notifications.letter.attachment import to_csv


def test_the_finished_file_starts_no_formula() -> None:
    """A name that a spreadsheet would run stands behind an apostrophe; figures stay figures."""
    head, row = csv.reader(
        io.StringIO(to_csv([["Đơn vị", "Số"], ['=HYPERLINK("x")', "-3,5"]]).decode("utf-8-sig"))
    )
    assert (head, row) == (["Đơn vị", "Số"], ['\'=HYPERLINK("x")', "-3,5"])
