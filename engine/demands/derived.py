"""The tasks of derived rules: a streak for each unit that has periods, a rollup for each body that has parts.

A rollup's parts are the units of its base rule that are below the body, near or far, on any line, on the last day
of the demand; a unit below several such bodies is a part of each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from dondoc.engine.demands.direct import Bearers, Demand
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Quota, Rollup, Rule, RuleBook, Streak
from dondoc.engine.domain.terms import Line, Scope, TaskKind


def in_order(book: RuleBook, as_of: date) -> list[Rule]:
    """The derived rules in force on `as_of`, each after the rule that it is derived from."""
    found = [book.rules[rule] for rule in book.binding(as_of) if book.base_of(rule) is not None]
    return sorted(found, key=lambda rule: _height(book, rule))


def _height(book: RuleBook, rule: Rule) -> int:
    base = book.base_of(rule.id)
    return 0 if base is None else 1 + _height(book, base)


def bodies_above(chart: OrgChart, unit: str, on: date) -> frozenset[str]:
    """Every body above a unit on any line, near or far: those that it is a part of."""
    return frozenset(body for line in Line for body in chart.parents(unit, line, on))


def derived_demands(book: RuleBook, chart: OrgChart, as_of: date, wanted: Iterable[Demand]) -> Iterator[Demand]:
    """The demands of derived rules, given those of all other rules; a rollup of rollups uses those made here."""
    bearers = Bearers(chart)
    by_rule: dict[str, list[Demand]] = defaultdict(list)
    for demand in wanted:
        by_rule[demand.rule].append(demand)
    for rule in in_order(book, as_of):
        condition = rule.condition
        if isinstance(condition, Streak):
            found = _streaks(book, rule, condition, by_rule[condition.of], bearers.of(rule.applies_to, as_of))
        else:
            assert isinstance(condition, Rollup)
            found = _rollups(book, rule, condition, by_rule[condition.of], bearers, as_of)
        by_rule[rule.id] = list(found)
        yield from by_rule[rule.id]


def is_shared(rule: Rule) -> bool:
    """Whether the units of a rule carry each period together, so that they share one series (decision 18)."""
    return isinstance(rule.condition, Quota) and rule.condition.scope is not Scope.EACH


def _streaks(
    book: RuleBook, rule: Rule, streak: Streak, periods: Iterable[Demand], units: tuple[str, ...]
) -> Iterator[Demand]:
    """One streak for each unit with periods, or one for all units where they carry the periods together."""
    issued = min((period.issued_on for period in periods), default=None)
    if issued is None:
        return
    base = book.rules[streak.of]
    have = {unit for period in periods for unit in period.bearers or (period.unit,)}
    bearers = tuple(unit for unit in units if unit in have)
    groups = [(unit,) for unit in bearers] if not is_shared(base) else [bearers] if bearers else []
    key = base.id.rpartition("/")[2]
    for group in groups:
        together = group if len(group) > 1 else ()
        yield Demand(
            rule.id, group[0], key, TaskKind.STREAK, key, None, issued, need=streak.times, bearers=together
        )


def _rollups(
    book: RuleBook, rule: Rule, rollup: Rollup, parts: Iterable[Demand], bearers: Bearers, as_of: date
) -> Iterator[Demand]:
    """One rollup for each body and subject that has parts."""
    key = book.rules[rollup.of].id.rpartition("/")[2]
    made: dict[tuple[str, str], Demand] = {}
    for part in parts:
        # Whose part a unit is follows responsibility, which is as of the last day (decision 7).
        on = part.final_day or part.last_day or as_of
        for body in bodies_above(bearers.chart, part.unit, on).intersection(bearers.of(rule.applies_to, on)):
            made.setdefault(
                (body, part.subject),
                Demand(
                    rule.id,
                    body,
                    part.subject,
                    TaskKind.ROLLUP,
                    key,
                    part.last_day,
                    part.issued_on,
                    part.first_day,
                    part.final_day,
                ),
            )
    for place in sorted(made):
        yield made[place]
