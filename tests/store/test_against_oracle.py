"""The whole path from rows to findings says what decisions.md says: a plain oracle judges the same small worlds.

Rows go through the import into SQL, the facts through durable_rules in chunks of any width, the hits back into
findings; the oracle has the rows and the decisions, and nothing else in common with that path.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from sqlalchemy import Connection, Engine, insert

from dondoc.engine.domain.model import SCALE, Finding
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Against, Rule, Threshold
from dondoc.engine.domain.terms import TaskKind, Verdict
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect
from dondoc.engine.store.db.schema_version import create_tables
from dondoc.engine.store.matching.evaluate import decide, ranges
from dondoc.engine.store.night import levels, nights, orgchart
from dondoc.engine.store.night.prepared import Night
from tests.support import oracle, worlds
from tests.support.oracle import Fact
from tests.support.random_worlds import CALENDAR, CLOSED, DAY, FIRST, QUARTERS, World, put, small_worlds

Said = dict[tuple[str, str, str], tuple[Any, ...]]


def expected(world: World) -> Said:
    """What the oracle says, by rule, unit and subject."""
    said: Said = {}
    activities = oracle.known(world.activities, world.cutoff)
    due = [demand for demand in world.demands if not demand.need]
    done = oracle.settled(due, world.submissions, world.cutoff)
    for demand in world.demands:
        count = oracle.held(demand, activities) if demand.need else None
        late = demand.last_day < world.as_of
        offset = None
        if demand.need:
            verdict = ("met" if (count or 0) >= demand.need else "breach") if late else ""
        else:
            verdict = "met" if demand in done else "breach" if late else ""
        if not verdict and (count is None or count < demand.need):
            until = demand.final if demand.need else demand.last_day
            offset = oracle.reminder(until, demand.remind, world.as_of, CLOSED)
            verdict = "ending" if offset else ""
        if verdict:
            breach = demand.last_day + DAY if verdict == "breach" else None
            said[demand.rule, demand.unit, ""] = (verdict, breach, count, offset, done.get(demand))
    readings = oracle.known(world.readings, world.cutoff)
    for rule in world.rules:
        if rule.id in world.limits:
            said |= expected_levels(world, rule, readings)
            said |= expected_gaps(world, rule, readings)
    return said


def expected_levels(world: World, rule: Rule, readings: list[Fact]) -> Said:
    """The finding of each unit's series as known tonight (13, 19, 25, 26, 47)."""
    threshold, limit = rule.condition, world.limits[rule.id]
    assert isinstance(threshold, Threshold)
    said: Said = {}
    for unit in rule.applies_to.units:
        mine = {f.on: f for f in readings if (f.unit, f.what) == (unit, threshold.indicator)}
        visible = {on: fact for on, fact in mine.items() if on >= threshold.set_on}
        seen = [visible.get(first) for _, first, _ in QUARTERS]
        back = 4 if threshold.rise and threshold.rise.against is Against.SAME_PERIOD_LAST_YEAR else 1
        bases = {i: mine[QUARTERS[i - back][1]].amount for i in range(back, 5) if QUARTERS[i - back][1] in mine}
        values = [fact.amount if fact else None for fact in seen]
        judged = [i for i, value in enumerate(values) if value is not None and (limit.rise is None or i in bases)]
        if not judged:
            continue
        opened = oracle.opened_at(values, bases, limit)
        never = all(oracle.opened_at(values[:n], bases, limit) is None for n in range(1, 6))
        key, value = QUARTERS[judged[-1]][0], values[judged[-1]]
        # A rise that is met keeps its base too, against which an edited percentage is held (0043).
        base = bases.get(judged[-1]) if opened is not None or limit.rise is not None else None
        breach = None
        if opened is not None:
            fact = seen[opened]
            assert fact is not None
            breach = min(max(QUARTERS[opened][2], fact.recorded.date()) + DAY, world.as_of)
        said[rule.id, unit, threshold.indicator] = (
            "met" if opened is None else "breach",
            breach,
            value,
            base,
            key,
            never and opened is None,
        )
    return said


def expected_gaps(world: World, rule: Rule, readings: list[Fact]) -> Said:
    """A quarter without a reading, so many working days after its end (24); limits older than 400 days rest."""
    threshold = rule.condition
    assert isinstance(threshold, Threshold)
    said: Said = {}
    if threshold.no_data_after is None:
        return said
    for key, first, last in QUARTERS:
        if first < threshold.set_on:
            continue
        limit, left = last, threshold.no_data_after
        while left:
            limit += DAY
            left -= limit.weekday() < 5 and limit not in CLOSED
        if (world.as_of - limit).days > 400:
            continue
        for unit in rule.applies_to.units:
            n = sum((f.unit, f.what, f.on) == (unit, threshold.indicator, first) for f in readings)
            if n or limit < world.as_of:
                verdict, breach = ("met", None) if n else ("breach", limit + DAY)
                said[rule.id, unit, f"{threshold.indicator}@{key}"] = (verdict, breach, n)
    return said


