"""Worlds drawn at random: a few rules over the same few reports, activities and indicators, and their rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Connection

from dondoc.engine.domain.model import SCALE, ZONE
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Against, OnDate, Overdue, Quota, Rise, Rule, Threshold, Window
from dondoc.engine.domain.terms import Scope
from dondoc.engine.domain.workdays import WorkCalendar
from tests.support import worlds
from tests.support.oracle import Demand, Fact, Limit

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
        *("0", "0.0000001", "-0.0000001", "1.9999999", "2", "2", "2.0000001", "2.9999999", "3", "3", "3.0000001"),
        *("4", "5", "5.0000001", "10", "12", "12.0000001", "999999999.9999999", "-999999999.9999999"),
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
    """Readings of each unit's quarters, some missing, some corrected; the day is the quarter's first."""
    found: list[Fact] = []
    for unit, indicator in ((unit, indicator) for unit in UNITS for indicator in ("i1", "i2")):
        values = draw(st.lists(st.sampled_from([None, *VALUES]), min_size=5, max_size=5))
        for (key, first, last), value in zip(QUARTERS, values, strict=True):
            if value is not None:
                recorded = at_ten(draw(st.sampled_from([last + 3 * DAY, last + 12 * DAY, FIRST + 10 * DAY])))
                found.append(Fact(f"{unit}{indicator}{key}", unit, indicator, first, recorded, value))
    if found:
        found += draw(versions(draw(st.sampled_from(found)), st.sampled_from(VALUES), "amount"))[1:]
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
        draw(st.sampled_from([5000, 5000, 11, 4])),
        draw(st.sampled_from([0, 797_180, 3_000_000_000])),
    )


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
