"""Writes a form as a workbook: cells to fill in are coloured, all others are locked, none is a formula."""

from __future__ import annotations

import math
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from dondoc.engine.sources.forms import instructions
from dondoc.engine.sources.forms.form import LAYOUT, CellContent, Column, Form, FormSheet, Value, entered
from dondoc.engine.sources.reading.headings import CHOICES, FILLED_IN, HEADINGS, HOW_TO, SHOWN, TITLES

# The colours of the letters.
_BRAND, _PAPER, _INK, _MUTED, _LINE, _TO_FILL = "0F4C5C", "F4F7F7", "1B282C", "4F6067", "CFD8D8", "FAF0D7"
_BRAND_TO_FILL = "6A4500"
_HEADING, _HEADING_TO_FILL = "dd-heading", "dd-heading-to-fill"
_HEADS = {"counter": "STT"} | {heading.name: heading.vi for heading in SHOWN}
_FORMATS = {CellContent.DAY: "dd/mm/yyyy", CellContent.WHOLE: "0", CellContent.NUMBER: "General"}
_FIRST_DAY, _LAST_DAY = 36_526, 73_051  # 2000-01-01 and 2100-01-01 as workbooks count days
_LARGEST = 999_999_999
_ROW, _HEAD = 20, 36  # heights in points
_HOW_WIDTH = 74


def workbook(form: Form) -> bytes:
    """The form as XLSX. Each sheet has the Vietnamese name of its kind; the last visible one has instructions."""
    book = Workbook()
    book.remove(book.active)
    for style in _styles():
        book.add_named_style(style)
    for sheet in form.sheets:
        _data(book, form, sheet)
    _how(book, form)
    hidden = book.create_sheet(CHOICES)
    hidden.sheet_state = "hidden"
    for place, sheet in enumerate(form.sheets, 1):
        for line, choice in enumerate(sheet.choices, 1):
            _put(hidden, line, place, choice)
    book.properties.title = _plain(f"{_titles(form)} - {form.unit_name}")
    book.properties.creator = "Đôn Đốc"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _styles() -> list[NamedStyle]:
    """The styles of a form's cells: each kind of content, locked and open, and the headings."""
    side = Side(style="thin", color=_LINE)
    border = Border(left=side, right=side, top=side, bottom=side)
    made = [
        NamedStyle(
            name=_style(holds, locked=locked),
            font=Font(name="Arial", size=8 if holds is CellContent.CODE else 10, color=_MUTED if locked else _INK),
            fill=PatternFill("solid", fgColor=_PAPER if locked else _TO_FILL),
            border=border,
            alignment=_alignment(holds),
            number_format=_FORMATS.get(holds, "@"),
            protection=Protection(locked=locked),
        )
        for holds in CellContent
        for locked in (True, False)
    ]
    for name, colour in ((_HEADING, _BRAND), (_HEADING_TO_FILL, _BRAND_TO_FILL)):
        made.append(
            NamedStyle(
                name=name,
                font=Font(name="Arial", size=10, bold=True, color="FFFFFF"),
                fill=PatternFill("solid", fgColor=colour),
                border=border,
                alignment=Alignment(horizontal="center", vertical="center", wrap_text=True),
            )
        )
    return made


def _alignment(holds: CellContent) -> Alignment:
    if holds is CellContent.CODE:
        return Alignment(horizontal="left", vertical="center", indent=1, shrink_to_fit=True)
    side = {CellContent.WHOLE: "right", CellContent.NUMBER: "right", CellContent.DAY: "center"}.get(holds, "left")
    return Alignment(horizontal=side, vertical="center", indent=0 if side == "center" else 1, wrap_text=True)


def _style(holds: CellContent, *, locked: bool) -> str:
    return f"dd-{holds.name.lower()}-{'locked' if locked else 'open'}"


def _data(book: Any, form: Form, sheet: FormSheet) -> None:
    made = book.create_sheet(_title(sheet.kind))
    layout = [
        column
        for column in LAYOUT[sheet.kind]
        if not column.rare or any(row.get(column.name) for row in sheet.rows)
    ]
    checks = _Checks(made, form, sheet)
    for place, column in enumerate(layout, 1):
        to_fill = column.name in FILLED_IN[sheet.kind]
        _put(made, 1, place, _head(sheet.kind, column), _HEADING_TO_FILL if to_fill else _HEADING)
        made.column_dimensions[get_column_letter(place)].width = column.width
    made.row_dimensions[1].height = _HEAD
    for line, row in enumerate(sheet.rows, 2):
        shown = {"counter": line - 1, "unit": form.unit, "unit_name": form.unit_name, **row}
        lines = 1
        for place, column in enumerate(layout, 1):
            value = shown.get(column.name)
            free = entered(sheet.kind, column.name, value)
            cell = _put(made, line, place, value, _style(column.holds, locked=not free))
            if column.holds is not CellContent.CODE:
                lines = max(lines, math.ceil(len(str(value or "")) / column.width))
            if free:
                checks.of(column).add(cell)
        made.row_dimensions[line].height = _ROW if lines == 1 else 4 + 14 * lines
    made.freeze_panes = "A2"
    _protect(made)
    _page(made, _title(sheet.kind), form)
    made.print_title_rows = "1:1"


