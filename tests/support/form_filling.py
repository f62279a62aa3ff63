"""Forms in the hands of a clerk: cells filled in by their headings, and saved at a given moment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl

from tests.support.workbooks import changed

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def cells(path: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet by their headings, without the marks of what is needed."""
    head, *rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    return [dict(zip((str(title).removesuffix(" *") for title in head), row, strict=True)) for row in rows]


def place(sheet: Any, title: str, row: int) -> Any:
    """The cell below a heading, in a row of data that counts from 1."""
    (column,) = (cell.column for cell in sheet[1] if str(cell.value).removesuffix(" *") == title)
    return sheet.cell(row + 1, column)


def fill(
    path: Path, sheet: str, row: int, values: Mapping[str, Any], saved: str = "2015-04-20T09:00+07:00"
) -> Path:
    """Fills in some cells of a row and saves the file at that moment."""
    book = openpyxl.load_workbook(path)
    for title, value in values.items():
        cell = place(book[sheet], title, row)
        assert not cell.protection.locked, f"{title} is locked"
        cell.value = value
    book.save(path)
    return saved_at(path, saved)


def saved_at(path: Path, moment: str) -> Path:
    """The same file, saved at another moment."""
    stamp = datetime.fromisoformat(moment).astimezone(tz=None).isoformat().encode()
    return changed(path, "docProps/core.xml", lambda xml: _MODIFIED.sub(rb"\g<1>" + stamp, xml))
