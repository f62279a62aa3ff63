"""Which relations of an import contradict what else is there, each by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from dondoc.engine.domain.model import Relation
from dondoc.engine.domain.orgchart_checks import Contradiction, contradictions
from dondoc.engine.store.db.tables import unit
from dondoc.engine.store.intake.kinds import Values

_KEY = ("unit_no", "other_no", "kind", "line", "valid_from")
_Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class WrittenRelation:
    """A relation that an import wrote: whose row it was, and what stood in its place before (None: nothing)."""

    origin: object
    line: int
    values: Values
    row: dict[str, Any]
    before: dict[str, Any] | None


def key_of(row: Mapping[str, Any]) -> _Key:
    """What a relation is known by."""
    return tuple(row[column] for column in _KEY)


def contradicted(
    conn: Connection, standing: Iterable[dict[str, Any]], written: Mapping[_Key, WrittenRelation]
) -> Iterator[tuple[WrittenRelation, Contradiction]]:
    """The latest written relation of every contradiction, until none is left that an import can help.

    `standing` are all relations as they are now, `written` those of this import in their order. What is left
    contradicts itself without it. Nothing is changed here.
    """
    units = {row.no: row for row in conn.execute(select(unit.c.no, unit.c.id, unit.c.level))}
    levels = {row.id: row.level for row in units.values()}
    order = {key: place for place, key in enumerate(written)}
    rows = {key_of(row): row for row in standing}
    while True:
        values = {key: _value(row, units) for key, row in rows.items()}
        keys = {id(value): key for key, value in values.items()}
        undone: dict[_Key, Contradiction] = {}
        # What is wrong by itself first: it must not take another row with it.
        for fault in sorted(contradictions(levels, values.values()), key=lambda fault: len(fault.edges)):
            mine = [key for edge in fault.edges if (key := keys[id(edge)]) in order]
            if mine and not undone.keys() & {keys[id(edge)] for edge in fault.edges}:
                undone[max(mine, key=order.__getitem__)] = fault
        if not undone:
            return
        for key, fault in undone.items():
            del order[key]
            before = written[key].before
            if before is None:
                del rows[key]
            else:
                rows[key] = before
            yield written[key], fault


def _value(row: Mapping[str, Any], units: Mapping[int, Any]) -> Relation:
    ends = units[row["unit_no"]].id, units[row["other_no"]].id
    return Relation(*ends, row["kind"], row["line"], row["valid_from"], row["valid_to"])
