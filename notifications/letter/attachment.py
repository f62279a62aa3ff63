"""The full list of a letter's rows, for the file attached when the letter cannot show them all.

The file is opened in a spreadsheet, so no cell may start a formula: one that begins with `=`, `+`, `-`, `@`,
a tab or a carriage return gets an apostrophe in front unless it is a plain number (OWASP, CSV injection).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from dondoc.engine.domain.terms import Section
from dondoc.notifications.digest import Digest, Entry
from dondoc.notifications.wording import limits, reasons
from dondoc.notifications.wording.kinds.registry import wording_of
from dondoc.notifications.wording.labels import SECTIONS
from dondoc.notifications.wording.names import object_of
from dondoc.notifications.wording.next_steps import next_step

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
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*%?")


# About 3 MB as mail, well below the 10 MB that Postfix takes unless it is told otherwise.
MOST_LINES = 5_000


def table(digest: Digest) -> tuple[tuple[str, ...], ...]:
    """The head and one line for every unit of every row, in the letter's order."""
    return (HEAD, *(line for entry in digest.entries for line in _lines(entry, digest.of(entry))))


def bounded(lines: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """The table as it is attached: at most `MOST_LINES` below its head, and a last one that counts the others."""
    rest = len(lines) - 1 - MOST_LINES
    if rest <= 0:
        return lines
    last = f"còn {rest} dòng, xem bằng dondoc register ({rest} more lines: see dondoc register)"
    return (*lines[: MOST_LINES + 1], ("", "", last, *("",) * (len(HEAD) - 3)))


def _lines(entry: Entry, digest: Digest) -> Iterable[tuple[str, ...]]:
    units = entry.units if len(entry.units) > 1 else (entry.unit.vi,)
    codes = entry.code_of or (", ".join(entry.codes),) * len(units)
    kind, step = wording_of(entry.kind), next_step(entry, digest)
    late = entry.section is not Section.ENDING and kind.dated
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
            kind.measured(entry).vi,
            step.vi if step else "",
        )
    # The letter names the first of them only.
    code, rest = codes[0] if codes else "", ("",) * (len(HEAD) - 4)
    for part in entry.parts.names if entry.parts else ():
        yield SECTIONS[entry.section].vi, code, object_of(entry).vi, part, *rest


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
