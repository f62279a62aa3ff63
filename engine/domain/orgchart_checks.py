"""What no organisation chart may hold: two relations of one kind at a time, a cycle of parents, uneven levels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dondoc.engine.domain.model import Relation, Text
from dondoc.engine.domain.terms import Level, Line, RelationKind

# A unit may be guided or supervised by several bodies at a time.
_SEVERAL = (RelationKind.GUIDED_BY, RelationKind.SUPERVISED_BY)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Relations that cannot all be true, the column of an imported row to blame, and why in words."""

    edges: tuple[Relation, ...]
    column: str
    text: Text

    def line(self) -> str:
        """One line for a person."""
        return self.text.both()


def contradictions(levels: Mapping[str, Level], relations: Iterable[Relation]) -> Iterator[Contradiction]:
    """Every contradiction among some relations; `levels` holds the level of each unit that they name."""
    edges = tuple(relations)
    yield from _overlaps(edges)
    yield from _cycles(edges)
    yield from _uneven(levels, edges)


def _overlaps(relations: Iterable[Relation]) -> Iterator[Contradiction]:
    groups: dict[tuple[str, RelationKind, Line | None], list[Relation]] = defaultdict(list)
    for edge in sorted(relations, key=lambda edge: (edge.unit, edge.valid_from, edge.other)):
        if edge.kind not in _SEVERAL:
            groups[edge.unit, edge.kind, edge.line].append(edge)
    # A country has a hundred thousand groups and no overlap: only the groups that overlap are sorted.
    twice = {key: edges for key, edges in groups.items() if any(map(_overlap, edges, edges[1:]))}
    for (unit, kind, line), edges in sorted(twice.items(), key=str):
        for earlier, later in pairwise(edges):
            if _overlap(earlier, later):
                where = f"{kind} {line or ''}".strip()
                text = Text(
                    f"{unit}: hai quan hệ {where} cùng lúc từ {later.valid_from:%d/%m/%Y}, "
                    f"tới {earlier.other} và {later.other}",
                    "two at a time",
                )
                yield Contradiction((earlier, later), "from", text)


def _overlap(earlier: Relation, later: Relation) -> bool:
    return earlier.valid_to is None or later.valid_from < earlier.valid_to


def _cycles(relations: Iterable[Relation]) -> Iterator[Contradiction]:
    parents = [edge for edge in relations if edge.kind is RelationKind.PARENT]
    seen: set[frozenset[str]] = set()
    for line in Line:
        edges = _in_cycles([edge for edge in parents if edge.line is line])
        # A cycle exists from the day on which the last of its edges begins.
        for on in sorted({edge.valid_from for edge in edges}):
            above = {edge.unit: edge for edge in edges if edge.valid(on)}
            for cycle in _cycles_of({unit: edge.other for unit, edge in above.items()}):
                if cycle not in seen:
                    seen.add(cycle)
                    units = sorted(cycle)
                    text = Text(
                        f"vòng lặp cấp trên ({line}) ngày {on:%d/%m/%Y}: {' → '.join(units)}", "a cycle of parents"
                    )
                    yield Contradiction(tuple(above[unit] for unit in units), "other", text)


def _in_cycles(edges: Sequence[Relation]) -> list[Relation]:
    """The edges that lead into a cycle when their dates are ignored: usually none.

    Removes the units without anybody above them until every unit left has somebody above. So a chart of any size
    and with any number of dates is walked once.
    """
    above: dict[str, int] = defaultdict(int)
    below: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        above[edge.unit] += 1
        below[edge.other].append(edge.unit)
    free = [unit for unit in below if unit not in above]
    while free:
        for unit in below[free.pop()]:
            above[unit] -= 1
            if not above[unit]:
                del above[unit]
                free.append(unit)
    return [edge for edge in edges if edge.unit in above]


def _cycles_of(above: Mapping[str, str]) -> Iterator[frozenset[str]]:
    """The cycles in a map of unit to parent."""
    done: set[str] = set()
    for start in above:
        path: list[str] = []
        unit: str | None = start
        while unit is not None and unit not in done:
            if unit in path:
                yield frozenset(path[path.index(unit) :])
                break
            path.append(unit)
            unit = above.get(unit)
        done.update(path)


def _uneven(levels: Mapping[str, Level], relations: Iterable[Relation]) -> Iterator[Contradiction]:
    for edge in relations:
        lower, upper = levels[edge.unit], levels[edge.other]
        if edge.kind is RelationKind.LED_BY and lower is not upper:
            vi = f"{edge.unit} led_by {edge.other}: khác cấp"
            yield Contradiction((edge,), "other", Text(vi, f"{lower}, {upper}; different levels"))
