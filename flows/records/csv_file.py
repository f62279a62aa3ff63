"""Tables as CSV for spreadsheets.

No cell may start a formula: one that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe
in front unless it is a plain number (OWASP, CSV injection).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*%?")


def guarded(cell: str) -> str:
    """The cell, escaped so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def to_csv(rows: Iterable[Iterable[str]]) -> bytes:
    """The rows as CSV with a byte order mark, by which a spreadsheet recognises UTF-8."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
