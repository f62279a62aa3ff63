"""What the checks read: the rule book, the chart if there is one, and the day of the check.

A directive that is not in force on that day is checked as of its nearest day in force, so that past and future
packs can be checked as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.domain.demand import Bearers
from dondoc.engine.domain.model import Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Directive, Rule, RuleBook
from dondoc.engine.domain.terms import TaskKind
from dondoc.engine.errors import Problem
from dondoc.engine.kinds import kind_of

YEAR = timedelta(days=365)


@dataclass(slots=True)
class LintContext:
    """Everything that the checks read, with a cache of what several of them compute."""

    book: RuleBook
    chart: OrgChart | None
    today: date
    _bearers: Bearers | None = None
    _recipients: dict[date, Recipients] = field(default_factory=dict)

    def day(self, rule: Rule) -> date:
        """The day nearest to today on which the rule's directive is in force."""
        directive = self.book.directives[rule.directive]
        return _nearest(self.today, directive.in_force_from, directive.in_force_until)

    def together(self, one: Rule, other: Rule) -> date | None:
        """The day nearest to today on which the directives of both rules are in force; None: no such day."""
        mine, theirs = self.book.directives[one.directive], self.book.directives[other.directive]
        first = max(mine.in_force_from, theirs.in_force_from)
        last = min((day for day in (mine.in_force_until, theirs.in_force_until) if day), default=None)
        if last is not None and last < first:
            return None
        return _nearest(self.today, first, last)

    def bearers(self, rule: Rule, on: date) -> tuple[str, ...]:
        """The units a rule applies to on a day, in order; none without a chart."""
        if self.chart is None:
            return ()
        if self._bearers is None:
            self._bearers = Bearers(self.chart)
        return self._bearers.of(rule.applies_to, on)

    def common(self, one: Rule, other: Rule) -> tuple[str, ...]:
        """The units that both rules apply to on their nearest common day; without a chart, those named in both.

        Without a chart, two equal selectors that name no units share all that they select, written as `*`.
        """
        on = self.together(one, other)
        if on is None:
            return ()
        if self.chart is not None:
            theirs = set(self.bearers(other, on))
            return tuple(unit for unit in self.bearers(one, on) if unit in theirs)
        if one.applies_to == other.applies_to:
            return one.applies_to.units or ("*",)
        return tuple(unit for unit in one.applies_to.units if unit in other.applies_to.units)

    def tasks(self, rule: Rule) -> Iterator[Task]:
        """One task for each unit, or one for all that carry a demand together, as of the day of the rule."""
        on = self.day(rule)
        units = self.bearers(rule, on)
        joint = kind_of(rule.condition).is_shared(rule.condition)
        groups = [units] if joint and units else [(unit,) for unit in units]
        for group in groups:
            yield Task(0, rule.id, group[0], "", TaskKind.ASSIGNED, on, bearers=group if joint else ())

    def recipients(self, chart: OrgChart, on: date) -> Recipients:
        """The recipients on a day."""
        if on not in self._recipients:
            self._recipients[on] = Recipients(self.book, chart, on)
        return self._recipients[on]

    def by_directive(self) -> Iterator[tuple[Directive, tuple[Rule, ...]]]:
        """Every directive that has rules, with its rules, in the book's order."""
        rules: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.book.rules.values():
            rules[rule.directive].append(rule)
        for directive, those in rules.items():
            yield self.book.directives[directive], tuple(those)


def _nearest(today: date, first: date, last: date | None) -> date:
    if today < first:
        return first
    return today if last is None or today <= last else last


def note(place: str, code: str, vi: str, en: str) -> Problem:
    """A problem at a place `file:line:column`; the table of codes says whether it is an error or a note."""
    file, line, column = place.rsplit(":", 2)
    return Problem(file, int(line), int(column), code, vi, en)
