"""Which relations of an import contradict the rest of the chart."""

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
    """A relation that an import wrote: the row it came from, and the stored row before it (None: none)."""

    origin: object
    line: int
    values: Values
    row: dict[str, Any]
    before: dict[str, Any] | None


def key_of(row: Mapping[str, Any]) -> _Key:
    """The key of a relation."""
    return tuple(row[column] for column in _KEY)


def contradicted(
    conn: Connection, standing: Iterable[dict[str, Any]], written: Mapping[_Key, WrittenRelation]
) -> Iterator[tuple[WrittenRelation, Contradiction]]:
    """The latest written relation of every contradiction, until no written one contradicts any other.

    `standing` are all relations as they are now, `written` those of this import in their order. Contradictions
    among older relations are left alone. Changes nothing.
    """
    units = {row.no: row for row in conn.execute(select(unit.c.no, unit.c.id, unit.c.level))}
    levels = {row.id: row.level for row in units.values()}
    order = {key: place for place, key in enumerate(written)}
    rows = {key_of(row): row for row in standing}
    while True:
        values = {key: _value(row, units) for key, row in rows.items()}
        keys = {id(value): key for key, value in values.items()}
        withdrawn: dict[_Key, Contradiction] = {}
        # A row that is wrong by itself goes first: it must not take another one with it.
        for fault in sorted(contradictions(levels, values.values()), key=lambda fault: len(fault.edges)):
            mine = [key for edge in fault.edges if (key := keys[id(edge)]) in order]
            if mine and not withdrawn.keys() & {keys[id(edge)] for edge in fault.edges}:
                withdrawn[max(mine, key=order.__getitem__)] = fault
        if not withdrawn:
            return
        for key, fault in withdrawn.items():
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
