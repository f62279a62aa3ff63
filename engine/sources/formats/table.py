"""A sheet as rows of cells, wherever it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from dondoc.engine.domain.model import Text

Cells = list[str]


class Native(str):
    """A cell that the workbook itself held as a number or a date, written in the one form that means it.

    A number has a decimal point, no thousands, and a percent sign when it was shown as a percentage.
    """

    __slots__ = ()


class Computed(str):
    """A cell that holds a formula, or the error a formula came to; never a value."""

    __slots__ = ()


class Table(Protocol):
    """One sheet that has been opened; `rows` may be asked for more than once and always begins at the top."""

    @property
    def name(self) -> str:
        """What to call it in a message: the file, and the sheet within a workbook."""

    @property
    def form(self) -> Text | None:
        """In a few words how it is written, for the report; None when there is nothing to say."""

    @property
    def saved(self) -> datetime | None:
        """When it was saved, as the file itself says; None when it does not."""

    @property
    def done(self) -> float:
        """How far `rows` has come, 0 to 1."""

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Every row that is not empty, with its line from 1; the heading first. Raises `SheetRefused`."""
