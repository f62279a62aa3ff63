"""What a sandbox starts from, copied out of a store: units, what was brought in, what the nights made of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, case, select

from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import insert_many

# What people brought in: who there is, and what they did. Everything else follows from it.
_PEOPLE = (t.unit, t.unit_name, t.relation, t.mailbox, t.succession)
# A decision on what an ended unit left behind names its rule by number.
_FACTS = (t.assignment, t.submission, t.activity, t.reading, t.rule, t.inheritance, t.inheritance_heir)
# What the nights have made of it so far.
_MADE = (t.task, t.task_bearer, t.case_file, t.notice, t.log_entry, t.event, t.night)
# How what was brought in stood before any night: settling nothing, and no task yet.
_FRESH: Mapping[str, Mapping[str, Any]] = {
    "submission": {"task_id": None, "revision": False},
    "assignment": {"task_id": None},
}
# A night that is played again gives every task anew, as it was known by then.
_ANEW: Mapping[str, Mapping[str, Any]] = {"assignment": {"task_id": None}}
_ROWS = 5_000


def copy_units(source: Connection, target: Connection) -> None:
    """The units and their relations, and nothing else."""
    for table in _PEOPLE:
        _copy(source, target, select(table), table, {})


def copy_facts(source: Connection, target: Connection, *, made: bool, known_by: datetime | None = None) -> None:
    """The units and everything that was brought in; with `made`, also what the nights made of it so far.

    Without it, nothing has been judged yet. What was recorded after `known_by` (None: nothing) has not come in.
    """
    copy_units(source, target)
    for table in _FACTS:
        _copy(source, target, _known(table, known_by), table, (_ANEW if made else _FRESH).get(table.name, {}))
    for table in _MADE if made else ():
        rows = _known(table, known_by) if table is t.task else select(table)
        _copy(source, target, rows, table, {})


def _known(table: Table, by: datetime | None) -> Select[Any]:
    """The rows recorded by an instant, as they stood then: a correction that came later replaces nothing."""
    if by is None or table is t.rule:
        return select(table)
    if table is t.inheritance_heir:
        decided = select(t.inheritance.c.no).where(t.inheritance.c.recorded_at <= by)
        return select(table).where(table.c.inheritance_no.in_(decided))
    later = table.c.get("superseded_at")
    columns = [case((later <= by, later)).label(later.name) if column is later else column for column in table.c]
    return select(*columns).where(table.c.recorded_at <= by)


def _copy(
    source: Connection, target: Connection, rows: Select[Any], table: Table, changed: Mapping[str, Any]
) -> None:
    for part in source.execute(rows).mappings().partitions(_ROWS):
        insert_many(target, table, [{**row, **changed} for row in part])
