"""Rows of an official table that are no data: a title above the heading, numbers of columns, sums, signatures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dondoc.engine.sources.formats.table import Cells
from dondoc.engine.sources.reading.header_row import known
from dondoc.engine.sources.reading.headings import folded
from dondoc.engine.sources.reading.kinds import Sheet

# How many rows a title may have.
DEEPEST = 20
_LEAST = 2
_SIGN = re.compile(r"\([0-9A-Za-z]{1,2}\)")
# How a row begins that is no data, without its accents. A code or an id never does: they are ASCII.
_BEGINS = re.compile(
    r"(?:tong (?:cong|so)|nguoi lap (?:bieu|bang)|nguoi bao cao|thu truong|noi nhan|ghi chu)\b"
    r"|cong\W*$|.*\bngay\b.*\bthang\b.*\bnam\b"
)


def heading_place(sheet: Sheet, rows: Iterable[Sequence[str]]) -> int:
    """How many of the first rows stand above the heading; 0 where none of them is one."""
    for place, cells in enumerate(rows):
        filled = sum(1 for cell in cells if cell.strip())
        mine = known(sheet, cells)
        if mine >= _LEAST and 2 * mine >= filled:
            return place
    return 0


def is_numbering(cells: Cells) -> bool:
    """Whether a row below the heading only numbers the columns: (1) (2) (3)."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) > 1 and all(_SIGN.fullmatch(cell) for cell in filled)


def is_furniture(cells: Cells, key: int) -> bool:
    """Whether a row is a sum, a place and date, or a signature.

    `key` is the place of a cell that data never lacks: a row with a key is data, whatever it says.
    """
    first = next((cell for cell in cells if cell.strip()), "")
    named = cells[key].strip() if key < len(cells) else ""
    return (
        (not named or named == first.strip()) and not first.isascii() and _BEGINS.match(folded(first)) is not None
    )
