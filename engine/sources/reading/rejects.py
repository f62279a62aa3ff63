"""Writes rejected rows into files of the same format, to be corrected there and imported again.

A file is written without a name and gets one just before the import commits. It never replaces another file, goes
through no link, and rows that were rejected before in the same way make no second file.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import stat
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from io import TextIOWrapper
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from dondoc.engine.sources.formats.csv_files import Delimited
from dondoc.engine.sources.formats.table import Computed, Native
from dondoc.engine.sources.formats.workbook import WorkbookSheet
from dondoc.engine.sources.reading.files import REJECTS
from dondoc.engine.sources.reading.headings import REJECTED
from dondoc.engine.sources.reading.kinds import Reject
from dondoc.engine.sources.reading.own_folder import opened_folder
from dondoc.engine.sources.reading.personal_data import masked
from dondoc.engine.sources.reading.source import SheetRows

# The beginning of a cell that a spreadsheet program computes when it opens a CSV file.
_ACTIVE = re.compile(r"'*[=+@\t\r-]")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]+)?")
_LEFT = Path("var") / "tu-choi"
_LOST = "\N{REPLACEMENT CHARACTER}"


@dataclass(slots=True)
class RejectFiles:
    """Where reject files go: to `folder`, else beside the input; where that cannot be written, to `var/tu-choi`.

    `ours`: the program makes `folder` among files of others, so a link in its place is never followed.
    """

    folder: Path | None = None
    ours: bool = False
    written: list[Path] = field(default_factory=list)

    @contextmanager
    def beside(self, path: Path) -> Iterator[RejectFile]:
        """The reject file of an input file; it stays if the block ends without an error and it has a row."""
        folder, ours = self._folder_for(path)
        name = f"{path.stem.partition(REJECTS)[0]}{REJECTS}{path.suffix.lower()}"
        file: RejectFile = (_WorkbookFile if path.suffix.lower() == ".xlsx" else _CsvFile)(folder, name, ours=ours)
        try:
            yield file
            kept = file.keep()
        except BaseException:
            file.withdraw()
            raise
        finally:
            file.give_up()
        if kept is not None:
            self.written.append(kept)

    def _folder_for(self, path: Path) -> tuple[Path, bool]:
        if self.folder is None:
            return (path.parent, False) if os.access(path.parent, os.W_OK) else (_LEFT, True)
        outer = self.folder.parent
        if self.ours and outer.is_dir() and not os.access(outer, os.W_OK) and not self.folder.is_dir():
            return _LEFT, True
        return self.folder, self.ours


class RejectFile(ABC):
    """A file of rejects while it is written: without a name, so that nothing of it stays after a kill."""

    def __init__(self, folder: Path, name: str, *, ours: bool) -> None:
        """Writes nothing before the first reject."""
        self._folder, self._name, self._ours = folder, name, ours
        self._made: IO[bytes] | None = None
        self._kept: Path | None = None
        self._own = False

    @abstractmethod
    def add(self, source: SheetRows, cells: Sequence[str], reject: Reject) -> None:
        """Adds one row unchanged, with the reason for its rejection."""

    @abstractmethod
    def close(self) -> None:
        """Completes the file."""

    def keep(self) -> Path | None:
        """Gives the file its name, once; its path, or None if it has no row. Raises `OSError`.

        An import calls it before it commits, so that it fails as a whole where its rejects cannot be written.
        """
        if self._kept is None and self._made is not None:
            self.close()
            self._made.flush()
            with opened_folder(self._folder, ours=self._ours) as where:
                name, self._own = _named(self._made, where, Path(self._name))
            self._kept = self._folder / name
        return self._kept

    def withdraw(self) -> None:
        """Removes what `keep` made: the import that it belongs to failed."""
        if self._own and self._kept is not None:
            self._kept.unlink(missing_ok=True)

    def give_up(self) -> None:
        """Closes the file; without a name it is gone."""
        if self._made is not None:
            self._made.close()

    def _begun(self) -> IO[bytes]:
        """The file without a name, in its folder, so that a right that is missing shows at the first reject."""
        with opened_folder(self._folder, ours=self._ours):
            self._made = TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed by `give_up`
        return self._made


class _CsvFile(RejectFile):
    """A CSV file in UTF-8 with a byte order mark, which Excel recognises, and with the delimiter of the input."""

    def __init__(self, folder: Path, name: str, *, ours: bool) -> None:
        super().__init__(folder, name, ours=ours)
        self._file: TextIOWrapper | None = None
        self._rows: Any = None

    def add(self, source: SheetRows, cells: Sequence[str], reject: Reject) -> None:
        """Adds one row; a cell that a spreadsheet would compute gets an apostrophe, which `SheetRows` removes."""
        if self._file is None:
            # Rows from a database have no delimiter.
            delimiter = source.table.delimiter if isinstance(source.table, Delimited) else ","
            self._file = TextIOWrapper(
                cast("BinaryIO", self._begun()), encoding="utf-8-sig", newline="", errors="replace"
            )
            self._rows = csv.writer(self._file, delimiter=delimiter)
            self._rows.writerow([*_own(source, source.heading), *(heading.vi for heading in REJECTED)])
        row = [_defused(cell) for cell in _own(source, cells)]
        self._rows.writerow([*row, *map(str, _why(source, reject))])

    def close(self) -> None:
        if self._file is not None:
            self._file.flush()


class _WorkbookFile(RejectFile):
    """A workbook with the sheets of the input that had rejects; numbers and dates stay numbers and dates."""

    def __init__(self, folder: Path, name: str, *, ours: bool) -> None:
        super().__init__(folder, name, ours=ours)
        self._book: Any = None
        self._sheets: dict[str, Any] = {}

    def add(self, source: SheetRows, cells: Sequence[str], reject: Reject) -> None:
        if self._book is None:
            self._begun()
            self._book = Workbook(write_only=True)
        assert isinstance(source.table, WorkbookSheet)
        title = source.table.title
        if title not in self._sheets:
            self._sheets[title] = sheet = self._book.create_sheet(title)
            sheet.append(_plain(sheet, [*_own(source, source.heading), *(heading.vi for heading in REJECTED)]))
        sheet = self._sheets[title]
        row = [_native(sheet, cell) for cell in _own(source, cells)]
        sheet.append([*row, *_plain(sheet, _why(source, reject))])

    def close(self) -> None:
        if self._book is not None:
            self._book.save(self._made)


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


def _named(made: IO[bytes], folder: int, name: Path) -> tuple[str, bool]:
    """Gives a finished file the first free name in an open folder, unless a file there has the same content.

    The name, and whether a file was made.
    """
    for number in count(1):
        wanted = name.name if number == 1 else f"{name.stem}-{number}{name.suffix}"
        try:
            fresh = os.open(wanted, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666, dir_fd=folder)
        except FileExistsError:
            if _same_content(made, wanted, folder):
                return wanted, False
            continue
        try:
            with os.fdopen(fresh, "wb") as file:
                made.seek(0)
                shutil.copyfileobj(made, file)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            os.unlink(wanted, dir_fd=folder)
            raise
        return wanted, True
    raise AssertionError


def _same_content(made: IO[bytes], name: str, folder: int) -> bool:
    """Whether a file in an open folder has the content of another; a link has none."""
    try:
        there = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError:
        return False
    with os.fdopen(there, "rb") as file:
        return stat.S_ISREG(os.fstat(there).st_mode) and _content(file) == _content(made)


def _content(file: IO[bytes]) -> Any:
    """The content of a file for comparison; of a workbook only its parts, since it also holds a time."""
    file.seek(0)
    if not zipfile.is_zipfile(file):
        file.seek(0)
        return file.read()
    with zipfile.ZipFile(file) as archive:
        return sorted((part.filename, part.CRC) for part in archive.infolist() if part.filename.startswith("xl/"))
