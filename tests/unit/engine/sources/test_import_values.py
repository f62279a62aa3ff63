"""Whatever the encoding, the delimiter and the text: what is taken is what was meant, or the row comes back."""

from __future__ import annotations

import csv
import io
import tempfile
import unicodedata
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dondoc.engine.sources.formats.csv_files import WINDOWS
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading.cells import MASK
from dondoc.engine.sources.reading.kinds import SHEETS, AcceptedRow, Reject
from dondoc.engine.sources.reading.sheets import ImportOptions, read
from tests.support.workbooks import SHEET, changed, workbook

NAMES = next(sheet for sheet in SHEETS if sheet.name == "names")
HEADING = list(NAMES.columns)
VIETNAMESE = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđĐÂÊÔƠƯ HXTNgh"
NAME = st.one_of(
    st.text(VIETNAMESE, min_size=1, max_size=30),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.sampled_from(["Hoà", "=1+1", "'=1", '"', "a;b", "a,b", "a\tb", "0912345678", MASK, " x ", "-x", "1,5"]),
)
DAY = st.dates(date(1900, 1, 1), date(2199, 12, 31))
ROWS = st.lists(st.tuples(NAME, DAY, st.sampled_from(["%Y-%m-%d", "%d/%m/%Y"])), min_size=1, max_size=6)
# How each encoding is written, and what the person declares of it.
ENCODINGS = {"utf-8": None, "utf-8-sig": None, "utf-16": None, "cp1258": WINDOWS}


def in_windows(text: str) -> str:
    """Vietnamese as Windows-1258 writes it: letters with their tone mark behind."""
    made = []
    for letter in unicodedata.normalize("NFC", text):
        *rest, last = unicodedata.normalize("NFD", letter)
        tone = last if rest and last in "\u0300\u0301\u0303\u0309\u0323" else ""
        made.append(unicodedata.normalize("NFC", "".join(rest) if tone else letter) + tone)
    return "".join(made)


def meant(text: str) -> str:
    """The name that a person means by a cell."""
    return unicodedata.normalize("NFC", text.strip())


def checked(path: Path, how: ImportOptions, rows: list[tuple[str, date, str]]) -> None:
    """Every row of the file is what was meant, or is rejected; the file may be refused as a whole."""
    with suppress(SheetRefused):
        for found in read(path, NAMES, how):
            if isinstance(found, AcceptedRow):
                number = int(found.values["unit"].removeprefix("u.n"))
                name, day, _ = rows[number]
                assert found.values["name"] == meant(name)
                assert found.values["from"] == day
            else:
                assert found.vi
                assert found.en


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(rows=ROWS, delimiter=st.sampled_from(",;\t"))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_value_changes_on_its_way_out_of_csv(
    encoding: str, rows: list[tuple[str, date, str]], delimiter: str
) -> None:
    """In every encoding and with every delimiter."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(HEADING)
    for number, (name, day, form) in enumerate(rows):
        writer.writerow([f"u.n{number}", name, "X", "X", day.strftime(form).zfill(10), ""])
    written = in_windows(text.getvalue()) if encoding == "cp1258" else text.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "names.csv")
        path.write_bytes(written.encode(encoding, errors="replace" if encoding == "cp1258" else "strict"))
        known = written.encode("cp1258", errors="ignore").decode("cp1258") == written
        if encoding != "cp1258" or known:
            checked(path, ImportOptions(encoding=ENCODINGS[encoding]), rows)


@given(rows=ROWS)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_value_changes_on_its_way_out_of_a_workbook(rows: list[tuple[str, date, str]]) -> None:
    """Dates as cells of their own and dates as text."""
    cells = [
        [f"u.n{number}", name, "X", "X", day if form == "%Y-%m-%d" else day.strftime(form).zfill(10), None]
        for number, (name, day, form) in enumerate(rows)
        if name.isprintable()
    ]
    with tempfile.TemporaryDirectory() as folder:
        checked(workbook(Path(folder, "names.xlsx"), {"names": [HEADING, *cells]}), ImportOptions(), rows)


@given(st.binary(max_size=300), st.sampled_from([None, WINDOWS]))
def test_any_bytes_are_read_or_refused(content: bytes, encoding: str | None) -> None:
    """Behind a heading of ours, nothing raises anything but `SheetRefused`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "names.csv")
        path.write_bytes((",".join(HEADING) + "\n").encode() + content)
        with suppress(SheetRefused):
            assert all(
                isinstance(row, AcceptedRow | Reject)
                for row in read(path, NAMES, ImportOptions(encoding=encoding))
            )


@given(
    place=st.integers(0, 5_000), byte=st.integers(0, 255), part=st.sampled_from([SHEET, "xl/styles.xml", "whole"])
)
@example(place=46, byte=0, part="whole")  # an entry that says when it was saved, and cannot be unpacked
@settings(deadline=None)
def test_a_damaged_workbook_is_read_or_refused(place: int, byte: int, part: str) -> None:
    """One byte anywhere, in the archive or in the XML within."""

    def damaged(content: bytes) -> bytes:
        where = place % len(content)
        return content[:where] + bytes([byte]) + content[where + 1 :]

    with tempfile.TemporaryDirectory() as folder:
        path = workbook(
            Path(folder, "names.xlsx"), {"names": [HEADING, ["u.n0", "A", "A", "A", date(2010, 1, 1)]]}
        )
        if part == "whole":
            path.write_bytes(damaged(path.read_bytes()))
        else:
            changed(path, part, damaged)
        with suppress(SheetRefused):
            list(read(path, NAMES))


def test_declared_windows_1258_is_read_and_composed(tmp_path: Path) -> None:
    """Its letters come decomposed and are stored composed."""
    name = "Ủy ban nhân dân xã Bảo Đài"
    path = tmp_path / "names.csv"
    text = in_windows(f"{','.join(HEADING)}\nu.n0,{name},X,X,2010-01-01,\n")
    path.write_bytes(text.encode("cp1258"))
    (row,) = read(path, NAMES, ImportOptions(encoding=WINDOWS))
    assert isinstance(row, AcceptedRow)
    assert row.values["name"] == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("encoding", "called"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16")]
)
def test_unicode_declared_as_windows_1258_is_refused(tmp_path: Path, encoding: str, called: str) -> None:
    """Every letter with a mark would come out as two others."""
    path = tmp_path / "names.csv"
    path.write_bytes(f"{','.join(HEADING)}\nu.n0,Bảo Đài,X,X,2010-01-01,\n".encode(encoding))
    with pytest.raises(SheetRefused, match=f"tệp là {called}; nạp lại mà không có --encoding windows-1258"):
        list(read(path, NAMES, ImportOptions(encoding=WINDOWS)))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04....", "đây là tệp Excel mang tên .csv"),
        (b"\xd0\xcf\x11\xe0....", "đây là tệp Excel cũ"),
        (b"unit" + b"," * 200_000, "có dòng dài hơn 100000 ký tự"),
    ],
    ids=["a workbook", "an old workbook", "an endless line"],
)
def test_file_that_is_no_csv_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    """At its first bytes, or at the first line that does not end."""
    path = tmp_path / "names.csv"
    path.write_bytes(content)
    with pytest.raises(SheetRefused, match=why):
        list(read(path, NAMES))
