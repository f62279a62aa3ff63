"""From matches to findings: reads the rows that durable_rules matched, once, and makes values of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, select

from dondoc.engine.domain.model import ZONE, Finding, Task
from dondoc.engine.domain.rulebook import RuleBook, Threshold
from dondoc.engine.domain.terms import VOID, Verdict
from dondoc.engine.kinds.shapes import FactSource, Shape
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.matching.fact_sql import counted, first_reading
from dondoc.engine.store.matching.matches import Matches
from dondoc.engine.store.night.interner import Interner
from dondoc.engine.store.night.orgchart import UnitNumbers

_Sortable = TypeVar("_Sortable", int, tuple[int, str])

_DAY = timedelta(days=1)
_SLICE = 5_000


@dataclass(frozen=True, slots=True)
class Names:
    """Translates the numbers of units and rules in rows back to their ids."""

    units: UnitNumbers
    rules: Mapping[int, str]
    days: Interner[date | None] = field(default_factory=Interner, repr=False, compare=False)


def slices(ids: Iterable[_Sortable]) -> Iterator[list[_Sortable]]:
    """The ids in order, each once, in lists short enough for one statement."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), _SLICE):
        yield ordered[start : start + _SLICE]


def settled_by() -> tuple[ColumnElement[str], ColumnElement[str]]:
    """Two columns beside `task`, of the submission that settles it: its `document`, and what it `names`."""
    mine = t.submission.c.id == t.task.c.submission_id
    document, names = (
        select(t.submission.c[name]).where(mine).correlate(t.task).scalar_subquery()
        for name in ("document", "task_ref")
    )
    return document.label("document"), names.label("names")


def settled_value(row: Row[Any], names: Names, bearers: Mapping[int, tuple[str, ...]]) -> Task:
    """A row of `task` with the columns of `settled_by` as a value."""
    value = task_value(row, names, bearers)
    if row.names is None:
        return value
    return replace(value, evidence=row.document or "", unnamed=row.names == "")


def task_value(row: Row[Any], names: Names, bearers: Mapping[int, tuple[str, ...]]) -> Task:
    """A row of `task` as a value, without what settles it."""
    ids, days = names.units.ids, names.days
    return Task(
        id=row.id,
        rule=names.rules.get(row.rule_no, ""),
        unit=ids[row.unit_no],
        subject=row.subject,
        kind=row.kind,
        last_day=days[row.last_day],
        first_day=days[row.first_day],
        final_day=days[row.final_day],
        bearers=bearers.get(row.id, ()),
        done_on=days[row.done_on],
        done_recorded_on=row.done_recorded_at.astimezone(ZONE).date() if row.done_recorded_at else None,
        title=row.title,
        title_en=row.title_en,
        exclusive=row.exclusive,
        issuer=ids.get(row.issuer_no),
        monitor=ids.get(row.monitor_no),
        void=row.ended == VOID,
        first_limit=days[row.first_limit],
        moved_on=days[row.moved_on],
        known_on=days[row.known_on],
        reports_to=ids.get(row.reports_no),
    )


def bearers_of(conn: Connection, units: UnitNumbers) -> dict[int, tuple[str, ...]]:
    """By task, the bearers of each shared task."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in conn.execute(select(t.task_bearer).order_by(t.task_bearer.c.task_id, t.task_bearer.c.unit_no)):
        found[row.task_id].append(units.ids[row.unit_no])
    return {task: tuple(sorted(units_)) for task, units_ in found.items()}


def of_tasks(
    conn: Connection, shapes: Mapping[str, Shape], hits: Matches, names: Names, cutoff: datetime
) -> Iterator[Finding]:
    """One finding for each task that matched: its verdict, and of several reminders the latest that is due."""
    bearers = bearers_of(conn, names.units)
    for name in hits.shapes():
        shape = shapes[name]
        if shape.source is not FactSource.READINGS:
            yield from _shape_findings(conn, shape, _verdicts(shape, hits.of(name)), names, bearers, cutoff)


def _verdicts(shape: Shape, hits: Mapping[str, Sequence[int]]) -> Mapping[int, tuple[Verdict, int | None]]:
    """By task, its verdict and its reminder's offset (None: no reminder); of several, the latest that is due."""
    found: dict[int, tuple[Verdict, int | None]] = {}
    for rule, rows in hits.items():
        meaning = shape.meanings[rule]
        assert meaning.verdict is not None
        said = meaning.verdict, meaning.offset
        for row in rows:
            before = found.get(row)
            if before is None or (meaning.offset is not None and (before[1] or 0) > meaning.offset):
                found[row] = said
    return found


def _shape_findings(
    conn: Connection,
    shape: Shape,
    verdicts: Mapping[int, tuple[Verdict, int | None]],
    names: Names,
    bearers: Mapping[int, tuple[str, ...]],
    cutoff: datetime,
) -> Iterator[Finding]:
    columns: list[Any] = [t.task, *settled_by()]
    if shape.source is FactSource.COUNTS:
        columns.append(counted(cutoff, readings=shape.readings).label("n"))
    if shape.readings:
        columns.append(first_reading(cutoff).label("came"))
    for ids in slices(verdicts):
        for row in conn.execute(select(*columns).where(t.task.c.id.in_(ids))):
            verdict, offset = verdicts[row.id]
            value = settled_value(row, names, bearers)
            assert value.last_day is not None
            came = row.came if shape.readings else None
            yield Finding(
                value,
                verdict,
                breach=names.days[value.last_day + _DAY] if verdict is Verdict.BREACH else None,
                count=row.n if shape.source is FactSource.COUNTS else None,
                need=row.need if shape.source is FactSource.COUNTS else None,
                recorded_on=local_date(came) if came else value.done_recorded_on,
                offset=offset,
            )


def threshold_of(book: RuleBook, rule: str) -> Threshold:
    """The threshold of a rule that is known to have one."""
    condition = book.rules[rule].condition
    assert isinstance(condition, Threshold)
    return condition


def local_date(instant: datetime) -> date:
    """The day of an instant in Asia/Ho_Chi_Minh."""
    return instant.astimezone(ZONE).date()
