"""Indicators as series: the readings that durable_rules judged, folded into one finding per rule and unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from dondoc.engine.cases.waivers import by_demand, covering
from dondoc.engine.demands.derived import in_order
from dondoc.engine.domain.model import Finding, Task
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Threshold, Waiver
from dondoc.engine.domain.terms import TaskKind, Verdict
from dondoc.engine.judge.series import ReadingMark, fold
from dondoc.engine.kinds.shapes import FactSource, ReadingVerdict, Shape
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.matching.comparison import with_base
from dondoc.engine.store.matching.evaluate import Decisions
from dondoc.engine.store.matching.fact_sql import of_its_periods
from dondoc.engine.store.matching.known_rows import is_withdrawn, visible
from dondoc.engine.store.matching.matches import Matches
from dondoc.engine.store.night.findings import local_date, slices, task_value, threshold_of
from dondoc.engine.store.night.prepared import Prepared

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading as known at the cut-off, with the base it is compared to (None: none) and the day of recording.

    `previous` is the key of the period before its own.
    """

    id: int
    period: str
    previous: str
    first_day: date
    last_day: date
    value: int
    recorded_on: date
    base: int | None


def of_levels(conn: Connection, night: Prepared, decided: Decisions) -> Iterator[Finding]:
    """One finding for each rule and unit with readings beyond a limit, with a case, or that a derived rule counts.

    A figure within its limit concerns nobody else, and most of a country's are: their series are not read. Nor is
    a unit without readings judged.
    """
    asked = _SeriesScope(conn, night, _with_a_case(conn))
    for shape, tasks in _watched(conn, night):
        units = asked.units(shape, said_of(shape, decided.hits), tasks)
        for finding in _judged(conn, night, shape, tasks, decided, units, asked.live):
            if units is None or finding.verdict is not Verdict.MET or finding.task.id in asked.live:
                yield finding


def within_limits(conn: Connection, night: Prepared, decided: Decisions) -> Iterator[Finding]:
    """The finding of every series that is within its limit, also of those that `of_levels` does not read."""
    for shape, tasks in _watched(conn, night):
        for finding in _judged(conn, night, shape, tasks, decided, None):
            if finding.verdict is Verdict.MET:
                yield finding


def _judged(
    conn: Connection,
    night: Prepared,
    shape: Shape,
    tasks: LevelTasks,
    decided: Decisions,
    units: Iterable[int] | None,
    live: Collection[int] = (),
) -> Iterator[Finding]:
    """The findings of one shape's series, only of `units` if given; `live` are the tasks with a live case."""
    said = said_of(shape, decided.hits)
    faulty = {fault.row for fault in decided.faults if fault.shape == shape.name}
    series = series_of(conn, shape, night.cutoff, units)
    waivers = by_demand(night.book.waivers)
    emptied: frozenset[int] | None = None
    for rule in shape.rules:
        threshold = threshold_of(night.book, rule)
        for unit_no, task in tasks.get(rule, ()):
            readings = series.get(unit_no, ())
            # A series with one reading that could not be judged proves nothing tonight: it has no finding.
            if any(reading.id in faulty for reading in readings):
                continue
            until = night.book.directive_of(rule).in_force_until
            counting = judged(threshold, readings, waivers.get((rule, task.unit), ()), until)
            finding = finding_of(task, threshold, counting, said[rule], night.as_of)
            if finding is None and not counting and task.id in live:
                # Its case rests on figures that were withdrawn, and there is no other one.
                emptied = _withdrawn(conn, shape, night.cutoff) if emptied is None else emptied
                gone = unit_no in emptied
                finding = Finding(task, Verdict.MET, corrected=True) if gone else None
            if finding is not None:
                yield finding


def _withdrawn(conn: Connection, shape: Shape, cutoff: datetime) -> frozenset[int]:
    """The numbers of the units with a withdrawn figure of the shape's indicator."""
    mine = t.reading.c.indicator == shape.indicator, of_its_periods(shape), is_withdrawn(t.reading, cutoff)
    return frozenset(conn.scalars(select(t.reading.c.unit_no).where(*mine)))


