"""Indicators as series: the readings that the engine judged, folded into one finding for each rule and unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from engine.compiler import Says, Shape, Source
from engine.model import Finding, Task
from engine.periods import PeriodKind, parse, previous
from engine.rules import RuleBook, Threshold
from engine.series import Mark, fold
from engine.store import tables as t
from engine.store.comparison import with_base
from engine.store.decide import Decided, Hit
from engine.store.facts import of_its_periods
from engine.store.findings import Names, limit_of, local_date, task_value, threshold_of
from engine.store.known import visible
from engine.terms import TaskKind, Verdict

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading as known at the cut-off, with the base it is compared to, and when it was recorded."""

    id: int
    period: str
    last_day: date
    value: int
    recorded_on: date
    base: int | None


def of_levels(
    conn: Connection,
    book: RuleBook,
    shapes: Iterable[Shape],
    decided: Decided,
    names: Names,
    cutoff: datetime,
    as_of: date,
) -> Iterator[Finding]:
    """One finding for each watched rule and unit that has a reading; without one it is not judged."""
    tasks = _watched(conn, names)
    for shape in shapes:
        if shape.source is not Source.READINGS:
            continue
        said = said_of(shape, decided.hits)
        faulty = {fault.row for fault in decided.faults if fault.shape == shape.name}
        series = series_of(conn, shape, cutoff)
        for rule in shape.rules:
            for unit_no, task in tasks.get(rule, ()):
                readings = series.get(unit_no, ())
                # A series with a reading that could not be judged says nothing tonight.
                if any(reading.id in faulty for reading in readings):
                    continue
                finding = finding_of(task, threshold_of(book, rule), readings, said[rule], as_of)
                if finding is not None:
                    yield finding


def said_of(shape: Shape, hits: Iterable[Hit]) -> Mapping[str, Mapping[int, Mark]]:
    """By rule, the readings that the engine named; a judged reading that it did not name is clear."""
    found: dict[str, dict[int, Mark]] = {rule: {} for rule in shape.rules}
    for hit in hits:
        if hit.shape == shape.name:
            meaning = shape.meanings[hit.rule]
            assert meaning.rule is not None
            found[meaning.rule][hit.row] = Mark.BEYOND if meaning.says is Says.BEYOND else Mark.BAND
    return found


def finding_of(
    task: Task,
    threshold: Threshold,
    readings: Sequence[Reading],
    said: Mapping[int, Mark],
    as_of: date,
) -> Finding | None:
    """What one unit's series says tonight, from what the engine said of its readings; None: nothing was judged.

    Only readings seen on or after the day the limit was set count (decision 47). The breach is the later of the
    day after the period's end and the day after the value was recorded, of the reading that opened the run
    (decision 13), and never after tonight.
    """
    seen = [reading for reading in readings if reading.recorded_on >= threshold.set_on]
    judged = [reading for reading in seen if threshold.rise is None or reading.base is not None]
    if not judged:
        return None
    marked = list(marks(seen, threshold, said))
    states = fold([mark for mark, _ in marked], threshold.periods)
    latest = judged[-1]
    if not states[-1].open:
        never = not any(state.open for state in states)
        return Finding(task, Verdict.MET, value=latest.value, period=latest.period, corrected=never)
    opened_at = states[-1].opened_at
    assert opened_at is not None
    opening = marked[opened_at][1]
    assert opening is not None
    breach = max(opening.last_day, opening.recorded_on) + _DAY
    return Finding(
        task,
        Verdict.BREACH,
        breach=min(breach, as_of),
        value=latest.value,
        limit=limit_of(threshold),
        before=latest.base,
        period=latest.period,
        recorded_on=latest.recorded_on,
        is_floor=threshold.below is not None,
    )


def marks(
    readings: Sequence[Reading], threshold: Threshold, said: Mapping[int, Mark]
) -> Iterator[tuple[Mark, Reading | None]]:
    """Each reading's mark in order of time, with a mark for periods that have none in between (no reading).

    One whose base is missing is marked missing as well.
    """
    before: Reading | None = None
    for reading in readings:
        if before is not None and _gap(threshold.per, before, reading):
            yield Mark.MISSING, None
        unbased = threshold.rise is not None and reading.base is None
        yield Mark.MISSING if unbased else said.get(reading.id, Mark.CLEAR), reading
        before = reading


def _gap(per: PeriodKind, before: Reading, reading: Reading) -> bool:
    return bool(per.months) and previous(per, parse(reading.period)).key != before.period


def _watched(conn: Connection, names: Names) -> dict[str, list[tuple[int, Task]]]:
    found: dict[str, list[tuple[int, Task]]] = defaultdict(list)
    rows = conn.execute(
        select(t.task).where(t.task.c.kind == TaskKind.LEVEL, t.task.c.finished_on.is_(None)).order_by(t.task.c.id)
    )
    for row in rows:
        task = task_value(row, names, {})
        found[task.rule].append((row.unit_no, task))
    return found


def series_of(conn: Connection, shape: Shape, cutoff: datetime) -> Mapping[int, list[Reading]]:
    """Every unit's readings of the shape's indicator, in order of time."""
    reading = t.reading
    source, base = with_base(shape.against, cutoff)
    rows = conn.execute(
        select(
            reading.c.id,
            reading.c.unit_no,
            reading.c.period,
            reading.c.last_day,
            reading.c.value,
            reading.c.recorded_at,
            base.label("base"),
        )
        .select_from(source)
        .where(
            reading.c.indicator == shape.indicator,
            of_its_periods(shape),
            visible(reading, cutoff),
        )
        .order_by(reading.c.unit_no, reading.c.last_day, reading.c.first_day)
    )
    found: dict[int, list[Reading]] = defaultdict(list)
    for row in rows:
        found[row.unit_no].append(
            Reading(row.id, row.period, row.last_day, row.value, local_date(row.recorded_at), row.base)
        )
    return found
