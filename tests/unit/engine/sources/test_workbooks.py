"""XLSX files: cells mean what the workbook shows, and a workbook made to harm is refused in a moment."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dondoc.engine.sources.formats import archive, sheet_xml
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading.files import is_data, kind_of, opened
from dondoc.engine.sources.reading.kinds import AcceptedRow, Reject
from dondoc.engine.sources.reading.sheets import ImportOptions, read
from tests.support.workbooks import SHEET, changed, with_shared_strings, workbook
from tests.support.worlds import at
from tests.unit.engine.sources.test_sheets import GOOD, KINDS

HEADING = list(KINDS["readings"].columns)
GOOD_ROW = [
    "S1",
    "u.a",
    "child-injuries",
    date(2019, 1, 1),
    date(2019, 3, 31),
    8999,
    datetime(2019, 4, 5, 10, 0),  # noqa: DTZ001 - a cell has no zone
    "",
]


def readings(folder: Path, *rows: Any, formats: dict[str, str] | None = None) -> Path:
    """A workbook of readings."""
    return workbook(folder / "readings.xlsx", {"Sheet1": [HEADING, *rows]}, formats)


def found(path: Path, sheet: str = "readings") -> list[AcceptedRow | Reject]:
    """What reading it gives."""
    return list(read(path, KINDS[sheet]))


@pytest.mark.parametrize("sheet", GOOD)
def test_every_sheet_may_come_as_a_workbook(tmp_path: Path, sheet: str) -> None:
    """Text cells mean what they mean in CSV."""
    path = workbook(tmp_path / f"{sheet}.xlsx", {"Sheet1": [list(GOOD[sheet]), list(GOOD[sheet].values())]})
    (row,) = found(path, sheet)
    assert isinstance(row, AcceptedRow)
    assert row.line == 2


def test_numbers_and_dates_of_the_workbook_are_taken_as_they_are(tmp_path: Path) -> None:
    """A date cell is its day, a number needs no way of writing, a percentage is what is shown."""
    percent = [*GOOD_ROW[:5], 0.0261, *GOOD_ROW[6:]]
    text = [*GOOD_ROW[:3], "01/01/2019", "2019-03-31", "2,61", "5/4/2019 10:00", ""]
    rows = found(readings(tmp_path, GOOD_ROW, percent, text, formats={"F3": "0.00%"}))
    assert all(isinstance(row, AcceptedRow) for row in rows)
    values = [row.values for row in rows if isinstance(row, AcceptedRow)]
    assert [value["value"] for value in values] == [89_990_000_000, 26_100_000, 26_100_000]
    assert {value["first_day"] for value in values} == {date(2019, 1, 1)}
    assert {value["recorded_at"] for value in values} == {at("2019-04-05T10:00")}


@pytest.mark.parametrize(
    ("cell", "scaled"),
    [(2.61, 26_100_000), (0.1 + 0.2, 3_000_000), (1e3, 10_000_000_000), (999_999_999, 9_999_999_990_000_000)],
)
def test_number_is_what_the_program_shows(tmp_path: Path, cell: float, scaled: int) -> None:
    """Fifteen digits, never the noise of binary fractions behind them."""
    (row,) = found(readings(tmp_path, [*GOOD_ROW[:5], cell, *GOOD_ROW[6:]]))
    assert isinstance(row, AcceptedRow)
    assert row.values["value"] == scaled


@pytest.mark.parametrize(
    ("place", "cell", "why"),
    [
        (5, "=1+1", "là công thức hoặc lỗi tính; dán giá trị"),
        (3, "=TODAY()", "là công thức hoặc lỗi tính; dán giá trị"),
        (7, '=HYPERLINK("http://example.vn")', "là công thức hoặc lỗi tính; dán giá trị"),
        (3, datetime(2019, 1, 1, 8, 0), "không phải ngày dạng"),  # noqa: DTZ001 - a cell has no zone
        (3, 20190101, "không phải ngày dạng"),
        (5, True, "không phải số dạng"),
        (5, 1e-8, "không phải số dạng"),
        (7, "a\nb", "có ký tự điều khiển"),
    ],
    ids=[
        "formula",
        "formula of a date",
        "link",
        "day with a time",
        "number for a date",
        "yes",
        "tiny",
        "two lines",
    ],
)
def test_cell_that_is_no_value_refuses_its_row(tmp_path: Path, place: int, cell: Any, why: str) -> None:
    """And no other."""
    bad = [*GOOD_ROW[:place], cell, *GOOD_ROW[place + 1 :]]
    reject, row = found(readings(tmp_path, bad, [*GOOD_ROW]))
    assert isinstance(row, AcceptedRow)
    assert isinstance(reject, Reject)
    assert (reject.line, reject.column) == (2, HEADING[place])
    assert reject.vi.startswith(why)


def test_sheets_are_taken_by_their_names(tmp_path: Path) -> None:
    """Names of kinds, in Vietnamese too; the others are passed over, hidden ones as well."""
    units = [list(GOOD["units"]), list(GOOD["units"].values())]
    path = workbook(tmp_path / "so-lieu.xlsx", {"Đơn vị": units, "Ghi chú": [["x"]], "units": units})
    book = openpyxl.load_workbook(path)
    book["units"].sheet_state = "hidden"
    book.save(path)
    with opened(path, ImportOptions()) as (sources, others):
        assert [(source.name, source.sheet.name) for source in sources] == [("so-lieu.xlsx [Đơn vị]", "units")]
        assert others == ["Ghi chú"]


@pytest.mark.parametrize(
    ("name", "sheets", "why"),
    [
        ("so-lieu", ["Sheet1", "Sheet2"], "không có trang tính «units» (có: «Sheet1», «Sheet2»)"),
        ("units", ["Sheet1", "Sheet2"], "không có trang tính «units» (có: «Sheet1», «Sheet2»)"),
        ("units", ["readings"], "không có trang tính «units» (có: «readings»)"),
    ],
    ids=["which of two", "which sheet", "wrong sheet"],
)
def test_wrong_sheet_is_refused(tmp_path: Path, name: str, sheets: list[str], why: str) -> None:
    """With the sheets that there are."""
    path = workbook(tmp_path / f"{name}.xlsx", {title: [list(GOOD["units"])] for title in sheets})
    with pytest.raises(SheetRefused) as refused, opened(path, ImportOptions()):
        pass
    assert refused.value.why.vi.startswith(why)


def test_merged_cells_are_refused(tmp_path: Path) -> None:
    """In the heading or below: one cannot know which row the value is meant for."""
    path = readings(tmp_path, GOOD_ROW, GOOD_ROW)
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("B2:B3")
    book.save(path)
    with pytest.raises(SheetRefused, match=r"có ô gộp \(B2:B3\); bỏ gộp ô"):
        found(path)


def test_cell_in_the_last_corner_costs_nothing(tmp_path: Path) -> None:
    """A sheet that claims a million rows and columns without end is refused at once, not filled with blanks."""
    path = readings(tmp_path, GOOD_ROW)
    changed(
        path,
        SHEET,
        lambda xml: xml.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        ),
    )
    with pytest.raises(SheetRefused, match="có ô nằm ngoài 100 cột đầu"):
        found(path)


BOMB = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
HARM: list[tuple[str, str, Callable[[bytes], bytes], str]] = [
    ("entities in a sheet", SHEET, lambda xml: BOMB + xml, "có khai báo DOCTYPE"),
    ("entities in the workbook", "xl/workbook.xml", lambda xml: BOMB + xml, "không đọc được"),
    ("entities in the styles", "xl/styles.xml", lambda xml: BOMB + xml, "không đọc được"),
    ("broken XML", SHEET, lambda xml: xml[:-20], "nội dung XML hỏng"),
    ("rows out of order", SHEET, lambda xml: xml.replace(b'<row r="2"', b'<row r="1"'), "dòng 1 nằm sai chỗ"),
    ("cells out of order", SHEET, lambda xml: xml.replace(b'r="B2"', b'r="A2"'), "ô A2 nằm sai chỗ"),
    ("row beyond all", SHEET, lambda xml: xml.replace(b'<row r="2"', b'<row r="9999999"'), "nằm sai chỗ"),
    ("row without a number", SHEET, lambda xml: xml.replace(b'<row r="2"', b'<row r="x"'), "không đọc được"),
    ("zip bomb", "xl/media/image1.png", lambda _: bytes(100 << 20), "tệp giải nén ra quá lớn"),
    ("huge strings", "xl/other.xml", lambda _: bytes(65 << 20), "tệp giải nén ra quá lớn"),
    ("macros", "xl/vbaProject.bin", lambda _: b"x", "tệp có macro"),
    ("links", "xl/externalLinks/externalLink1.xml", lambda _: b"x", "tệp có macro hoặc liên kết"),
    ("endless cell", SHEET, lambda xml: xml.replace(b"<v>", b"<v>" + b"1" * 40_000, 1), "dài quá mức"),
    ("endless tag", SHEET, lambda xml: xml.replace(b"<sheetData", b"<a" + b"a" * (3 << 20)), "dài quá mức"),
]


@pytest.mark.parametrize(("part", "change", "why"), [row[1:] for row in HARM], ids=[row[0] for row in HARM])
def test_harmful_workbook_is_refused(
    tmp_path: Path, part: str, change: Callable[[bytes], bytes], why: str
) -> None:
    """In a sentence, and none of it is stored."""
    path = changed(readings(tmp_path, GOOD_ROW), part, change)
    with pytest.raises(SheetRefused) as refused:
        found(path)
    assert why in refused.value.why.vi


def test_bomb_that_lies_about_its_size_is_cut_there(tmp_path: Path) -> None:
    """A part that says it is small is read no further than that, and is then broken."""
    path = changed(readings(tmp_path, GOOD_ROW), SHEET, lambda xml: xml + b" " * (80 << 20))
    with zipfile.ZipFile(path) as made:
        true = made.getinfo(SHEET).file_size.to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(true, (1_000).to_bytes(4, "little")))
    with pytest.raises(SheetRefused, match=r"không đọc được|nội dung XML hỏng"):
        found(path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(600), "tệp có mật khẩu hoặc là .xls cũ"),
        (b"ref,unit\n", "không phải tệp .xlsx"),
        (b"", "không phải tệp .xlsx"),
        (b"PK\x03\x04" + bytes(600), "không phải tệp .xlsx"),
    ],
    ids=["encrypted", "CSV in disguise", "empty", "cut off"],
)
def test_file_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    """With what to do about it."""
    path = tmp_path / "units.xlsx"
    path.write_bytes(content)
    with pytest.raises(SheetRefused) as refused:
        found(path, "units")
    assert refused.value.why.vi.startswith(why)


def test_archive_without_a_workbook_is_refused(tmp_path: Path) -> None:
    """Any zip will do for that."""
    path = tmp_path / "units.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a.txt", "a")
    with pytest.raises(SheetRefused, match="không đọc được"):
        found(path, "units")


def test_strict_open_xml_is_refused_by_name(tmp_path: Path) -> None:
    """Excel offers it in the same list; its names are others, so that no sheet would be found in it."""
    plain, strict = tmp_path / "plain.xlsx", tmp_path / "submissions.xlsx"
    openpyxl.Workbook().save(plain)
    with zipfile.ZipFile(plain) as before, zipfile.ZipFile(strict, "w") as after:
        for name in before.namelist():
            transitional = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
            after.writestr(
                name, before.read(name).replace(transitional, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
            )
    with pytest.raises(SheetRefused, match="Excel Workbook"):
        found(strict, "submissions")


def test_size_is_looked_at_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the archive is even opened."""
    monkeypatch.setattr(archive, "LARGEST", 10)
    with pytest.raises(SheetRefused, match="tệp lớn hơn 100 MB"):
        found(readings(tmp_path, GOOD_ROW))


