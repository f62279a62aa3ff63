"""Rounds at the same time: a lane plays one after the other on one database, in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.torture.databases import postgres_copies, sqlite_files
from tests.torture.harness import Tally, Trial, torture

DATABASES = ("SQLite", "PostgreSQL")


@dataclass(frozen=True, slots=True)
class Lane:
    """Which database, how hard to try, and where; `number` tells lanes apart."""

    database: str
    number: int
    trial: Trial
    folder: Path
    server: str

    def play(self) -> Tally:
        """All rounds of the lane."""
        if self.database == "SQLite":
            return torture(self.trial, sqlite_files(self.folder / "template.db"), self.folder)
        return torture(self.trial, postgres_copies(self.server, f"lane{self.number}"), self.folder)
