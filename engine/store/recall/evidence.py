"""What a verdict rests on, for people to read: the facts that durable_rules got, and the series of an indicator.

The facts are put to durable_rules again, in the shapes and by the SQL of a night. Writes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from dondoc.engine.cases.waivers import by_demand, covering
from dondoc.engine.domain.model import Finding, Task
from dondoc.engine.domain.rulebook import Derived, Threshold, Waiver
from dondoc.engine.domain.terms import TaskKind
from dondoc.engine.explain.comparisons import RuleComparison, compared
from dondoc.engine.explain.reasons import PeriodReading
from dondoc.engine.judge.compiler import compile_book
from dondoc.engine.judge.durable_rules import Chunk, Ruleset
from dondoc.engine.judge.series import ReadingMark, fold
from dondoc.engine.kinds import derived_kind
from dondoc.engine.kinds.shapes import FactSource, Shape
from dondoc.engine.store.matching import fact_sql
from dondoc.engine.store.matching.evaluate import PAGE, Decisions
from dondoc.engine.store.night import levels
from dondoc.engine.store.night.prepared import Prepared


@dataclass(frozen=True, slots=True)
class JudgedFact:
    """One fact as durable_rules got it, compared with every rule of its shape."""

    fact: Mapping[str, Any]
    compared: tuple[RuleComparison, ...]


def facts_of(
    conn: Connection, night: Prepared, finding: Finding, series: Sequence[PeriodReading]
) -> Mapping[int, JudgedFact]:
    """The facts that a finding rests on, by number: of its task, or of the readings of its `series`."""
    task, rule = finding.task, night.book.rules[finding.task.rule]
    if isinstance(rule.condition, Derived):
        return {task.id: _counted(rule.condition, finding)} if finding.parts else {}
    wanted = [one.id for one in series if one.id is not None] if task.kind is TaskKind.LEVEL else [task.id]
    alone = replace(night.book, rules={rule.id: rule})
    found: dict[int, JudgedFact] = {}
    for shape in compile_book(alone, night.as_of):
        if (shape.source is FactSource.READINGS) == (task.kind is TaskKind.LEVEL):
            found |= _ask(conn, night, shape, wanted)
    return found


def series_of(conn: Connection, night: Prepared, decided: Decisions, task: Task) -> tuple[PeriodReading, ...]:
    """Every reading that a level is judged on, marked as durable_rules marked it on the night."""
    for shape in night.shapes:
        if shape.source is FactSource.READINGS and task.rule in shape.rules:
            unit = night.names.units.of[task.unit]
            readings = levels.series_of(conn, shape, night.cutoff, [unit]).get(unit, [])
            threshold = night.book.rules[task.rule].condition
            assert isinstance(threshold, Threshold)
            waivers = by_demand(night.book.waivers).get((task.rule, task.unit), ())
            said = levels.said_of(shape, decided.hits)[task.rule]
            until = night.book.directive_of(task.rule).in_force_until
            return tuple(
                _periods(readings, levels.judged(threshold, readings, waivers, until), waivers, threshold, said)
            )
    return ()


def _counted(condition: Derived, finding: Finding) -> JudgedFact:
    """The fact counted for a derived task, compared with the rules that its count can decide."""
    kind, parts = derived_kind(condition), finding.parts
    assert parts is not None
    how, fact = kind.derivation(condition), kind.counted(condition, parts)
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
    readings: Sequence[levels.Reading],
    seen: Sequence[levels.Reading],
    waivers: Sequence[Waiver],
    threshold: Threshold,
    said: Mapping[int, ReadingMark],
) -> Iterator[PeriodReading]:
    """Every reading with its mark; those that the threshold does not judge come first and do not count."""
    for one in (reading for reading in readings if reading not in seen):
        yield PeriodReading(
            one.period,
            one.value,
            one.recorded_on,
            ReadingMark.MISSING,
            open=False,
            base=one.base,
            counts=False,
            id=one.id,
            waived=covering(waivers, (one.first_day, one.last_day)),
        )
    marked = list(levels.marks(seen, threshold, said))
    for (mark, found), state in zip(marked, fold([mark for mark, _ in marked], threshold.periods), strict=True):
        if found is None:
            yield PeriodReading("", None, None, mark, state.open)
        else:
            yield PeriodReading(
                found.period, found.value, found.recorded_on, mark, state.open, base=found.base, id=found.id
            )


def _ask(conn: Connection, night: Prepared, shape: Shape, wanted: Collection[int]) -> dict[int, JudgedFact]:
    """By number of the row, its fact, judged by durable_rules again."""
    page = fact_sql.page(shape, night.rules, night.cutoff, whole=True, finished=True)
    found: dict[int, JudgedFact] = {}
    with Ruleset(shape.name, shape.definition) as ruleset:
        for low in sorted({number // PAGE * PAGE for number in wanted}):
            text, number, _ = conn.execute(page, {"low": low, "high": low + PAGE}).one()
            if not text:
                continue
            hits = set(ruleset.judge(Chunk(text, number)))
            for fact in json.loads(f"[{text}]"):
                if low + fact["id"] in wanted:
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
