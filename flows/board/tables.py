"""The statistics as files for a spreadsheet: CSV, and XLSX with dates as dates and numbers as numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import TaskGroup
from dondoc.flows.board.overview import cases_of
from dondoc.flows.board.stories import named
from dondoc.flows.board.view import BoardView, CaseLine, Month
from dondoc.flows.records.csv_file import to_csv
from dondoc.flows.records.task_statistics import COUNTS, HEADS, NAME, TaskRow, rows_of
from dondoc.notifications.wording import board_pages, labels

Value = str | int | date | None
_WIDTHS: Mapping[type[object], int] = {str: 44, int: 13, date: 13}
_DATE = "dd/mm/yyyy"
# What XML cannot hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its head, and what its cells hold."""

    head: Text
    holds: type[str | int | date]


@dataclass(frozen=True, slots=True)
class SheetOfRows:
    """A table that can be taken along: the name of its files, what it is, its columns and its rows."""

    name: str
    title: Text
    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[Value]]


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many cases were opened and closed in a month, and were open at its end (None: no night was judged)."""

    first: date
    opened: int
    closed: int
    open: int | None

    @property
    def month(self) -> str:
        """`07/2019`."""
        return f"{self.first:%m/%Y}"


BY_MONTH = Text("Hồ sơ theo tháng", "Cases by month")
MONTH_HEADS = (
    Text("Tháng", "Month"),
    Text("Đã mở", "Opened"),
    Text("Đã đóng", "Closed"),
    Text("Đang mở cuối tháng", "Open at its end"),
)


def sheets(view: BoardView) -> Iterator[SheetOfRows]:
    """Every table: tasks by directive, rule and unit; cases by month, by unit and month; and every case."""
    for name, group in (
        ("van-ban", TaskGroup.DIRECTIVE),
        ("quy-tac", TaskGroup.RULE),
        ("don-vi", TaskGroup.UNIT),
    ):
        yield _tasks(view, name, group)
    yield SheetOfRows(
        "theo-thang",
        BY_MONTH,
        [TableColumn(MONTH_HEADS[0], date), *(TableColumn(head, int) for head in MONTH_HEADS[1:])],
        [(one.first, one.opened, one.closed, one.open) for one in by_month(view)],
    )
    yield _by_unit_and_month(view)
    yield _cases(view)


def task_rows(view: BoardView, group: TaskGroup) -> Sequence[TaskRow]:
    """The counts of tasks by directive, rule or unit, by id."""
    return rows_of(view.counts, view.book, view.chart, group, view.night)


def by_month(view: BoardView) -> Sequence[MonthCount]:
    """The twelve months of the board."""
    cases = [line.case for line in view.lines]
    return [
        MonthCount(
            month.first,
            sum(_in(month, case.opened_on) for case in cases),
            sum(_in(month, case.closed_on) for case in cases),
            None if month.night is None else sum(line.months >> n & 1 for line in view.lines),
        )
        for n, month in enumerate(view.months)
    ]


def _in(month: Month, day: date | None) -> bool:
    return day is not None and (day.year, day.month) == (month.first.year, month.first.month)


def _tasks(view: BoardView, name: str, group: TaskGroup) -> SheetOfRows:
    return SheetOfRows(
        name,
        Text.format("Việc theo {by}", "Tasks by {by}", by=Text(HEADS[group].vi.lower(), HEADS[group].en.lower())),
        [
            TableColumn(HEADS[group], str),
            TableColumn(NAME, str),
            *(TableColumn(head, int) for head in COUNTS.values()),
        ],
        [(row.id, row.name.vi, *astuple(row.counts)) for row in task_rows(view, group)],
    )


def _by_unit_and_month(view: BoardView) -> SheetOfRows:
    rows = [
        (unit, view.name(unit).vi, month.first, sum(line.months >> n & 1 for line in cases_of(view, [unit])))
        for unit in sorted(view.by_unit)
        for n, month in enumerate(view.months)
        if month.night is not None
    ]
    columns = [
        TableColumn(labels.UNIT, str),
        TableColumn(NAME, str),
        TableColumn(MONTH_HEADS[0], date),
        TableColumn(MONTH_HEADS[3], int),
    ]
    return SheetOfRows("don-vi-thang", board_pages.OPEN_BY_MONTH, columns, rows)


_CASE_COLUMNS = (
    TableColumn(labels.CASE, str),
    TableColumn(labels.UNIT, str),
    TableColumn(NAME, str),
    TableColumn(board_pages.RULES, str),
    TableColumn(board_pages.WHAT, str),
    TableColumn(board_pages.STANDING, str),
    TableColumn(board_pages.STEP, int),
    TableColumn(labels.LIMIT, date),
    TableColumn(board_pages.SINCE, date),
    TableColumn(Text("Đóng đêm", "Closed"), date),
    TableColumn(Text("Kết quả", "Outcome"), str),
)


def _cases(view: BoardView) -> SheetOfRows:
    return SheetOfRows("ho-so", board_pages.CASES, _CASE_COLUMNS, [_case(view, line) for line in view.lines])


def _case(view: BoardView, line: CaseLine) -> Sequence[Value]:
    case = line.case
    return (
        case.code,
        "; ".join(line.bearers),
        "; ".join(view.name(unit).vi for unit in line.bearers),
        case.task.rule,
        named(view, line).vi,
        board_pages.STATUS[case.status].vi,
        case.reached,
        case.task.last_day,
        case.opened_on,
        case.closed_on,
        board_pages.OUTCOMES[case.outcome].vi if case.outcome else "",
    )


def as_csv(sheet: SheetOfRows) -> bytes:
    """A table as CSV; a text that begins like a formula gets an apostrophe, dates are ISO."""
    head = [column.head.both() for column in sheet.columns]
    return to_csv([head, *(["" if cell is None else str(cell) for cell in row] for row in sheet.rows)])


def as_xlsx(sheet: SheetOfRows) -> bytes:
    """A table as a workbook: its head stays in view and filters, and it prints one page wide."""
    book = Workbook(write_only=True)
    made = book.create_sheet(sheet.name)
    made.freeze_panes = "A2"
    made.page_setup.orientation, made.page_setup.paperSize = "landscape", 9
    made.page_setup.fitToWidth, made.page_setup.fitToHeight = 1, 0
    made.sheet_properties.pageSetUpPr.fitToPage = True
    made.print_title_rows = "1:1"
    last = get_column_letter(len(sheet.columns))
    made.auto_filter.ref = f"A1:{last}{len(sheet.rows) + 1}"
    for n, column in enumerate(sheet.columns, 1):
        made.column_dimensions[get_column_letter(n)].width = _WIDTHS[column.holds]
    made.append([_head(made, column.head.both()) for column in sheet.columns])
    # A row is written as soon as it is appended, so one cell of each column serves a hundred thousand rows.
    cells = [_of_column(made, column) for column in sheet.columns]
    for row in sheet.rows:
        made.append([_filled(cell, value) for cell, value in zip(cells, row, strict=True)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: object, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _of_column(sheet: object, column: TableColumn) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    if column.holds is date:
        cell.number_format = _DATE
    return cell


def _filled(cell: WriteOnlyCell, value: Value) -> WriteOnlyCell | None:
    """The cell with a value; a text stays a text, even one that begins like a formula."""
    if value is None:
        return None
    if isinstance(value, str):
        cell.value = _UNWRITABLE.sub("", value)
        cell.data_type = "s"
    else:
        cell.value = value
    return cell
