"""A night in the store: what it prepares, its findings, and its row."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Connection, case, func, insert, select, text, update

from dondoc.engine.demands.derived import derived_demands
from dondoc.engine.demands.direct import direct_demands, horizon
from dondoc.engine.domain.data_sources import DataSource
from dondoc.engine.domain.demand import Bearers, Demand
from dondoc.engine.domain.inheritance import Inheritances
from dondoc.engine.domain.model import Event, Finding
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook, Selector
from dondoc.engine.domain.terms import VOID, NightState, SheetKind
from dondoc.engine.errors import EngineFault
from dondoc.engine.judge.compiler import compile_book
from dondoc.engine.judge.excused import Excused
from dondoc.engine.judge.staleness import SourceSilence, unheard
from dondoc.engine.kinds import kind_of
from dondoc.engine.store.audit_log.covered_rows import rows_logged
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.audit_log.logged import BOARD_FAILED
from dondoc.engine.store.db import tables
from dondoc.engine.store.matching.evaluate import Decisions, Fault
from dondoc.engine.store.night import (
    assignments,
    derived,
    extensions,
    inheritances,
    levels,
    orgchart,
    reassignments,
    settle_submissions,
    tasks,
    trigger_events,
)
from dondoc.engine.store.night.findings import Names, of_tasks
from dondoc.engine.store.night.orgchart import UnitNumbers
from dondoc.engine.store.night.other_periods import mismatched
from dondoc.engine.store.night.prepared import Night, Prepared


@dataclass(frozen=True, slots=True)
class NightRow:
    """A judged night as it is stored; `notifying`: it made letters; `baseline`: it notified nobody on purpose."""

    as_of: date
    state: NightState
    summary: Mapping[str, Any]
    notifying: bool
    baseline: bool


def judged(conn: Connection, as_of: date) -> NightRow | None:
    """The row of a night; None: it was not judged."""
    row = conn.execute(select(tables.night).where(tables.night.c.as_of == as_of)).one_or_none()
    if row is None:
        return None
    return NightRow(row.as_of, row.state, json.loads(row.summary), row.telling, row.baseline)


def state_of(conn: Connection, as_of: date) -> NightState | None:
    """How a night ended; None: it was not judged."""
    found: NightState | None = conn.scalar(select(tables.night.c.state).where(tables.night.c.as_of == as_of))
    return found


def refuse_read_only(conn: Connection) -> None:
    """Raises on PostgreSQL if nights cannot be written: on a standby, or with an account that may only read.

    The lock keeps no other transaction waiting. SQLite has already refused the transaction.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(text("LOCK TABLE night IN ROW EXCLUSIVE MODE"))


def latest(conn: Connection, before: date = date.max) -> date | None:
    """The latest judged night before a day; None: there is none."""
    night = tables.night.c.as_of
    found: date | None = conn.scalar(select(func.max(night)).where(night < before))
    return found


def judged_between(conn: Connection, after: date, before: date) -> int:
    """How many nights between two days, both exclusive, were judged."""
    night = tables.night.c.as_of
    return conn.scalar(select(func.count()).select_from(tables.night).where(night > after, night < before)) or 0


