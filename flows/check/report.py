"""`dondoc check`: checks a rule folder against the units of CSV files or of the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from dondoc.engine.demands.judged import JudgedSpan, judged_spans
from dondoc.engine.demands.register import register, tally
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import ObligationStatus
from dondoc.engine.errors import Problem, RulesRefused
from dondoc.engine.lint import lint
from dondoc.engine.lint.context import note
from dondoc.engine.lint.problem_codes import CODES
from dondoc.engine.rulefile import check_units, load
from dondoc.flows.config.settings import Settings, read_only
from dondoc.flows.config.settings import load as load_settings

_NAMED = 5


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found: errors and notes by place, the numbers of directives and rules, whether with a chart.

    `waiting` counts the obligations that wait for a parameter. `judged` are the first and the last period of each
    rule that makes its demands itself.
    """

    errors: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()
    directives: int = 0
    rules: int = 0
    charted: bool = False
    waiting: int = 0
    judged: tuple[JudgedSpan, ...] = ()


def reviewed(
    rules: Path, data: Path | None, environment: Mapping[str, str], now: datetime, on: date
) -> CheckReport:
    """The rules of a folder as of a day, against the chart of `data`, or else of the database if there is one.

    Raises `NothingToImport` for a folder without units.csv, `SheetRefused`, `ChartRefused`, and what the database
    may answer.
    """
    try:
        book = load(rules)
    except RulesRefused as refused:
        return CheckReport(refused.problems)
    chart, rejected, noted = _charted(rules, book, data, environment, now)
    unknown = check_units(book, chart.units) if chart else ()
    # A missing unit would be reported again by every check that follows a relation to it.
    said = lint(book, None if unknown else chart, on)
    notes = tuple(problem for problem in said if CODES[problem.code].note)
    errors = tuple(problem for problem in said if not CODES[problem.code].note)
    return CheckReport(
        tuple(sorted((*rejected, *unknown, *errors))),
        notes if unknown else (*notes, *noted),
        len(book.directives),
        len(book.rules),
        chart is not None,
        tally(register(book))[ObligationStatus.WAITING],
        tuple(judged_spans(book)),
    )


def _charted(
    rules: Path, book: RuleBook, data: Path | None, environment: Mapping[str, str], now: datetime
) -> tuple[OrgChart | None, tuple[Problem, ...], tuple[Problem, ...]]:
    """The chart to check against (None: there is none), its rejected rows, and the findings of the database."""
    given = load_settings(environment)
    if data is None and given.database_missing():
        return None, (), ()
    # Imported here, so that a check of files only does not wait for the database packages.
    if data is not None:
        from dondoc.flows.check.chart import chart_of

        chart, rejected = chart_of(data, book, now)
        return chart, rejected, ()
    from dondoc.engine.store.night import orgchart
    from dondoc.flows.check.codes import of_unknown_codes
    from dondoc.flows.check.periods import of_other_periods

    with read_only(given) as conn:
        stored = orgchart.chart(conn, now)
        facts = (*of_other_periods(conn, book, now), *of_unknown_codes(conn, book, rules.name, now))
    if not stored.units:
        return None, (), ()
    return stored, (), (*facts, *_over_budget(rules, book, given))


def _over_budget(rules: Path, book: RuleBook, given: Settings) -> Iterator[Problem]:
    """The offices that the coming nights of the database would write to more often than `mail.yaml` allows."""
    allowed = book.mail.budget
    if allowed is None:
        return
    from dondoc.flows.whatif.forecast import COMING, over_budget
    from dondoc.flows.whatif.inputs import database

    with database(given) as conn:
        readers = over_budget(conn, book, max(COMING, allowed.days))
    if readers:
        names = ", ".join(reader.name.vi for reader in readers[:_NAMED])
        yield note(
            f"{rules.name}/mail.yaml:1:1",
            "budget-passed",
            f"{len(readers)} cơ quan sẽ nhận quá {allowed.per_office} thư trong {allowed.days} ngày nếu không ai "
            f"làm gì thêm: {names}{' …' if len(readers) > _NAMED else ''}; xem dondoc forecast",
            f"offices that would get more than {allowed.per_office} letters within {allowed.days} days if nobody "
            f"acts: {len(readers)}; see dondoc forecast",
        )
