"""Checks what rules mean, beyond their syntax: from a rule book, a chart and a day to problems and notes.

One module for each family of checks. Every problem has a code; `dondoc.engine.lint.problem_codes` says of
each code whether it is an error or a note, and explains it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import Problem
from dondoc.engine.lint import (
    attached_files,
    calendars,
    duplicates,
    figures,
    ladders,
    mailboxes,
    nobody_bound,
    thresholds,
    waivers,
)
from dondoc.engine.lint.context import LintContext

__all__ = ["CHECKS", "lint"]

CHECKS: tuple[Callable[[LintContext], Iterator[Problem]], ...] = (
    nobody_bound.check,
    ladders.check,
    mailboxes.check,
    duplicates.check,
    thresholds.check,
    figures.check,
    calendars.check,
    waivers.check,
    attached_files.check,
)


def lint(book: RuleBook, chart: OrgChart | None, today: date) -> tuple[Problem, ...]:
    """The problems and notes of all checks, sorted by place; without a chart, those of the checks that need none.

    Only `dondoc.engine.rulefile.check_units` reports units that the chart does not know.
    """
    subject = LintContext(book, chart, today)
    return tuple(sorted(problem for check in CHECKS for problem in check(subject)))
