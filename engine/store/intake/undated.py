"""Rows of a form bring no time of entry of their own, only that of the file; what follows for corrections.

A form that is saved again has a later time for every row, whether or not the row was touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from dondoc.engine.domain.model import ZONE

_Row = Mapping[str, Any]
# Column, value, and why in both languages.
_Why = tuple[str, str, str, str]


class Versions(Protocol):
    """The versions under one ref: the current one, and those it superseded."""

    @property
    def current(self) -> _Row:
        """The one that holds."""

    @property
    def older(self) -> Sequence[_Row]:
        """The others."""


def says_nothing_new(known: Versions, row: _Row) -> bool:
    """Whether a row says what the current version says, or is an older save of what was corrected since."""
    return _says(known.current, row) or (
        row["recorded_at"] <= known.current["recorded_at"] and said_before(known, row)
    )


def said_before(known: Versions, row: _Row) -> bool:
    """Whether a version that was corrected since says what the row says, whenever either was entered."""
    return any(_says(version, row) for version in known.older)


def _says(version: _Row, row: _Row) -> bool:
    return all(version[column] == value for column, value in row.items() if column != "recorded_at")


def corrected_since(row: _Row, known: Versions) -> _Why:
    """Why a row is refused that shows what was known when its form was written, and was corrected since.

    Nobody can tell whether it is meant to undo the correction.
    """
    moment = known.current["recorded_at"].astimezone(ZONE)
    return (
        "ref",
        row["ref"],
        f"nội dung cũ, đã sửa lúc {moment:%H:%M ngày %d/%m/%Y}; muốn quay lại thì thêm cột Thời điểm ghi nhận",
        f"was corrected at {moment:%d/%m/%Y %H:%M}: to undo that, add a column 'Time of entry' with a later time",
    )


def twice(ref: str) -> _Why:
    """Why a row is refused of which another form, saved later or brought in with it, says otherwise."""
    return (
        "ref",
        ref,
        "dòng này có hai bản khác nhau, và biểu này không phải bản lưu sau; mở bản đúng, lưu lại rồi nạp riêng",
        "another form says otherwise of this row: open the right one, save it again and import it alone",
    )
