"""XLSX workbooks: their sheets, the meaning of their cells, and their rows as a `Table`.

openpyxl reads the parts, the styles and the dates; `sheet_xml` reads the rows, after `archive` has inspected the
file. python-calamine would be faster still, but it holds a whole sheet in memory, as wide as its last cell, and
gives the results of formulas as values.
"""

from __future__ import annotations

import marshal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO, Any, BinaryIO

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import from_excel
from openpyxl.xml import DEFUSEDXML, LXML
from openpyxl.xml.constants import SHARED_STRINGS

from dondoc.engine.file_faults import shown
from dondoc.engine.sources.formats import archive
from dondoc.engine.sources.formats.opening import open_itself
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.formats.saved_at import saved_at
from dondoc.engine.sources.formats.sheet_xml import Malformed, Meaning, SheetParser, shared_strings
from dondoc.engine.sources.formats.table import Cells, Computed, Native

_BATCH = 1_000


class UnsafeXml(RuntimeError):
    """openpyxl reads without defusedxml; raised before any workbook is opened."""


class Workbook:
    """An open workbook; its sheets are read on demand."""

    def __init__(self, path: Path) -> None:
        """Inspects the archive and reads all parts but the sheets. Raises `SheetRefused`, `UnsafeXml`."""
        if LXML or not DEFUSEDXML:
            raise UnsafeXml(
                "openpyxl runs without defusedxml: install it, leave OPENPYXL_DEFUSEDXML alone, and import "
                "dondoc.engine.sources before openpyxl"
            )
        self.path = path
        self._open = ExitStack()
        file = self._open.enter_context(open_itself(path))
        try:
            archive.inspect(path, file)
        except SheetRefused:
            self._open.close()
            raise
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                self._reader = _metadata(file, self._open)
                self._parts = {
                    sheet.name: rel.target
                    for sheet, rel in self._reader.parser.find_sheets()
                    if sheet.state == "visible" and rel.Type.endswith("/worksheet")
                }
                self._meaning = _meaning_in(self._reader.wb)
            except Exception as error:
                # A file from outside can break any part of openpyxl.
                self._open.close()
                raise _unreadable(path.name) from error

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the visible sheets, in their order."""
        return tuple(self._parts)

    def sheet(self, title: str) -> WorkbookSheet:
        """One sheet, read once into a temporary file until the workbook is closed. Raises `SheetRefused`."""
        kept = self._open.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closed with the workbook
        return WorkbookSheet(shown(self.path.name), title, self._rows(title), kept, saved_at(self._reader.archive))

    def close(self) -> None:
        """Closes the file and removes the temporary ones."""
        self._open.close()

    def _rows(self, title: str) -> Iterator[tuple[int, Cells]]:
        name = f"{self.path.name} [{title}]"
        try:
            with self._reader.archive.open(self._parts[title]) as source:
                yield from SheetParser(self._reader.shared_strings, self._meaning).rows(source)
        except Malformed as error:
            raise SheetRefused(name, error.vi, error.en) from error
        except Exception as error:
            raise _unreadable(name) from error


class WorkbookSheet:
    """A sheet that was read once into a temporary file; implements `Table`."""

    def __init__(
        self,
        file: str,
        title: str,
        rows: Iterator[tuple[int, Cells]],
        kept: IO[bytes],
        saved: datetime | None = None,
    ) -> None:
        """Reads every row into `kept`. Raises what `rows` raises."""
        while batch := list(islice(rows, _BATCH)):
            marshal.dump([(line, [_frozen(cell) for cell in cells]) for line, cells in batch], kept)
        self._file, self.title, self._kept, self.saved = file, title, kept, saved
        self._total, self._seen = kept.tell(), 0

    @property
    def name(self) -> str:
        """The file, and the sheet in brackets."""
        return f"{self._file} [{self.title}]"

    @property
    def form(self) -> None:
        """None: there is only one way to write a workbook."""

    @property
    def done(self) -> float:
        """The share of the rows that has been given, 0 to 1."""
        return self._seen / max(self._total, 1)

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Every row that is not empty, the heading first, each at least as wide as the heading."""
        self._seen = width = 0
        while self._seen < self._total:
            self._kept.seek(self._seen)
            batch = marshal.load(self._kept)  # noqa: S302 - written by ourselves
            self._seen = self._kept.tell()
            for line, cells in batch:
                width = width or len(cells)
                row = [cell if type(cell) is str else _thawed(*cell) for cell in cells]
                yield line, row + [""] * (width - len(row))


def _frozen(cell: str) -> str | tuple[str, bool]:
    return cell if type(cell) is str else (str(cell), isinstance(cell, Native))


def _thawed(text: str, native: bool) -> str:  # noqa: FBT001 - the other half of `_frozen`
    return Native(text) if native else Computed(text)


def _metadata(file: BinaryIO, stack: ExitStack) -> Any:
    """The reader of openpyxl with the parts, the strings and the styles, but no sheet; `stack` closes it."""
    reader = ExcelReader(file, read_only=True, keep_links=False)
    stack.callback(reader.archive.close)
    reader.read_manifest()
    strings = reader.package.find(SHARED_STRINGS)
    if strings is not None:
        with reader.archive.open(strings.PartName[1:]) as source:
            reader.shared_strings = shared_strings(source)
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    return reader


def _meaning_in(book: Any) -> Meaning:
    """The meaning of numbers in this workbook: their style marks dates and percentages."""
    percents = {no for no in range(len(book._cell_styles)) if "%" in _format_of(book, no)}  # noqa: SLF001
    dates, durations, epoch = book._date_formats, book._timedelta_formats, book.epoch  # noqa: SLF001

    @lru_cache(maxsize=10_000)
    def meaning(raw: str, style: int) -> str:
        if style in dates and style not in durations:
            try:
                return Native(_moment(from_excel(float(raw), epoch)))
            except OverflowError:
                return Computed("#VALUE!")
        return Native(_digits(raw, percent=style in percents))

    return meaning


def _format_of(book: Any, style: int) -> str:
    """The number format of a style."""
    number = book._cell_styles[style].numFmtId  # noqa: SLF001
    if number < BUILTIN_FORMATS_MAX_SIZE:
        return str(BUILTIN_FORMATS.get(number, ""))
    return str(book._number_formats[number - BUILTIN_FORMATS_MAX_SIZE])  # noqa: SLF001


def _moment(moment: Any) -> str:
    """A date as ISO text, with its time unless that is midnight."""
    if isinstance(moment, datetime) and not (moment.hour or moment.minute or moment.second or moment.microsecond):
        return moment.date().isoformat()
    return str(moment.isoformat())


def _digits(raw: str, *, percent: bool) -> str:
    """A number as spreadsheet programs show it: fifteen digits, no exponent."""
    if raw.isdecimal() and not percent:
        return raw
    shown = Decimal(f"{float(raw):.15g}") * (100 if percent else 1)
    digits = f"{shown:f}"
    whole = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return f"{whole}%" if percent else whole


def _unreadable(name: str) -> SheetRefused:
    return SheetRefused(name, f"không đọc được; {archive.SAVE_AGAIN}", "cannot be read: save it again as .xlsx")
