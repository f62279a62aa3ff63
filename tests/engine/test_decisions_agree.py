"""The whole path from rows to findings says what decisions.md says: a plain oracle judges the same small worlds.

Rows go through the import into SQL, the facts through durable_rules in chunks of any width, the hits back into
findings; the oracle has the rows and the decisions, and nothing else in common with that path.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, insert

from engine.model import SCALE, ZONE, Finding, Scope, TaskKind, Verdict
from engine.periods import PeriodKind
from engine.rules import Against, OnDate, Overdue, Quota, Rise, Rule, Threshold, Window
from engine.store import nights, people
from engine.store import tables as t
from engine.store.database import connect, metadata
from engine.store.decide import decide, ranges
from engine.workdays import WorkCalendar
from tests.engine import oracle, worlds
from tests.engine.oracle import Demand, Fact, Limit

UNITS = ("u.a", "u.b", "u.c")
DAY = timedelta(days=1)
QUARTERS = (
    ("2018-Q1", date(2018, 1, 1), date(2018, 3, 31)),
    ("2018-Q2", date(2018, 4, 1), date(2018, 6, 30)),
    ("2018-Q3", date(2018, 7, 1), date(2018, 9, 30)),
    ("2018-Q4", date(2018, 10, 1), date(2018, 12, 31)),
    ("2019-Q1", date(2019, 1, 1), date(2019, 3, 31)),
)
FIRST = date(2019, 4, 1)
CLOSED = frozenset({date(2019, 4, 15), date(2019, 4, 30), date(2019, 5, 1)})
CALENDAR = WorkCalendar("invented", date(2017, 1, 1), date(2019, 12, 31), dict.fromkeys(CLOSED, "nghỉ"), {})
VALUES = tuple(
    Decimal(text)
    for text in (
        *("0", "0.0000001", "-0.0000001", "-1", "1.9999999", "2", "2.0000001", "2.9999999", "3", "3.0000001"),
        *("4", "5", "6", "10", "12", "12.0000001", "13", "999999999.9999999", "-999999999.9999999"),
    )
)
# Text nobody plans for: decomposed Vietnamese, quotes, backslashes, braces, signs outside the basic plane.
TEXT = st.text(
    st.one_of(st.sampled_from("'\"\\{}[]%:;,$ \u0303\u0323ơƯ₫𠀀"), st.characters(exclude_categories=["Cc", "Cs"])),
    max_size=20,
)


@dataclass(frozen=True)
class World:
    """Rules with what they mean to the oracle, and rows; `start` is about the first id, `width` a chunk's."""

    as_of: date
    rules: tuple[Rule, ...]
    demands: tuple[Demand, ...]
    limits: dict[str, Limit]
    submissions: tuple[Fact, ...]
    activities: tuple[Fact, ...]
    readings: tuple[Fact, ...]
    notes: dict[str, str]
    width: int
    start: int

    @property
    def cutoff(self) -> datetime:
        """02:00 of the night."""
        return datetime(self.as_of.year, self.as_of.month, self.as_of.day, 2, tzinfo=ZONE)


def at_ten(day: date) -> datetime:
    """Ten o'clock, local time."""
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZONE)


def days(low: int, high: int) -> st.SearchStrategy[date]:
    """Days so far before or after the first night there is."""
    return st.integers(low, high).map(lambda n: FIRST + n * DAY)


OFFSETS = st.lists(st.sampled_from([1, 2, 5]), unique=True, max_size=2).map(tuple)
SOME_UNITS = st.lists(st.sampled_from(UNITS), unique=True, min_size=1).map(sorted).map(tuple)


@st.composite
def overdue_rules(draw: st.DrawFn, n: int) -> tuple[Rule, list[Demand]]:
    """Once due, before or by a day, with reminders."""
    report, remind, units = draw(st.sampled_from(["r1", "r2"])), draw(OFFSETS), draw(SOME_UNITS)
    due, exclusive = draw(days(-20, 45)), draw(st.booleans())
    name = f"overdue/{n}"
    last = due - DAY if exclusive else due
    made = worlds.rule(name, Overdue(report, None, OnDate(due, exclusive), remind), *units)
    return made, [Demand(name, unit, report, last, date(2015, 1, 1), remind) for unit in units]


