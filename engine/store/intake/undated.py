"""Corrections by rows of a form, which have no entry time except the time at which the file was saved.

A form that is saved again gives every row a later time, even those that nobody changed.
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
        """The version that counts."""

    @property
    def older(self) -> Sequence[_Row]:
        """The superseded versions."""


def is_not_new(known: Versions, row: _Row) -> bool:
    """Whether a row equals the current version, or an older one and its form was saved before the correction."""
    return _says(known.current, row) or (
        row["recorded_at"] <= known.current["recorded_at"] and was_said_before(known, row)
    )


def was_said_before(known: Versions, row: _Row) -> bool:
    """Whether a row equals a version that was corrected since, regardless of entry times."""
    return any(_says(version, row) for version in known.older)


def _says(version: _Row, row: _Row) -> bool:
    return all(version[column] == value for column, value in row.items() if column != "recorded_at")


def corrected_since(row: _Row, known: Versions) -> _Why:
    """Why a row is refused that shows a value which was corrected since its form was made.

    It may be meant to undo the correction, or just be old.
    """
    moment = known.current["recorded_at"].astimezone(ZONE)
    return (
        "ref",
        row["ref"],
        f"nội dung cũ, đã sửa lúc {moment:%H:%M ngày %d/%m/%Y}; muốn quay lại thì thêm cột Thời điểm ghi nhận",
        f"was corrected at {moment:%d/%m/%Y %H:%M}: to undo that, add a column 'Time of entry' with a later time",
    )


def twice(ref: str) -> _Why:
    """Why a row is refused that contradicts another form which was saved later or imported with it."""
    return (
        "ref",
        ref,
        "dòng này có hai bản khác nhau, và biểu này không phải bản lưu sau; mở bản đúng, lưu lại rồi nạp riêng",
        "another form contradicts this row: open the right one, save it again and import it alone",
    )
