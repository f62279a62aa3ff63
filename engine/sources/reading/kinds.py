"""The kinds of sheet that can be imported: their columns, and which cells of a row must not contradict each other.

`until` in a file is the last day, inclusive; `recorded_at` is when the source recorded the row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.terms import Level, Line, MailboxRole, RelationKind
from dondoc.engine.sources.reading import cells
from dondoc.engine.sources.reading.cells import Parse


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of sheet: its name and its columns, in order, each with the parser of its cells."""

    name: str
    columns: Mapping[str, Parse]


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """One accepted row: its line in the file, and its values by column."""

    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reject:
    """One rejected row: where, its value, and why; `line` counts from 1, the heading included.

    `value` is empty where the cell must not be shown. `further` has what else is wrong in the row, `values` the
    cells that could be read.
    """

    file: str
    line: int
    column: str
    value: str
    vi: str
    en: str
    further: tuple[Reject, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    def each(self) -> Iterator[Reject]:
        """Everything that is wrong in the row, one by one."""
        yield replace(self, further=(), values={})
        yield from self.further

    def text(self) -> str:
        """One line for a person."""
        return f"{self.file}:{self.line}: {self.column} «{self.value[:60]}»: {self.vi} ({self.en})"


# The columns of figures; files write them in different ways.
FIGURES = frozenset({"value", "quantity"})

_LIFE: Mapping[str, Parse] = {"from": cells.day, "until": cells.optional(cells.day)}

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "units",
        {"id": cells.unit_id, "kind": cells.at_most(40, cells.word), "level": cells.one_of(Level), **_LIFE},
    ),
    Sheet(
        "names",
        {
            "unit": cells.unit_id,
            "name": cells.free(200, cells.filled),
            "name_en": cells.free(200, cells.filled),
            "short": cells.free(100, cells.filled),
            **_LIFE,
        },
    ),
    Sheet(
        "relations",
        {
            "unit": cells.unit_id,
            "other": cells.unit_id,
            "kind": cells.one_of(RelationKind),
            "line": cells.optional(cells.one_of(Line)),
            **_LIFE,
            "basis": cells.free(500, cells.text),
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
            "scope": cells.free(200, cells.filled),
            "effective": cells.day,
            "basis": cells.free(500, cells.text),
        },
    ),
    Sheet(
        "tasks",
        {
            "ref": cells.free(120, cells.filled),
            "unit": cells.unit_id,
            "task": cells.word,
            "title": cells.printed(500, cells.filled),
            "title_en": cells.printed(500, cells.filled),
            "assigned_on": cells.day,
            "due": cells.day,
            "due_kind": cells.due_kind,
            "issuer": cells.optional(cells.unit_id),
            "monitor": cells.optional(cells.unit_id),
            "reports_to": cells.optional(cells.unit_id),
            "recorded_at": cells.instant,
        },
    ),
    Sheet(
        "submissions",
        {
            "ref": cells.free(120, cells.filled),
            "unit": cells.unit_id,
            "report": cells.code,
            "submitted_on": cells.day,
            "document": cells.free(200, cells.text),
            "recorded_at": cells.instant,
            "task": cells.free(200, cells.text),
        },
    ),
    Sheet(
        "activities",
        {
            "ref": cells.free(120, cells.filled),
            "unit": cells.unit_id,
            "activity": cells.code,
            "done_on": cells.day,
            "quantity": cells.whole,
            "recorded_at": cells.instant,
        },
    ),
    Sheet(
        "readings",
        {
            "ref": cells.free(120, cells.filled),
            "unit": cells.unit_id,
            "indicator": cells.code,
            "first_day": cells.day,
            "last_day": cells.day,
            "value": cells.number,
            "recorded_at": cells.instant,
            "source": cells.free(300, cells.text),
        },
    ),
)


def contradiction(sheet: str, values: Mapping[str, Any]) -> tuple[str, str, str, str] | None:
    """The column, value and reason (vi, en) where two cells of a row contradict each other; None: they do not."""
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
            "a parent relation must have a line, any other must not",
        )
    happened = values.get("submitted_on") or values.get("done_on")
    if happened and happened > values["recorded_at"].astimezone(ZONE).date():
        # A row recorded before its date is rejected, not kept until the date has come (decision 15).
        return (
            "recorded_at",
            str(values["recorded_at"]),
            "ghi nhận trước khi việc xảy ra",
            "recorded before it happened",
        )
    return None
