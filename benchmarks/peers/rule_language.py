"""rule-engine as a judge of the same facts: one compiled rule for each of ours, asked fact by fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import rule_engine

from peers.expression import expression


@dataclass(slots=True)
class Judge:
    """One shape's rules, compiled."""

    rules: tuple[tuple[str, rule_engine.Rule], ...]

    @classmethod
    def of(cls, definition: Mapping[str, Mapping[str, Any]]) -> Judge:
        """A judge for a definition written for durable_rules; an absent field is null."""
        context = rule_engine.Context(default_value=None)
        return cls(tuple((name, rule_engine.Rule(expression(test), context)) for name, test in definition.items()))

    def __call__(self, facts: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
        """Every (rule, id) that matches."""
        return [(name, fact["id"]) for fact in facts for name, rule in self.rules if rule.matches(fact)]
