"""Writes rejected rows into files of the same format, to be corrected there and imported again.

A file is written under a temporary name and gets its name once the import is committed. It never replaces another
file, and rows that were rejected before in the same way make no second file.
"""

from __future__ import annotations

import csv
import os
import re
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from dondoc.engine.sources.formats.csv_files import Delimited
from dondoc.engine.sources.formats.table import Computed, Native
from dondoc.engine.sources.formats.workbook import WorkbookSheet
from dondoc.engine.sources.reading.files import REJECTS
from dondoc.engine.sources.reading.headings import REJECTED
from dondoc.engine.sources.reading.kinds import Reject
from dondoc.engine.sources.reading.personal_data import masked
from dondoc.engine.sources.reading.source import SheetRows

# The beginning of a cell that a spreadsheet program computes when it opens a CSV file.
_ACTIVE = re.compile(r"'*[=+@\t\r-]")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]+)?")
_BESIDE = "tu-choi"
_LOST = "\N{REPLACEMENT CHARACTER}"


@dataclass(slots=True)
class RejectFiles:
    """Where reject files go: to `folder`, else beside the input, else to `tu-choi` in the working folder."""

    folder: Path | None = None
    written: list[Path] = field(default_factory=list)

    @contextmanager
    def beside(self, path: Path) -> Iterator[RejectFile]:
        """The reject file of an input file; it is kept if the block ends without an error and it has a row."""
        folder = self._folder_for(path)
        stem = path.stem.partition(REJECTS)[0]
        file: RejectFile = (_WorkbookFile if path.suffix.lower() == ".xlsx" else _CsvFile)(folder, path)
        try:
            yield file
            if file.close():
                self.written.append(_kept(file.aside, folder / f"{stem}{REJECTS}{path.suffix.lower()}"))
        finally:
            file.give_up()

    def _folder_for(self, path: Path) -> Path:
        folder = self.folder or path.parent
        if self.folder is None and not os.access(folder, os.W_OK):
            folder = Path(_BESIDE)
        return folder


class RejectFile(ABC):
    """A file of rejects while it is written."""

    def __init__(self, folder: Path, path: Path) -> None:
        """Writes nothing before the first reject."""
        self.aside = folder / f".{path.name}{REJECTS}.{os.getpid()}"

    @abstractmethod
    def add(self, source: SheetRows, cells: Sequence[str], reject: Reject) -> None:
        """Adds one row unchanged, with the reason for its rejection."""

    @abstractmethod
    def close(self) -> bool:
        """Completes the file; False if it has no row."""

    def give_up(self) -> None:
        """Removes the temporary file."""
        self.aside.unlink(missing_ok=True)


class _CsvFile(RejectFile):
    """A CSV file in UTF-8 with a byte order mark, which Excel recognises, and with the delimiter of the input."""

    def __init__(self, folder: Path, path: Path) -> None:
        super().__init__(folder, path)
        self._file: IO[str] | None = None
        self._rows: Any = None

    def add(self, source: SheetRows, cells: Sequence[str], reject: Reject) -> None:
        """Adds one row; a cell that a spreadsheet would compute gets an apostrophe, which `SheetRows` removes."""
        if self._file is None:
            # Rows from a database have no delimiter.
            self.aside.parent.mkdir(parents=True, exist_ok=True)
            delimiter = source.table.delimiter if isinstance(source.table, Delimited) else ","
            self._file = self.aside.open("w", encoding="utf-8-sig", newline="", errors="replace")
            self._rows = csv.writer(self._file, delimiter=delimiter)
            self._rows.writerow([*_own(source, source.heading), *(heading.vi for heading in REJECTED)])
        row = [_defused(cell) for cell in _own(source, cells)]
        self._rows.writerow([*row, *map(str, _why(source, reject))])

    def close(self) -> bool:
        if self._file is None:
            return False
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return True

    def give_up(self) -> None:
        if self._file is not None:
            self._file.close()
        super().give_up()


