"""zen-engine as a judge of the same facts: each of our definitions becomes one expression of its language.

An expression lists the truth of every rule of a shape, so that a fact is handed over once. zen-engine does not
compare texts, so dates stand in its facts as whole numbers, made before the clock starts: that favours it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import zen

from peers.expression import expression


@dataclass(slots=True)
class Judge:
    """One shape's rules, compiled: `together` in one expression for a fact, `apart` in one for each rule."""

    rules: tuple[str, ...]
    together: Any
    apart: tuple[Any, ...]

    @classmethod
    def of(cls, definition: Mapping[str, Mapping[str, Any]]) -> Judge:
        """A judge for a definition written for durable_rules."""
        texts = [expression(test) for test in definition.values()]
        return cls(
            tuple(definition),
            zen.compile_expression(f"[{', '.join(texts)}]"),
            tuple(zen.compile_expression(text) for text in texts),
        )

    def at_once(self, facts: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
        """Every (rule, id) that matches; one call for each fact."""
        together = self.together.evaluate
        return [
            (rule, fact["id"])
            for fact in facts
            for rule, true in zip(self.rules, together(fact), strict=True)
            if true
        ]

    def one_by_one(self, facts: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
        """The same; one call for each fact and rule."""
        pairs = [(rule, expression.evaluate) for rule, expression in zip(self.rules, self.apart, strict=True)]
        return [(rule, fact["id"]) for fact in facts for rule, true in pairs if true(fact)]
