"""The same hits found by SQL alone, written by hand: no engine, no JSON. One query for each shape of facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from dondoc.engine.domain.model import SCALE
from dondoc.engine.domain.rulebook import Overdue, Quota, RuleBook, Threshold
from dondoc.engine.kinds.shapes import FactSource, Shape
from dondoc.engine.store.night.prepared import Night

_KNOWN = "{0}.recorded_at <= :cutoff and ({0}.superseded_at is null or {0}.superseded_at > :cutoff)"

_TASKS = """
with open_ as not materialized (
  select id, last_day, done_on from task
  where finished_on is null and rule_no in ({rules}) and kind in ('report', 'assigned') and recorded_at <= :cutoff)
select 'overdue', id from open_ where done_on is null and last_day < :night
union all select 'done', id from open_ where done_on is not null
{reminders}"""

_REMINDED = (
    "union all select 'ending-{k}', id from open_ where done_on is null and last_day between :night and :in{k}\n"
)

_COUNTS = f"""
with counted as materialized (
  select id, last_day, final_day,
    (select coalesce(sum(quantity), 0) from activity a
     where a.unit_no = t.unit_no and a.activity = t.counts
       and a.done_on between t.first_day and t.final_day and {_KNOWN.format("a")}) as n
  from task t
  where finished_on is null and rule_no in ({{rules}}) and kind = 'quota' and recorded_at <= :cutoff)
select 'missed', id from counted where last_day < :night and n < :need
union all select 'met', id from counted where last_day < :night and n >= :need
{{reminders}}"""

_COUNTED = (
    "union all select 'ending-{k}', id from counted where n < :need and final_day between :night and :in{k}\n"
)

_LEVELS = f"""
with known as not materialized (
  select id, value from reading r where indicator = :indicator and period_kind = :per and {_KNOWN.format("r")})
select '{{rule}}|beyond-0', id from known where value > :above
union all select '{{rule}}|band-1', id from known where value <= :above and value > :clear
"""

_RISES = f"""
with pairs as materialized (
  select r.id, r.value as v, e.value as b from reading r
  join reading e on e.unit_no = r.unit_no and e.indicator = r.indicator and e.period = r.previous
    and {_KNOWN.format("e")}
  where r.indicator = :indicator and r.period_kind = :per and {_KNOWN.format("r")})
select '{{rule}}|beyond-0', id from pairs where b >= 0 and v * 5 > b * 6 and v >= b + :floor
union all select '{{rule}}|band-1', id from pairs where b < 0
"""


def hits(
    conn: Connection, book: RuleBook, shapes: Sequence[Shape], rules: Mapping[str, int], night: Night
) -> list[tuple[str, str, int]]:
    """Every (shape, rule, row) hit, through the driver itself.

    It knows what the rules of the benchmarks use: reminders, and a rise above a fifth.
    """
    raw = conn.connection.driver_connection
    assert raw is not None
    return [
        (shape.name, rule, row)
        for shape in shapes
        for query, given in _queries(book, shape, rules, night)
        for rule, row in raw.execute(*_for(conn.dialect.name, query, given))
    ]


def _queries(
    book: RuleBook, shape: Shape, rules: Mapping[str, int], night: Night
) -> Iterator[tuple[str, dict[str, Any]]]:
    given: dict[str, Any] = {"night": night.as_of, "cutoff": night.cutoff}
    numbers = ", ".join(str(rules[rule]) for rule in shape.rules)
    first = book.rules[shape.rules[0]]
    match first.condition:
        case Overdue(remind=remind) if shape.source is FactSource.TASKS:
            ends = _ends(book, first.calendar, night.as_of, remind)
            yield _TASKS.format(rules=numbers, reminders=_lines(_REMINDED, ends)), given | ends
        case Quota(at_least=need, warn_before=warn):
            ends = _ends(book, first.calendar, night.as_of, warn)
            yield _COUNTS.format(rules=numbers, reminders=_lines(_COUNTED, ends)), given | ends | {"need": need}
        case Threshold():
            for rule in shape.rules:
                threshold = book.rules[rule].condition
                assert isinstance(threshold, Threshold)
                yield _level(rule, threshold, {"cutoff": night.cutoff})


def _level(rule: str, threshold: Threshold, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    given |= {"indicator": threshold.indicator, "per": threshold.per.value}
    if threshold.rise is not None:
        return _RISES.format(rule=rule), given | {"floor": int(threshold.rise.at_least * SCALE)}
    assert threshold.above is not None
    assert threshold.clear is not None
    limits = {"above": int(threshold.above * SCALE), "clear": int(threshold.clear * SCALE)}
    return _LEVELS.format(rule=rule), given | limits


def _ends(book: RuleBook, calendar: str, night: date, offsets: Sequence[int]) -> dict[str, Any]:
    """The latest last day that each reminder is about."""
    days = [night + timedelta(days=n) for n in range(30)]
    workdays = book.calendars[calendar]
    return {f"in{k}": max(day for day in days if workdays.count(night, day) <= k) for k in offsets}


def _lines(words: str, ends: Mapping[str, Any]) -> str:
    return "".join(words.format(k=name.removeprefix("in")) for name in ends)


def _for(dialect: str, query: str, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The query and its values as each driver takes them."""
    if dialect == "postgresql":
        return re.sub(r":(\w+)", r"%(\1)s", query), dict(given)
    return query, {name: _text(value) for name, value in given.items()}


def _text(value: Any) -> Any:
    """Instants and days as SQLite keeps them; all else as it is."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    return value.isoformat() if isinstance(value, date) else value
