"""The whole country, from the data of the optional package into CSV files, and from those into the database."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from dondoc.engine.sources.country.atlas import atlas
from dondoc.engine.sources.country.sheets import sheets, write
from dondoc.engine.store.db.database import Engine
from dondoc.flows.data.import_report import ImportReport
from dondoc.flows.data.import_run import Progress
from dondoc.flows.data.importer import bring_in


def lay_out(folder: Path, *, mailboxes: bool = False) -> dict[str, int]:
    """Writes the country as CSV files for an import; returns the rows of each. Raises `AtlasMissing`."""
    rows = sheets(atlas(), mailboxes=mailboxes)
    write(rows, folder)
    return {name: len(lines) for name, lines in rows.items()}


def people_with(
    engine: Engine, now: datetime, *, mailboxes: bool = False, progress: Progress = lambda _name, _done: None
) -> ImportReport:
    """Imports the country in one transaction; idempotent. Raises `AtlasMissing`.

    Other data in the database stays; bodies entered before under the same ids get their standard names, dates and
    relations.
    """
    with TemporaryDirectory(prefix="dondoc-country-") as name:
        folder = Path(name)
        lay_out(folder, mailboxes=mailboxes)
        return bring_in(engine, folder, now, progress=progress)
