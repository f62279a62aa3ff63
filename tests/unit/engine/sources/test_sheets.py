"""Sheets as offices send them: each bad cell has its message with line and column, and stops no other row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.engine.domain.terms import Level
from dondoc.engine.sources.reading import cells
from dondoc.engine.sources.reading.cells import Unreadable
from dondoc.engine.sources.reading.headings import HEADINGS, TITLES, column_named, folded
from dondoc.engine.sources.reading.sheets import SHEETS, AcceptedRow, Reject, SheetRefused, read
from tests.support.worlds import at

KINDS = {sheet.name: sheet for sheet in SHEETS}
GOOD: Mapping[str, Mapping[str, str]] = {
    "units": {"id": "ln.ubnd_huyen", "kind": "ubnd", "level": "district", "from": "2010-01-01", "until": ""},
    "names": {
        "unit": "ln.ubnd_huyen",
        "name": "UBND huyện Lục Nam",
        "name_en": "Luc Nam District",
        "short": "Lục Nam",
        "from": "2010-01-01",
        "until": "2025-06-30",
    },
    "relations": {
        "unit": "ln.ubnd_huyen",
        "other": "bg.ubnd_tinh",
        "kind": "parent",
        "line": "government",
        "from": "2010-01-01",
        "until": "",
        "basis": "",
    },
    "mailboxes": {
        "unit": "ln.ubnd_huyen",
        "role": "registry",
        "address": "vanthu.lucnam@example.vn",
        "languages": "",
        "from": "2010-01-01",
        "until": "",
    },
    "successions": {
        "old": "ln.ubnd_huyen",
        "new": "bg.ubnd_tinh",
        "scope": "toàn bộ",
        "effective": "2025-07-01",
        "basis": "",
    },
    "tasks": {
        "ref": "NV-1",
        "unit": "ln.ubnd_huyen",
        "task": "assigned",
        "title": "Rà soát",
        "title_en": "Review",
        "assigned_on": "2015-04-01",
        "due": "2015-04-20",
        "due_kind": "before",
        "issuer": "",
        "monitor": "",
        "reports_to": "",
        "recorded_at": "2015-04-01T09:00",
    },
    "submissions": {
        "ref": "BC-1",
        "unit": "ln.ubnd_huyen",
        "report": "child-protection",
        "submitted_on": "2015-04-18",
        "document": "12/BC-UBND",
        "recorded_at": "2015-04-18T10:00",
        "task": "",
    },
    "activities": {
        "ref": "HD-1",
        "unit": "ln.ubnd_huyen",
        "activity": "broadcast",
        "done_on": "2019-07-20",
        "quantity": "1",
        "recorded_at": "2019-07-20T10:00",
    },
    "readings": {
        "ref": "SL-1",
        "unit": "ln.ubnd_huyen",
        "indicator": "child-injuries",
        "first_day": "2019-01-01",
        "last_day": "2019-03-31",
        "value": "2.61",
        "recorded_at": "2019-04-05T10:00",
        "source": "",
    },
}


def written(folder: Path, sheet: str, *rows: Mapping[str, str], encoding: str = "utf-8") -> Path:
    """A CSV file of a sheet."""
    lines = [",".join(KINDS[sheet].columns), *(",".join(row.values()) for row in rows)]
    path = folder / f"{sheet}.csv"
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def found(
    folder: Path, sheet: str, *rows: Mapping[str, str], encoding: str = "utf-8"
) -> list[AcceptedRow | Reject]:
    """What reading it gives."""
    return list(read(written(folder, sheet, *rows, encoding=encoding), KINDS[sheet]))


@pytest.mark.parametrize("sheet", GOOD)
def test_good_row_is_taken(tmp_path: Path, sheet: str) -> None:
    """One of each sheet."""
    (row,) = found(tmp_path, sheet, GOOD[sheet])
    assert isinstance(row, AcceptedRow)
    assert (row.line, list(row.values)) == (2, list(KINDS[sheet].columns))


BAD = [
    ("units", "id", "lucnam", "không phải mã đơn vị, ví dụ ln.ubnd_huyen"),
    ("units", "id", "LN.UBND", "không phải mã đơn vị, ví dụ ln.ubnd_huyen"),
    ("units", "kind", "Ủy ban", "chỉ gồm chữ thường không dấu, số và gạch nối"),
    ("units", "level", "huyện", "phải là một trong: central, province, district, commune"),
    ("units", "from", "01/01/10", "năm phải viết đủ bốn chữ số"),
    ("units", "from", "31/02/2010", "không phải ngày dạng 2015-04-20 hoặc 20/04/2015"),
    ("units", "from", "20100101", "không phải ngày dạng 2015-04-20"),
    ("units", "from", "2010-W01-1", "không phải ngày dạng 2015-04-20"),
    ("units", "from", "", "không phải ngày dạng 2015-04-20"),
    ("units", "from", "2015-02-29", "không phải ngày dạng 2015-04-20"),
    ("units", "until", "2009-12-31", "ngày kết thúc trước ngày bắt đầu"),
    ("names", "name", "", "không được để trống"),
    ("names", "short", "Lục\tNam", "có ký tự điều khiển"),
    ("names", "short", "Lục\u2028Nam", "có ký tự điều khiển"),
    ("names", "short", "Lục\x00Nam", "có ký tự điều khiển"),
    ("names", "short", "Lục\u200bNam", "có ký tự ẩn"),
    ("names", "short", "L\ufffdc Nam", "có chữ bị mất khi đổi mã"),
    ("names", "short", "Ba\u0300\u0301o", "có dấu thừa hoặc đặt sai chỗ ở «à\u0301»"),
    ("names", "name", "Xã \u0301Bảo", "có dấu thừa hoặc đặt sai chỗ ở « \u0301»"),
    ("names", "name_en", "Commune 1\u0323", "có dấu thừa hoặc đặt sai chỗ ở «1\u0323»"),
    ("tasks", "title", "\u0309Nộp", "có dấu thừa hoặc đặt sai chỗ ở «\u0309»"),
    ("submissions", "document", "12/BC\u0301\u0301", "có dấu thừa hoặc đặt sai chỗ ở «Ć\u0301»"),
    ("names", "short", "=A1", "là công thức"),
    ("names", "short", "…", "ô đã bị che khi trả lại"),
    ("submissions", "document", "b" * 201, "dài quá 200 ký tự"),
    ("activities", "quantity", "5 %", "là số lượng, không nhận dấu %"),
    ("relations", "kind", "boss_of", "phải là một trong: parent, led_by, staff_of, guided_by,"),
    ("relations", "line", "", "chỉ quan hệ parent có line, và phải có"),
    ("relations", "kind", "led_by", "chỉ quan hệ parent có line, và phải có"),
    ("mailboxes", "role", "director", "phải là một trong: working, registry, head"),
    ("mailboxes", "address", "văn.thư@example.vn", "không phải một địa chỉ thư"),
    ("mailboxes", "address", "a@example.vn b@example.vn", "không phải một địa chỉ thư"),
    ("mailboxes", "address", "a@localhost", "không phải một địa chỉ thư"),
    ("mailboxes", "address", "a" * 250 + "@x.vn", "không phải một địa chỉ thư"),
    ("mailboxes", "languages", "en", "phải là vi hoặc vi,en"),
    ("tasks", "due_kind", "within", "phải là before (trước ngày đó) hoặc by"),
    ("submissions", "submitted_on", "13-11-2026", "hình như là ngày 13/11/2026; viết dạng"),
    ("submissions", "submitted_on", "42112", "hình như là số ngày của Excel, 18/04/2015"),
    ("submissions", "recorded_at", "42112.4166", "hình như là số ngày của Excel, 18/04/2015"),
    ("submissions", "submitted_on", "31-02-2026", "không phải ngày dạng"),
    ("tasks", "ref", "", "không được để trống"),
    ("submissions", "recorded_at", "10 giờ", "không phải thời điểm dạng 2015-04-20T10:00"),
    ("submissions", "recorded_at", "2015-04-17T23:59", "ghi nhận trước khi việc xảy ra"),
    ("activities", "recorded_at", "2019-07-19T10:00", "ghi nhận trước khi việc xảy ra"),
    ("activities", "quantity", "0", "không phải số nguyên từ 1 đến 1000000"),
    ("activities", "quantity", "1000001", "không phải số nguyên từ 1 đến 1000000"),
    ("activities", "quantity", "1.5", "không phải số nguyên từ 1 đến 1000000"),
    ("activities", "quantity", "²", "không phải số nguyên từ 1 đến 1000000"),
    ("activities", "quantity", "9" * 5000, "không phải số nguyên từ 1 đến 1000000"),
    ("activities", "quantity", "00000001" + "9" * 30, "không phải số nguyên từ 1 đến 1000000"),
    ("activities", "ref", "H" * 121, "dài quá 120 ký tự"),
    ("submissions", "task", "d/r@" + "1" * 197, "dài quá 200 ký tự"),
    ("submissions", "report", "r" * 81, "chỉ gồm chữ thường không dấu, số và gạch nối"),
    ("units", "id", "ln." + "u" * 78, "không phải mã đơn vị"),
    ("units", "kind", "u" * 41, "dài quá 40 ký tự"),
    ("units", "until", "9999-12-31", "không phải ngày dạng 2015-04-20 hoặc 20/04/2015, năm 1900–2199"),
    ("readings", "first_day", "0219-01-01", "không phải ngày dạng 2015-04-20 hoặc 20/04/2015, năm 1900–2199"),
    (
        "submissions",
        "recorded_at",
        "9999-12-31T23:59",
        "không phải thời điểm dạng 2015-04-20T10:00 hoặc 20/04/2015 10:00, năm",
    ),
    ("readings", "last_day", "2018-12-31", "kỳ kết thúc trước khi bắt đầu"),
    *(
        ("readings", "value", value, "không phải số dạng 1426 hoặc 2.61 (tối đa 7 chữ số thập phân, nhỏ hơn 1 tỷ)")
        for value in (
            *("", "hai", "NaN", "-Infinity", "1 426", "1_426", "1e3", "1e999999999", "1e-999999999", "١٢"),
            *("0.00000001", "1." + "0" * 34 + "1", "1000000000", "999999999.99999999", "."),
        )
    ),
]


@pytest.mark.parametrize(("sheet", "column", "cell", "why"), BAD, ids=[f"{c}={v[:20]!r}" for _, c, v, _ in BAD])
def test_bad_cell_is_named_and_the_rows_around_it_are_taken(
    tmp_path: Path, sheet: str, column: str, cell: str, why: str
) -> None:
    """The reject says file, line, column, what stood there and what was expected, in both languages."""
    good = GOOD[sheet]
    first, reject, last = found(tmp_path, sheet, good, {**good, column: cell}, good)
    assert isinstance(first, AcceptedRow)
    assert isinstance(last, AcceptedRow)
    assert isinstance(reject, Reject)
    assert (reject.file, reject.line, last.line) == (f"{sheet}.csv", 3, 4)
    assert reject.column in {column, "line"}
    assert reject.vi.startswith(why)
    assert reject.en
    text = reject.text()
    assert text.startswith(f"{sheet}.csv:3: {reject.column} «")
    assert len(text) < 400


def test_row_with_too_few_cells(tmp_path: Path) -> None:
    """It is told from a row with a bad cell."""
    path = written(tmp_path, "units", GOOD["units"])
    path.write_text(path.read_text("utf-8") + "ln.ubnd_huyen,ubnd\n", "utf-8")
    *_, reject = read(path, KINDS["units"])
    assert isinstance(reject, Reject)
    assert reject.text() == "units.csv:3: - «2»: có 2 ô, cần 5 (has 2 cells, needs 5)"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"], ids=["with BOM", "without"])
def test_byte_order_mark_is_fine(tmp_path: Path, encoding: str) -> None:
    """A spreadsheet program puts one in front of the heading."""
    (row,) = found(tmp_path, "names", GOOD["names"], encoding=encoding)
    assert isinstance(row, AcceptedRow)
    assert row.values["name"] == "UBND huyện Lục Nam"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16-le"])
def test_file_that_is_not_utf_8_is_refused_whole(tmp_path: Path, encoding: str) -> None:
    """With what to do about it; UTF-16 is only known by its mark."""
    row = {**GOOD["names"], "name": "UBND xã Tân Hà", "short": "Tân Hà", "name_en": "ÿ"}
    with pytest.raises(SheetRefused, match=r"names\.csv: (tệp không phải UTF-8|dòng đầu tiên không phải tiêu đề)"):
        found(tmp_path, "names", row, encoding=encoding)


@pytest.mark.parametrize(
    ("heading", "why"),
    [
        ("", "thiếu cột id («Mã đơn vị»), kind («Loại đơn vị»), level («Cấp»), from («Từ ngày»)"),
        ("id,kind,level,until", "thiếu cột from («Từ ngày»)"),
        ("id,kind,level,from,until,colour", "không có cột nào tên «colour»; xóa cột đó hoặc đổi tên"),
        ("id,kind,level,from,from", "cột «from» có hai lần"),
        ("id,Mã đơn vị,kind,level,from", "cột «Mã đơn vị» có hai lần"),
        ("id,kind,,level,from", "ô tiêu đề thứ 3 trống hoặc gộp ô"),
        ("ln.ubnd_huyen,ubnd,district,2010-01-01,", "dòng đầu tiên không phải tiêu đề của bảng"),
    ],
    ids=["empty file", "a column short", "one too many", "twice", "twice in two ways", "merged", "no heading"],
)
def test_wrong_heading_is_refused_whole(tmp_path: Path, heading: str, why: str) -> None:
    """The message says what is wrong and shows the heading that is expected."""
    path = tmp_path / "units.csv"
    path.write_text(heading + "\nln.ubnd_huyen,ubnd,district,2010-01-01,\n", "utf-8")
    expected = rf"units\.csv: {re.escape(why)}; dòng tiêu đề phải là: id,kind,level,from,until"
    with pytest.raises(SheetRefused, match=expected):
        list(read(path, KINDS["units"]))


@pytest.mark.parametrize(
    "heading",
    [
        "id,kind,level,from,until",
        "STT;Mã đơn vị;Loại đơn vị;Cấp;Từ ngày;Đến hết ngày",
        "until\tFROM\tLevel\tKIND\tId",
        "ma don vi,loai don vi,cap,tu ngay",
        "Unit id,Kind of unit,Administrative level,First day,Last day,,",
    ],
    ids=["own", "Vietnamese, semicolons", "another order, tabs", "no accents, the optional one absent", "English"],
)
def test_heading_in_any_of_its_ways_is_known(tmp_path: Path, heading: str) -> None:
    """Capitals, accents, order, delimiter, empty cells behind do not matter; what may be empty may be absent."""
    delimiter = next(mark for mark in ",;\t" if mark in heading)
    cells_ = {
        "id": "ln.ubnd_huyen", "kind": "ubnd", "level": "district", "from": "2010-01-01", "until": "", None: "",
    }  # fmt: skip
    row = delimiter.join(cells_.get(column_named("units", title), "7") for title in heading.split(delimiter))
    path = tmp_path / "units.csv"
    path.write_text(f"{heading}\n{row}\n", "utf-8")
    (taken,) = read(path, KINDS["units"])
    assert isinstance(taken, AcceptedRow)
    assert taken.values == {
        "id": "ln.ubnd_huyen",
        "kind": "ubnd",
        "level": Level.DISTRICT,
        "from": date(2010, 1, 1),
        "until": None,
    }


def test_every_column_has_a_heading_of_its_own() -> None:
    """The table of headings names each sheet's columns in order, and no title means two of them."""
    for sheet in SHEETS:
        headings = HEADINGS[sheet.name]
        assert [heading.name for heading in headings] == list(sheet.columns)
        titles = [folded(title) for heading in headings for title in {heading.vi, heading.en}]
        assert len(set(titles)) == len(titles)
        for heading in headings:
            named = {column_named(sheet.name, title) for title in (heading.name, heading.vi, heading.en)}
            assert named == {heading.name}
    assert [title.name for title in TITLES] == [sheet.name for sheet in SHEETS]


