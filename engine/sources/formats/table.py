"""A table: one sheet as rows of cells, whatever its file format."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from dondoc.engine.domain.model import Text

Cells = list[str]


class Native(str):
    """A cell that its file held as a number or a date, written in one unambiguous form.

    A number has a decimal point, no thousands separators, and a percent sign if it was shown as a percentage; a
    date or time is in ISO form.
    """

    __slots__ = ()


class Computed(str):
    """A cell that holds a formula or the error of one; never accepted as a value."""

    __slots__ = ()


class Table(Protocol):
    """One opened sheet; `rows` may be called more than once and always begins at the top."""

    @property
    def name(self) -> str:
        """Its name in a message: the file, and the sheet of a workbook."""

    @property
    def form(self) -> Text | None:
        """How it is written, in a few words for the report; None: nothing to say."""

    @property
    def saved(self) -> datetime | None:
        """When it was saved, by the file's own record; None: the file has none."""

    @property
    def done(self) -> float:
        """The share that `rows` has given, 0 to 1."""

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Every row that is not empty, with its line from 1; the heading first. Raises `SheetRefused`."""
