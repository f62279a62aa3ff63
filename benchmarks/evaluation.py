"""Evaluation alone, on the whole country: facts built and decided, beside SQL by hand that finds the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from measure import Cost, measured
from peers import sql
from sqlalchemy import Connection, Engine

from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.judge.durable_rules import Chunk, Ruleset
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.matching import fact_sql
from dondoc.engine.store.matching.evaluate import Range, decide, ranges
from dondoc.engine.store.night.prepared import Night, Prepared

ROUNDS = 3
BY_HAND, FILTERED, WHOLE = "SQL by hand", "decided", "decided without the pre-filter"

Hits = list[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class Compared:
    """Wall and CPU seconds of each way, medians; how many facts there were, and how many hits."""

    stages: dict[str, tuple[float, float]]
    facts: int
    hits: int


def compare(engine: Engine, book: RuleBook, ready: Prepared, night: Night, cpu: Callable[[], float]) -> Compared:
    """Each way in turn, some rounds, in one process; raises AssertionError when hits differ."""
    seen: dict[str, list[Cost]] = {BY_HAND: [], FILTERED: [], WHOLE: []}
    with reading(engine) as conn:
        parts = list(ranges(conn, ready.shapes, ready.rules))
        decided = decide(conn, parts, ready.rules, night.cutoff)
        ways: dict[str, Callable[[], Hits]] = {
            BY_HAND: lambda: sql.hits(conn, book, ready.shapes, ready.rules, night),
            FILTERED: lambda: _decided(conn, parts, ready, night),
            WHOLE: lambda: _whole(conn, parts, ready, night),
        }
        expected = {(hit.shape, hit.rule, hit.row) for hit in decided.hits}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                with measured(cpu) as cost:
                    hits = way()
                seen[name].append(cost)
                assert set(hits) == expected, f"{name}: other hits"
    stages = {
        name: (median(cost.wall for cost in costs), median(cost.cpu for cost in costs))
        for name, costs in seen.items()
    }
    return Compared(stages, sum(decided.judged.values()), len(expected))


def _decided(conn: Connection, parts: list[Range], ready: Prepared, night: Night) -> Hits:
    return [(hit.shape, hit.rule, hit.row) for hit in decide(conn, parts, ready.rules, night.cutoff).hits]


def _whole(conn: Connection, parts: list[Range], ready: Prepared, night: Night) -> Hits:
    return list(_of_all_facts(conn, parts, ready, night))


def _of_all_facts(
    conn: Connection, parts: list[Range], ready: Prepared, night: Night
) -> Iterator[tuple[str, str, int]]:
    with ExitStack() as stack:
        asked = {
            shape.name: (
                fact_sql.page(shape, ready.rules, night.cutoff, whole=True),
                stack.enter_context(Ruleset(shape.name, shape.definition)),
            )
            for shape in ready.shapes
        }
        for part in parts:
            name = part.shape.name
            page, ruleset = asked[name]
            text, count, _ = conn.execute(page, {"low": part.low, "high": part.high}).one()
            if text:
                for rule, row in ruleset.judge(Chunk(text, count)):
                    yield name, rule, part.low + row
