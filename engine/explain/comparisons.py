"""What durable_rules compared: a definition laid beside one fact, comparison by comparison, for people to read.

Nothing is decided here. The verdict is durable_rules' own; a test holds what is shown to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dondoc.engine.judge.compiler import Test


class Operator(StrEnum):
    """How two values are held against each other; `known` and `unknown` ask only whether there is a value."""

    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    KNOWN = "known"
    UNKNOWN = "unknown"


_SIGNS = {"$lt": Operator.LESS, "$lte": Operator.AT_MOST, "$gt": Operator.MORE, "$gte": Operator.AT_LEAST}
_PRESENCE = {"$ex": Operator.KNOWN, "$nex": Operator.UNKNOWN}

Value = int | str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of one field of a fact: its value (None: the fact has none), the other value, the answer."""

    field: str
    value: Value
    sign: Operator
    against: Value
    holds: bool


@dataclass(frozen=True, slots=True)
class RuleComparison:
    """One durable rule laid beside one fact: its name, its comparisons, and what durable_rules answered."""

    rule: str
    comparisons: tuple[Comparison, ...]
    hit: bool


def compared(test: Test, fact: Mapping[str, Any]) -> tuple[Comparison, ...]:
    """Every comparison of a test in its order, with the values of a fact. A value that is missing never holds."""
    return tuple(_each(test, fact))


def _each(test: Test, fact: Mapping[str, Any]) -> Iterator[Comparison]:
    for word, inner in test.items():
        if word == "$and":
            for each in inner:
                yield from _each(each, fact)
        elif word in _PRESENCE:
            for field in inner:
                sign = _PRESENCE[word]
                yield Comparison(field, fact.get(field), sign, None, (field in fact) == (sign is Operator.KNOWN))
        else:
            for field, other in inner.items():
                value, against = fact.get(field), _value(other, fact)
                yield Comparison(field, value, _SIGNS[word], against, _holds(value, _SIGNS[word], against))


def _value(written: Any, fact: Mapping[str, Any]) -> Value:
    """A constant as it is; a field of the fact, a sum or a product worked out."""
    if not isinstance(written, Mapping):
        constant: Value = written
        return constant
    if "$m" in written:
        return fact.get(written["$m"])
    ((word, parts),) = written.items()
    left, right = _value(parts["$l"], fact), _value(parts["$r"], fact)
    if not isinstance(left, int) or not isinstance(right, int):
        return None
    return left * right if word == "$mul" else left + right


def _holds(value: Value, sign: Operator, against: Value) -> bool:
    if value is None or against is None:
        return False
    # Numbers come as int and dates as text of fixed width; of two kinds durable_rules is never asked.
    if isinstance(value, int) and isinstance(against, int):
        order = (value > against) - (value < against)
    else:
        order = (str(value) > str(against)) - (str(value) < str(against))
    return {
        Operator.LESS: order < 0,
        Operator.AT_MOST: order <= 0,
        Operator.MORE: order > 0,
        Operator.AT_LEAST: order >= 0,
    }[sign]
