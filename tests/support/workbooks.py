"""Workbooks as offices and attackers make them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"


def workbook(
    path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], formats: Mapping[str, str] | None = None
) -> Path:
    """A workbook with these sheets; `formats` gives cells of the first sheet a number format."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    for place, shown in (formats or {}).items():
        book.worksheets[0][place].number_format = shown
    book.save(path)
    return path


def with_shared_strings(path: Path, strings: bytes) -> Path:
    """The same workbook, the first cell below the heading being the first of these `<si>` elements."""
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    changed(path, "[Content_Types].xml", lambda xml: xml.replace(b"</Types>", override))
    changed(path, "xl/sharedStrings.xml", lambda _: strings)
    return changed(
        path, SHEET, lambda xml: re.sub(rb'<c r="A2"[^>]*>.*?</c>', b'<c r="A2" t="s"><v>0</v></c>', xml)
    )


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The same workbook with one part written again."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path