@pytest.mark.parametrize("suffix", [".xls", ".xlsm", ".xlsb", ".ods"])
def test_other_spreadsheets_are_named(tmp_path: Path, suffix: str) -> None:
    """They are to be saved as .xlsx."""
    path = tmp_path / f"units{suffix}"
    path.write_bytes(b"x")
    with pytest.raises(SheetRefused, match=r"lưu lại dạng \.xlsx"), opened(path, ImportOptions()):
        pass


@pytest.mark.parametrize(
    ("name", "kind", "taken"),
    [
        ("units.csv", "units", True),
        ("units-luc-nam.xlsx", "units", True),
        ("UNITS (1).CSV", "units", True),
        ("readings_2019.csv", "readings", True),
        ("units.tu-choi.csv", "units", False),
        ("units.tu-choi-2.csv", "units", False),
        ("~$units.xlsx", None, False),
        ("unitsx.csv", None, True),
        ("README.md", None, False),
    ],
)
def test_kind_is_what_the_name_begins_with(tmp_path: Path, name: str, kind: str | None, *, taken: bool) -> None:
    """A folder's reject files wait for their person and are not taken by themselves."""
    path = tmp_path / name
    path.write_bytes(b"")
    assert (kind_of(path), is_data(path)) == (kind, taken)


