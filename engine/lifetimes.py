"""How long units live that have no end of their own: an organ, or an office that works for a body, ends with it.

Lists seldom close the offices of a body that ended; they outlived their district otherwise, and were written to
(decision 35).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from engine.model import Relation, Unit
from engine.terms import RelationKind

_TIED = (RelationKind.ORGAN_OF, RelationKind.STAFF_OF)


def with_their_bodies(units: Mapping[str, Unit], relations: Iterable[Relation]) -> Mapping[str, Unit]:
    """The units; one without an end has that of the body whose organ or staff it is by a relation without an end.

    Of several such bodies the last one counts, and none while one of them lives on. A body that nobody knows ends
    nothing.
    """
    bodies: dict[str, list[str]] = defaultdict(list)
    for edge in relations:
        if edge.kind in _TIED and edge.valid_to is None and edge.unit in units and edge.other in units:
            bodies[edge.unit].append(edge.other)
    ends = {name: _end(name, units, bodies, frozenset()) for name in bodies if units[name].valid_to is None}
    closed = {name: replace(units[name], valid_to=end) for name, end in ends.items() if end is not None}
    return {**units, **closed} if closed else units


def _end(
    name: str, units: Mapping[str, Unit], bodies: Mapping[str, list[str]], above: frozenset[str]
) -> date | None:
    """The day on which a unit is no more; a ring of offices that work for each other ends never."""
    if units[name].valid_to is not None or name not in bodies or name in above:
        return units[name].valid_to
    ends = [_end(body, units, bodies, above | {name}) for body in bodies[name]]
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None
