"""What `dondoc check` looks at: a rule folder, and the units it is about, from CSV files or from the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import inspect, make_url

from engine.errors import Problem, RulesRefused
from engine.orgchart import OrgChart
from engine.review import review
from engine.review.codes import CODES
from engine.review.material import note
from engine.rulefile import check_units, load
from engine.rules import RuleBook
from engine.sources.sheets import SHEETS, Row, Sheet, read
from engine.store import people, tables
from engine.store.database import reading
from flows import sandbox
from flows.borrowing import database
from flows.bringing import NothingToImport
from flows.forecasting import COMING, over_budget
from flows.sandbox import Sandbox
from flows.settings import load as load_settings
from flows.settings import opened

# The sheets that the chart is made of; units come first, the others name them.
_CHART = ("units", "names", "relations", "mailboxes", "successions")
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a check found: errors and notes by place, of how many directives and rules, and whether on a chart."""

    errors: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()
    directives: int = 0
    rules: int = 0
    charted: bool = False


def reviewed(rules: Path, data: Path | None, environment: Mapping[str, str], now: datetime, on: date) -> Reviewed:
    """The rules of a folder as of a day, against the chart of `data`, or else of the database if there is one.

    Raises `NothingToImport` for a folder without units.csv, `SheetRefused`, `ChartRefused`, and what the database
    may answer.
    """
    try:
        book = load(rules)
    except RulesRefused as refused:
        return Reviewed(refused.problems)
    chart, rejected = chart_of(data, book, now) if data else (stored_chart(environment, now), ())
    unknown = check_units(book, chart.units) if chart else ()
    # A unit that is missing would be blamed again by every check that follows a relation to it.
    said = review(book, None if unknown else chart, on)
    notes = tuple(problem for problem in said if CODES[problem.code].note)
    errors = tuple(problem for problem in said if not CODES[problem.code].note)
    return Reviewed(
        tuple(sorted((*rejected, *unknown, *errors))),
        notes if data or chart is None or unknown else (*notes, *_budget(rules, book, environment)),
        len(book.directives),
        len(book.rules),
        chart is not None,
    )


def _budget(rules: Path, book: RuleBook, environment: Mapping[str, str]) -> Iterator[Problem]:
    """The offices that the coming nights of the database would write to more often than `mail.yaml` allows."""
    budget = book.mail.budget
    if budget is None:
        return
    with database(load_settings(environment)) as conn:
        readers = over_budget(conn, book, max(COMING, budget.days))
    if readers:
        names = ", ".join(reader.name for reader in readers[:_NAMED])
        yield note(
            f"{rules.name}/mail.yaml:1:1",
            "budget-passed",
            f"{len(readers)} cơ quan sẽ nhận quá {budget.per_office} thư trong {budget.days} ngày nếu không ai "
            f"làm gì thêm: {names}{' …' if len(readers) > _NAMED else ''}; xem dondoc forecast",
            f"offices that would get more than {budget.per_office} letters within {budget.days} days if nobody "
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


def stored_chart(environment: Mapping[str, str], now: datetime) -> OrgChart | None:
    """The chart of the configured database; None when there is no database yet, or nobody in it."""
    settings = load_settings(environment)
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return None
    with opened(settings) as engine, reading(engine) as conn:
        if not inspect(conn).has_table(tables.unit.name):
            return None
        chart = people.chart(conn, now)
    return chart if chart.units else None
