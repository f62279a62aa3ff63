"""Which of a letter's matters have been waived since its night, so that it does not urge what may wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.terms import Section
from dondoc.engine.judge.excused import Excused
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.night import inheritances, nights, orgchart
from dondoc.engine.store.night.findings import bearers_of, task_value
from dondoc.engine.store.night.tasks import stored_rules


@dataclass(frozen=True, slots=True)
class WaivedNow:
    """How a demand is waived: until which day, inclusive; or `whole`, for good, as its whole period is."""

    until: date
    whole: bool


def waived_since(conn: Connection, letter: str, excused: Excused, now: datetime) -> Mapping[int, WaivedNow]:
    """By task, how the demands that a letter urges are waived at `now`.

    Without those whose end it tells, and those that it says itself are waived until that day.
    """
    waived = {rule for rule, _ in excused.waivers}
    rules = stored_rules(conn) if waived else {}
    if not waived & rules.keys():
        return {}
    rows = conn.execute(
        select(t.task, t.notice.c.waived_until)
        .join(t.notice, t.notice.c.task_id == t.task.c.id)
        .where(
            t.notice.c.letter == letter,
            t.notice.c.section != Section.RESOLVED,
            t.task.c.rule_no.in_([rules[rule] for rule in sorted(waived & rules.keys())]),
        )
    ).all()
    # Most letters tell of nothing that was ever waived: they cost this one question.
    if not rows:
        return {}
    names, chart, today = nights.names_of(conn, rules), orgchart.chart(conn, now), now.astimezone(ZONE).date()
    bearers, decided = bearers_of(conn, names.units), inheritances.known(conn, names.units, rules, now)
    found: dict[int, WaivedNow] = {}
    for row in rows:
        # Heirs that a demand has passed to are the ones whose waiver counts.
        task = decided.carried(task_value(row, names, bearers), chart, today)
        waiver = excused.on(task, today)
        if waiver is not None and (row.waived_until is None or row.waived_until < waiver.until):
            found[task.id] = WaivedNow(waiver.until, whole=excused.by(task) is not None)
    return found