def prepare(conn: Connection, book: RuleBook, chart: OrgChart, night: Night) -> Prepared:
    """Makes tonight's tasks and settles submissions; a second call changes nothing.

    Raises `CalendarUncovered` where a limit cannot be counted.
    """
    as_of, cutoff = night.as_of, night.cutoff
    units = orgchart.numbers(conn)
    rules = tasks.rule_numbers(conn, book)
    assignments.make_tasks(conn, night)
    reassignments.keep_rules(conn, night.cutoff)
    extensions.extend_assigned(conn, night)
    inherited = inherited_by(inheritances.known(conn, units, rules, cutoff), book, chart, as_of)
    happened = trigger_events.happenings(conn, book, as_of, cutoff, units)
    made = tasks.made_before(conn, direct_demands(book, chart, as_of, happened, inherited, far=True), rules, units)
    direct = [one for one in made if not inherited.leaves(one, chart, as_of)]
    # A unit that was given more time, or whose matter is another's now, changes nothing of what is counted over
    # others, or over other periods.
    wanted = [
        *extensions.decided(conn, direct, rules, units, night),
        *derived_demands(book, chart, as_of, direct),
    ]
    tasks.sync(conn, wanted, _asking(book, as_of), rules, units, night)
    tasks.note_edits(conn, book, rules, night)
    tasks.reopen_corrected(conn, night)
    tasks.adopt(conn, book, rules, _covered(book, chart, units, as_of))
    coming = partial(_reports_to_come, book, chart, as_of, inherited)
    settle_submissions.settle(conn, rules, night, inherited, coming)
    derived.reopen(conn, book, rules, as_of)
    names = Names(units, {no: rule for rule, no in rules.items()})
    return Prepared(night, book, chart, compile_book(book, as_of, night.previous), names, inherited)


def inherited_by(decided: Inheritances, book: RuleBook, chart: OrgChart, as_of: date) -> Inheritances:
    """The decisions, with the units that the rules which they hand on mean without them."""
    bearers = Bearers(chart)
    rules = (book.rules[rule] for rule in decided.handed_on if rule in book.rules)
    return replace(decided, own={rule.id: frozenset(bearers.of(rule.applies_to, as_of)) for rule in rules})


def _asking(book: RuleBook, as_of: date) -> dict[str, date]:
    """By rule in force that makes its demands itself, up to which last day; the others judge imported tasks."""
    rules = (book.rules[rule] for rule in book.binding(as_of))
    return {rule.id: horizon(book, rule, as_of) for rule in rules if tasks.assigned_to(rule.condition) is None}


def _reports_to_come(
    book: RuleBook, chart: OrgChart, as_of: date, inherited: Inheritances, reports: Collection[str], until: date
) -> Iterable[Demand]:
    """The demands for these reports up to a last day that this night does not make yet."""
    rules = {
        rule.id: rule
        for rule in book.rules.values()
        if until > horizon(book, rule, as_of)
        and any(
            sheet is SheetKind.SUBMISSIONS and word in reports
            for sheet, word in kind_of(rule.condition).reads(rule.condition)
        )
    }
    return direct_demands(replace(book, rules=rules), chart, as_of, (), inherited, until)


def _covered(book: RuleBook, chart: OrgChart, units: UnitNumbers, as_of: date) -> dict[str, list[int]]:
    """By rule in force on imported tasks, the numbers of the units it applies to."""
    return {
        rule.id: [units.of[unit] for unit in _selected(chart, rule.applies_to, as_of)]
        for rule in book.rules.values()
        if tasks.assigned_to(rule.condition) is not None and book.directives[rule.directive].followed(as_of)
    }


def _selected(chart: OrgChart, selector: Selector, on: date) -> tuple[str, ...]:
    if selector.units:
        return tuple(unit for unit in selector.units if unit in chart.units)
    return chart.select(kind=selector.kind, level=selector.level, within=selector.within, on=on)


def findings(
    conn: Connection, night: Prepared, decided: Decisions, stale: Sequence[DataSource] = ()
) -> list[Finding]:
    """Tonight's findings from the matches of durable_rules, and then those of derived rules.

    Leaves out figures within their limits that no case needs (`levels.within_limits` finds them). A finding that
    rests only on facts missing from a stale source is `unheard`; a missing figure is `mismatched` where there are
    some by other periods, and what is missed `excused` where its whole period is waived.

    If durable_rules fails on the counts of derived rules, none of them is judged tonight, and `decided` gets one
    more fault; everything else goes on.
    """
    shapes = {shape.name: shape for shape in night.shapes}
    silence = SourceSilence(tuple(stale), night.chart, night.as_of)
    found = unheard(night.book, of_tasks(conn, shapes, decided.hits, night.names, night.cutoff), silence)
    found = Excused(night.book).marked(mismatched(conn, night, found))
    found += levels.of_levels(conn, night, decided)
    try:
        return found + derived.of_derived(conn, night, found)
    except EngineFault as fault:
        decided.faults.append(Fault(fault.shape, None, fault.seen))
        return found


