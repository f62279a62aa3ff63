"""business-rules as a judge of the same facts: its conditions are our tests, its variables our fields.

It compares a variable with a constant only, so that where we compare two fields their difference is a variable.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# The package is older than Python 3.11, which took this name away.
inspect.getargspec = inspect.getfullargspec  # type: ignore[attr-defined]

from business_rules import run_all  # noqa: E402
from business_rules.actions import BaseActions, rule_action  # noqa: E402
from business_rules.fields import FIELD_TEXT  # noqa: E402
from business_rules.variables import (  # noqa: E402
    BaseVariables,
    boolean_rule_variable,
    numeric_rule_variable,
)

from peers.expression import number  # noqa: E402

_COMPARED = {
    "$lt": "less_than",
    "$lte": "less_than_or_equal_to",
    "$gt": "greater_than",
    "$gte": "greater_than_or_equal_to",
}
Value = Callable[[Mapping[str, Any]], Any]


class _Hits(BaseActions):  # type: ignore[misc]
    """Notes what matched."""

    def __init__(self) -> None:
        self.found: list[tuple[str, int]] = []
        self.id = 0

    @rule_action(params={"rule": FIELD_TEXT})  # type: ignore[untyped-decorator]
    def hit(self, rule: str) -> None:
        """One rule matched the fact in hand."""
        self.found.append((rule, self.id))


@dataclass(slots=True)
class Judge:
    """One shape's rules, and the class of its variables."""

    rules: list[dict[str, Any]]
    variables: Any

    @classmethod
    def of(cls, definition: Mapping[str, Mapping[str, Any]]) -> Judge:
        """A judge for a definition written for durable_rules."""
        members: dict[str, Any] = {}
        rules = [
            {
                "conditions": _conditions(test, members),
                "actions": [{"name": "hit", "params": {"rule": name}}],
            }
            for name, test in definition.items()
        ]
        return cls(rules, type("Variables", (_Fact,), members))

    def __call__(self, facts: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
        """Every (rule, id) that matches."""
        hits = _Hits()
        for fact in facts:
            hits.id = fact["id"]
            run_all(self.rules, self.variables(fact), hits, stop_on_first_trigger=False)
        return hits.found


class _Fact(BaseVariables):  # type: ignore[misc]
    def __init__(self, fact: Mapping[str, Any]) -> None:
        self.fact = fact


def _conditions(test: Mapping[str, Any], members: dict[str, Any]) -> dict[str, Any]:
    ((word, given),) = test.items()
    if word in {"$and", "$or"}:
        return {"all" if word == "$and" else "any": [_conditions(each, members) for each in given]}
    ((field, value),) = given.items()
    if word in {"$ex", "$nex"}:
        _boolean(f"has_{field}", lambda fact: field in fact, members)
        return {"name": f"has_{field}", "operator": "is_true" if word == "$ex" else "is_false", "value": True}
    if not isinstance(value, Mapping):
        _numeric(field, lambda fact: fact[field], members)
        return {"name": field, "operator": _COMPARED[word], "value": number(value)}
    name, operand = f"{field}_less_{len(members)}", _operand(value)
    _numeric(name, lambda fact: fact[field] - operand(fact), members)
    return {"name": name, "operator": _COMPARED[word], "value": 0}


def _operand(value: Any) -> Value:
    if not isinstance(value, Mapping):
        constant = number(value)
        return lambda _fact: constant
    ((word, given),) = value.items()
    if word == "$m":
        return lambda fact: fact[given]
    left, right = _operand(given["$l"]), _operand(given["$r"])
    if word == "$add":
        return lambda fact: left(fact) + right(fact)
    return lambda fact: left(fact) * right(fact)


def _boolean(name: str, value: Value, members: dict[str, Any]) -> None:
    members.setdefault(name, boolean_rule_variable()(_named(name, value)))


def _numeric(name: str, value: Value, members: dict[str, Any]) -> None:
    members.setdefault(name, numeric_rule_variable()(_named(name, value)))


def _named(name: str, value: Value) -> Callable[[_Fact], Any]:
    def variable(self: _Fact) -> Any:
        return value(self.fact)

    variable.__name__ = name
    return variable
