"""Brings a folder of CSV files in: all good rows of all files in one transaction, the bad ones named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from engine.errors import DonDocError
from engine.sources.sheets import SHEETS, Reject, Row, read
from engine.store import intake, people
from engine.store.database import writing
from engine.store.intake import Taken


class NothingToImport(DonDocError):
    """The folder has none of the sheets."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of each sheet, and every row that was not taken."""

    taken: Mapping[str, Taken]
    rejects: tuple[Reject, ...]


def bring_in(engine: Engine, folder: Path, now: datetime) -> ImportReport:
    """Takes every sheet that the folder has, in their order of dependence.

    Raises `SheetRefused` for a file that cannot be read, `ChartRefused` when the chart would contradict itself,
    `NothingToImport` for a folder without sheets; nothing at all is stored then.
    """
    present = [sheet for sheet in SHEETS if (folder / f"{sheet.name}.csv").is_file()]
    if not present:
        known = ", ".join(f"{sheet.name}.csv" for sheet in SHEETS)
        raise NothingToImport(f"{folder}: không có tệp nào trong số (none of the files) {known}")
    taken: dict[str, Taken] = {}
    rejects: list[Reject] = []
    with writing(engine) as conn:
        for sheet in present:
            path = folder / f"{sheet.name}.csv"
            accepted: list[tuple[int, Mapping[str, object]]] = []
            for row in read(path, sheet):
                if isinstance(row, Row):
                    accepted.append((row.line, row.values))
                else:
                    rejects.append(row)
            taken[sheet.name] = intake.take(conn, sheet.name, accepted, now)
            rejects += [
                Reject(path.name, refused.line, refused.column, refused.value, refused.vi, refused.en)
                for refused in taken[sheet.name].refused
            ]
        # The chart checks itself when it is made.
        people.chart(conn, now)
    return ImportReport(taken, tuple(rejects))