def test_open_quote_is_refused_whole(tmp_path: Path) -> None:
    """It would swallow the rest of the file."""
    path = written(tmp_path, "names", {**GOOD["names"], "name": '"UBND'})
    with pytest.raises(SheetRefused, match="không phải CSV hợp lệ"):
        list(read(path, KINDS["names"]))


def test_empty_lines_are_passed_over_and_counted(tmp_path: Path) -> None:
    """A reject's line is the one an editor shows."""
    path = written(tmp_path, "units", GOOD["units"])
    path.write_text(path.read_text("utf-8") + "\n,,,,\nx,ubnd,district,2010-01-01,\n", "utf-8")
    assert [row.line for row in read(path, KINDS["units"])] == [2, 5]


def test_decomposed_name_becomes_composed(tmp_path: Path) -> None:
    """NFD from a Mac is the same name as NFC from anywhere else."""
    name = "Ủy ban nhân dân xã Bảo Đài"
    (row,) = found(tmp_path, "names", {**GOOD["names"], "name": unicodedata.normalize("NFD", name)})
    assert isinstance(row, AcceptedRow)
    assert row.values["name"] == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("name", ["Buôn E\u0302\u0306a", "Plei Kơ\u0306", "Bon Bu\u031b\u0306"])
def test_letters_of_ede_and_jarai_keep_the_breve_that_no_single_character_has(tmp_path: Path, name: str) -> None:
    """Two different marks on one letter are right there."""
    (row,) = found(tmp_path, "names", {**GOOD["names"], "name": name})
    assert isinstance(row, AcceptedRow)
    assert row.values["name"] == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("cell", "local"),
    [
        ("2015-04-20 10:00", "2015-04-20T10:00"),
        ("20/4/2015 9:05", "2015-04-20T09:05"),
        ("20/04/2015 10:00:30", "2015-04-20T10:00:30"),
        ("20/04/2015", "2015-04-20T00:00"),
        ("2015-04-20T03:00Z", "2015-04-20T10:00"),
    ],
)
def test_time_may_be_written_in_several_ways(cell: str, local: str) -> None:
    """Day first, with or without seconds, and a day alone is its midnight."""
    assert cells.instant(cell) == at(local)


