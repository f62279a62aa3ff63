"""A night in the store: what it starts from, and the one transaction it ends in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, case, func, insert, select, text, update

from dondoc.engine.demands.derived import derived_demands
from dondoc.engine.demands.direct import direct_demands
from dondoc.engine.domain.inheritance import Inheritances
from dondoc.engine.domain.model import Event, Finding
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Overdue, RuleBook, Selector
from dondoc.engine.domain.terms import VOID, NightState
from dondoc.engine.errors import EngineFault
from dondoc.engine.judge.compiler import Shape, compile_book
from dondoc.engine.judge.staleness import NOTHING_STALE, StaleWords, unheard
from dondoc.engine.store.audit_log.events import compact, write_events
from dondoc.engine.store.db import tables
from dondoc.engine.store.db.tables import event
from dondoc.engine.store.matching.decide import Decisions, Fault
from dondoc.engine.store.night import (
    assignments,
    derived,
    inheritances,
    levels,
    orgchart,
    settle_submissions,
    tasks,
)
from dondoc.engine.store.night.findings import Names, of_tasks
from dondoc.engine.store.night.orgchart import UnitNumbers


@dataclass(frozen=True, slots=True)
class NightRow:
    """A night that was judged, as the store keeps it: whether its letters left, and whether it was a baseline."""

    as_of: date
    state: NightState
    summary: Mapping[str, Any]
    notifying: bool
    baseline: bool


def judged(conn: Connection, as_of: date) -> NightRow | None:
    """The night's row when it was judged already."""
    row = conn.execute(select(tables.night).where(tables.night.c.as_of == as_of)).one_or_none()
    if row is None:
        return None
    return NightRow(row.as_of, row.state, json.loads(row.summary), row.telling, row.baseline)


