"""Reads the XML of a workbook's sheets and shared strings in pieces: memory does not grow with the file.

openpyxl's reader goes over a sheet twice, drops rows that are out of order and cells beyond the last column, and
ignores merged cells; this one refuses them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat

from dondoc.engine.sources.formats.table import Cells, Computed, Native

# More columns than any sheet needs, including what reject files add.
WIDEST = 100
_TALLEST = 1_048_576
# The most characters that a cell of Excel can hold.
_LONGEST_CELL = 32_767
_CHUNK = 1 << 20
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROW, _CELL, _VALUE, _FORMULA, _TEXT, _PHONETIC, _ITEM, _MERGE = (
    f"{_MAIN} {tag}" for tag in ("row", "c", "v", "f", "t", "rPh", "si", "mergeCell")
)
_PLACE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")

# From the text of a cell's value and the number of its style to the cell as it is meant.
Meaning = Callable[[str, int], str]


class Malformed(ValueError):
    """The XML is not what spreadsheet programs write; carries the reason in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        self.vi, self.en = vi, en
        super().__init__(en)


def _fed(parser: expat.XMLParserType, source: IO[bytes]) -> Iterator[None]:
    """Feeds a parser piece by piece, yielding after each. Raises `Malformed`."""
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.buffer_text = True
    try:
        while chunk := source.read(_CHUNK):
            if len(chunk) == _CHUNK and b"<" not in chunk:
                raise Malformed("có một ô dài quá mức", "has a cell without an end")
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise Malformed("nội dung XML hỏng", "holds broken XML") from error


def _no_doctype(*_: object) -> None:
    """Refuses document types, and thereby every entity. Raises `Malformed`."""
    raise Malformed("có khai báo DOCTYPE", "declares a document type")


def unescaped(text: str) -> str:
    """The text with Excel's escapes for what XML cannot hold, such as `_x000D_`, decoded."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def shared_strings(source: IO[bytes]) -> list[str]:
    """The strings that cells refer to by number. Raises `Malformed`."""
    found: list[str] = []
    parts: list[str] = []
    reading = skipping = False

    def start(tag: str, _: object) -> None:
        nonlocal reading, skipping
        if tag == _ITEM:
            parts.clear()
        elif tag == _PHONETIC:
            skipping = True
        reading = tag == _TEXT and not skipping

    def end(tag: str) -> None:
        nonlocal reading, skipping
        reading = False
        if tag == _PHONETIC:
            skipping = False
        elif tag == _ITEM:
            found.append(unescaped("".join(parts)))

    def data(text: str) -> None:
        if reading:
            parts.append(text)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data
    for _ in _fed(parser, source):
        pass
    return found


class SheetParser:
    """Turns the elements of one sheet into rows; `ready` holds the rows that the last piece completed."""

    def __init__(self, strings: list[str], meaning: Meaning) -> None:
        self.ready: list[tuple[int, Cells]] = []
        self._strings, self._meaning = strings, meaning
        self._columns: dict[str, int] = {}
        self._line = 0
        self._row: Cells = []
        self._column = -1
        self._type, self._style = "n", 0
        self._parts: list[str] = []
        self._reading = self._skipping = self._formula = False
        self._length = 0

    def rows(self, source: IO[bytes]) -> Iterator[tuple[int, Cells]]:
        """Every row that is not empty, with its number. Raises `Malformed`, about merged cells only at the end."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._data
        for _ in _fed(parser, source):
            yield from self.ready
            self.ready.clear()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _CELL:
            self._begin_cell(attributes)
        elif tag in {_VALUE, _TEXT}:
            self._reading = not self._skipping
        elif tag == _ROW:
            self._begin_row(attributes)
        elif tag == _FORMULA:
            self._formula = True
        elif tag == _PHONETIC:
            self._skipping = True
        elif tag == _MERGE:
            place = attributes.get("ref", "?")
            raise Malformed(
                f"có ô gộp ({place}); bỏ gộp ô, mỗi ô một giá trị, rồi lưu lại",
                f"has merged cells ({place}): unmerge them, one value in each cell",
            )

    def _begin_row(self, attributes: dict[str, str]) -> None:
        line = int(attributes.get("r", self._line + 1))
        if not self._line < line <= _TALLEST:
            raise Malformed(f"dòng {line} nằm sai chỗ", f"row {line} is out of place")
        self._line, self._row, self._column = line, [], -1

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        column = self._column + 1 if place is None else self._column_of(place)
        if column <= self._column:
            raise Malformed(f"ô {place} nằm sai chỗ", f"cell {place} is out of place")
        self._column = column
        self._type, self._style = attributes.get("t", "n"), int(attributes.get("s", 0))
        self._parts.clear()
        self._formula, self._length = False, 0

    def _column_of(self, place: str) -> int:
        match = _PLACE.fullmatch(place)
        if not match:
            raise Malformed(f"ô «{place}» không có trong trang tính nào", f"no sheet has a cell {place!r}")
        letters = match[1]
        if letters not in self._columns:
            number = 0
            for letter in letters:
                number = number * 26 + ord(letter) - 64
            self._columns[letters] = number - 1
        return self._columns[letters]

    def _data(self, text: str) -> None:
        if self._reading:
            self._length += len(text)
            if self._length > _LONGEST_CELL:
                raise Malformed("có một ô dài quá mức", "has a cell that is too long")
            self._parts.append(text)

    def _end(self, tag: str) -> None:
        if tag in {_VALUE, _TEXT}:
            self._reading = False
        elif tag == _CELL:
            if self._parts or self._formula:
                self._end_cell("".join(self._parts))
        elif tag == _ROW:
            if self._row:
                self.ready.append((self._line, self._row))
        elif tag == _PHONETIC:
            self._skipping = False

    def _end_cell(self, raw: str) -> None:
        if self._column >= WIDEST:
            raise Malformed(
                f"có ô nằm ngoài {WIDEST} cột đầu (dòng {self._line}); xóa ô đó rồi lưu lại",
                f"has a cell beyond the first {WIDEST} columns (row {self._line}): delete it",
            )
        row = self._row
        row.extend([""] * (self._column - len(row)))
        row.append(self._value(raw))

    def _value(self, raw: str) -> str:
        if self._formula or self._type == "e":
            return Computed(raw)
        if self._type == "n":
            return self._meaning(raw, self._style)
        if self._type == "s":
            return self._strings[int(raw)]
        if self._type == "b":
            return Native("TRUE" if raw == "1" else "FALSE")
        return Native(raw) if self._type == "d" else unescaped(raw)
