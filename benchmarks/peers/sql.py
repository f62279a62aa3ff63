"""The same hits found by SQL alone, written by hand for SQLite: no engine, no JSON."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

_KNOWN = "recorded_at <= :cutoff and (superseded_at is null or superseded_at > :cutoff)"

_TASKS = """
with open_ as not materialized (
  select id, last_day, done_on from task
  where finished_on is null and rule_no = :report_rule and kind in ('report', 'assigned')
    and recorded_at <= :cutoff)
select 'overdue', id from open_ where done_on is null and last_day < :night
union all select 'done', id from open_ where done_on is not null
union all select 'ending-5', id from open_ where done_on is null and last_day between :night and :five
union all select 'ending-1', id from open_ where done_on is null and last_day between :night and :one
"""

_COUNTS = f"""
with counted as materialized (
  select id, last_day, final_day,
    (select coalesce(sum(quantity), 0) from activity a
     where a.unit_no = t.unit_no and a.activity = t.counts
       and a.done_on between t.first_day and t.final_day and {_KNOWN.replace("recorded_at", "a.recorded_at")}) as n
  from task t
  where finished_on is null and rule_no = :quota_rule and kind = 'quota' and recorded_at <= :cutoff)
select 'missed', id from counted where last_day < :night and n < :need
union all select 'met', id from counted where last_day < :night and n >= :need
union all select 'ending-5', id from counted where n < :need and final_day between :night and :five
"""

_LEVELS = f"""
with known as not materialized (
  select id, value from reading
  where indicator = :level and period_kind = 'calendar-quarter' and {_KNOWN})
select :level_rule || '|beyond-0', id from known where value > :above
union all select :level_rule || '|band-1', id from known where value <= :above and value > :clear
"""

_RISES = """
with pairs as materialized (
  select r.id, r.value as v, e.value as b from reading r
  join reading e on e.unit_no = r.unit_no and e.indicator = r.indicator and e.period = r.previous
    and e.recorded_at <= :cutoff and (e.superseded_at is null or e.superseded_at > :cutoff)
  where r.indicator = :rise and r.period_kind = 'calendar-quarter'
    and r.recorded_at <= :cutoff and (r.superseded_at is null or r.superseded_at > :cutoff))
select :rise_rule || '|beyond-0', id from pairs where b >= 0 and v * 5 > b * 6 and v >= b + :floor
union all select :rise_rule || '|band-1', id from pairs where b < 0
"""

_QUERIES = (_TASKS, _COUNTS, _LEVELS, _RISES)


def hits(path: str, names: tuple[str, str, str, str], given: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """Every (shape, rule, row) hit; `names` are the engine's names of the four shapes, in the order above."""
    conn = sqlite3.connect(path)
    try:
        return [
            (name, rule, row)
            for name, query in zip(names, _QUERIES, strict=True)
            for rule, row in conn.execute(query, given)
        ]
    finally:
        conn.close()
