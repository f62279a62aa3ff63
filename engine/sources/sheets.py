"""The sheets that may be brought in: their columns, and how each row is read.

`until` in a file is the last day, inclusive; `recorded_at` is when the source itself entered the row.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import DonDocError
from engine.model import ZONE, Level, Line, MailboxRole, RelationKind
from engine.sources import cells
from engine.sources.cells import Parse, Unreadable


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of file: its name and its columns, in order, each with the reader of its cells."""

    name: str
    columns: Mapping[str, Parse]


@dataclass(frozen=True, slots=True)
class Row:
    """One accepted row and the line it stood on."""

    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that was not taken: where, what was there, and why; `line` counts from 1, the heading included."""

    file: str
    line: int
    column: str
    value: str
    vi: str
    en: str

    def text(self) -> str:
        """One line for a person."""
        return f"{self.file}:{self.line}: {self.column} «{self.value[:60]}»: {self.vi} ({self.en})"


class SheetRefused(DonDocError):
    """A whole file that cannot be read: wrong encoding or wrong heading."""

    def __init__(self, file: str, vi: str, en: str) -> None:
        self.file = file
        super().__init__(f"{file}: {vi} ({en})")


_LIFE: Mapping[str, Parse] = {"from": cells.day, "until": cells.optional(cells.day)}

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "units",
        {"id": cells.unit_id, "kind": cells.at_most(40, cells.word), "level": cells.one_of(Level), **_LIFE},
    ),
    Sheet(
        "names",
        {"unit": cells.unit_id, "name": cells.filled, "name_en": cells.filled, "short": cells.filled, **_LIFE},
    ),
    Sheet(
        "relations",
        {
            "unit": cells.unit_id,
            "other": cells.unit_id,
            "kind": cells.one_of(RelationKind),
            "line": cells.optional(cells.one_of(Line)),
            **_LIFE,
            "basis": cells.text,
        },
    ),
    Sheet(
        "mailboxes",
        {
            "unit": cells.unit_id,
            "role": cells.one_of(MailboxRole),
            "address": cells.address,
            "languages": cells.languages,
            **_LIFE,
        },
    ),
    Sheet(
        "successions",
        {
            "old": cells.unit_id,
            "new": cells.unit_id,
            "scope": cells.filled,
            "effective": cells.day,
            "basis": cells.text,
        },
    ),
    Sheet(
        "tasks",
        {
            "ref": cells.at_most(120, cells.filled),
            "unit": cells.unit_id,
            "task": cells.word,
            "title": cells.filled,
            "title_en": cells.filled,
            "assigned_on": cells.day,
            "due": cells.day,
            "due_kind": cells.word,
            "issuer": cells.optional(cells.unit_id),
            "monitor": cells.optional(cells.unit_id),
            "reports_to": cells.optional(cells.unit_id),
            "recorded_at": cells.instant,
        },
    ),
    Sheet(
        "submissions",
        {
            "ref": cells.at_most(120, cells.filled),
            "unit": cells.unit_id,
            "report": cells.word,
            "submitted_on": cells.day,
            "document": cells.text,
            "recorded_at": cells.instant,
            "task": cells.at_most(200, cells.text),
        },
    ),
    Sheet(
        "activities",
        {
            "ref": cells.at_most(120, cells.filled),
            "unit": cells.unit_id,
            "activity": cells.word,
            "done_on": cells.day,
            "quantity": cells.whole,
            "recorded_at": cells.instant,
        },
    ),
    Sheet(
        "readings",
        {
            "ref": cells.at_most(120, cells.filled),
            "unit": cells.unit_id,
            "indicator": cells.word,
            "first_day": cells.day,
            "last_day": cells.day,
            "value": cells.number,
            "recorded_at": cells.instant,
            "source": cells.text,
        },
    ),
)


def read(path: Path, sheet: Sheet) -> Iterator[Row | Reject]:
    """Every row of a UTF-8 CSV file, accepted or rejected, in order.

    Raises `SheetRefused` when the file is not UTF-8 or its heading is not the sheet's.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            _heading(path, sheet, next(rows, []))
            for cells_ in rows:
                if any(cells_):
                    yield _row(path, sheet, rows.line_num, cells_)
    except UnicodeDecodeError as error:
        raise SheetRefused(path.name, "tệp không phải UTF-8; lưu lại dạng CSV UTF-8", "is not UTF-8") from error
    except csv.Error as error:
        raise SheetRefused(path.name, f"không phải CSV hợp lệ: {error}", "is not valid CSV") from error


def _heading(path: Path, sheet: Sheet, heading: list[str]) -> None:
    expected = list(sheet.columns)
    if heading != expected:
        raise SheetRefused(
            path.name,
            f"dòng tiêu đề phải là: {','.join(expected)}",
            f"the heading must be exactly these columns, found: {','.join(heading)[:200]}",
        )


def _row(path: Path, sheet: Sheet, line: int, raw: list[str]) -> Row | Reject:
    if len(raw) != len(sheet.columns):
        return Reject(
            path.name,
            line,
            "-",
            str(len(raw)),
            f"có {len(raw)} ô, cần {len(sheet.columns)}",
            f"has {len(raw)} cells, needs {len(sheet.columns)}",
        )
    values: dict[str, Any] = {}
    for (column, parse), cell in zip(sheet.columns.items(), raw, strict=True):
        try:
            values[column] = parse(cell.strip())
        except Unreadable as reason:
            return Reject(path.name, line, column, cell, reason.vi, reason.en)
    wrong = _contradiction(sheet.name, values)
    return Reject(path.name, line, *wrong) if wrong else Row(line, values)


def _contradiction(sheet: str, values: Mapping[str, Any]) -> tuple[str, str, str, str] | None:
    """Column, value and reason where two cells of a row contradict each other."""
    start, end = values.get("from"), values.get("until")
    if start and end and end < start:
        return "until", str(end), "ngày kết thúc trước ngày bắt đầu", "ends before it begins"
    if sheet == "readings" and values["last_day"] < values["first_day"]:
        return (
            "last_day",
            str(values["last_day"]),
            "kỳ kết thúc trước khi bắt đầu",
            "the period ends before it begins",
        )
    if sheet == "relations" and (values["kind"] is RelationKind.PARENT) != (values["line"] is not None):
        return (
            "line",
            str(values["line"] or ""),
            "chỉ quan hệ parent có line, và phải có",
            "parent edges have a line, others none",
        )
    if sheet == "tasks" and values["due_kind"] not in {"before", "by"}:
        return "due_kind", values["due_kind"], "phải là before hoặc by", "must be before or by"
    happened = values.get("submitted_on") or values.get("done_on")
    if happened and happened > values["recorded_at"].astimezone(ZONE).date():
        # A date after its own recording never ripens by itself (decision 15).
        return (
            "recorded_at",
            str(values["recorded_at"]),
            "ghi nhận trước khi việc xảy ra",
            "recorded before it happened",
        )
    return None
