"""How much each waiver was used, from the log: the number of cases that it paused, and of nights with any."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from dondoc.engine.domain.rulebook import Waiver
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.tables import event
from dondoc.engine.store.night.findings import Names, bearers_of

_DAY = timedelta(days=1)
_BEGINS, _ENDS = "case-waived", ("case-unwaived", "case-closed", "case-waiting")


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """A waiver, how many cases it has paused, and on how many judged nights it paused any."""

    waiver: Waiver
    cases: int
    nights: int


@dataclass(frozen=True, slots=True)
class _Held:
    """A task that was waived from one night to another, both inclusive."""

    task: int
    first: date
    last: date


def used(conn: Connection, waivers: Iterable[Waiver], names: Names) -> tuple[WaiverUse, ...]:
    """Every waiver with its use, in the given order."""
    nights = list(conn.scalars(select(t.night.c.as_of).order_by(t.night.c.as_of)))
    held = _held(conn, names, nights[-1]) if nights else {}
    return tuple(_used(waiver, held.get((waiver.rule, waiver.unit), ()), nights) for waiver in waivers)


def _used(waiver: Waiver, held: Iterable[_Held], nights: Iterable[date]) -> WaiverUse:
    mine = [one for one in held if waiver.first <= one.first <= waiver.until]
    on = sum(any(one.first <= night <= min(one.last, waiver.until) for one in mine) for night in nights)
    return WaiverUse(waiver, len({one.task for one in mine}), on)


def _held(conn: Connection, names: Names, latest: date) -> Mapping[tuple[str, str], list[_Held]]:
    """By rule and unit, each span in which a task was waived: it ends before the next change of its case."""
    bearers = bearers_of(conn, names.units)
    rows = conn.execute(
        select(event.c.night, event.c.kind, event.c.task_id, t.task.c.rule_no, t.task.c.unit_no)
        .join(t.task, t.task.c.id == event.c.task_id)
        .where(event.c.kind.in_((_BEGINS, *_ENDS)))
        .order_by(event.c.entry.desc(), event.c.position.desc())
    )
    found: dict[tuple[str, str], list[_Held]] = defaultdict(list)
    changed: dict[int, date] = {}
    for row in rows:
        if row.kind == _BEGINS:
            last = changed[row.task_id] - _DAY if row.task_id in changed else latest
            for unit in bearers.get(row.task_id) or (names.units.ids[row.unit_no],):
                found[names.rules.get(row.rule_no, ""), unit].append(_Held(row.task_id, row.night, last))
        changed[row.task_id] = row.night
    return found
