"""The chart that a check looks at, from CSV files or the database, and what the database says of the budget."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect

from engine.errors import Problem
from engine.orgchart import OrgChart
from engine.review.material import note
from engine.rules import RuleBook
from engine.sources.sheets import SHEETS, Row, Sheet, read
from engine.store import people, tables
from engine.store.database import reading
from flows import sandbox
from flows.borrowing import database
from flows.bringing import NothingToImport
from flows.forecasting import COMING, over_budget
from flows.sandbox import Sandbox
from flows.settings import Settings, opened

# The sheets that the chart is made of; units come first, the others name them.
_CHART = ("units", "names", "relations", "mailboxes", "successions")
_NAMED = 5


def budget(rules: Path, book: RuleBook, given: Settings) -> Iterator[Problem]:
    """The offices that the coming nights of the database would write to more often than `mail.yaml` allows."""
    allowed = book.mail.budget
    if allowed is None:
        return
    with database(given) as conn:
        readers = over_budget(conn, book, max(COMING, allowed.days))
    if readers:
        names = ", ".join(reader.name for reader in readers[:_NAMED])
        yield note(
            f"{rules.name}/mail.yaml:1:1",
            "budget-passed",
            f"{len(readers)} cơ quan sẽ nhận quá {allowed.per_office} thư trong {allowed.days} ngày nếu không ai "
            f"làm gì thêm: {names}{' …' if len(readers) > _NAMED else ''}; xem dondoc forecast",
            f"offices that would get more than {allowed.per_office} letters within {allowed.days} days if nobody "
            f"acts: {len(readers)}; see dondoc forecast",
        )


def chart_of(folder: Path, book: RuleBook, now: datetime) -> tuple[OrgChart, tuple[Problem, ...]]:
    """The chart that a folder of CSV sheets makes, and every row of them that is not taken."""
    present = {sheet.name: sheet for sheet in SHEETS if (folder / f"{sheet.name}.csv").is_file()}
    if "units" not in present:
        raise NothingToImport(f"{folder}: không có tệp units.csv (there is no units.csv)")
    rejected: list[Problem] = []
    with sandbox.empty(book) as box:
        for name in _CHART:
            if name in present:
                rejected += _bring(box, folder, present[name], now)
        with reading(box.engine) as conn:
            return people.chart(conn, now), tuple(rejected)


def _bring(box: Sandbox, folder: Path, sheet: Sheet, now: datetime) -> list[Problem]:
    """Takes a sheet; what is refused of it."""
    file = f"{folder.name}/{sheet.name}.csv"
    accepted: list[Row] = []
    rejected: list[Problem] = []
    for row in read(folder / f"{sheet.name}.csv", sheet):
        if isinstance(row, Row):
            accepted.append(row)
        else:
            rejected.append(_refused(file, row.line, row.column, row.value, row.vi, row.en))
    taken = box.brings(sheet.name, [(row.line, row.values) for row in accepted], now)
    return rejected + [_refused(file, row.line, row.column, row.value, row.vi, row.en) for row in taken.refused]


def _refused(file: str, line: int, column: str, value: str, vi: str, en: str) -> Problem:
    shown = value[:60]
    return Problem(file, line, 1, "row-refused", f"{column} «{shown}»: {vi}", f"{column} '{shown}': {en}")


def stored_chart(given: Settings, now: datetime) -> OrgChart | None:
    """The chart of the configured database; None when there is no database yet, or nobody in it."""
    with opened(given) as engine, reading(engine) as conn:
        if not inspect(conn).has_table(tables.unit.name):
            return None
        chart = people.chart(conn, now)
    return chart if chart.units else None
