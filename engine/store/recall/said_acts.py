"""Every act on record, with the demand of its case, for nights that are replayed and make cases of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from dondoc.engine.domain.acts import Act, Door
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.night import acts, nights, tasks


@dataclass(frozen=True, slots=True)
class SaidAct:
    """An act as it was recorded, by which door and when, and the rule, unit and subject that it speaks of."""

    act: Act
    door: Door
    recorded_at: datetime
    rule: str
    unit: str
    subject: str


def said_acts(conn: Connection) -> list[SaidAct]:
    """All of them, in the order of recording."""
    names = nights.names_of(conn, tasks.stored_rules(conn))
    rows = conn.execute(
        select(t.act, t.task.c.rule_no, t.task.c.unit_no, t.task.c.subject)
        .join(t.case_file, t.case_file.c.id == t.act.c.case_id)
        .join(t.task, t.task.c.id == t.case_file.c.task_id)
        .order_by(t.act.c.no)
    )
    return [
        SaidAct(
            acts.value(row, names),
            row.door,
            row.recorded_at,
            names.rules.get(row.rule_no, ""),
            names.units.ids[row.unit_no],
            row.subject,
        )
        for row in rows
    ]
