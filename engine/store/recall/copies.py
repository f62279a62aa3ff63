"""Copies from the store into a sandbox: units, imported facts, and what the nights made of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, case, select

from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import insert_many

# Imported data: the units, and the facts about them. Everything else follows from these.
_PEOPLE = (t.unit, t.unit_name, t.relation, t.mailbox, t.succession)
# The rules are here because a decision on heirs names its rule by number.
_FACTS = (t.assignment, t.submission, t.activity, t.reading, t.rule, t.inheritance, t.inheritance_heir)
# What the nights have made of them so far.
_MADE = (t.task, t.task_bearer, t.case_file, t.notice, t.log_entry, t.event, t.night)
# The facts as they were before any night: nothing settled, no task made.
_FRESH: Mapping[str, Mapping[str, Any]] = {
    "submission": {"task_id": None, "revision": False},
    "assignment": {"task_id": None},
}
# A replayed night makes the tasks of assignments again, as they were known then.
_AGAIN: Mapping[str, Mapping[str, Any]] = {"assignment": {"task_id": None}}
_ROWS = 5_000


def copy_units(source: Connection, target: Connection) -> None:
    """Copies the units and their relations, and nothing else."""
    for table in _PEOPLE:
        _copy(source, target, select(table), table, {})


def copy_facts(source: Connection, target: Connection, *, made: bool, known_by: datetime | None = None) -> None:
    """Copies the units and all imported facts; with `made`, also what the nights made of them so far.

    Without `made`, nothing is judged yet. Rows recorded after `known_by` are left out (None: none are).
    """
    copy_units(source, target)
    for table in _FACTS:
        _copy(source, target, _known(table, known_by), table, (_AGAIN if made else _FRESH).get(table.name, {}))
    for table in _MADE if made else ():
        rows = _known(table, known_by) if table is t.task else select(table)
        _copy(source, target, rows, table, {})


def _known(table: Table, by: datetime | None) -> Select[Any]:
    """The rows recorded by an instant, as they were then: a later correction supersedes nothing."""
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