def names_of(conn: Connection, rules: Mapping[str, int]) -> Names:
    """The names for translating rows back to ids."""
    return Names(orgchart.numbers(conn), {no: rule for rule, no in rules.items()})


def write_night(
    tx: AuditedTransaction, book: RuleBook, night: Night, state: NightState, summary: Mapping[str, Any]
) -> None:
    """Writes the night's row, which is unique: the transaction of a second runner fails as a whole.

    Also logs changed rules.
    """
    detail = {
        "state": state.value,
        "rules_sha256": book.sha256,
        "telling": str(night.notifying),
        "baseline": str(night.baseline),
    }
    tx.log(night.as_of, _rules_changed(tx.conn, book))
    tx.log(night.as_of, [Event("night-judged", None, detail), *_quiet(book, night)])
    with rows_logged(tx, night.as_of, (tables.night, tables.night.c.as_of == night.as_of)):
        tx.conn.execute(
            insert(tables.night).values(
                as_of=night.as_of,
                state=state,
                cutoff=night.cutoff,
                rules_sha256=book.sha256,
                telling=night.notifying,
                baseline=night.baseline,
                summary=_summary(summary),
            )
        )


def board_failed(tx: AuditedTransaction, as_of: date, line: str) -> NightRow | None:
    """Adds to the report of a judged night that its pages could not be written; the night as it is stored then.

    It is degraded by that, unless its letters are held. A line that stands there already is not added again. None:
    the night was not judged.
    """
    row = judged(tx.conn, as_of)
    if row is None or line in row.summary["lines"]:
        return row
    state = row.state if row.state is NightState.HELD else NightState.DEGRADED
    summary = {**row.summary, "lines": [*row.summary["lines"], line]}
    mine = tables.night.c.as_of == as_of
    tx.log(as_of, [Event(BOARD_FAILED, None, {"state": state.value})])
    with rows_logged(tx, as_of, (tables.night, mine), changing=True):
        tx.conn.execute(update(tables.night).where(mine).values(state=state, summary=_summary(summary)))
    return replace(row, state=state, summary=summary)


def _summary(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _quiet(book: RuleBook, night: Night) -> Iterator[Event]:
    """That a night has no letters because its day is quiet, by each calendar that says so."""
    for calendar in book.calendars.values():
        until = calendar.quiet_until(night.as_of) if night.notifying else None
        # On a day that is closed anyway no letter leaves, quiet or not.
        if until is not None and calendar.is_workday(night.as_of):
            detail = {"name": calendar.quiet[night.as_of], "until": until.isoformat()}
            yield Event("letters-quiet", None, {"calendar": calendar.name, **detail})


def _rules_changed(conn: Connection, book: RuleBook) -> list[Event]:
    night = tables.night
    before = conn.scalar(select(night.c.rules_sha256).order_by(night.c.as_of.desc()).limit(1))
    if before == book.sha256:
        return []
    return [Event("rules-changed", None, {"from": before or "", "to": book.sha256})]


def retire_tasks(conn: Connection, night: Prepared) -> None:
    """Finishes the tasks of rules that are no longer followed up: no later night reads them."""
    task, rules = tables.task, night.rules
    bound = [rules[rule] for rule in night.book.binding(night.as_of)]
    conn.execute(
        update(task)
        .where(task.c.finished_on.is_(None), task.c.rule_no.is_not(None), task.c.rule_no.not_in(bound))
        .values(finished_on=night.as_of, ended=case((task.c.ended == "", VOID), else_=task.c.ended))
    )
