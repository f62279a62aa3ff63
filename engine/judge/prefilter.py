"""Which facts can match at all: what a definition asks of single fields, so that SQL can leave out other facts.

The filter keeps too many facts, never too few, and judges none: a test that compares two fields, or a field that
SQL must count first, is left to durable_rules. A fact outside the bounds of every rule matches none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dondoc.engine.kinds.shapes import Test

_COMPARED = frozenset({"$lt", "$lte", "$gt", "$gte"})


@dataclass(frozen=True, slots=True)
class Bound:
    """One condition on one field: its presence (`$ex`, `$nex`) or a comparison with a constant (`$lt`, ...).

    `value` is an ISO date or a number; None for presence.
    """

    field: str
    word: str
    value: str | int | None = None


def prefilter(definition: Mapping[str, Test]) -> tuple[tuple[Bound, ...], ...]:
    """For each rule of a definition, its conditions on single fields; a fact must meet all of them to match."""
    return tuple(tuple(_bounds(test)) for test in definition.values())


def _bounds(test: Test) -> Iterator[Bound]:
    ((word, given),) = test.items()
    if word == "$and":
        for each in given:
            yield from _bounds(each)
        return
    ((field, value),) = given.items()
    if word in {"$ex", "$nex"}:
        yield Bound(field, word)
    elif word in _COMPARED and isinstance(value, (str, int)):
        yield Bound(field, word, value)