def test_day_may_be_written_the_vietnamese_way() -> None:
    """With or without leading zeros."""
    assert cells.day("5/11/2012") == cells.day("05/11/2012") == cells.day("2012-11-05") == date(2012, 11, 5)


def test_local_time_is_of_vietnam_and_another_zone_is_kept(tmp_path: Path) -> None:
    """An instant without a zone is local."""
    row = GOOD["submissions"]
    plain, zoned = found(tmp_path, "submissions", row, {**row, "recorded_at": "2015-04-18T03:00+00:00"})
    assert isinstance(plain, AcceptedRow)
    assert isinstance(zoned, AcceptedRow)
    assert plain.values["recorded_at"] == zoned.values["recorded_at"] == at("2015-04-18T10:00")
    assert plain.values["submitted_on"] == date(2015, 4, 18)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *[("1426", 14_260_000_000), ("2.61", 26_100_000), ("-0.0000001", -1), ("+3", 30_000_000)],
        *[("999999999.9999999", 9_999_999_999_999_999), ("0", 0)],
    ],
)
def test_number_is_scaled_exactly(cell: str, value: int) -> None:
    """Seven decimals and nine digits, never through floating point."""
    assert cells.number(cell) == value


@given(st.text(max_size=30))
def test_any_cell_is_read_or_refused_with_a_reason(cell: str) -> None:
    """No reader of a cell raises anything but `Unreadable`, whatever stands in it."""
    for parse in (parse for sheet in SHEETS for parse in sheet.columns.values()):
        with suppress(Unreadable):
            parse(cell)
