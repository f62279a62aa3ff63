"""What durable_rules said yes to: which rule of which shape, and the rows, packed."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """One durable rule of one shape matched the row with this id."""

    shape: str
    rule: str
    row: int


def _rows() -> array[int]:
    return array("q")


def _rules() -> defaultdict[str, array[int]]:
    return defaultdict(_rows)


class Matches:
    """Hits in no order that matters, eight bytes each: a country's night holds a hundred thousand to its end."""

    __slots__ = ("_by",)

    def __init__(self, hits: Iterable[Match] = ()) -> None:
        self._by: defaultdict[str, defaultdict[str, array[int]]] = defaultdict(_rules)
        for hit in hits:
            self.add(hit.shape, hit.rule, (hit.row,))

    def add(self, shape: str, rule: str, rows: Iterable[int]) -> None:
        """One rule matched these rows as well."""
        self._by[shape][rule].extend(rows)

    def update(self, other: Matches) -> None:
        """Takes over all of another's."""
        for shape, rules in other._by.items():
            for rule, rows in rules.items():
                self.add(shape, rule, rows)

    def of(self, shape: str) -> Mapping[str, Sequence[int]]:
        """The rows of one shape, by the rule that matched them."""
        return self._by.get(shape, {})

    def shapes(self) -> Iterator[str]:
        """The shapes of which anything was matched, in the order in which that came."""
        return iter(self._by)

    def __iter__(self) -> Iterator[Match]:
        for shape, rules in self._by.items():
            for rule, rows in rules.items():
                for row in rows:
                    yield Match(shape, rule, row)

    def __len__(self) -> int:
        return sum(len(rows) for rules in self._by.values() for rows in rules.values())

    def __eq__(self, other: object) -> bool:
        return self._by == other._by if isinstance(other, Matches) else NotImplemented

    def __repr__(self) -> str:
        return f"Hits({list(self)!r})"

    __hash__ = None  # type: ignore[assignment]
