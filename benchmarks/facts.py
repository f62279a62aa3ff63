"""Generated facts for the comparison of engines: tasks, activities and readings in a SQLite file.

Two mixes of the same number of rows, both with about one row in twenty in breach. `ordinary`: most tasks are
still in time, as on most nights, since what was met is not read again. `first`: every task is due and most are
met, as on the first night of all, so that nearly every fact is a hit. Readings are all judged on every night.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Engine

from dondoc.engine.domain.model import SCALE, ZONE
from dondoc.engine.domain.periods import PeriodKind, periods_between, previous
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import Level, Scope, TaskKind
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import insert_many, writing
from dondoc.engine.store.db.tables import metadata
from dondoc.engine.store.night.tasks import rule_numbers

NIGHT = date(2026, 11, 18)
RECORDED = datetime(2026, 1, 1, 8, tzinfo=ZONE)
REPORT, QUOTA, LEVEL, RISE = (f"mau-2026/{key}" for key in ("survey", "broadcasts", "level-1", "rise-1"))
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Amount:
    """How many rows of each kind."""

    units: int
    reports: int
    quotas: int
    readings: int


WHOLE = Amount(units=5_000, reports=200_000, quotas=50_000, readings=100_000)


def fill(engine: Engine, book: RuleBook, amount: Amount, mix: str) -> dict[str, int]:
    """Makes the tables and their rows; the number of every rule in the store comes back."""
    metadata.create_all(engine)
    chance = Random(mix)
    with writing(engine) as conn:
        rules = rule_numbers(conn, book)
        insert_many(conn, t.unit, _units(amount))
        insert_many(conn, t.task, _reports(amount, rules[REPORT], mix, chance))
        quotas = list(_quotas(amount, rules[QUOTA], mix, chance))
        insert_many(conn, t.task, (task for task, _ in quotas))
        insert_many(conn, t.activity, (act for _, acts in quotas for act in acts))
        insert_many(conn, t.reading, _readings(amount, chance))
        conn.exec_driver_sql("ANALYZE")
    return rules


def _units(amount: Amount) -> Iterator[dict[str, Any]]:
    for no in range(1, amount.units + 1):
        yield {
            "no": no,
            "id": f"mau.x{no}",
            "kind": "ubnd",
            "level": Level.COMMUNE,
            "valid_from": RECORDED.date(),
            "recorded_at": RECORDED,
        }


def _lot(mix: str, chance: Random) -> str:
    """What is to become of a task: late, met, ending soon, or still far off."""
    drawn = chance.random()
    if drawn < 0.05:
        return "late"
    if mix == "first":
        return "met"
    return "met" if drawn < 0.06 else "ending" if drawn < 0.10 else "far"


def _last_day(lot: str, chance: Random) -> date:
    days = {"late": (-120, -1), "met": (-120, -1), "ending": (0, 6), "far": (15, 60)}[lot]
    return NIGHT + chance.randint(*days) * DAY


def _reports(amount: Amount, rule: int, mix: str, chance: Random) -> Iterator[dict[str, Any]]:
    for n in range(amount.reports):
        lot = _lot(mix, chance)
        last = _last_day(lot, chance)
        yield _task(rule, n % amount.units + 1, f"{n}", TaskKind.REPORT, "child-survey", last) | {
            "done_on": last - DAY if lot == "met" else None
        }


def _quotas(
    amount: Amount, rule: int, mix: str, chance: Random
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    for n in range(amount.quotas):
        lot = _lot(mix, chance)
        unit = n % amount.units + 1
        # Periods of one unit never overlap: each has a kind of activity to itself.
        kind = f"broadcast-{n // amount.units}"
        last = _last_day(lot, chance)
        first = last - 29 * DAY
        yield (
            _task(rule, unit, f"{n}", TaskKind.QUOTA, kind, last)
            | {"first_day": first, "final_day": last, "need": 2, "done_on": None},
            [_act(unit, kind, f"{n}-{k}", first + k * DAY) for k in range(1 if lot in ("late", "ending") else 3)],
        )


def _task(rule: int, unit: int, subject: str, kind: TaskKind, counts: str, last: date) -> dict[str, Any]:
    return {
        "rule_no": rule,
        "unit_no": unit,
        "subject": subject,
        "kind": kind,
        "counts": counts,
        "scope": Scope.EACH,
        "last_day": last,
        "issued_on": RECORDED.date(),
        "recorded_at": RECORDED,
    }


def _act(unit: int, kind: str, ref: str, day: date) -> dict[str, Any]:
    return {
        "ref": ref,
        "unit_no": unit,
        "activity": kind,
        "done_on": day,
        "quantity": 1,
        "recorded_at": RECORDED,
    }


def _readings(amount: Amount, chance: Random) -> Iterator[dict[str, Any]]:
    """Half of them levels, half a series that is compared with the month before."""
    months = amount.readings // (2 * amount.units)
    start = date(NIGHT.year - months // 12 - 1, 1, 1)
    for unit in range(1, amount.units + 1):
        risen = 50
        for period in list(periods_between(PeriodKind.CALENDAR_MONTH, start, NIGHT))[-months:]:
            risen = risen * 3 // 2 if chance.random() < 0.05 else max(20, risen - 1)
            level = 4 if chance.random() < 0.05 else chance.randint(0, 2)
            for indicator, value in (("mau-level-1", level), ("mau-rise-1", risen)):
                yield {
                    "ref": f"{unit}-{indicator}-{period.key}",
                    "unit_no": unit,
                    "indicator": indicator,
                    "period_kind": PeriodKind.CALENDAR_MONTH,
                    "period": period.key,
                    "first_day": period.first,
                    "last_day": period.last,
                    "previous": previous(PeriodKind.CALENDAR_MONTH, period).key,
                    "value": value * SCALE,
                    "recorded_at": RECORDED,
                }
