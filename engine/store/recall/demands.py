"""The demands of a rule as the store knows them after a night, judged on that night or not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import Connection, or_, select

from dondoc.engine.domain.model import Finding
from dondoc.engine.domain.terms import VOID, TaskKind, Verdict
from dondoc.engine.kinds import kind_of_task
from dondoc.engine.kinds.second_pass import PartVerdict
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.matching.fact_sql import counted
from dondoc.engine.store.night.findings import bearers_of, settled_by, settled_value
from dondoc.engine.store.night.prepared import Prepared

_DAY = timedelta(days=1)
# What a task that a night did not judge is found to be, by how it ended.
_ENDED = {PartVerdict.MET: Verdict.MET, PartVerdict.LAPSED: Verdict.BREACH}


def standing(conn: Connection, night: Prepared, rule: str, units: Collection[str] | None = None) -> list[Finding]:
    """Every demand of a rule after a night, in order of its last day, only of `units` if given.

    Each as a finding that rests on how it ended: a night judges a demand only until then, and names those that it
    judged itself. One that is open is `pending`. For an heir also what it took over.
    """
    number = night.rules.get(rule)
    if number is None:
        return []
    # A task that is void by now was demanded until the night that ended it.
    wanted = [t.task.c.rule_no == number, or_(t.task.c.ended != VOID, t.task.c.finished_on >= night.as_of)]
    taken = {place for unit in units or () for place in night.inheritances.taken_over_by(rule, unit)}
    if units is not None:
        mine = [night.names.units.of[unit] for unit in {*units, *(unit for unit, _ in taken)}]
        shared = select(t.task_bearer.c.task_id).where(t.task_bearer.c.unit_no.in_(mine))
        wanted.append(or_(t.task.c.unit_no.in_(mine), t.task.c.id.in_(shared)))
    counts = {
        readings: counted(night.cutoff, readings=readings).label(f"n_{readings}") for readings in (False, True)
    }
    rows = conn.execute(
        select(t.task, *settled_by(), *counts.values())
        .where(*wanted)
        .order_by(t.task.c.last_day.nulls_last(), t.task.c.id)
    )
    bearers = bearers_of(conn, night.names.units)
    found = []
    for row in rows:
        task = settled_value(row, night.names, bearers)
        if units is None or {task.unit, *task.bearers} & set(units) or (task.unit, task.subject) in taken:
            ended = row.ended or row.finished_on
            mark = kind_of_task(task.kind).ended_as(row.ended) if ended else PartVerdict.UNKNOWN
            verdict = _ENDED.get(mark, Verdict.PENDING)
            found.append(
                Finding(
                    night.inheritances.carried(task, night.chart, night.as_of),
                    verdict,
                    breach=task.last_day + _DAY if verdict is Verdict.BREACH and task.last_day else None,
                    count={TaskKind.QUOTA: row.n_False, TaskKind.READING: row.n_True}.get(task.kind),
                    need=row.need,
                )
            )
    return found
