"""Which tasks of derived rules exist: made from the demands of the rules that they are derived from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from dondoc.engine.demands.direct import asking
from dondoc.engine.domain.demand import Bearers, Demand
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Derived, Rule, RuleBook
from dondoc.engine.kinds import derived_kind, kind_of


def in_order(book: RuleBook, as_of: date, since: date | None = None) -> list[tuple[Rule, Derived]]:
    """The derived rules judged on `as_of` with their conditions, each after the rule it is derived from.

    `since` is the night before it, where a directive that has ended between them is to be judged a last time.
    """
    rules = (book.rules[rule] for rule in book.binding(as_of, since))
    found = [(rule, condition) for rule in rules if isinstance(condition := rule.condition, Derived)]
    return sorted(found, key=lambda one: _height(book, one[0]))


def _height(book: RuleBook, rule: Rule) -> int:
    base = book.base_of(rule.id)
    return 0 if base is None else 1 + _height(book, base)


def derived_demands(book: RuleBook, chart: OrgChart, as_of: date, wanted: Iterable[Demand]) -> Iterator[Demand]:
    """The demands of derived rules, given those of all other rules; a rollup of rollups uses those made here."""
    bearers = Bearers(chart)
    by_rule: dict[str, list[Demand]] = defaultdict(list)
    for demand in wanted:
        by_rule[demand.rule].append(demand)
    for rule, condition in in_order(book, as_of):
        base = book.rules[condition.of]
        by_rule[rule.id] = list(
            derived_kind(condition).demands(
                condition,
                by_rule[base.id],
                asking(book, rule, bearers, as_of),
                base,
                shared=is_shared(base),
            )
        )
        yield from by_rule[rule.id]


def is_shared(rule: Rule) -> bool:
    """Whether the units of a rule carry each period together, so that they share one series (decision 18)."""
    return kind_of(rule.condition).is_shared(rule.condition)