@st.composite
def quota_rules(draw: st.DrawFn, n: int) -> tuple[Rule, list[Demand]]:
    """A window with a number of activities, carried alone, by any one, or by all together."""
    what, warn, units = draw(st.sampled_from(["a1", "a2"])), draw(OFFSETS), draw(SOME_UNITS)
    first = draw(days(-30, 30))
    final = first + draw(st.integers(0, 30)) * DAY
    grace, need, scope = draw(st.sampled_from([0, 2])), draw(st.integers(1, 3)), draw(st.sampled_from(Scope))
    name = f"quota/{n}"
    made = worlds.rule(name, Quota(what, need, Window(first, final, yearly=False), scope, grace, warn), *units)
    groups = [(unit,) for unit in units] if scope is Scope.EACH else [units]
    last = final
    while grace:
        last += DAY
        grace -= last.weekday() < 5 and last not in CLOSED
    return made, [
        Demand(name, group[0], what, last, date.min, warn, first, final, need, scope.value, group)
        for group in groups
    ]


@st.composite
def threshold_rules(draw: st.DrawFn, n: int) -> tuple[Rule, Limit]:
    """Above, below or a rise, with or without a clearing value, over one to three quarters."""
    indicator, units = draw(st.sampled_from(["i1", "i2"])), draw(SOME_UNITS)
    needed, clears = draw(st.integers(1, 3)), draw(st.booleans())
    three, two, five = Decimal(3), Decimal(2), Decimal(5)
    against = None
    match draw(st.sampled_from(["above", "above-5", "below", "rise"])):
        case "above":
            limit = Limit(needed, above=three, clear=two if clears else None)
        case "above-5":
            limit = Limit(needed, above=five, clear=three if clears else None)
        case "below":
            limit = Limit(needed, below=two, clear=three if clears else None)
        case _:
            percent = draw(st.sampled_from([Decimal(20), Decimal("12.5"), Decimal(1), Decimal(100)]))
            least = draw(st.sampled_from([five, Decimal(1), Decimal("0.0000001")]))
            limit = Limit(needed, rise=percent, at_least=least, clear=percent / 2 if clears else None)
            against = draw(st.sampled_from(Against))
    threshold = Threshold(
        indicator,
        PeriodKind.CALENDAR_QUARTER,
        "u.a",
        draw(st.sampled_from([date(2015, 1, 1), date(2019, 4, 5)])),
        above=limit.above,
        below=limit.below,
        rise=Rise(limit.rise, against, limit.at_least) if limit.rise is not None and against else None,
        clear=limit.clear,
        periods=needed,
        no_data_after=draw(st.sampled_from([None, 2, 10])),
    )
    return worlds.rule(f"threshold/{n}", threshold, *units), limit


@st.composite
def versions(draw: st.DrawFn, fact: Fact, other: st.SearchStrategy[Any], field: str) -> list[Fact]:
    """A row, and perhaps its correction, recorded later."""
    if not draw(st.booleans()):
        return [fact]
    later = fact.recorded + timedelta(hours=draw(st.integers(1, 200)))
    return [fact, replace(fact, recorded=later, **{field: draw(other)})]


@st.composite
def rows(draw: st.DrawFn, names: list[str], amounts: st.SearchStrategy[Decimal]) -> tuple[Fact, ...]:
    """Dated rows; each is recorded on its day or up to ten days later, perhaps after the night's cut-off."""
    found: list[Fact] = []
    for n in range(draw(st.integers(0, 5))):
        on = draw(days(-25, 40))
        recorded = at_ten(on + draw(st.integers(0, 10)) * DAY) + timedelta(minutes=n)
        ref = f"{n}{draw(TEXT)}"
        fact = Fact(ref, draw(st.sampled_from(UNITS)), draw(st.sampled_from(names)), on, recorded, draw(amounts))
        found += draw(versions(fact, days(-25, 20), "on"))
    return tuple(found)


@st.composite
def series(draw: st.DrawFn) -> tuple[Fact, ...]:
    """Readings of some quarters of each unit and indicator; the day is the quarter's first."""
    found: list[Fact] = []
    for unit in UNITS[: draw(st.integers(0, 3))]:
        for indicator in ("i1", "i2"):
            for key, first, last in QUARTERS:
                value = draw(st.none() | st.sampled_from(VALUES))
                if value is not None:
                    recorded = at_ten(draw(st.one_of(st.just(last + 3 * DAY), days(-3, 20))))
                    fact = Fact(f"{unit}{indicator}{key}", unit, indicator, first, recorded, value)
                    found += draw(versions(fact, st.sampled_from(VALUES), "amount"))
    return tuple(found)


