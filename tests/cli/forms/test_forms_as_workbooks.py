"""The workbook itself: what is locked, what is offered, what it checks, and that text stays text."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dondoc.engine.sources.formats.saved_at import saved_at
from dondoc.engine.sources.forms.form import Form, FormSheet, row_ref
from dondoc.engine.sources.forms.workbook import workbook
from dondoc.engine.sources.reading import cells
from tests.support.town import at
from tests.support.workbooks import changed

REPORTS = FormSheet(
    "submissions",
    ({"report": "r · =1+1", "ref": "x.a/r/2015", "deadline": date(2015, 4, 19)}, {"ref": "x.a/20150401/1"}),
    ("r · =1+1", "s · @S"),
)
ACTIVITIES = FormSheet("activities", ({"ref": "x.a/1"},), ("a · +A",))
READINGS = FormSheet(
    "readings",
    (
        {"indicator": "i · I", "value": Decimal("2.61"), "first_day": date(2015, 1, 1), "ref": "x.a/i"},
        {"indicator": "j · J", "ref": "x.a/j"},
    ),
    (),
)
EVIL = '=HYPERLINK("http://x")&\x07'


@pytest.fixture(scope="module")
def book() -> Any:
    """A form of every kind for a unit with a name that a program might compute."""
    made = workbook(Form("x.a", EVIL, date(2015, 4, 1), (REPORTS, ACTIVITIES, READINGS)))
    return openpyxl.load_workbook(BytesIO(made))


def open_cells(sheet: Any) -> list[str]:
    """The places of the cells that may be filled in."""
    return [cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked]


def test_only_what_the_unit_enters_is_open(book: Any) -> None:
    """Each sheet is protected without a password; what explains the form is locked as a whole."""
    assert book.sheetnames == ["Báo cáo", "Hoạt động", "Số liệu", "Hướng dẫn", "Danh mục"]
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible"] * 4 + ["hidden"]
    assert open_cells(book["Báo cáo"]) == ["F2", "G2", "D3", "F3", "G3"]
    assert open_cells(book["Hoạt động"]) == ["D2", "E2", "F2"]
    assert open_cells(book["Số liệu"]) == ["G2", "H2", "I2", "F3", "G3", "H3", "I3"]
    assert open_cells(book["Hướng dẫn"]) == []
    for sheet in book.worksheets[:4]:
        assert sheet.protection.sheet
        assert not sheet.protection.password


def test_columns_are_checked_and_codes_offered(book: Any) -> None:
    """From the hidden sheet, with what each code is called; in Vietnamese where something else is typed."""
    checks = {str(check.sqref): check for check in book["Báo cáo"].data_validations.dataValidation}
    assert checks["D3"].formula1 == "'Danh mục'!$A$1:$A$2"
    assert [cell.value for cell in book["Danh mục"]["A"]] == ["r · =1+1", "s · @S"]
    assert checks["F2 F3"].type == "date"
    assert checks["F2 F3"].error.startswith("Viết ngày/tháng/năm")
    kinds = {check.type for check in book["Số liệu"].data_validations.dataValidation}
    assert kinds == {"decimal", "date", "textLength"}
    assert [book["Báo cáo"][place].number_format for place in ("E2", "F2", "G2")] == ["dd/mm/yyyy"] * 2 + ["@"]
    assert all(len(check.error) <= 225 for check in checks.values())


def test_text_is_never_a_formula(book: Any) -> None:
    """Whatever it begins with; what a workbook cannot hold is left out."""
    assert book["Báo cáo"]["C2"].value == EVIL[:-1]
    assert {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "n",
        "d",
    }
    assert "&&" in book["Báo cáo"].oddHeader.left.text


def test_it_prints_on_a4_across(book: Any) -> None:
    """As wide as the page, with the headings on every page."""
    for sheet in book.worksheets[:4]:
        setup = sheet.page_setup
        assert (setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight) == ("landscape", 9, 1, 0)
    assert book["Báo cáo"].print_title_rows == "$1:$1"


def test_it_says_how_to_fill_in_what_it_asks(book: Any) -> None:
    """In both languages; of a form for reports alone nothing about figures."""
    said = " ".join(str(cell.value) for row in book["Hướng dẫn"].iter_rows() for cell in row)
    assert "Không ghi tên, ngày sinh" in said
    assert "aggregates only" in said
    assert "Số liệu: ghi con số của kỳ" in said
    alone = workbook(Form("x.a", "A", date(2015, 4, 1), (REPORTS,)))
    steps = openpyxl.load_workbook(BytesIO(alone))["Hướng dẫn"]
    assert not any("con số của kỳ" in str(cell.value) for row in steps.iter_rows() for cell in row)


PARTS = st.lists(st.from_regex(r"[a-z0-9][a-z0-9.-]{0,90}", fullmatch=True), min_size=1, max_size=3)


@given(PARTS, PARTS)
@example(["20150401", "bao-cao", "01"], ["20150401", "bao-cao", "02"])
def test_refs_are_short_and_differ_where_their_parts_do(one: list[str], other: list[str]) -> None:
    """And are the same for the same parts."""
    assert len(row_ref("x.a", *one)) <= 120
    assert (row_ref("x.a", *one) == row_ref("x.a", *other)) == (one == other)


@pytest.mark.parametrize("part", ["2015-04-19", "R2015-04", "2018-01-01..2019-03-31", "2015-Q2"])
@pytest.mark.parametrize("unit", ["ln.ubnd_xa.bao_dai", "xa.00004", "vn.c09123"])
def test_refs_are_taken_for_nobodys_number(unit: str, part: str) -> None:
    """Neither a phone number nor an identity number is seen in one."""
    read = cells.free(120, cells.filled)
    for ref in (row_ref(unit, "child-protection", part), row_ref(unit, "20190907", "bao-cao", "05")):
        assert read(ref) == ref


@pytest.mark.parametrize(
    ("core", "application", "expected"),
    [
        pytest.param("2015-04-20T02:00:00Z", "Microsoft Excel", "2015-04-20T09:00", id="Excel says it in UTC"),
        pytest.param(
            "2015-04-20T09:00:00Z", "LibreOffice/7.4", "2015-04-20T09:00", id="LibreOffice in local time"
        ),
        pytest.param("2015-04-20T02:00:00", "", "2015-04-20T09:00", id="without a zone it is UTC"),
        pytest.param("20 April", "Microsoft Excel", None, id="no time at all"),
        pytest.param("", "Microsoft Excel", None, id="nothing"),
    ],
)
def test_a_file_says_when_it_was_saved(tmp_path: Path, core: str, application: str, expected: str | None) -> None:
    """Read as the program means it that wrote the file."""
    path = tmp_path / "a.xlsx"
    openpyxl.Workbook().save(path)
    changed(
        path,
        "docProps/core.xml",
        lambda xml: re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + core.encode(), xml),
    )
    changed(
        path,
        "docProps/app.xml",
        lambda xml: re.sub(rb"(<Application>)[^<]*", rb"\g<1>" + application.encode(), xml),
    )
    with zipfile.ZipFile(path) as archive:
        assert saved_at(archive) == (at(expected) if expected else None)


@pytest.mark.parametrize(
    "xml", [b"", b"<a", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'], ids=["empty", "broken", "DTD"]
)
def test_properties_that_cannot_be_read_say_nothing(tmp_path: Path, xml: bytes) -> None:
    """Nor do they harm."""
    path = tmp_path / "a.xlsx"
    openpyxl.Workbook().save(path)
    changed(path, "docProps/core.xml", lambda _: xml)
    with zipfile.ZipFile(path) as archive:
        assert saved_at(archive) is None
