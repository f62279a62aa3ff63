"""What rules mean, beyond their syntax: a rule book, a chart and a day -> what its author should know.

One module for each family of questions. What is said has a code; `dondoc.engine.lint.codes` says of each
code whether it is an error or a note, and explains it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import Problem
from dondoc.engine.lint import (
    calendars,
    duplicates,
    figures,
    ladders,
    mailboxes,
    nobody_bound,
    thresholds,
    waivers,
)
from dondoc.engine.lint.subject import LintSubject

__all__ = ["CHECKS", "lint"]

CHECKS: tuple[Callable[[LintSubject], Iterator[Problem]], ...] = (
    nobody_bound.check,
    ladders.check,
    mailboxes.check,
    duplicates.check,
    thresholds.check,
    figures.check,
    calendars.check,
    waivers.check,
)


def lint(book: RuleBook, chart: OrgChart | None, today: date) -> tuple[Problem, ...]:
    """Everything the checks say, sorted by place; without a chart, what needs none.

    Units that the chart does not know are left to `dondoc.engine.rulefile.check_units`, and named only there.
    """
    material = LintSubject(book, chart, today)
    return tuple(sorted(problem for check in CHECKS for problem in check(material)))