class _WorkbookFile(RejectFile):
    """A workbook with the sheets of the input that had rejects; numbers and dates stay numbers and dates."""

    def __init__(self, folder: Path, path: Path) -> None:
        super().__init__(folder, path)
        self._book: Any = None
        self._sheets: dict[str, Any] = {}

    def add(self, source: SheetRows, cells: Sequence[str], reject: Reject) -> None:
        if self._book is None:
            self._book = Workbook(write_only=True)
        assert isinstance(source.table, WorkbookSheet)
        title = source.table.title
        if title not in self._sheets:
            self._sheets[title] = sheet = self._book.create_sheet(title)
            sheet.append(_plain(sheet, [*_own(source, source.heading), *(heading.vi for heading in REJECTED)]))
        sheet = self._sheets[title]
        row = [_native(sheet, cell) for cell in _own(source, cells)]
        sheet.append([*row, *_plain(sheet, _why(source, reject))])

    def close(self) -> bool:
        if self._book is None:
            return False
        self.aside.parent.mkdir(parents=True, exist_ok=True)
        self._book.save(self.aside)
        return True


def _own(source: SheetRows, cells: Sequence[str]) -> list[str]:
    """The cells of a row without those that an earlier reject file added; as many as the heading has."""
    added = source.columns.of_rejects
    width = source.columns.width
    row = [*cells[:width], *([""] * (width - len(cells)))]
    public = source.columns.at.get("address")
    return [cell if place == public else _shown(cell) for place, cell in enumerate(row) if place not in added]


def _shown(cell: str) -> str:
    """The cell without what identifies a person; keeps its type if nothing does."""
    return cell if (shown := masked(cell)) == cell else shown


def _why(source: SheetRows, reject: Reject) -> list[str]:
    return [str(reject.line), reject.column, reject.vi, reject.en, source.style or ""]


def _defused(cell: str) -> str:
    """The cell as text that a spreadsheet does not compute; a plain number stays as it is."""
    if not _ACTIVE.match(cell) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"


def _plain(sheet: Any, cells: Sequence[str]) -> list[Any]:
    return [_text(sheet, cell) for cell in cells]


def _text(sheet: Any, cell: str) -> Any:
    made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(_LOST, cell))
    made.data_type = "s"
    made.quotePrefix = True
    return made


def _native(sheet: Any, cell: str) -> Any:
    """A number or a date as the workbook held it; a formula as text, which is rejected again."""
    if isinstance(cell, Computed):
        return _text(sheet, f"={cell}")
    if not isinstance(cell, Native):
        return _text(sheet, cell)
    value, shown = _value(cell)
    if value is None:
        return _text(sheet, cell)
    made = WriteOnlyCell(sheet, value)
    made.number_format = shown
    return made


def _value(cell: str) -> tuple[Any, str]:
    """The value of a native cell in a workbook, and its number format; None for what a workbook cannot hold."""
    if cell in {"TRUE", "FALSE"}:
        return cell == "TRUE", "General"
    if _NUMBER.fullmatch(cell.removesuffix("%")):
        number = Decimal(cell.removesuffix("%"))
        return (number / 100, "0.#######%") if cell.endswith("%") else (number, "General")
    with suppress(ValueError):
        moment = datetime.fromisoformat(cell)
        return (moment, "yyyy-mm-dd hh:mm:ss") if "T" in cell else (moment.date(), "yyyy-mm-dd")
    return None, "General"


def _kept(aside: Path, name: Path) -> Path:
    """Gives a finished file the first free name, unless a file there already has the same content."""
    for number in count(1):
        wanted = name if number == 1 else name.with_stem(f"{name.stem}-{number}")
        with suppress(FileExistsError), wanted.open("xb") as file:
            file.write(aside.read_bytes())
            return wanted
        if _content(wanted) == _content(aside):
            return wanted
    raise AssertionError


def _content(path: Path) -> Any:
    """The content of a file for comparison; of a workbook only its parts, since it also holds a time."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return sorted((part.filename, part.CRC) for part in archive.infolist() if part.filename.startswith("xl/"))
