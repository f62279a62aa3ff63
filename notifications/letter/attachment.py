"""The full list of a letter's rows, for the file attached when the letter cannot show them all.

The file is opened in a spreadsheet, so no cell may start a formula: one that begins with `=`, `+`, `-`, `@`,
a tab or a carriage return gets an apostrophe in front unless it is a plain number (OWASP, CSV injection).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from dondoc.engine.domain.terms import Section, TaskKind
from dondoc.notifications.digest import Digest, Entry
from dondoc.notifications.wording import derived, figures, limits, reasons
from dondoc.notifications.wording.facts import object_of, share
from dondoc.notifications.wording.labels import SECTIONS

HEAD = (
    "Mục",
    "Mã hồ sơ",
    "Nội dung",
    "Đơn vị",
    "Căn cứ",
    "Hạn",
    "Quá hạn (ngày làm việc)",
    "Quá hạn (ngày)",
    "Số liệu",
    "Bước tiếp theo",
)
# These are measured by how much is missed, not by how many days.
_UNDATED = (TaskKind.LEVEL, TaskKind.STREAK, TaskKind.ROLLUP)
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*%?")


def table(digest: Digest) -> tuple[tuple[str, ...], ...]:
    """The head and one line for every unit of every row, in the letter's order."""
    return (HEAD, *(line for entry in digest.entries for line in _lines(entry, digest)))


def _lines(entry: Entry, digest: Digest) -> Iterable[tuple[str, ...]]:
    units = entry.units if len(entry.units) > 1 else (entry.unit.vi,)
    codes = entry.codes if len(entry.codes) == len(units) else (", ".join(entry.codes),) * len(units)
    late = entry.section is not Section.ENDING and entry.kind not in _UNDATED
    step = limits.next_step(entry, digest)
    for unit, code in zip(units, codes, strict=True):
        yield (
            SECTIONS[entry.section].vi,
            code,
            object_of(entry).vi,
            unit,
            reasons.basis(entry).vi,
            limits.until(entry.limit).vi if entry.limit else "",
            str(entry.workdays) if late else "",
            str(entry.days) if late else "",
            _measured(entry),
            step.vi if step else "",
        )


def _measured(entry: Entry) -> str:
    if entry.kind is TaskKind.QUOTA and entry.count is not None:
        return share(entry).vi
    if entry.parts is not None:
        return (derived.share(entry.parts) if entry.parts.at_least else derived.running(entry.parts)).vi
    return figures.value(entry.figure).vi if entry.figure is not None else ""


def name(digest: Digest) -> str:
    """The file's name, ASCII: `danh-sach-2015-04-25.csv`."""
    return f"danh-sach-{digest.night.isoformat()}.csv"


def guarded(cell: str) -> str:
    """The cell, escaped so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def to_csv(rows: Iterable[Iterable[str]]) -> bytes:
    """The rows as CSV with a byte order mark, by which a spreadsheet recognises UTF-8."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
