"""The error for a file that cannot be imported at all."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.engine.errors import DonDocError
from dondoc.engine.file_faults import shown


class SheetRefused(DonDocError):
    """A file, or a sheet of it, is refused as a whole; `why` says why and what to do, in both languages."""

    def __init__(self, file: str, vi: str, en: str) -> None:
        self.file, self.why = shown(file), Text(vi, en)
        super().__init__(f"{self.file}: {self.why.both()}")
