"""What durable_rules compared: a definition applied to one fact, comparison by comparison, for people to read.

Nothing is decided here: durable_rules gives the verdict, and a test holds that these comparisons agree with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dondoc.engine.kinds.shapes import Test


class Operator(StrEnum):
    """How two values are compared; `known` and `unknown` ask only whether there is a value."""

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
    """One comparison of one field of a fact: its value (None: the fact has none), the other value, the result."""

    field: str
    value: Value
    sign: Operator
    against: Value
    holds: bool


@dataclass(frozen=True, slots=True)
class RuleComparison:
    """One durable rule applied to one fact: its name, its comparisons, and whether durable_rules matched."""

    rule: str
    comparisons: tuple[Comparison, ...]
    hit: bool


def compared(test: Test, fact: Mapping[str, Any]) -> tuple[Comparison, ...]:
    """Every comparison of a test, in its order, with the values of a fact. A missing value never holds."""
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
    """The value of one side: a constant, a field of the fact, or the result of a sum or product."""
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
    # Numbers are int, dates are text of fixed width; durable_rules never compares one with the other.
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
