"""Random pasts of the shipped packs: what units of the examples did and reported, late, twice or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from sqlalchemy import select, update

from dondoc.engine.demands.direct import direct_demands
from dondoc.engine.domain.demand import Bearers, TriggerEvent
from dondoc.engine.domain.periods import periods_between
from dondoc.engine.domain.rulebook import Rule, RuleBook, Threshold
from dondoc.engine.domain.terms import TaskKind
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import writing
from tests.support.town import Town

_DAY = timedelta(days=1)
# Each pack, and the first day of the year that is played.
PACKS = {
    "279-ubnd-ldtbxh": date(2015, 3, 27),
    "330-cv-tu": date(2016, 4, 1),
    "1179-cv-hu": date(2019, 6, 27),
    "bao-ve-tre-em-2019": date(2019, 4, 1),
    "46-ct-hu": date(2023, 4, 1),
    "28-2019-tt-bldtbxh": date(2025, 7, 2),
    "29-2019-tt-bldtbxh": date(2025, 7, 2),
    "09-2019-nd-cp": date(2025, 7, 2),
    "cham-soc-thay-the": date(2025, 7, 2),
}
_WEEKS = (-40, -9, -3, -1, 0, 1, 4, 12, 30, 90)


def pack(book: RuleBook, directive: str) -> RuleBook:
    """The rules of one directive alone."""
    return replace(book, rules={rule.id: rule for rule in book.rules.values() if rule.directive == directive})


def lived(town: Town, drawn: Random, first: date, last: date) -> None:
    """Brings in what the units did about every demand of the town's rules between two days, as drawn."""
    town.night(first)
    assert town.last is not None
    chart = town.last.night.chart
    events: list[TriggerEvent] = []
    for day in (first, first + 180 * _DAY):
        for demand in direct_demands(town.book, chart, day, events, until=last):
            if demand.last_day is None or drawn.random() < 0.35:
                continue
            _meets(
                town, drawn, demand.kind, demand.bearers or (demand.unit,), demand.counts, demand.last_day, last
            )
    read: set[tuple[str, str]] = set()
    for rule in town.book.rules.values():
        if isinstance(rule.condition, Threshold):
            for unit in _units(town, rule, first):
                if (unit, rule.condition.indicator) not in read:
                    _reads(town, drawn, unit, rule.condition, first, last)
                read.add((unit, rule.condition.indicator))


def _meets(
    town: Town, drawn: Random, kind: TaskKind, units: Sequence[str], code: str, due: date, last: date
) -> None:
    """A report or an activity of one of the bearers, before or after its day, perhaps recorded late."""
    done = due + drawn.choice(_WEEKS) * _DAY
    recorded = done + drawn.choice((0, 0, 0, 1, 6, 25)) * _DAY
    if recorded >= last:
        return
    when = f"{recorded}T{drawn.choice(('00:30', '10:00', '16:45'))}"
    when = max(when, f"{done}T00:30")
    unit = drawn.choice(list(units))
    if not _lives(town, unit, done):
        return
    if kind is TaskKind.REPORT:
        town.submits(unit, code, str(done), when, ref=f"{unit}-{code}-{due}-{drawn.random()}")
    elif kind is TaskKind.QUOTA:
        town.does(unit, code, str(done), when)


def _lives(town: Town, unit: str, on: date) -> bool:
    assert town.last is not None
    return town.last.night.chart.units[unit].alive(on)


def _night(town: Town) -> date:
    assert town.last is not None
    return town.last.night.as_of


def _units(town: Town, rule: Rule, on: date) -> Sequence[str]:
    """The units that a rule means."""
    assert town.last is not None
    return Bearers(town.last.night.chart).of(rule.applies_to, on)


def _reads(town: Town, drawn: Random, unit: str, condition: Threshold, first: date, last: date) -> None:
    """Figures about the limit: falling, equal, rising; some missing, some late, some corrected."""
    per = condition.per
    spans = (
        [(one.first, one.last) for one in periods_between(per, first - 400 * _DAY, last)]
        if per.months
        else [(first - 90 * n * _DAY, first + (89 - 90 * n) * _DAY) for n in (3, 2, 1, 0)]
    )
    bound = condition.above if condition.above is not None else condition.below
    middle = float(bound) if bound is not None else 20.0
    for start, end in spans:
        if drawn.random() < 0.2 or not _lives(town, unit, end):
            continue
        value = max(0.0, round(middle + drawn.choice((-5, -2, -1, 0, 0, 1, 2, 6)), 2))
        # Nothing was recorded before the service ran: that would be a matter of an outage.
        came = max(end + drawn.choice((1, 3, 10, 40)) * _DAY, first)
        if came < last:
            town.reads(unit, condition.indicator, str(start), str(end), value, f"{came}T09:00")
        if drawn.random() < 0.2 and came + 9 * _DAY < last:
            town.reads(unit, condition.indicator, str(start), str(end), value + 1, f"{came + 9 * _DAY}T09:00")


def share_mailboxes(town: Town, drawn: Random) -> None:
    """Some units read at one address with bodies above them, with who follows them up, or with each other."""
    units = sorted({unit for rule in town.book.rules.values() for unit in _units(town, rule, _night(town))})
    r, u, box = t.relation, t.unit, t.mailbox
    with writing(town.engine) as conn:
        names = {row.no: row.id for row in conn.execute(select(u.c.no, u.c.id))}
        above = [(names[row.unit_no], names[row.other_no]) for row in conn.execute(select(r))]
        followers = [rule.monitor or town.book.directive_of(rule.id).monitor for rule in town.book.rules.values()]
        for unit in drawn.sample(units, min(len(units), drawn.choice((1, 3, 8)))):
            over = [body for lower, body in above if lower == unit]
            others = [*over, *(body for lower, body in above if lower in over), *filter(None, followers)]
            with_it = drawn.sample(sorted({*others, drawn.choice(units)}), drawn.choice((1, 1, 2)))
            sharing = {no for no, name in names.items() if name in (unit, *with_it)}
            conn.execute(update(box).where(box.c.unit_no.in_(sharing)).values(address=f"{unit}@example.vn"))
    town.chart = None
