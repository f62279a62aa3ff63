"""The entry to this room for others: the kinds of sheet, and the rows of a file of one kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading.files import opened
from dondoc.engine.sources.reading.kinds import SHEETS, AcceptedRow, Reject, Sheet
from dondoc.engine.sources.reading.source import ImportOptions, SheetRows

__all__ = ["SHEETS", "AcceptedRow", "ImportOptions", "Reject", "Sheet", "SheetRefused", "SheetRows", "read"]


def read(path: Path, sheet: Sheet, how: ImportOptions | None = None) -> Iterator[AcceptedRow | Reject]:
    """Every row of a CSV or XLSX file of one kind of sheet, accepted or rejected, in order.

    Raises `SheetRefused` if the file cannot be read or has the heading of another sheet.
    """
    with opened(path, how or ImportOptions(), sheet.name) as (sources, _):
        for source in sources:
            for line, cells in source.rows():
                yield source.read(line, cells)