STRINGS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</sst>'
RICH = "<si><r><t>B_x0041_</t></r><r><t>o</t></r><rPh><t>ka</t></rPh></si><si><t>_x005F_x0041_</t></si>"


def test_shared_strings_are_read_as_they_are_shown(tmp_path: Path) -> None:
    """`_x0041_` is an A, pieces of one text belong together, and the reading aid above a word is no part of it."""
    path = with_shared_strings(readings(tmp_path, GOOD_ROW), STRINGS.format(RICH).encode())
    (row,) = found(path)
    assert isinstance(row, AcceptedRow)
    assert row.values["ref"] == "BAo"
    with zipfile.ZipFile(path) as made, made.open("xl/sharedStrings.xml") as source:
        assert sheet_xml.shared_strings(source) == ["BAo", "_x0041_"]


@pytest.mark.parametrize(
    "strings", [BOMB + STRINGS.format("<si><t>&b;</t></si>").encode(), STRINGS.format("").encode(), b"<sst"]
)
def test_harmful_strings_are_refused(tmp_path: Path, strings: bytes) -> None:
    """Entities, a string that is not there, and broken XML."""
    with pytest.raises(SheetRefused, match="không đọc được"):
        found(with_shared_strings(readings(tmp_path, GOOD_ROW), strings))
