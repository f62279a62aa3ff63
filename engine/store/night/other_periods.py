"""Figures that are there by another kind of period than a rule asks for: three months under a rule by quarter.

They are no figure of the period asked for, and months are not added up; but who sent them has sent something.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from dondoc.engine.domain.model import Finding, Task
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import RuleBook, Threshold
from dondoc.engine.domain.terms import TaskKind, Verdict
from dondoc.engine.store.db.tables import reading, unit
from dondoc.engine.store.matching.known_rows import visible
from dondoc.engine.store.night.findings import slices, threshold_of
from dondoc.engine.store.night.prepared import Prepared


def mismatched(conn: Connection, night: Prepared, findings: Iterable[Finding]) -> list[Finding]:
    """The findings, those marked `mismatched` that miss a figure of which there are some by other periods."""
    found = list(findings)
    missing = [one.task for one in found if one.task.kind is TaskKind.READING and one.verdict is Verdict.BREACH]
    there = beside(conn, night, missing)
    return [replace(one, verdict=Verdict.MISMATCHED) if one.task.id in there else one for one in found]


def beside(conn: Connection, night: Prepared, tasks: Iterable[Task]) -> Mapping[int, Mapping[PeriodKind, int]]:
    """By task, the number of figures by each other kind of period; of a missing figure, those of its own time."""
    asked: dict[tuple[int, str], list[tuple[Task, PeriodKind]]] = defaultdict(list)
    for task in tasks:
        threshold = threshold_of(night.book, task.rule)
        if threshold.per.months:
            asked[night.names.units.of[task.unit], threshold.indicator].append((task, threshold.per))
    found: dict[int, Counter[PeriodKind]] = defaultdict(Counter)
    indicators = {indicator for _, indicator in asked}
    columns = (
        reading.c.unit_no,
        reading.c.indicator,
        reading.c.period_kind,
        reading.c.first_day,
        reading.c.last_day,
    )
    for some in slices(unit_no for unit_no, _ in asked):
        known = (
            reading.c.unit_no.in_(some),
            reading.c.indicator.in_(indicators),
            visible(reading, night.cutoff),
        )
        for unit_no, indicator, kind, first, last in conn.execute(select(*columns).where(*known)):
            for task, per in asked.get((unit_no, indicator), ()):
                if kind != per and _about(task, first, last):
                    found[task.id][PeriodKind(kind)] += 1
    return found


def unused(
    conn: Connection, book: RuleBook, now: datetime
) -> Mapping[str, Mapping[str, Mapping[PeriodKind, int]]]:
    """By rule and unit, the figures by each kind of period, of units without any of the kind that it asks for."""
    watched = {
        rule.id: rule.condition
        for rule in book.rules.values()
        if isinstance(rule.condition, Threshold) and rule.condition.per.months
    }
    known: dict[str, dict[str, dict[PeriodKind, int]]] = defaultdict(lambda: defaultdict(dict))
    counts = (
        select(reading.c.indicator, unit.c.id, reading.c.period_kind, func.count())
        .join_from(reading, unit, reading.c.unit_no == unit.c.no)
        .where(reading.c.indicator.in_({one.indicator for one in watched.values()}), visible(reading, now))
        .group_by(reading.c.indicator, unit.c.id, reading.c.period_kind)
        .order_by(unit.c.id, reading.c.period_kind)
    )
    for indicator, name, kind, number in conn.execute(counts):
        known[indicator][name][PeriodKind(kind)] = number
    return {
        rule: {name: kinds for name, kinds in known[condition.indicator].items() if condition.per not in kinds}
        for rule, condition in watched.items()
    }


def _about(task: Task, first: date, last: date) -> bool:
    """Whether the middle of one lies in the other, so that each figure is about one period of the rule at most."""
    if task.first_day is None or task.final_day is None:
        return True
    middle = first + (last - first) // 2
    own = task.first_day + (task.final_day - task.first_day) // 2
    return task.first_day <= middle <= task.final_day or first <= own <= last
