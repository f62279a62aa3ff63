"""Compiles the rule book into definitions for durable_rules: each kind of rule says what its rules become."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from dondoc.engine.domain.rulebook import Derived, Direct, Rule, RuleBook
from dondoc.engine.kinds import KINDS, DirectKind, direct_kind
from dondoc.engine.kinds.shapes import Shape


def compile_book(book: RuleBook, as_of: date, since: date | None = None) -> tuple[Shape, ...]:
    """Every shape of the rules whose directive is followed up on `as_of` (decision 17).

    `since` is the night before it, if there was one.
    Raises `CalendarUncovered` where a reminder window cannot be counted.
    """
    by_kind: dict[DirectKind[Any], list[tuple[Rule, Direct]]] = defaultdict(list)
    for rule in (book.rules[name] for name in book.binding(as_of, since)):
        condition = rule.condition
        # A derived rule has no facts: the second pass judges it, on the findings of its base rule.
        if not isinstance(condition, Derived):
            by_kind[direct_kind(condition)].append((rule, condition))
    kinds = sorted(by_kind, key=KINDS.index)
    return tuple(shape for kind in kinds for shape in kind.shapes(by_kind[kind], book.calendars, as_of))
