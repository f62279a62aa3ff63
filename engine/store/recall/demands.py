"""Judges demands again as an earlier night knew them: their facts, the matches of durable_rules, their findings.

The shapes and the SQL are those of a night, except that tasks finished since then are judged too, and that nothing
counts that was recorded after the night's cut-off. Writes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from dondoc.engine.domain.model import Finding, Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Derived, Rollup, Rule, RuleBook, Streak, Threshold
from dondoc.engine.domain.terms import VOID, TaskKind, Verdict
from dondoc.engine.explain.comparisons import RuleComparison, compared
from dondoc.engine.explain.reasons import PeriodReading
from dondoc.engine.judge.compiler import FactSource, Shape, compile_book
from dondoc.engine.judge.derived import DerivedPass, part_of
from dondoc.engine.judge.derived_compiler import derivation
from dondoc.engine.judge.durable_rules import Chunk, Ruleset
from dondoc.engine.judge.series import ReadingMark, fold
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.matching import fact_sql
from dondoc.engine.store.matching.evaluate import PAGE
from dondoc.engine.store.matching.matches import Match, Matches
from dondoc.engine.store.night import levels
from dondoc.engine.store.night.findings import Names, bearers_of, of_tasks, task_value

_DAY = timedelta(days=1)
_FACTS_OF_TASKS = (FactSource.TASKS, FactSource.COUNTS)


@dataclass(frozen=True, slots=True)
class JudgedFact:
    """One fact as durable_rules got it, compared with every rule of its shape."""

    fact: Mapping[str, Any]
    compared: tuple[RuleComparison, ...]


@dataclass(frozen=True, slots=True)
class RecalledDemand:
    """One demand as a night knew it; `asked` holds its facts by number: of its task, or of its readings."""

    task: Task
    need: int
    finding: Finding
    asked: Mapping[int, JudgedFact]
    series: tuple[PeriodReading, ...] = ()


def shapes_of(book: RuleBook, rule: Rule, as_of: date) -> tuple[Shape, ...]:
    """The shapes of one rule on a night; none if its directive is not in force."""
    return compile_book(replace(book, rules={rule.id: rule}), as_of)


def of_rule(
    conn: Connection,
    book: RuleBook,
    rule: Rule,
    names: Names,
    chart: OrgChart,
    as_of: date,
    units: Collection[str] | None = None,
    *,
    cutoff: datetime,
) -> list[RecalledDemand]:
    """Every demand of one rule as the night knew it, in order of its last day; only of `units` if given.

    Raises `CalendarUncovered`, and `EngineFault` for a fact that durable_rules does not read.
    """
    rows = _tasks(conn, rule, names, as_of, cutoff, units)
    if not rows:
        return []
    found: list[RecalledDemand] = []
    if isinstance(rule.condition, Streak | Rollup):
        base = of_rule(conn, book, book.rules[rule.condition.of], names, chart, as_of, cutoff=cutoff)
        found += _derived(conn, book, rule, rows, base, names, chart, as_of)
    for shape in shapes_of(book, rule, as_of):
        if shape.source in _FACTS_OF_TASKS:
            found += _dated(conn, shape, rows, names, cutoff)
        else:
            found += _watched(conn, book, shape, rows, names, as_of, cutoff)
    return sorted(found, key=lambda one: (one.task.last_day or date.max, one.task.id))


def _tasks(
    conn: Connection, rule: Rule, names: Names, as_of: date, cutoff: datetime, units: Collection[str] | None
) -> Sequence[Row[Any]]:
    number = {name: no for no, name in names.rules.items()}.get(rule.id)
    if number is None:
        return ()
    # A task that is void by now was demanded until the night that ended it.
    asked = or_(t.task.c.ended != VOID, t.task.c.finished_on >= as_of)
    wanted = [t.task.c.rule_no == number, t.task.c.recorded_at <= cutoff, asked]
    if units is not None:
        mine = [names.units.of[unit] for unit in units]
        shared = select(t.task_bearer.c.task_id).where(t.task_bearer.c.unit_no.in_(mine))
        wanted.append(or_(t.task.c.unit_no.in_(mine), t.task.c.id.in_(shared)))
    document = select(t.submission.c.document).where(t.submission.c.id == t.task.c.submission_id).scalar_subquery()
    return conn.execute(
        select(t.task, document.label("document"), fact_sql.last_day_known(cutoff).label("last_day_then"))
        .where(*wanted)
        .order_by(t.task.c.last_day, t.task.c.id)
    ).all()


def _hits(shape: Shape, asked: Mapping[int, JudgedFact]) -> Matches:
    return Matches(
        Match(shape.name, one.rule, row) for row, said in asked.items() for one in said.compared if one.hit
    )


def _dated(
    conn: Connection, shape: Shape, rows: Sequence[Row[Any]], names: Names, cutoff: datetime
) -> Iterator[RecalledDemand]:
    kinds = {TaskKind.READING} if shape.readings else {TaskKind.QUOTA}
    if shape.source is FactSource.TASKS:
        kinds = {TaskKind.REPORT, TaskKind.ASSIGNED}
    mine = {row.id: row for row in rows if row.kind in kinds}
    asked = _ask(conn, shape, mine, names, cutoff)
    hits = _hits(shape, asked)
    findings = {finding.task.id: finding for finding in of_tasks(conn, {shape.name: shape}, hits, names, cutoff)}
    bearers = bearers_of(conn, names.units)
    for number, row in mine.items():
        task = _as_known(task_value(row, names, bearers, row.document or ""), row, cutoff)
        count = asked[number].fact.get("n") if number in asked else None
        pending = Finding(task, Verdict.PENDING, count=count, need=row.need)
        finding = findings.get(number, pending)
        breach = task.last_day + _DAY if finding.breach and task.last_day else None
        finding = replace(finding, task=task, breach=breach)
        yield RecalledDemand(task, row.need, finding, {number: asked[number]} if number in asked else {})


def _as_known(task: Task, row: Row[Any], cutoff: datetime) -> Task:
    """The task as known at the cut-off."""
    task = replace(task, last_day=row.last_day_then)
    if row.done_recorded_at is not None and row.done_recorded_at > cutoff:
        return replace(task, done_on=None, done_recorded_on=None, evidence="")
    return task


def _watched(
    conn: Connection,
    book: RuleBook,
    shape: Shape,
    rows: Sequence[Row[Any]],
    names: Names,
    as_of: date,
    cutoff: datetime,
) -> Iterator[RecalledDemand]:
    rule = book.rules[shape.rules[0]]
    threshold = rule.condition
    assert isinstance(threshold, Threshold)
    series = levels.series_of(conn, shape, cutoff)
    for row in rows:
        if row.kind is not TaskKind.LEVEL:
            continue
        readings = series.get(row.unit_no, [])
        asked = _ask(conn, shape, {reading.id: reading for reading in readings}, names, cutoff)
        hits = _hits(shape, asked)
        said = levels.said_of(shape, hits)[rule.id]
        task = task_value(row, names, {})
        finding = levels.finding_of(task, threshold, readings, said, as_of)
        yield RecalledDemand(
            task,
            0,
            finding or Finding(task, Verdict.PENDING),
            asked,
            tuple(_periods(readings, threshold, said)),
        )


def _derived(
    conn: Connection,
    book: RuleBook,
    rule: Rule,
    rows: Sequence[Row[Any]],
    base: Iterable[RecalledDemand],
    names: Names,
    chart: OrgChart,
    as_of: date,
) -> Iterator[RecalledDemand]:
    """The tasks of one derived rule, judged by the second pass on the recalled demands of its base rule."""
    bearers = bearers_of(conn, names.units)
    tasks = [task_value(row, names, bearers) for row in rows]
    parts = {one.task.id: part_of(one.finding) for one in base}
    assert isinstance(rule.condition, Streak | Rollup)
    again = DerivedPass(book, chart, as_of, {rule.id: tasks}, {rule.condition.of: parts})
    findings = {finding.task.id: finding for finding in again.findings() if finding.task.rule == rule.id}
    for task in tasks:
        finding = findings.get(task.id, Finding(task, Verdict.PENDING))
        asked = {task.id: _counted(rule.condition, finding)} if finding.parts else {}
        yield RecalledDemand(task, 0, finding, asked)


def _counted(condition: Derived, finding: Finding) -> JudgedFact:
    """The fact counted for a derived task, compared with the rules that its count can decide."""
    how, parts = derivation(condition), finding.parts
    assert parts is not None
    if isinstance(condition, Streak):
        fact = {"run": len(parts.missed)}
    else:
        missed, judged = len(parts.missed) * how.factor, parts.judged
        fact = {"missed": missed, "judged": judged, "judged100": judged * 100, "units": parts.units}
    said = (finding.verdict, finding.corrected)
    beside = {name: compared(test, fact) for name, test in how.definition.items()}
    return JudgedFact(
        fact,
        tuple(
            RuleComparison(name, comparisons, how.meanings[name] == said)
            for name, comparisons in beside.items()
            if all(one.value is not None for one in comparisons)
        ),
    )


def _periods(
    readings: Sequence[levels.Reading], threshold: Threshold, said: Mapping[int, ReadingMark]
) -> Iterator[PeriodReading]:
    """Every reading with its mark; those recorded before the limit was set come first and do not count."""
    early = [reading for reading in readings if reading.recorded_on < threshold.set_on]
    for one in early:
        yield PeriodReading(
            one.period,
            one.value,
            one.recorded_on,
            ReadingMark.MISSING,
            open=False,
            base=one.base,
            counts=False,
            id=one.id,
        )
    seen = [reading for reading in readings if reading not in early]
    marked = list(levels.marks(seen, threshold, said))
    for (mark, found), state in zip(marked, fold([mark for mark, _ in marked], threshold.periods), strict=True):
        if found is None:
            yield PeriodReading("", None, None, mark, state.open)
        else:
            yield PeriodReading(
                found.period, found.value, found.recorded_on, mark, state.open, base=found.base, id=found.id
            )


def _ask(
    conn: Connection, shape: Shape, rows: Mapping[int, Any], names: Names, cutoff: datetime
) -> dict[int, JudgedFact]:
    """By number of the row, its fact, judged by durable_rules again."""
    if not rows:
        return {}
    page = fact_sql.page(shape, {rule: no for no, rule in names.rules.items()}, cutoff, past=True)
    found: dict[int, JudgedFact] = {}
    with Ruleset(shape.name, shape.definition) as ruleset:
        for low in sorted({number // PAGE * PAGE for number in rows}):
            text, number, _ = conn.execute(page, {"low": low, "high": low + PAGE}).one()
            if not text:
                continue
            hits = set(ruleset.judge(Chunk(text, number)))
            for fact in json.loads(f"[{text}]"):
                if low + fact["id"] in rows:
                    found[low + fact["id"]] = _laid_beside(shape, fact, hits)
    return found


def _laid_beside(shape: Shape, fact: Mapping[str, Any], hits: Collection[tuple[str, int]]) -> JudgedFact:
    values = {name: value for name, value in fact.items() if name != "id"}
    return JudgedFact(
        values,
        tuple(
            RuleComparison(name, compared(test, values), (name, fact["id"]) in hits)
            for name, test in shape.definition.items()
        ),
    )
