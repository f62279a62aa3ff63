"""What rules mean, beyond their syntax: a rule book, a chart and a day -> what its author should know.

One module for each family of questions. What is said has a code; `engine.review.codes` says of each code whether
it is an error or a note, and explains it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from engine.errors import Problem
from engine.orgchart import OrgChart
from engine.review import bands, bearers, calendars, figures, ladders, mailboxes, twins, waivers
from engine.review.material import Material
from engine.rules import RuleBook

__all__ = ["CHECKS", "review"]

CHECKS: tuple[Callable[[Material], Iterator[Problem]], ...] = (
    bearers.check,
    ladders.check,
    mailboxes.check,
    twins.check,
    bands.check,
    figures.check,
    calendars.check,
    waivers.check,
)


def review(book: RuleBook, chart: OrgChart | None, today: date) -> tuple[Problem, ...]:
    """Everything the checks say, sorted by place; without a chart, what needs none.

    Units that the chart does not know are left to `engine.rulefile.check_units`, and named only there.
    """
    material = Material(book, chart, today)
    return tuple(sorted(problem for check in CHECKS for problem in check(material)))
