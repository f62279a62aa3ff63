"""What the rest of the project asks of a file: which sheets there are, and the rows of one of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading.files import opened
from dondoc.engine.sources.reading.kinds import SHEETS, AcceptedRow, Reject, Sheet
from dondoc.engine.sources.reading.source import ImportOptions, SheetRows

__all__ = ["SHEETS", "AcceptedRow", "ImportOptions", "Reject", "Sheet", "SheetRefused", "SheetRows", "read"]


def read(path: Path, sheet: Sheet, how: ImportOptions | None = None) -> Iterator[AcceptedRow | Reject]:
    """Every row of a CSV or XLSX file of one sheet, accepted or rejected, in order.

    Raises `SheetRefused` when the file cannot be read, or its heading is not the sheet's.
    """
    with opened(path, how or ImportOptions(), sheet.name) as (sources, _):
        for source in sources:
            for line, cells in source.rows():
                yield source.read(line, cells)