@st.composite
def small_worlds(draw: st.DrawFn) -> World:
    """Up to three rules of each kind over the same few reports, activities and indicators."""
    due = [draw(overdue_rules(n)) for n in range(draw(st.integers(0, 3)))]
    counted = [draw(quota_rules(n)) for n in range(draw(st.integers(0, 3)))]
    measured = [draw(threshold_rules(n)) for n in range(draw(st.integers(0, 3)))]
    ones = st.just(Decimal(1))
    submissions = draw(rows(["r1", "r2"], ones)) if due else ()
    return World(
        draw(days(0, 34)),
        tuple(rule for rule, _ in (*due, *counted, *measured)),
        tuple(demand for _, demands in (*due, *counted) for demand in demands),
        {rule.id: limit for rule, limit in measured},
        submissions,
        draw(rows(["a1", "a2"], st.integers(1, 3).map(Decimal))) if counted else (),
        draw(series()) if measured else (),
        {fact.ref: draw(TEXT) for fact in submissions},
        draw(st.sampled_from([5000, 9, 4, 2])),
        draw(st.sampled_from([0, 797_180, 3_000_000_000])),
    )


Said = dict[tuple[str, str, str], tuple[Any, ...]]


def expected(world: World) -> Said:
    """What the oracle says, by rule, unit and subject."""
    said: Said = {}
    activities = oracle.known(world.activities, world.cutoff)
    done = oracle.settled(
        [demand for demand in world.demands if not demand.need], oracle.known(world.submissions, world.cutoff)
    )
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
        visible = {on: fact for on, fact in mine.items() if fact.recorded.date() >= threshold.set_on}
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
        base = bases.get(judged[-1]) if opened is not None else None
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
    """A quarter without a reading, so many working days after its end (24); quarters older than 400 days rest."""
    threshold = rule.condition
    assert isinstance(threshold, Threshold)
    said: Said = {}
    if threshold.no_data_after is None:
        return said
    for key, first, last in QUARTERS[1:]:
        if first < threshold.set_on:
            continue
        limit, left = last, threshold.no_data_after
        while left:
            limit += DAY
            left -= limit.weekday() < 5 and limit not in CLOSED
        for unit in rule.applies_to.units:
            n = sum((f.unit, f.what, f.on) == (unit, threshold.indicator, first) for f in readings)
            if n or limit < world.as_of:
                verdict, breach = ("met", None) if n else ("breach", limit + DAY)
                said[rule.id, unit, f"{threshold.indicator}@{key}"] = (verdict, breach, n)
    return said


def put(conn: Connection, world: World) -> None:
    """The world's rows through the import: first versions, then corrections."""
    worlds.settle_in(conn, *UNITS)
    life = {"from": worlds.SINCE, "until": None}
    texts = [*world.notes.values(), *UNITS][: len(UNITS)]
    names = [
        {"unit": u, "name": text, "name_en": text, "short": text, **life}
        for u, text in zip(UNITS, texts, strict=True)
    ]
    worlds.take(conn, "names", *names)
    last = {first: end for _, first, end in QUARTERS}
    for version in (0, 1):
        for sheet, facts in (
            ("submissions", world.submissions),
            ("activities", world.activities),
            ("readings", world.readings),
        ):
            made = []
            for fact in (f for f in facts if _version(f, facts) == version):
                who = (fact.ref, fact.unit, fact.what, fact.on)
                if sheet == "submissions":
                    made.append(worlds.submission(*who, fact.recorded, document=world.notes[fact.ref]))
                elif sheet == "activities":
                    made.append(worlds.activity(*who, fact.recorded, quantity=int(fact.amount)))
                else:
                    made.append(worlds.reading(*who, last[fact.on], int(fact.amount * SCALE), fact.recorded))
            taken = worlds.take(conn, sheet, *made)
            assert (taken.added, taken.corrected, taken.refused) == (
                (len(made), 0, ()) if not version else (0, len(made), ())
            )


def _version(fact: Fact, facts: tuple[Fact, ...]) -> int:
    return sum(other.ref == fact.ref and other.recorded < fact.recorded for other in facts)


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
    ready = nights.prepare(conn, book, people.chart(conn, world.cutoff), world.as_of, world.cutoff)
    decided = decide(conn, ranges(conn, ready.shapes, world.width), ready.rules, world.cutoff)
    assert decided.faults == []
    results = nights.findings(conn, book, ready, decided, world.as_of, world.cutoff)
    said = {_key(one): _figures(one) for one in results}
    assert len(said) == len(results)
    return said


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
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@settings(deadline=None, max_examples=150)
@given(world=small_worlds())
def test_sqlite_and_durable_rules_say_what_the_decisions_say(memory: Engine, world: World) -> None:
    """On SQLite."""
    agree(memory, world)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=small_worlds())
def test_postgresql_and_durable_rules_say_what_the_decisions_say(postgres: Engine, world: World) -> None:
    """On PostgreSQL; every world is rolled back, and its ids go on rising."""
    agree(postgres, world)
