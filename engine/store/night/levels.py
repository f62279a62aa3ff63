"""Indicators as series: the readings that the engine judged, folded into one finding for each rule and unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from dondoc.engine.demands.derived import in_order
from dondoc.engine.domain.model import Finding, Task
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import RuleBook, Threshold
from dondoc.engine.domain.terms import TaskKind, Verdict
from dondoc.engine.judge.compiler import FactSource, ReadingVerdict, Shape
from dondoc.engine.judge.series import ReadingMark, fold
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.matching.comparison import with_base
from dondoc.engine.store.matching.decide import Decisions
from dondoc.engine.store.matching.facts import of_its_periods
from dondoc.engine.store.matching.known_rows import visible
from dondoc.engine.store.matching.matches import Matches
from dondoc.engine.store.night.findings import Names, local_date, slices, task_value, threshold_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading as known at the cut-off, with the base it is compared to, and when it was recorded.

    `previous` is the key of the period before its own.
    """

    id: int
    period: str
    previous: str
    last_day: date
    value: int
    recorded_on: date
    base: int | None


def of_levels(
    conn: Connection,
    book: RuleBook,
    shapes: Collection[Shape],
    decided: Decisions,
    names: Names,
    cutoff: datetime,
    as_of: date,
    *,
    whole: bool = True,
) -> Iterator[Finding]:
    """One finding for each watched rule and unit that has a reading; without one it is not judged.

    Unless `whole`, a series that is not beyond its limit is left out, and one of which the engine named no reading
    is not even looked at: but not where a case is to be told of it, or another rule stands on its own.
    """
    watching = {rule for shape in shapes if shape.source is FactSource.READINGS for rule in shape.rules}
    tasks = _watched(conn, names, watching)
    asked = None if whole else _SeriesScope(conn, book, as_of, _with_a_case(conn))
    for shape in shapes:
        if shape.source is not FactSource.READINGS:
            continue
        said = said_of(shape, decided.hits)
        faulty = {fault.row for fault in decided.faults if fault.shape == shape.name}
        units = asked.units(shape, said, tasks) if asked else None
        series = series_of(conn, shape, cutoff, units)
        for rule in shape.rules:
            for unit_no, task in tasks.get(rule, ()):
                readings = series.get(unit_no, ())
                # A series with a reading that could not be judged says nothing tonight.
                if any(reading.id in faulty for reading in readings):
                    continue
                finding = finding_of(task, threshold_of(book, rule), readings, said[rule], as_of)
                if finding is not None and (units is None or not _is_old_news(finding, asked)):
                    yield finding


def _is_old_news(finding: Finding, asked: _SeriesScope | None) -> bool:
    """Whether a figure is within its limit and nobody waits to hear so."""
    return asked is not None and finding.verdict is Verdict.MET and finding.task.id not in asked.live


def said_of(shape: Shape, hits: Matches) -> Mapping[str, Mapping[int, ReadingMark]]:
    """By rule, the readings that the engine named; a judged reading that it did not name is clear."""
    found: dict[str, dict[int, ReadingMark]] = {rule: {} for rule in shape.rules}
    for name, rows in hits.of(shape.name).items():
        meaning = shape.meanings[name]
        assert meaning.rule is not None
        found[meaning.rule] |= dict.fromkeys(
            rows, ReadingMark.BEYOND if meaning.says is ReadingVerdict.BEYOND else ReadingMark.HYSTERESIS
        )
    return found


def finding_of(
    task: Task,
    threshold: Threshold,
    readings: Sequence[Reading],
    said: Mapping[int, ReadingMark],
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
        limit=threshold.limit,
        before=latest.base,
        period=latest.period,
        recorded_on=latest.recorded_on,
        is_floor=threshold.below is not None,
    )


