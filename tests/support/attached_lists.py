"""Reads the list that a letter attaches, as a spreadsheet does and without the code that wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl


@dataclass(frozen=True)
class AttachedList:
    """The titles above the heads, and each row by the Vietnamese heads of its columns.

    `sheet` is the sheet as openpyxl knows it, `head` the number of the line with the heads.
    """

    titles: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    sheet: Any
    head: int


def attached_list(content: bytes) -> AttachedList:
    """The list of a file; a day is a date, a number a number, everything else text or None."""
    (sheet,) = openpyxl.load_workbook(BytesIO(content)).worksheets
    # The heads stand where the frozen part ends.
    head = int(sheet.freeze_panes.removeprefix("A")) - 1
    lines = [[_read(cell) for cell in line] for line in sheet.iter_rows()]
    heads = tuple(str(one) for one in lines[head - 1])
    own = [one.partition("\n")[0] for one in heads]
    rows = tuple(dict(zip(own, line, strict=True)) for line in lines[head:])
    return AttachedList(tuple(str(line[0]) for line in lines[: head - 1]), heads, rows, sheet, head)


def said_in(content: bytes) -> str:
    """Every text and number of the file, a line for each cell."""
    found = attached_list(content)
    return "\n".join(str(cell) for row in found.rows for cell in row.values() if cell is not None)


def _read(cell: Any) -> str | int | float | date | None:
    value = cell.value
    assert cell.data_type in ("n", "s", "d", "inlineStr"), f"{cell.coordinate}: {cell.data_type} {value}"
    return value.date() if isinstance(value, datetime) else value
