"""Reads the history that the letters of a night need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import Connection, select

from dondoc.engine.cases.history import History
from dondoc.engine.cases.night import NightOutcome
from dondoc.engine.domain.terms import VOID, Section, TaskKind, Verdict
from dondoc.engine.judge.excused import Excused
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.night.findings import Names, bearers_of, slices, task_value
from dondoc.engine.store.night.prepared import Prepared
from dondoc.engine.store.night.standing import StandingCount, verdicts
from dondoc.engine.store.night.withdrawn_facts import withdrawn_of

# Nights by case and reader, in order.
_Nights = Mapping[int, Mapping[str, tuple[date, ...]]]


def history(conn: Connection, night: Prepared, judged: NightOutcome, ended: Mapping[int, str]) -> History:
    """What the letters of a night look back on, once it is judged and before it is written.

    `ended` says how each task that it finished ended. A notice of a waiver or of a moved limit is no letter about
    the task: it urged nobody.
    """
    as_of = night.as_of
    after = [ruling.after for ruling in judged.rulings if ruling.after is not None]
    # A store may still hold a task with a closed case, whose good news is owed, and a new one (before 0045 was
    # extended): the newer one is its case.
    of_task = dict(sorted((case.task.id, case.id) for case in after if case.id is not None))
    # A decision about the later demands of a rule has no subject, and so is of none of these tasks.
    handed = {(one.rule, one.unit, one.subject) for one in night.inheritances.decided}
    counting = StandingCount(
        conn,
        night.names,
        as_of,
        night.cutoff,
        Excused(night.book),
        lambda task: night.inheritances.carried(task, night.chart, as_of),
        handed,
    )
    declared = {one.finding.task.id for one in judged.rulings if one.night.answered.declared}
    told = {notice.finding.task.id for notice in judged.notices}
    tasks = told | of_task.keys()
    # Superiors read of what ends soon below them also on nights on which nobody is reminded of it.
    ending = {one.finding.task.id for one in judged.rulings if one.finding.verdict is Verdict.ENDING}
    written, moves = _written(conn, {case.id for case in after if case.id is not None}, night.names, as_of)
    return History(
        written,
        moves,
        _reminders(conn, tasks, as_of),
        of_task,
        counting.of(verdicts(after, (ruling.finding.task for ruling in judged.rulings), ended, declared)),
        _bearers(conn, night, tasks | ending, handed, {task for task, how in ended.items() if how == VOID}),
        {
            ruling.after.id: ruling.night
            for ruling in judged.rulings
            if ruling.night.answered.acts and ruling.after is not None and ruling.after.id is not None
        },
        {task: fact.on for task, fact in withdrawn_of(conn, told, night.cutoff)},
    )


def _written(conn: Connection, cases: Iterable[int], names: Names, as_of: date) -> tuple[_Nights, _Nights]:
    """By case and reader, the nights of the letters before tonight that followed it up, and of those that did not.

    At step 0 a reader hears that a limit has moved.
    """
    n = t.notice.c
    written: dict[int, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    moves: dict[int, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    for ids in slices(cases):
        rows = conn.execute(
            select(n.case_id, n.reader_no, n.night, n.step)
            .where(
                n.case_id.in_(ids),
                n.untold_on.is_(None),
                n.waived_until.is_(None),
                n.section.not_in((Section.RESOLVED, Section.ENDING)),
                n.night < as_of,
            )
            .order_by(n.night)
        )
        for case, reader, night, step in rows:
            (written if step else moves)[case][names.units.ids[reader]].append(night)
    return _each_once(written), _each_once(moves)


def _each_once(nights: Mapping[int, Mapping[str, Iterable[date]]]) -> _Nights:
    return {
        case: {office: tuple(dict.fromkeys(days)) for office, days in by.items()} for case, by in nights.items()
    }


def _reminders(conn: Connection, tasks: Iterable[int], as_of: date) -> dict[int, tuple[date, ...]]:
    """By task, the nights of the reminders before tonight."""
    n = t.notice.c
    reminders: dict[int, list[date]] = defaultdict(list)
    for ids in slices(tasks):
        rows = conn.execute(
            select(n.task_id, n.night)
            .where(
                n.task_id.in_(ids),
                n.untold_on.is_(None),
                n.waived_until.is_(None),
                n.section == Section.ENDING,
                n.night < as_of,
            )
            .order_by(n.night)
        )
        for task, night in rows:
            reminders[task].append(night)
    return {task: tuple(dict.fromkeys(days)) for task, days in reminders.items()}


def _bearers(
    conn: Connection,
    night: Prepared,
    tasks: Iterable[int],
    handed: Collection[tuple[str, str, str]],
    void: Collection[int],
) -> dict[tuple[str, str], tuple[str, ...]]:
    """By rule and subject, the units that carry the same demand as one of the tasks; assigned tasks left out.

    `handed` are the demands, by rule, unit and subject, of which an office decided who carries them; `void` the
    tasks that tonight ended without anybody to do them.
    """
    rules, subjects = set[int](), set[str]()
    for ids in slices(tasks):
        for rule_no, subject in conn.execute(
            select(t.task.c.rule_no, t.task.c.subject)
            .where(t.task.c.id.in_(ids), t.task.c.rule_no.is_not(None), t.task.c.kind != TaskKind.ASSIGNED)
            .distinct()
        ):
            rules.add(rule_no)
            subjects.add(subject)
    names, shared = night.names, bearers_of(conn, night.names.units)
    rows = conn.execute(
        select(t.task)
        .where(t.task.c.rule_no.in_(rules), t.task.c.subject.in_(subjects), t.task.c.ended != VOID)
        .order_by(t.task.c.unit_no)
    )
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for row in rows:
        rule, unit = names.rules[row.rule_no], names.units.ids[row.unit_no]
        units = shared.get(row.id) or (unit,)
        if (rule, unit, row.subject) in handed:
            task = task_value(row, names, shared)
            units = night.inheritances.carried(task, night.chart, night.as_of).bearers or units
        if row.id not in void:
            found[rule, row.subject].update(dict.fromkeys(units))
    return {demand: tuple(units) for demand, units in found.items()}
