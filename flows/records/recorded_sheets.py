"""A sheet of answers or decisions, recorded row by row: what is refused comes back in a file of the same form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dondoc.engine.domain.english_half import english
from dondoc.engine.sources.reading.answer_sheets import opened_as
from dondoc.engine.sources.reading.kinds import Reject, Sheet
from dondoc.engine.sources.reading.rejects import RejectFiles
from dondoc.engine.sources.reading.source import SheetRows
from dondoc.flows.lookup import CallRefused


@dataclass(frozen=True, slots=True)
class RecordedSheet:
    """What became of the rows: how many are new, how many were on record before, and those that were refused."""

    new: int
    again: int
    rejects: tuple[Reject, ...]
    given_back: tuple[Path, ...]


def record_sheet(
    path: Path,
    sheet: Sheet,
    record: Callable[[Mapping[str, Any]], bool],
    give_back: RejectFiles,
    encoding: str | None = None,
) -> RecordedSheet:
    """Records every row that can be; `record` says of the values of one whether it was on record before.

    Each row counts by itself: those before a refused one stay recorded. Raises `SheetRefused` for a file that is
    no such sheet, `OSError` where rejects cannot be written; whatever was recorded until then stays.
    """
    counts, rejects = [0, 0], []
    with opened_as(path, sheet, encoding) as source, give_back.beside(path) as back:
        for line, cells in source.rows():
            row = source.read(line, cells)
            if not isinstance(row, Reject):
                try:
                    counts[record(row.values)] += 1
                    continue
                except CallRefused as refused:
                    row = _refused(source, line, row.values, str(refused))
            rejects.append(row)
            back.add(source, cells, row)
    return RecordedSheet(counts[False], counts[True], tuple(rejects), tuple(give_back.written))


def _refused(source: SheetRows, line: int, values: Mapping[str, Any], why: str) -> Reject:
    """A row that is refused as a whole, at its first column."""
    column, in_english = next(iter(source.sheet.columns)), english(why)
    return source.rejected(line, column, str(values[column]), why.removesuffix(f" ({in_english})"), in_english)
