"""Rules invented for random worlds, beside those of a shipped pack: what many units or several periods miss.

No shipped pack has such rules. Each is like the rule that it is made from in all but its condition.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from dondoc.engine.domain.demand import Bearers
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import (
    Against,
    Condition,
    Quota,
    Rise,
    Rollup,
    Rule,
    RuleBook,
    Selector,
    Streak,
    Threshold,
)
from dondoc.engine.domain.terms import Line, Scope
from dondoc.engine.kinds import kind_of


def widened(book: RuleBook, chart: OrgChart, on: date, drawn: Random) -> RuleBook:
    """The book with a roll-up, a roll-up of it, a streak, a second limit or a shared quota, as drawn."""
    rules = dict(book.rules)
    for rule in book.rules.values():
        condition, units = rule.condition, Bearers(chart).of(rule.applies_to, on)
        if isinstance(condition, Quota) and len(units) > 1 and drawn.random() < 0.4:
            rules[rule.id] = replace(
                rule, condition=replace(condition, scope=drawn.choice((Scope.ANY, Scope.SUM)))
            )
        elif isinstance(condition, Threshold) and condition.above is not None and drawn.random() < 0.7:
            monthly = drawn.random() < 0.6
            per = PeriodKind.CALENDAR_MONTH if monthly else condition.per
            base = rules[rule.id] = replace(rule, condition=replace(condition, per=per))
            for name, other in _other_ways(replace(condition, per=per), drawn).items():
                _add(rules, base, name, other)
            limit = max(Decimal(1), condition.above + drawn.choice((-2, -1, 1, 3)))
            _add(rules, base, "another-limit", replace(condition, per=per, above=limit, clear=None))
        elif kind_of(condition).has_periods(condition) and drawn.random() < 0.5:
            _add(rules, rule, "running", Streak(rule.id, drawn.choice((2, 3))))
    each = [rule for rule in rules.values() if kind_of(rule.condition).asks_each(rule.condition)]
    for rule in drawn.sample(each, min(len(each), 2)):
        _together(rules, rule, chart, on, drawn)
    return replace(book, rules=rules)


def _other_ways(condition: Threshold, drawn: Random) -> dict[str, Threshold]:
    """A limit of the same figure that holds for several periods, one that clears lower, or a rise."""
    above, bare = condition.above or Decimal(1), replace(condition, above=None, clear=None)
    found = {
        "for-long": replace(condition, periods=drawn.choice((2, 3)), clear=None),
        "clearing": replace(condition, clear=max(above - drawn.choice((1, 2, 5)), Decimal(0))),
    }
    if condition.per.months:
        against = drawn.choice(list(Against))
        rise = Rise(Decimal(drawn.choice((0, 5, 10))), against, Decimal(drawn.choice((0, 1, 2))))
        found["rising"] = replace(bare, rise=rise)
    return {name: found[name] for name in drawn.sample(sorted(found), drawn.choice((0, 1, len(found))))}


def _together(rules: dict[str, Rule], base: Rule, chart: OrgChart, on: date, drawn: Random) -> None:
    """A roll-up of the rule's units for one body above several of them, and perhaps one of that for another."""
    for name in ("together", "together-above"):
        units = Bearers(chart).of(base.applies_to, on)
        above = [body for unit in units for line in Line for body in chart.parents(unit, line, on)]
        if not above:
            return
        body = max(sorted(set(above)), key=above.count)
        limit = drawn.choice(
            (Rollup(base.id, percent=Decimal(30)), Rollup(base.id, units=1), Rollup(base.id, units=2))
        )
        covers = drawn.random() < 0.6
        base = _add(rules, base, name, replace(limit, covers=covers), applies_to=Selector(units=(body,)))
        if drawn.random() < 0.6:
            return


def _add(rules: dict[str, Rule], base: Rule, name: str, condition: Condition, **more: object) -> Rule:
    words = {"for-long": "nhiều kỳ", "clearing": "mức hết cảnh báo", "rising": "mức tăng"}
    what = words | {"running": "nhiều kỳ liền", "another-limit": "mức khác"}
    said = what.get(name, "nhiều đơn vị")
    title = Text(f"{base.title.vi} ({said}; quy tắc bịa để thử)", f"{base.title.en} ({name}; invented for a test)")
    made = replace(base, id=f"{base.id}-{name}"[:100], title=title, condition=condition, **more)
    rules[made.id] = made
    return made
