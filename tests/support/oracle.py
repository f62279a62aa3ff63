"""What decisions.md says of a small world, in plain Python with exact decimals.

It shares no code with the path it checks: no SQL, no compiler, no rule engine, no fold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Fact:
    """A row of any kind of data: whose, which, on which day (a reading: its period's number), how much."""

    ref: str
    unit: str
    what: str
    on: date
    recorded: datetime
    amount: Decimal = Decimal(1)


@dataclass(frozen=True)
class Demand:
    """Something due: a report, or `need` activities in [first, final]; `remind` counts working days."""

    rule: str
    unit: str
    what: str
    last_day: date
    issued: date = date.min
    remind: tuple[int, ...] = ()
    first: date = date.min
    final: date = date.min
    need: int = 0
    scope: str = "each"
    bearers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limit:
    """When an indicator is beyond its limit for `needed` periods running; the numbers of a rise in percent."""

    needed: int = 1
    above: Decimal | None = None
    below: Decimal | None = None
    rise: Decimal | None = None
    at_least: Decimal = Decimal(0)
    clear: Decimal | None = None


def known(facts: Iterable[Fact], cutoff: datetime) -> list[Fact]:
    """Of each row its latest version recorded by the cut-off, in the order of recording (27)."""
    current = {fact.ref: fact for fact in sorted(facts, key=lambda fact: fact.recorded) if fact.recorded <= cutoff}
    return sorted(current.values(), key=lambda fact: (fact.recorded, fact.on))


def settled(demands: Sequence[Demand], submissions: Sequence[Fact], cutoff: datetime) -> dict[Demand, date]:
    """Each submission counts for the demand with the nearest last day; the one recorded first settles it (12)."""
    done: dict[Demand, date] = {}
    first = {one.ref: min(other.recorded for other in submissions if other.ref == one.ref) for one in submissions}
    for one in sorted(known(submissions, cutoff), key=lambda one: (first[one.ref], one.on, one.ref)):
        mine = [d for d in demands if (d.unit, d.what) == (one.unit, one.what) and d.issued <= one.on]
        if mine:
            nearest = min(mine, key=lambda d: (abs((d.last_day - one.on).days), d.last_day)).last_day
            alike = [d for d in mine if d.last_day == nearest]
            done.setdefault(next((d for d in alike if d not in done), alike[0]), one.on)
    return done


def reminder(limit: date, offsets: Iterable[int], as_of: date, closed: frozenset[date]) -> int | None:
    """The latest reminder due: the k-th working day strictly before the limit has come, the limit has not (4)."""
    worked = [limit - n * DAY for n in range(1, 200)]
    worked = [day for day in worked if day.weekday() < 5 and day not in closed]
    due = [k for k in offsets if worked[k - 1] <= as_of <= limit]
    return min(due, default=None)


def held(demand: Demand, activities: Iterable[Fact]) -> int:
    """How often it was done in the period: alone, by the busiest, or by all together (18)."""
    bearers = demand.bearers or (demand.unit,)
    each = [
        sum(int(f.amount) for f in activities if (f.unit, f.what) == (u, demand.what) and in_period(demand, f))
        for u in bearers
    ]
    return sum(each) if demand.scope == "sum" else max(each)


def in_period(demand: Demand, fact: Fact) -> bool:
    """Whether an activity's day lies in the demand's period, both ends included."""
    return demand.first <= fact.on <= demand.final


def beyond(value: Decimal, base: Decimal | None, limit: Limit, percent: Decimal | None) -> bool:
    """Strictly beyond the limit; a rise also by its least number, which alone decides over a base of 0 (25)."""
    if limit.above is not None:
        return value > limit.above
    if limit.below is not None:
        return value < limit.below
    assert base is not None
    assert percent is not None
    return value > base * (1 + percent / 100) and value >= limit.at_least


def cleared(value: Decimal, base: Decimal | None, limit: Limit) -> bool:
    """Back at the clearing value, which is the limit itself where none is given (19)."""
    if limit.above is not None:
        return value <= (limit.above if limit.clear is None else limit.clear)
    if limit.below is not None:
        return value >= (limit.below if limit.clear is None else limit.clear)
    return not beyond(value, base, limit, limit.rise if limit.clear is None else limit.clear)


def opened_at(values: Sequence[Decimal | None], bases: Mapping[int, Decimal | None], limit: Limit) -> int | None:
    """The period that opened what is open after the last one: a full run since the last clearing (19)."""
    rise = limit.rise is not None
    judged = [value is not None and not (rise and bases.get(i) is None) for i, value in enumerate(values)]
    # A percentage of a negative base says nothing: it neither opens nor clears.
    sound = [ok and not (rise and (bases[i] or 0) < 0) for i, ok in enumerate(judged)]
    numbers = {i: values[i] or Decimal(0) for i, ok in enumerate(sound) if ok}
    over = {i for i, number in numbers.items() if beyond(number, bases.get(i), limit, limit.rise)}
    since = max((i for i, number in numbers.items() if cleared(number, bases.get(i), limit)), default=-1)
    runs = (j for j in range(since + limit.needed, len(values)) if over >= set(range(j - limit.needed + 1, j + 1)))
    return next(runs, None)
