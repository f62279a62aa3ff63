"""The attached list as a workbook (XLSX), ready to work with: the same list always makes the same bytes.

Every text is written as text, so that no cell becomes a formula or a link, whatever a name begins with.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import Any

from xlsxwriter import Workbook

from dondoc.notifications.letter.view import Cell, ListColumn, RowList

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The colours of the letters.
_BRAND, _INK, _LINE = "#0F4C5C", "#1B282C", "#CFD8D8"
_FONT = {"font_name": "Arial", "font_size": 10, "font_color": _INK}
_CELL = {**_FONT, "valign": "top", "border": 1, "border_color": _LINE}
# A longer text is no cell (Excel's limit), and would be left out silently.
_LONGEST = 32_767
# In points.
_LINE_HEIGHT, _ROW_GAP = 13, 3
_HEAD_LINES = 3
# As high as a row can be.
_MOST_LINES = 30
_A4 = 9


def workbook(listed: RowList) -> bytes:
    """The list on one sheet: titles, heads (frozen, with a filter), rows; it prints landscape, one page wide."""
    file = BytesIO()
    book = Workbook(file, {"in_memory": True})
    formats = _Formats(book)
    book.set_properties(
        {
            "title": listed.titles[0],
            "author": "Đôn Đốc",
            # The time of making it would make every file another one.
            "created": datetime.combine(listed.night, time()),
        }
    )
    sheet = book.add_worksheet(listed.sheet)
    head, width = len(listed.titles), len(listed.columns)
    for line, title in enumerate(listed.titles):
        sheet.write_string(line, 0, title[:_LONGEST], formats.title)
    for place, column in enumerate(listed.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(head, place, column.head, formats.head)
    heads = max((column.head.count("\n") + 1 for column in listed.columns), default=1)
    sheet.set_row(head, _LINE_HEIGHT * _HEAD_LINES * heads)
    for line, row in enumerate(listed.rows, head + 1):
        # A program that finds no height may show one line of a long text.
        sheet.set_row(line, _LINE_HEIGHT * max(map(_lines, row, listed.columns)) + _ROW_GAP)
        for place, cell in enumerate(row):
            formats.write(sheet, line, place, cell)
    sheet.freeze_panes(head + 1, 0)
    sheet.autofilter(head, 0, head + len(listed.rows), max(width - 1, 0))
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.repeat_rows(head)
    sheet.set_footer("&R&P/&N")
    book.close()
    return file.getvalue()


def _lines(cell: Cell, column: ListColumn) -> int:
    """How many lines a text takes in its column; words that do not fit begin a line of their own."""
    if not isinstance(cell, str):
        return 1
    return min(ceil(len(cell) / (column.width - 2)) or 1, _MOST_LINES)


class _Formats:
    """The formats of one workbook, and which of them a value takes."""

    def __init__(self, book: Workbook) -> None:
        self.title = book.add_format({**_FONT, "bold": True, "font_color": _BRAND, "font_size": 11})
        self.head = book.add_format(
            {
                **_CELL,
                "bold": True,
                "font_color": "#FFFFFF",
                "bg_color": _BRAND,
                "valign": "vcenter",
                "align": "center",
                "text_wrap": True,
            }
        )
        self._text = book.add_format({**_CELL, "text_wrap": True})
        self._day = book.add_format({**_CELL, "num_format": "dd/mm/yyyy", "align": "center"})
        self._whole = book.add_format({**_CELL, "num_format": "#,##0"})
        self._number = book.add_format(_CELL)

    def write(self, sheet: Any, line: int, place: int, cell: Cell) -> None:
        """One cell, by the type of its value; an empty one has its border."""
        match cell:
            case None | "":
                sheet.write_blank(line, place, None, self._text)
            case str():
                sheet.write_string(line, place, cell[:_LONGEST], self._text)
            case date():
                sheet.write_datetime(line, place, datetime.combine(cell, time()), self._day)
            case Decimal() if cell % 1:
                sheet.write_number(line, place, float(cell), self._number)
            case _:
                sheet.write_number(line, place, int(cell), self._whole)
