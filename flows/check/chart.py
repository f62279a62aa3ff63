"""The chart for a check, from CSV files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import Problem
from dondoc.engine.sources.reading.sheets import SHEETS, AcceptedRow, Sheet, read
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night import orgchart
from dondoc.flows.data.import_report import NothingToImport
from dondoc.flows.whatif import sandbox
from dondoc.flows.whatif.sandbox import Sandbox

# The sheets of the chart; units come first, because the others refer to them.
_CHART = ("units", "names", "relations", "mailboxes", "successions")


def chart_of(folder: Path, book: RuleBook, now: datetime) -> tuple[OrgChart, tuple[Problem, ...]]:
    """The chart from a folder of CSV sheets, and every rejected row."""
    present = {sheet.name: sheet for sheet in SHEETS if (folder / f"{sheet.name}.csv").is_file()}
    if "units" not in present:
        raise NothingToImport(f"{folder}: không có tệp units.csv (there is no units.csv)")
    rejected: list[Problem] = []
    with sandbox.empty(book) as box:
        for name in _CHART:
            if name in present:
                rejected += _bring(box, folder, present[name], now)
        with reading(box.engine) as conn:
            return orgchart.chart(conn, now), tuple(rejected)


def _bring(box: Sandbox, folder: Path, sheet: Sheet, now: datetime) -> list[Problem]:
    """Imports a sheet; returns its rejected rows."""
    file = f"{folder.name}/{sheet.name}.csv"
    accepted: list[AcceptedRow] = []
    rejected: list[Problem] = []
    for row in read(folder / f"{sheet.name}.csv", sheet):
        if isinstance(row, AcceptedRow):
            accepted.append(row)
        else:
            rejected.append(_refused(file, row.line, row.column, row.value, row.vi, row.en))
    taken = box.brings(sheet.name, [(row.line, row.values) for row in accepted], now)
    return rejected + [_refused(file, row.line, row.column, row.value, row.vi, row.en) for row in taken.refused]


def _refused(file: str, line: int, column: str, value: str, vi: str, en: str) -> Problem:
    shown = value[:60]
    return Problem(file, line, 1, "row-refused", f"{column} «{shown}»: {vi}", f"{column} '{shown}': {en}")
