"""Which facts can match at all: what a definition asks of single fields, so that SQL need not print the others.

A superset and no judgement: whatever compares two fields, or a field that SQL must count first, is left out here
and durable_rules decides it. A fact that is left out by every rule's bounds matches none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dondoc.engine.judge.compiler import Test

_COMPARED = frozenset({"$lt", "$lte", "$gt", "$gte"})


@dataclass(frozen=True, slots=True)
class Bound:
    """One thing asked of one field: `$ex` and `$nex` for its presence, else a comparison with a constant.

    `value` is an ISO date or a number; None for presence.
    """

    field: str
    word: str
    value: str | int | None = None


def prefilter(definition: Mapping[str, Test]) -> tuple[tuple[Bound, ...], ...]:
    """For each rule of a definition, everything that it asks of a single field; all of it must hold to match."""
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
