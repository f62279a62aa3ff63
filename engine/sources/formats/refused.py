"""A file that cannot be taken at all."""

from __future__ import annotations

from dondoc.engine.errors import DonDocError


class SheetRefused(DonDocError):
    """A whole file, or a sheet of it, of which nothing is taken: why, and what to do, in both languages."""

    def __init__(self, file: str, vi: str, en: str) -> None:
        self.file, self.vi, self.en = file, vi, en
        super().__init__(f"{file}: {vi} ({en})")
