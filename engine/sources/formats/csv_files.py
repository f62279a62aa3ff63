"""CSV files: their encoding, their delimiter, their rows.

UTF-8 is tried and UTF-16 is recognised by its mark; Windows-1258 looks like any eight-bit file, so it must be
declared.
"""

from __future__ import annotations

import codecs
import csv
import unicodedata
from collections.abc import Iterator
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import TextIO

from dondoc.engine.domain.model import Text
from dondoc.engine.file_faults import shown
from dondoc.engine.sources.formats.legacy_vietnamese import Legacy, is_syllable, recognised
from dondoc.engine.sources.formats.opening import open_itself
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.formats.table import Cells

WINDOWS = "windows-1258"
DELIMITERS = {
    ",": Text("dấu phẩy", "comma"),
    ";": Text("dấu chấm phẩy", "semicolon"),
    "\t": Text("dấu tab", "tab"),
}
_LARGEST = 2 << 30
# A longer line is no row of any sheet, and to read on would fill the memory.
_LONGEST_LINE = 100_000
_CHUNK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NOT_CSV = {
    b"PK\x03\x04": ("đây là tệp Excel mang tên .csv; đổi đuôi thành .xlsx", "is a workbook: rename it to .xlsx"),
    b"\xd0\xcf\x11\xe0": (
        "đây là tệp Excel cũ (.xls); lưu lại dạng .xlsx",
        "is an old workbook: save it as .xlsx",
    ),
}


class Delimited:
    """A CSV file; implements `Table`."""

    def __init__(self, path: Path, encoding: str | None = None) -> None:
        """Reads only the first bytes. Raises `SheetRefused` if they contradict the declared `encoding`."""
        self._path, self._size, self._read = path, path.lstat().st_size, 0
        if self._size > _LARGEST:
            raise self._refused("tệp lớn hơn 2 GB; chia thành nhiều tệp", "is larger than 2 GB: split it")
        self._encoding = self._decoded_as(encoding)
        self._delimiter = ","

    @property
    def name(self) -> str:
        """The file's name."""
        return shown(self._path.name)

    @property
    def form(self) -> Text:
        """The encoding and the delimiter."""
        shown = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "8 bit"}.get(self._encoding, "Windows-1258")
        return Text.format("{shown}, {cut}", shown=shown, cut=DELIMITERS[self._delimiter])

    @property
    def saved(self) -> None:
        """None: a CSV file does not record when it was saved."""

    @property
    def delimiter(self) -> str:
        """The character between two cells."""
        return self._delimiter

    @property
    def done(self) -> float:
        """The share of the file that has been read, 0 to 1."""
        return min(self._read / max(self._size, 1), 1.0)

    def first_rows(self, delimiter: str, n: int) -> list[Cells]:
        """The cells of the first rows, as a delimiter cuts them."""
        return [cells for _, cells in islice(self._cut(delimiter), n)]

    def cut_at(self, delimiter: str) -> None:
        """Sets the character between two cells."""
        self._delimiter = delimiter

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Every line that is not empty, the heading first. Raises `SheetRefused` if the file is not valid CSV."""
        return self._cut(self._delimiter)

    def _cut(self, delimiter: str) -> Iterator[tuple[int, Cells]]:
        try:
            with TextIOWrapper(open_itself(self._path), encoding=self._encoding, newline="") as file:
                rows = csv.reader(self._lines(file), delimiter=delimiter, strict=True)
                for cells in rows:
                    if any(cells) or rows.line_num == 1:
                        yield rows.line_num, cells
        except UnicodeDecodeError as error:
            raise self._refused(*self._why_undecoded()) from error
        except csv.Error as error:
            raise self._refused(f"không phải CSV hợp lệ: {error}", "is not valid CSV") from error

    def _lines(self, file: TextIO) -> Iterator[str]:
        self._read = 0
        while line := file.readline(_LONGEST_LINE + 1):
            if len(line) > _LONGEST_LINE:
                raise self._refused(
                    f"có dòng dài hơn {_LONGEST_LINE} ký tự", f"has a line of more than {_LONGEST_LINE} characters"
                )
            self._read += len(line)
            yield line

    def _decoded_as(self, declared: str | None) -> str:
        with open_itself(self._path) as file:
            first = file.read(4)
        for start, why in _NOT_CSV.items():
            if first.startswith(start):
                raise self._refused(*why)
        marked = next((encoding for mark, encoding in _MARKS if first.startswith(mark)), None)
        if declared in set(Legacy):
            # Such letters may also have been saved as UTF-8, as they stand.
            return marked or ("utf-8-sig" if self._really_utf_8() else "cp1252")
        if declared != WINDOWS:
            return marked or "utf-8-sig"
        found = self._legacy()
        if found is not None and not marked:
            raise self._refused(*_say_legacy(found))
        if marked or self._really_utf_8():
            raise self._refused(
                f"tệp là {'UTF-16' if marked == 'utf-16' else 'UTF-8'}; nạp lại mà không có --encoding {WINDOWS}",
                f"is Unicode: import it without --encoding {WINDOWS}",
            )
        return "cp1258"

    def _really_utf_8(self) -> bool:
        """Whether the file has letters beyond ASCII and all of it is UTF-8, which hardly happens by chance."""
        decoder, beyond = codecs.getincrementaldecoder("utf-8")(), False
        with open_itself(self._path) as file:
            try:
                while chunk := file.read(_CHUNK):
                    beyond = not decoder.decode(chunk).isascii() or beyond
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return False
        return beyond

    def _why_undecoded(self) -> tuple[str, str]:
        if self._encoding == "cp1258":
            return f"không phải {WINDOWS}; lưu lại dạng CSV UTF-8", f"is not {WINDOWS}: save it as CSV UTF-8"
        found = self._legacy()
        if found is not None:
            return _say_legacy(found)
        # Windows-1258 would read anything, so it is advised only where it makes Vietnamese.
        if not any(not word.isascii() and is_syllable(word) for word in self._beginning("cp1258").split()):
            return "tệp không phải UTF-8; lưu lại dạng CSV UTF-8", "is not UTF-8: save it as CSV UTF-8"
        return (
            f"tệp không phải UTF-8; lưu lại dạng CSV UTF-8, hoặc nạp với --encoding {WINDOWS}",
            f"is not UTF-8: save it as CSV UTF-8, or declare --encoding {WINDOWS}",
        )

    def _legacy(self) -> Legacy | None:
        return recognised([self._beginning("cp1252")])

    def _beginning(self, encoding: str) -> str:
        """The first megabyte, decoded; what the encoding does not have is left out."""
        with open_itself(self._path) as file:
            return unicodedata.normalize("NFC", file.read(_CHUNK).decode(encoding, "ignore").replace(",", " "))

    def _refused(self, vi: str, en: str) -> SheetRefused:
        return SheetRefused(self._path.name, vi, en)


def _say_legacy(found: Legacy) -> tuple[str, str]:
    return (
        f"chữ trong tệp là {found.upper()}; nạp với --encoding {found}, hoặc lưu lại dạng CSV UTF-8",
        f"its letters are {found.upper()}: declare --encoding {found}, or save it as CSV UTF-8",
    )