def said_of(shape: Shape, hits: Matches) -> Mapping[str, Mapping[int, ReadingMark]]:
    """By rule, the marks of the readings that matched; a judged reading without a match is clear."""
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
    """The finding of one unit's series tonight, from the marks of its judged readings; None: there are none.

    The breach is the
    later of the day after the period's end and the day after the recording, of the reading that opened the run
    (decision 13), and never after tonight.
    """
    based = [reading for reading in readings if threshold.rise is None or reading.base is not None]
    if not based:
        return None
    marked = list(marks(readings, threshold, said))
    states = fold([mark for mark, _ in marked], threshold.periods)
    latest = based[-1]
    if not states[-1].open:
        never = not any(state.open for state in states)
        return Finding(
            task,
            Verdict.MET,
            value=latest.value,
            limit=threshold.limit,
            before=latest.base if threshold.rise else None,
            period=latest.period,
            is_floor=threshold.below is not None,
            corrected=never,
        )
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
        in_band=any(mark is ReadingMark.HYSTERESIS for mark, reading in marked if reading is latest),
    )


def judged(
    threshold: Threshold, readings: Iterable[Reading], waivers: Sequence[Waiver], until: date | None
) -> list[Reading]:
    """The readings that a threshold judges (decision 47): their periods end in force and are not all waived."""
    return [
        reading
        for reading in readings
        if threshold.judges(reading.first_day, reading.recorded_on)
        and (until is None or reading.last_day <= until)
        and covering(waivers, (reading.first_day, reading.last_day)) is None
    ]


def marks(
    readings: Sequence[Reading], threshold: Threshold, said: Mapping[int, ReadingMark]
) -> Iterator[tuple[ReadingMark, Reading | None]]:
    """The marks in order of time, each with its reading; a gap between two readings gives one mark without any.

    A reading whose base is missing is marked missing too.
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


# By rule, its open level tasks, each with the number of its unit.
LevelTasks = Mapping[str, Sequence[tuple[int, Task]]]


def _watched(conn: Connection, night: Prepared) -> Iterator[tuple[Shape, LevelTasks]]:
    """The shapes of series, each with the tasks of all such shapes."""
    mine = [shape for shape in night.shapes if shape.source is FactSource.READINGS]
    watching = {rule for shape in mine for rule in shape.rules}
    found: dict[str, list[tuple[int, Task]]] = defaultdict(list)
    rows = conn.execute(
        select(t.task)
        .where(
            t.task.c.rule_no.in_([no for no, rule in night.names.rules.items() if rule in watching]),
            t.task.c.kind == TaskKind.LEVEL,
            t.task.c.finished_on.is_(None),
        )
        .order_by(t.task.c.id)
    )
    for row in rows:
        task = task_value(row, night.names, {})
        found[task.rule].append((row.unit_no, task))
    return ((shape, found) for shape in mine)


def _with_a_case(conn: Connection) -> frozenset[int]:
    """The ids of the level tasks that have a live case."""
    levels = t.task.join(t.case_file, t.case_file.c.task_id == t.task.c.id)
    return frozenset(
        conn.scalars(select(t.task.c.id).select_from(levels).where(t.task.c.kind == TaskKind.LEVEL, t.is_live()))
    )


@dataclass(frozen=True, slots=True)
class _SeriesScope:
    """Decides which units' series a night must read; `live` are the level tasks that have a live case."""

    conn: Connection
    night: Prepared
    live: Collection[int]

    def units(
        self,
        shape: Shape,
        said: Mapping[str, Mapping[int, ReadingMark]],
        tasks: LevelTasks,
    ) -> set[int] | None:
        """The numbers of the units with a matched reading or a live case; None: all units."""
        bases = {
            condition.of for _, condition in in_order(self.night.book, self.night.as_of, self.night.plan.previous)
        }
        if bases & set(shape.rules):
            return None
        found = {no for rule in shape.rules for no, task in tasks.get(rule, ()) if task.id in self.live}
        for ids in slices(row for marked in said.values() for row in marked):
            found |= set(self.conn.scalars(select(t.reading.c.unit_no).where(t.reading.c.id.in_(ids))))
        return found


def series_of(
    conn: Connection, shape: Shape, cutoff: datetime, units: Iterable[int] | None = None
) -> Mapping[int, list[Reading]]:
    """By unit number, its readings of the shape's indicator, in order of time; only of `units` if given."""
    reading = t.reading
    source, base = with_base(shape.against, cutoff)
    asked = (
        select(
            reading.c.id,
            reading.c.unit_no,
            reading.c.period,
            reading.c.previous,
            reading.c.first_day,
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
        for no, unit_no, period, before, first_day, last_day, value, at, base_value in conn.execute(part):
            on = recorded.get(at) or recorded.setdefault(at, local_date(at))
            found[unit_no].append(Reading(no, period, before, first_day, last_day, value, on, base_value))
    return found