def begin_high(conn: Connection, start: int) -> None:
    """Rows that nobody asks for, so that the ids of the others come after `start` on SQLite."""
    nobody = insert(t.unit).values(
        id="u.z", kind="ubnd", level="commune", valid_from=FIRST, recorded_at=worlds.NOW
    )
    (unit,) = conn.execute(nobody).inserted_primary_key
    conn.execute(
        insert(t.task).values(
            id=start,
            unit_no=unit,
            subject="",
            kind=TaskKind.REPORT,
            counts="",
            issued_on=FIRST,
            finished_on=FIRST,
            recorded_at=worlds.NOW,
        )
    )
    conn.execute(
        insert(t.reading).values(
            id=start,
            ref="z",
            unit_no=unit,
            indicator="other",
            period_kind=PeriodKind.CALENDAR_QUARTER,
            period="2018-Q1",
            first_day=FIRST,
            last_day=FIRST,
            value=0,
            recorded_at=worlds.NOW,
        )
    )


def found(conn: Connection, world: World) -> Said:
    """What the real path says."""
    book = worlds.book(world.rules, calendar=CALENDAR)
    ready = nights.prepare(conn, book, orgchart.chart(conn, world.cutoff), Night(world.as_of, world.cutoff))
    decided = decide(conn, ranges(conn, ready.shapes, ready.rules, world.width), ready.rules, world.cutoff)
    assert decided.faults == []
    results = nights.findings(conn, ready, decided)
    clear = list(levels.within_limits(conn, ready, decided))
    assert all(one.task.kind is TaskKind.LEVEL and one.verdict is Verdict.MET for one in clear)
    said = {_key(one): _figures(one) for one in results}
    assert len(said) == len(results)
    # A figure within its limit that a derived rule counts is found both ways, and alike.
    assert all(said.get(_key(one), _figures(one)) == _figures(one) for one in clear)
    return said | {_key(one): _figures(one) for one in clear}


def _key(finding: Finding) -> tuple[str, str, str]:
    task = finding.task
    return task.rule, task.unit, task.subject if task.kind in (TaskKind.LEVEL, TaskKind.READING) else ""


def _figures(one: Finding) -> tuple[Any, ...]:
    verdict = one.verdict.value
    match one.task.kind:
        case TaskKind.LEVEL:
            scale = Decimal(SCALE)
            value = None if one.value is None else one.value / scale
            before = None if one.before is None else one.before / scale
            return verdict, one.breach, value, before, one.period, one.corrected
        case TaskKind.READING:
            return verdict, one.breach, one.count
        case _:
            return verdict, one.breach, one.count, one.offset, one.task.done_on


@contextmanager
def undone(engine: Engine) -> Iterator[Connection]:
    """A transaction that leaves nothing behind."""
    with engine.connect().execution_options(immediate=True) as conn:
        yield conn
        conn.rollback()


def agree(engine: Engine, world: World) -> None:
    """Both say the same of every demand and indicator.

    A reminder is told on working nights only, so that is where its day is compared (decision 4).
    """
    with undone(engine) as conn:
        if world.start:
            begin_high(conn, world.start)
        put(conn, world)
        said, wanted = found(conn, world), expected(world)
    for verdict in {figures[0] for figures in wanted.values()}:
        event(verdict)
    if world.as_of.weekday() >= 5 or world.as_of in CLOSED:
        said, wanted = ({k: v for k, v in each.items() if v[0] != Verdict.ENDING} for each in (said, wanted))
    assert said == wanted


@pytest.fixture(scope="module")
def memory() -> Iterator[Engine]:
    """An SQLite database in memory with every table."""
    engine = connect("sqlite://")
    create_tables(engine)
    yield engine
    engine.dispose()


@settings(deadline=None, max_examples=70)
@given(world=small_worlds())
def test_sqlite_and_durable_rules_say_what_the_decisions_say(memory: Engine, world: World) -> None:
    """On SQLite."""
    agree(memory, world)


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=small_worlds())
def test_postgresql_and_durable_rules_say_what_the_decisions_say(postgres: Engine, world: World) -> None:
    """On PostgreSQL; every world is rolled back, and its ids go on rising."""
    agree(postgres, world)
