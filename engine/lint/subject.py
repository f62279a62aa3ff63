"""What a review looks at: the rule book, the chart if there is one, and the day it is for.

A directive that is not in force on that day is looked at as of its nearest day in force, so that packs of the
past and of the future can be checked as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.demands.direct import Bearers
from dondoc.engine.domain.model import Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Directive, Quota, Rule, RuleBook
from dondoc.engine.domain.terms import Scope, TaskKind
from dondoc.engine.errors import Problem

YEAR = timedelta(days=365)


@dataclass(slots=True)
class LintSubject:
    """Everything that the checks ask of, with what many of them ask remembered."""

    book: RuleBook
    chart: OrgChart | None
    today: date
    _bearers: Bearers | None = None
    _hearings: dict[date, Recipients] = field(default_factory=dict)

    def day(self, rule: Rule) -> date:
        """The day in force of the rule's directive that is nearest to today."""
        directive = self.book.directives[rule.directive]
        return _nearest(self.today, directive.in_force_from, directive.in_force_until)

    def together(self, one: Rule, other: Rule) -> date | None:
        """The nearest day on which both rules bind; None when there is none."""
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
        """The units that bear both rules on the nearest day both bind; without a chart, those named in both.

        Two equal selectors without a chart have in common whatever they select, shown as no unit but `*`.
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
        """One task for each unit, or for all that carry a quota together, as of the rule's day."""
        on = self.day(rule)
        units = self.bearers(rule, on)
        joint = isinstance(rule.condition, Quota) and rule.condition.scope is not Scope.EACH
        groups = [units] if joint and units else [(unit,) for unit in units]
        for group in groups:
            yield Task(0, rule.id, group[0], "", TaskKind.ASSIGNED, on, bearers=group if joint else ())

    def recipients(self, chart: OrgChart, on: date) -> Recipients:
        """Who hears on a day."""
        if on not in self._hearings:
            self._hearings[on] = Recipients(self.book, chart, on)
        return self._hearings[on]

    def by_directive(self) -> Iterator[tuple[Directive, tuple[Rule, ...]]]:
        """Every directive that has rules, with them, in the book's order."""
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
    """What is said at a place `file:line:column`; whether it is an error stands in the table of codes."""
    file, line, column = place.rsplit(":", 2)
    return Problem(file, int(line), int(column), code, vi, en)