def refuse_read_only(conn: Connection) -> None:
    """Raises on PostgreSQL where nights cannot be written: on a standby, or by an account that may only read.

    The lock keeps nobody waiting. SQLite has refused the transaction already.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(text("LOCK TABLE night IN ROW EXCLUSIVE MODE"))


def latest(conn: Connection) -> date | None:
    """The latest night judged."""
    found: date | None = conn.scalar(select(func.max(tables.night.c.as_of)))
    return found


@dataclass(frozen=True, slots=True)
class Prepared:
    """What deciding needs, after new data was settled: shapes, rule numbers, the chart, and who inherited what."""

    shapes: tuple[Shape, ...]
    rules: Mapping[str, int]
    chart: OrgChart
    made: int
    settled: int
    inheritances: Inheritances


def prepare(conn: Connection, book: RuleBook, chart: OrgChart, as_of: date, cutoff: datetime) -> Prepared:
    """Makes tonight's tasks and settles submissions; doing it again changes nothing.

    Raises `CalendarUncovered` before anything is written that could not be counted.
    """
    units = orgchart.numbers(conn)
    rules = tasks.rule_numbers(conn, book)
    assignments.give(conn, cutoff)
    inherited = inheritances.known(conn, units, rules, cutoff)
    happened = tasks.happenings(conn, book, as_of, cutoff, units)
    wanted = list(direct_demands(book, chart, as_of, happened, inherited))
    wanted += derived_demands(book, chart, as_of, wanted)
    shapes = compile_book(book, as_of)
    made = tasks.sync(conn, wanted, _asking(book, as_of), rules, units, as_of, cutoff)
    tasks.reopen_corrected(conn, cutoff)
    tasks.adopt(conn, book, rules, _covered(book, chart, units, as_of))
    settled = settle_submissions.settle(conn, rules, cutoff, inherited)
    derived.reopen(conn, book, rules, as_of)
    return Prepared(shapes, rules, chart, made, settled, inherited)


def _asking(book: RuleBook, as_of: date) -> list[str]:
    """The rules in force that make demands themselves; the others judge what was imported."""
    return [
        rule
        for rule in book.binding(as_of)
        if not (isinstance(condition := book.rules[rule].condition, Overdue) and condition.task is not None)
    ]


def _covered(book: RuleBook, chart: OrgChart, units: UnitNumbers, as_of: date) -> dict[str, list[int]]:
    """The unit numbers that rules on imported tasks apply to, of the rules in force."""
    return {
        rule.id: [units.of[unit] for unit in _selected(chart, rule.applies_to, as_of)]
        for rule in book.rules.values()
        if isinstance(rule.condition, Overdue)
        and rule.condition.task is not None
        and book.directives[rule.directive].in_force(as_of)
    }


def _selected(chart: OrgChart, selector: Selector, on: date) -> tuple[str, ...]:
    if selector.units:
        return tuple(unit for unit in selector.units if unit in chart.units)
    return chart.select(kind=selector.kind, level=selector.level, within=selector.within, on=on)


def findings(
    conn: Connection,
    book: RuleBook,
    ready: Prepared,
    names: Names,
    decided: Decisions,
    as_of: date,
    cutoff: datetime,
    stale: StaleWords = NOTHING_STALE,
    *,
    whole: bool = True,
) -> list[Finding]:
    """Tonight's findings from the engine's hits, and then those of the rules that stand on them.

    Unless `whole`, figures that never were beyond a limit and have no case are left out. What rests only on the
    silence of a `stale` source is unheard.

    Where durable_rules does not read what was counted for derived rules, none of them is judged tonight, and
    `decided` has one more fault: everything else goes on.
    """
    shapes = {shape.name: shape for shape in ready.shapes}
    found = unheard(book, of_tasks(conn, shapes, decided.hits, names, cutoff), stale)
    found += levels.of_levels(conn, book, ready.shapes, decided, names, cutoff, as_of, whole=whole)
    try:
        return found + derived.of_derived(conn, book, ready.chart, found, names, as_of)
    except EngineFault as fault:
        decided.faults.append(Fault(fault.shape, None, fault.seen))
        return found


def names_of(conn: Connection, rules: Mapping[str, int]) -> Names:
    """How to read rows back into ids."""
    return Names(orgchart.numbers(conn), {no: rule for rule, no in rules.items()})


def write_night(
    conn: Connection,
    as_of: date,
    state: NightState,
    cutoff: datetime,
    book: RuleBook,
    *,
    notifying: bool,
    baseline: bool,
    summary: Mapping[str, Any],
) -> None:
    """The night's row; unique, so that a second runner's transaction fails as a whole.

    Logged with it: other rules than the night before, and waivers that no night has seen.
    """
    notified = {
        "state": state.value,
        "rules_sha256": book.sha256,
        "telling": str(notifying),
        "baseline": str(baseline),
    }
    write_events(conn, as_of, [*_rules_changed(conn, book), *_waivers_seen(conn, book)])
    write_events(conn, as_of, [Event("night-judged", None, notified)])
    conn.execute(
        insert(tables.night).values(
            as_of=as_of,
            state=state,
            cutoff=cutoff,
            rules_sha256=book.sha256,
            telling=notifying,
            baseline=baseline,
            summary=json.dumps(summary, ensure_ascii=False, sort_keys=True),
        )
    )


def _rules_changed(conn: Connection, book: RuleBook) -> list[Event]:
    night = tables.night
    before = conn.scalar(select(night.c.rules_sha256).order_by(night.c.as_of.desc()).limit(1))
    if before == book.sha256:
        return []
    return [Event("rules-changed", None, {"from": before or "", "to": book.sha256})]


def _waivers_seen(conn: Connection, book: RuleBook) -> list[Event]:
    """Each waiver once: it is made by a line of a file, and the log is where its first night stands."""
    notified = [
        {
            "rule": waiver.rule,
            "unit": waiver.unit,
            "granted_by": waiver.granted_by,
            "from": waiver.first.isoformat(),
            "until": waiver.until.isoformat(),
        }
        for waiver in book.waivers
    ]
    if not notified:
        return []
    seen = set(conn.scalars(select(event.c.detail).where(event.c.kind == "waiver-seen")))
    return [Event("waiver-seen", None, one) for one in notified if compact(one) not in seen]


def retire_tasks(conn: Connection, rules: Mapping[str, int], active: Iterable[str], as_of: date) -> None:
    """Tasks of rules that no longer bind are finished, so that no later night reads them; unmet ones are void."""
    task = tables.task
    bound = [rules[rule] for rule in active]
    conn.execute(
        update(task)
        .where(task.c.finished_on.is_(None), task.c.rule_no.is_not(None), task.c.rule_no.not_in(bound))
        .values(finished_on=as_of, ended=case((task.c.ended == "", VOID), else_=task.c.ended))
    )