def marks(
    readings: Sequence[Reading], threshold: Threshold, said: Mapping[int, ReadingMark]
) -> Iterator[tuple[ReadingMark, Reading | None]]:
    """Each reading's mark in order of time, with a mark for periods that have none in between (no reading).

    One whose base is missing is marked missing as well.
    """
    before: Reading | None = None
    for reading in readings:
        if before is not None and _gap(threshold.per, before, reading):
            yield ReadingMark.MISSING, None
        unbased = threshold.rise is not None and reading.base is None
        yield ReadingMark.MISSING if unbased else said.get(reading.id, ReadingMark.CLEAR), reading
        before = reading


def _gap(per: PeriodKind, before: Reading, reading: Reading) -> bool:
    return bool(per.months) and reading.previous != before.period


def _watched(conn: Connection, names: Names, watching: Collection[str]) -> dict[str, list[tuple[int, Task]]]:
    found: dict[str, list[tuple[int, Task]]] = defaultdict(list)
    rows = conn.execute(
        select(t.task)
        .where(
            t.task.c.rule_no.in_([no for no, rule in names.rules.items() if rule in watching]),
            t.task.c.kind == TaskKind.LEVEL,
            t.task.c.finished_on.is_(None),
        )
        .order_by(t.task.c.id)
    )
    for row in rows:
        task = task_value(row, names, {})
        found[task.rule].append((row.unit_no, task))
    return found


def _with_a_case(conn: Connection) -> frozenset[int]:
    """The tasks about levels that have a case to be told of."""
    levels = t.task.join(t.case_file, t.case_file.c.task_id == t.task.c.id)
    return frozenset(
        conn.scalars(select(t.task.c.id).select_from(levels).where(t.task.c.kind == TaskKind.LEVEL, t.is_live()))
    )


@dataclass(frozen=True, slots=True)
class _SeriesScope:
    """Which units' series a night must look at; `live` are the tasks that have a case to be told of."""

    conn: Connection
    book: RuleBook
    as_of: date
    live: Collection[int]

    def units(
        self,
        shape: Shape,
        said: Mapping[str, Mapping[int, ReadingMark]],
        tasks: Mapping[str, Sequence[tuple[int, Task]]],
    ) -> set[int] | None:
        """By their numbers those with a reading that was named or with a case; None for all."""
        stood_on = {base.id for rule in in_order(self.book, self.as_of) if (base := self.book.base_of(rule.id))}
        if stood_on & set(shape.rules):
            return None
        found = {no for rule in shape.rules for no, task in tasks.get(rule, ()) if task.id in self.live}
        for ids in slices(row for marked in said.values() for row in marked):
            found |= set(self.conn.scalars(select(t.reading.c.unit_no).where(t.reading.c.id.in_(ids))))
        return found


def series_of(
    conn: Connection, shape: Shape, cutoff: datetime, units: Iterable[int] | None = None
) -> Mapping[int, list[Reading]]:
    """By unit its readings of the shape's indicator, in order of time; of these units alone if any are given."""
    reading = t.reading
    source, base = with_base(shape.against, cutoff)
    asked = (
        select(
            reading.c.id,
            reading.c.unit_no,
            reading.c.period,
            reading.c.previous,
            reading.c.last_day,
            reading.c.value,
            reading.c.recorded_at,
            base.label("base"),
        )
        .select_from(source)
        .where(reading.c.indicator == shape.indicator, of_its_periods(shape), visible(reading, cutoff))
        .order_by(reading.c.unit_no, reading.c.last_day, reading.c.first_day)
    )
    parts = [asked] if units is None else [asked.where(reading.c.unit_no.in_(some)) for some in slices(units)]
    found: dict[int, list[Reading]] = defaultdict(list)
    recorded: dict[datetime, date] = {}
    for part in parts:
        for no, unit_no, period, before, last_day, value, at, base_value in conn.execute(part):
            on = recorded.get(at) or recorded.setdefault(at, local_date(at))
            found[unit_no].append(Reading(no, period, before, last_day, value, on, base_value))
    return found
