"""One table read as a given kind of sheet: its raw rows, and each row accepted or rejected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from dondoc.engine.domain.model import UNDATED, ZONE, Text
from dondoc.engine.domain.terms import SheetKind
from dondoc.engine.sources.formats.csv_files import DELIMITERS, Delimited
from dondoc.engine.sources.formats.legacy_vietnamese import ENOUGH, Legacy, converted, is_unicode, signs
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.formats.table import Cells, Computed, Native, Table
from dondoc.engine.sources.reading import number_style
from dondoc.engine.sources.reading.cells import Parse, Unreadable, optional
from dondoc.engine.sources.reading.file_evidence import FileEvidence
from dondoc.engine.sources.reading.furniture import DEEPEST, heading_place, is_furniture, is_numbering
from dondoc.engine.sources.reading.header_row import Columns, columns, known
from dondoc.engine.sources.reading.headings import FILLED_IN
from dondoc.engine.sources.reading.kinds import FIGURES, AcceptedRow, Reject, Sheet, contradiction
from dondoc.engine.sources.reading.number_style import NumberStyle
from dondoc.engine.sources.reading.personal_data import masked

# Columns of dates as a person types them; only there can the month come first.
_DAYS = frozenset(
    {"from", "until", "effective", "assigned_on", "due", "submitted_on", "done_on", "first_day", "last_day"}
    | {"recorded_at", "on", "sent_on", "dated"}
)
# The same word is in thousands of rows; it is parsed once.
_REMEMBERED = 10_000
_UNREAD = object()
_DEFUSED = re.compile(r"'+[=+@\t\r-]")
_STYLES = {
    NumberStyle.VI: Text("số kiểu Việt Nam (8.999 là tám nghìn)", "Vietnamese numbers"),
    NumberStyle.EN: Text("số kiểu quốc tế (8,999 là tám nghìn)", "international numbers"),
}


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the caller declares about the files, and what the rules say, where they are known.

    `percentages` says by indicator whether it is one, `codes` by sheet which codes a rule reads; sheets of other
    `kinds` are refused.
    """

    encoding: str | None = None
    numbers: NumberStyle | None = None
    percentages: Mapping[str, bool] = field(default_factory=dict)
    codes: Mapping[SheetKind, frozenset[str]] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset(SheetKind)


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: its place (None: absent), its parser, and the values parsed before."""

    name: str
    place: int | None
    parse: Parse
    figure: bool
    memory: dict[str, Any]


class SheetRows:
    """A table whose heading and way of writing numbers are known."""

    def __init__(
        self,
        table: Table,
        sheet: Sheet,
        how: ImportOptions | None = None,
        refusals: list[SheetRefused] | None = None,
    ) -> None:
        """Reads the heading, and the whole table once to decide how it writes numbers and dates.

        Raises `SheetRefused` if the table is not that kind of sheet or cannot be read to its end. With `refusals`,
        what is wrong in a heading, in numbers or in letters is added there instead; then `refused` is set, and
        rows can be read only to report what is wrong in them.
        """
        self.table, self.sheet, self.how = table, sheet, how or ImportOptions()
        self.refused = False
        # Whether cells can be judged: not while it is open which letters or numbers they hold.
        self.judged = True
        if sheet.name not in self.how.kinds:
            raise SheetRefused(
                table.name,
                f"nguồn này không được mang loại «{sheet.name}»; nếu nơi gửi được quyết định việc đó, thêm vào "
                "«kinds» của nguồn trong sources.yaml",
                f"this source may not bring {sheet.name}: if its sender may decide that, add it to 'kinds' of the "
                "source in sources.yaml",
            )
        self._legacy = Legacy(self.how.encoding) if self.how.encoding in set(Legacy) else None
        if isinstance(table, Delimited):
            _settle_delimiter(table, sheet)
        self._above = heading_place(sheet, (cells for _, cells in islice(self._in_unicode(), DEEPEST)))
        self.heading = next((cells for _, cells in islice(self._in_unicode(), self._above, None)), [])
        self.columns: Columns
        self.columns, wrong = columns(table.name, sheet, self.heading, table.saved)
        if wrong is not None:
            self._refuse(wrong, refusals)
        # Rows of the table that are no data: a title, numbers of columns, sums, signatures.
        self._key = self.columns.at.get(next(iter(sheet.columns)), 0)
        self._furniture = self._above
        # How many rows of a form the unit has not filled in, as far as `rows` has come.
        self.waiting = 0
        self._to_fill = tuple(
            self.columns.at[column] for column in FILLED_IN.get(sheet.name, ()) if column in self.columns.at
        )
        self.style: NumberStyle | None = None
        try:
            self.style = self._style()
        except SheetRefused as undecided:
            self._refuse(undecided, refusals)
            self.judged = False
        read_as = [
            _Column(name, self.columns.at.get(name), self._parser(name, parse), name in FIGURES, {})
            for name, parse in sheet.columns.items()
        ]
        # Unpacked for the loop over all cells.
        self._columns = tuple((column.name, column.place, column.memory, column) for column in read_as)
        self._defused = isinstance(table, Delimited) and "reject_line" in self.columns.passed_over

    def _refuse(self, wrong: SheetRefused, refusals: list[SheetRefused] | None) -> None:
        if refusals is None:
            raise wrong
        refusals.append(wrong)
        self.refused = True

    @property
    def name(self) -> str:
        """Its name in a message."""
        return self.table.name

    def notes(self) -> list[Text]:
        """What was assumed about the table, for the report."""
        said = [self.table.form] if self.table.form is not None else []
        if self.style is not None:
            said.append(_STYLES[self.style])
        if self._furniture:
            n = self._furniture
            said.append(Text(f"bỏ qua {n} dòng không phải dữ liệu", f"rows that are no data: {n}"))
        if self.columns.of_a_form:
            said += self._saved()
        elif self.columns.absent:
            absent = ", ".join(self.columns.absent)
            said.append(Text(f"không có cột {absent}: coi như trống", f"without {absent}: treated as empty"))
        return said

    def _saved(self) -> list[Text]:
        """The entry time of a form's rows that have none."""
        if self.table.saved is None:
            return []
        moment = self.table.saved.astimezone(ZONE)
        return [Text(f"lưu lúc {moment:%H:%M ngày %d/%m/%Y}", f"saved at {moment:%d/%m/%Y %H:%M}")]

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Every raw row below the heading; of a form only those filled in. Raises `SheetRefused`."""
        rows = self._data(islice(self._in_unicode(), self._above + 1, None))
        return self._filled(rows) if self.columns.of_a_form else rows

    def _data(self, rows: Iterator[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
        """The rows without those that are no data, which are counted."""
        self._furniture = self._above
        for place, (line, cells) in enumerate(rows):
            if (place == 0 and is_numbering(cells)) or is_furniture(cells, self._key):
                self._furniture += 1
            # A row of blanks is an empty row, and nobody needs to be told of it.
            elif any(map(str.strip, cells)):
                yield line, cells

    def _in_unicode(self) -> Iterator[tuple[int, Cells]]:
        """Every raw row, converted where the caller declared an encoding of the fonts before Unicode."""
        if self._legacy is None:
            return self.table.rows()
        return ((line, self._converted(line, cells, self._legacy)) for line, cells in self.table.rows())

    def _converted(self, line: int, cells: Cells, code: Legacy) -> Cells:
        if any(map(is_unicode, cells)):
            raise SheetRefused(
                self.name,
                f"dòng {line}: chữ đã là Unicode; nạp lại mà không có --encoding {code}",
                f"line {line}: its letters are Unicode: import it without --encoding {code}",
            )
        return [cell if type(cell) is not str or cell.isascii() else converted(cell, code) for cell in cells]

    def _refuse_legacy(self, line: int, cells: Cells, seen: Mapping[Legacy, set[str]]) -> None:
        """Raises `SheetRefused` once enough words are Vietnamese only in TCVN3 or VNI."""
        for cell in cells:
            if not cell.isascii():
                for code in signs(cell, seen):
                    if len(seen[code]) >= ENOUGH:
                        raise SheetRefused(
                            self.name,
                            f"dòng {line}: chữ là {code.upper()}, không phải Unicode; nạp với --encoding "
                            f"{code}, hoặc chuyển sang Unicode rồi lưu lại",
                            f"line {line}: its letters are {code.upper()} and not Unicode: import it with "
                            f"--encoding {code}, or convert it and save it again",
                        )

    def _filled(self, rows: Iterator[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
        self.waiting = 0
        for line, cells in rows:
            if any(self._entered(cells, place) for place in self._to_fill):
                yield line, cells
            else:
                self.waiting += 1

    @staticmethod
    def _entered(cells: Cells, place: int) -> bool:
        """Whether a cell is filled; a formula without a result counts, and so does a row that ends before it."""
        return place >= len(cells) or bool(cells[place].strip()) or type(cells[place]) is Computed

    def read(self, line: int, cells: Cells) -> AcceptedRow | Reject:
        """One row, accepted or rejected for everything that is wrong in it."""
        wrong = self._wrong_width(line, cells)
        if wrong:
            return wrong
        values: dict[str, Any] = {}
        found: list[Reject] = []
        for name, place, memory, column in self._columns:
            cell = "" if place is None else cells[place]
            value = memory.get(cell, _UNREAD)
            if value is _UNREAD or type(cell) is Computed:
                try:
                    value = self._value(column, cell, values)
                except Unreadable as reason:
                    shown = "" if reason.private else cell if name == "address" else masked(cell)
                    found.append(Reject(self.name, line, name, shown, reason.vi, reason.en))
                    continue
            values[name] = value
        if found:
            return replace(found[0], further=tuple(found[1:]), values=values)
        if self.columns.of_a_form and values["recorded_at"] is None:
            values |= {"recorded_at": self.table.saved, UNDATED: True}
        wrong_pair = None if self.refused else contradiction(self.sheet.name, values)
        return Reject(self.name, line, *wrong_pair) if wrong_pair else AcceptedRow(line, values)

    def key_of(self, cells: Cells) -> str:
        """The first column of a row as it is written, by which other sheets may name the row."""
        return cells[self._key].strip() if self._key < len(cells) else ""

    def _parser(self, column: str, parse: Parse) -> Parse:
        """The parser of a column; on a form the entry time may be empty if the file records when it was saved."""
        if self.refused and column not in self.columns.at:
            # The heading was refused for it; a row is not blamed again.
            return lambda _: None
        dated_by_file = column == "recorded_at" and self.columns.of_a_form and self.table.saved is not None
        return optional(parse) if dated_by_file else parse

    def rejected(self, line: int, column: str, value: str, vi: str, en: str) -> Reject:
        """A reject for a row that a later stage cannot accept; masks what identifies a person."""
        return Reject(self.name, line, column, masked(value), vi, en)

    def _value(self, column: _Column, cell: str, values: Mapping[str, Any]) -> Any:
        if type(cell) is Computed:
            raise Unreadable(
                "là công thức hoặc lỗi tính; dán giá trị", "is a formula or its error: paste the value"
            )
        if column.figure:
            return self._figure(column, cell, values)
        value = column.parse(self._undefused(cell).strip())
        if len(column.memory) < _REMEMBERED:
            column.memory[cell] = value
        return value

    def _figure(self, column: _Column, cell: str, values: Mapping[str, Any]) -> Any:
        style = NumberStyle.EN if type(cell) is Native else self.style or NumberStyle.EN
        written = self._undefused(cell).strip()
        if not number_style.styles(written):
            return column.parse(written)
        digits, percent = number_style.plain(written, style)
        if percent and column.name == "quantity":
            raise Unreadable("là số lượng, không nhận dấu %", "is a count: no percent sign")
        if percent and self.how.percentages.get(values.get("indicator", ""), True) is False:
            raise Unreadable("chỉ tiêu này không tính bằng %", "this indicator is not a percentage")
        return column.parse(digits)

    def _undefused(self, cell: str) -> str:
        """The cell without the apostrophe that a reject file puts before what a spreadsheet would compute."""
        return cell[1:] if self._defused and _DEFUSED.match(cell) else cell

    def _wrong_width(self, line: int, cells: Cells) -> Reject | None:
        width = self.columns.width
        if len(cells) == width or (len(cells) > width and not any(cells[width:])):
            return None
        return Reject(
            self.name,
            line,
            "-",
            str(len(cells)),
            f"có {len(cells)} ô, cần {width}",
            f"has {len(cells)} cells, needs {width}",
        )

    def _style(self) -> NumberStyle | None:
        """How the whole table writes numbers; a declaration wins, then the column of a reject file."""
        evidence = FileEvidence(self.name)
        days = [place for column, place in self.columns.at.items() if column in _DAYS]
        written = [place for column, place in self.columns.at.items() if column in FIGURES]
        declared = self.columns.passed_over.get("reject_numbers")
        said: set[NumberStyle] = set()
        seen: dict[Legacy, set[str]] = {code: set() for code in Legacy}
        for line, cells in self.rows():
            self._refuse_legacy(line, cells, seen)
            for place in days:
                if place < len(cells) and "/" in cells[place]:
                    evidence.see_day(line, cells[place])
            for place in written:
                if place < len(cells) and type(cells[place]) is str:
                    evidence.see_figure(line, cells[place])
            if declared is not None and declared < len(cells) and cells[declared] in set(NumberStyle):
                said.add(NumberStyle(cells[declared]))
        if not written:
            return None
        return self.how.numbers or (said.pop() if len(said) == 1 else evidence.style())


def _settle_delimiter(table: Delimited, sheet: Sheet) -> None:
    """Sets the delimiter with which most of the headings are known; a wrong one leaves a single heading."""
    first = {delimiter: table.first_rows(delimiter, DEEPEST) for delimiter in DELIMITERS}

    def worth(delimiter: str) -> tuple[int, int]:
        rows = first[delimiter]
        heading = rows[heading_place(sheet, rows)] if rows else []
        return known(sheet, heading), len(heading)

    table.cut_at(max(DELIMITERS, key=worth))