def _head(kind: str, column: Column) -> str:
    own = {heading.name: heading.vi for heading in HEADINGS[kind]}
    return f"{own.get(column.name) or _HEADS[column.name]}{' *' if column.needed else ''}"


class _Checks:
    """The validation of each column, created once the column has a cell to fill in."""

    def __init__(self, sheet: Any, form: Form, asked: FormSheet) -> None:
        self._sheet, self._made = sheet, dict[str, DataValidation]()
        letter = get_column_letter(form.sheets.index(asked) + 1)
        self._offered = f"'{CHOICES}'!${letter}$1:${letter}${max(len(asked.choices), 1)}"

    def of(self, column: Column) -> DataValidation:
        """The validation of a column."""
        if column.name not in self._made:
            check = self._made[column.name] = self._make(column)
            check.allow_blank = check.showErrorMessage = True
            check.errorTitle = "Đôn Đốc"
            self._sheet.add_data_validation(check)
        return self._made[column.name]

    def _make(self, column: Column) -> DataValidation:
        match column.holds:
            case CellContent.CHOICE:
                return DataValidation("list", formula1=self._offered, error=instructions.NOT_OFFERED)
            case CellContent.DAY:
                return _between("date", _FIRST_DAY, _LAST_DAY, instructions.NOT_A_DAY)
            case CellContent.WHOLE:
                return _between("whole", 1, 1_000_000, instructions.NOT_A_WHOLE)
            case CellContent.NUMBER:
                return _between("decimal", -_LARGEST, _LARGEST, instructions.NOT_A_NUMBER)
        return _between("textLength", 0, 200, instructions.TOO_LONG)


def _between(kind: str, low: int, high: int, error: str) -> DataValidation:
    return DataValidation(kind, operator="between", formula1=str(low), formula2=str(high), error=error)


def _how(book: Any, form: Form) -> None:
    made = book.create_sheet(HOW_TO)
    made.sheet_view.showGridLines = False
    made.column_dimensions["A"].width = 5
    made.column_dimensions["B"].width = _HOW_WIDTH
    made.column_dimensions["C"].width = _HOW_WIDTH * 0.8
    title = _put(made, 1, 2, f"Biểu {_titles(form)} của {form.unit_name}")
    title.font = Font(name="Arial", size=14, bold=True, color=_BRAND)
    written = instructions.written_on(form.on)
    for place, said in ((2, f"Mã đơn vị {form.unit} · {written.vi}"), (3, f"{form.unit} · {written.en}")):
        _put(made, 2, place, said).font = Font(name="Arial", size=10, color=_MUTED)
    kinds = tuple(sheet.kind for sheet in form.sheets)
    for number, step in enumerate(instructions.steps(kinds), 1):
        line = number + 3
        parts = ((f"{number}.", 11, _BRAND), (step.vi, 11, _INK), (step.en, 10, _MUTED))
        for place, (text, size, colour) in enumerate(parts, 1):
            cell = _put(made, line, place, text)
            cell.font = Font(name="Arial", size=size, bold=place == 1, color=colour)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        made.row_dimensions[line].height = 6 + 15 * math.ceil(len(step.vi) / (_HOW_WIDTH - 6))
    _protect(made)
    _page(made, HOW_TO, form)


def _put(sheet: Any, line: int, place: int, value: Value, style: str | None = None) -> Any:
    """Writes one cell; a text stays a text, even one that begins like a formula."""
    cell = sheet.cell(line, place)
    if style is not None:
        cell.style = style
    if isinstance(value, str):
        cell.value = _plain(value)
        cell.data_type = "s"
    elif value is not None:
        shown = cell.number_format
        cell.value = value
        cell.number_format = shown
    return cell


def _protect(sheet: Any) -> None:
    """Locks a sheet without a password; widths and heights can still be changed."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def _page(sheet: Any, title: str, form: Form) -> None:
    """Sets up printing: A4, landscape, fitted to the page width, with a header and page numbers."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddHeader.left.text = _literal(f"{title} · {form.unit_name}")
    sheet.oddHeader.right.text = instructions.written_on(form.on).vi
    sheet.oddFooter.right.text = "&P/&N"


def _plain(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return str(ILLEGAL_CHARACTERS_RE.sub("", text))


def _literal(text: str) -> str:
    """The text for a page header, where an ampersand begins a command."""
    return _plain(text).replace("&", "&&")


def _title(kind: str) -> str:
    return next(heading.vi for heading in TITLES if heading.name == kind)


def _titles(form: Form) -> str:
    return ", ".join(_title(sheet.kind).lower() for sheet in form.sheets)
