"""The error for a file that cannot be imported at all."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.engine.errors import DonDocError


class SheetRefused(DonDocError):
    """A whole file, or a sheet of it, of which nothing is taken: why, and what to do."""

    def __init__(self, file: str, vi: str, en: str) -> None:
        self.file, self.why = file, Text(vi, en)
        super().__init__(f"{file}: {self.why.both()}")
