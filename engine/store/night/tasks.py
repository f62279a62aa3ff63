"""Tasks in SQL: stores the demands of rules as rows, and gives imported tasks their rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select, true, update

from dondoc.engine.domain.demand import AHEAD, BEHIND, Demand
from dondoc.engine.domain.model import Asked, Task
from dondoc.engine.domain.rulebook import Condition, Derived, RuleBook
from dondoc.engine.domain.terms import VOID, TaskKind
from dondoc.engine.kinds import direct_kind, kind_of
from dondoc.engine.store.db.database import insert_many, update_many
from dondoc.engine.store.db.tables import activity, reading, rule, task, task_bearer
from dondoc.engine.store.matching.fact_sql import counted
from dondoc.engine.store.night.findings import slices
from dondoc.engine.store.night.moved_limits import moved, remember
from dondoc.engine.store.night.orgchart import UnitNumbers
from dondoc.engine.store.night.prepared import Night

_Key = tuple[int, int, str]
# How far back a night looks for corrections of activities; a missed night is caught up within 31 days.
_LOOK_BACK = timedelta(days=62)
# The longest counted period that a rule may give after an event.
_LONGEST = timedelta(days=366)


def stored_rules(conn: Connection) -> dict[str, int]:
    """The store's number of every rule that a night or a decision has ever named."""
    return {row.id: row.no for row in conn.execute(select(rule))}


def rule_numbers(conn: Connection, book: RuleBook) -> dict[str, int]:
    """The store's number of every rule of the book and of every earlier one; new rules get a number."""
    known = stored_rules(conn)
    fresh = [{"id": name} for name in sorted(book.rules) if name not in known]
    if fresh:
        conn.execute(insert(rule), fresh)
        known = stored_rules(conn)
    return known


def note_edits(conn: Connection, book: RuleBook, rules: Mapping[str, int], night: Night) -> None:
    """Keeps what each rule asks for: what an edited one says of figures already there was not known before.

    A night that is judged again finds that kept, with the limits.
    """
    if night.again:
        return
    stored = {row.no: row.asked for row in conn.execute(select(rule.c.no, rule.c.asked))}
    now = {rules[one.id]: kind_of(one.condition).asked(one.condition) for one in book.rules.values()}
    changed = {no: asked for no, asked in now.items() if stored[no] != asked}
    # A simulation without an earlier night takes its rules as always known.
    edited = [no for no, asked in changed.items() if night.previous is not None and _edited(stored[no], asked)]
    levels = task.c.rule_no.in_(edited), task.c.kind == TaskKind.LEVEL
    if edited:
        remember(conn, conn.scalars(select(task.c.id).where(*levels)), night.as_of)
        conn.execute(update(task).where(*levels).values(known_on=night.as_of))
    for no, asked in sorted(changed.items()):
        conn.execute(update(rule).where(rule.c.no == no).values(asked=asked))


def _edited(before: Asked | None, now: Asked | None) -> bool:
    return before is not None and (now is None or before.completed(now) != now)


def made_before(
    conn: Connection, demands: Iterable[Demand], rules: Mapping[str, int], units: UnitNumbers
) -> Iterator[Demand]:
    """The demands, those that a rule makes once under the subject of the task that they have already.

    Its subject is the day that was set first, so that a moved day makes no other demand of it.
    """
    demands = list(demands)
    once = {rules[demand.rule] for demand in demands if demand.once}
    rows = conn.execute(
        select(task.c.rule_no, task.c.unit_no, task.c.subject)
        .where(task.c.rule_no.in_(once), task.c.kind == TaskKind.REPORT)
        # One that is not void comes last, and of those the newest.
        .order_by(task.c.ended != VOID, task.c.id)
    )
    known = {(row.rule_no, row.unit_no): row.subject for row in rows} if once else {}
    for demand in demands:
        subject = known.get((rules[demand.rule], units.of[demand.unit])) if demand.once else None
        yield demand if subject in (None, demand.subject) else replace(demand, subject=subject)


def sync(
    conn: Connection,
    demands: Iterable[Demand],
    asking: Mapping[str, date],
    rules: Mapping[str, int],
    units: UnitNumbers,
    night: Night,
) -> None:
    """Makes a task for every demand that has none, and moves the limit of open ones.

    `asking` are the rules whose demands are complete in `demands`, each up to a last day: a task that they no
    longer demand becomes void, and one that they demand again reopens. A demand beyond that day makes no task.
    """
    as_of = night.as_of
    asked = {rules[rule]: until for rule, until in asking.items()}
    known = _known(conn, asked, as_of)
    fresh: list[Demand] = []
    changed: list[dict[str, Any]] = []
    wanted: set[_Key] = set()
    for demand in demands:
        key = (rules[demand.rule], units.of[demand.unit], demand.subject)
        wanted.add(key)
        row = known.get(key)
        if row is None:
            # One that lies far ahead is only looked for, since its limit may have moved there.
            if demand.last_day is None or demand.last_day <= asking.get(demand.rule, date.max):
                fresh.append(demand)
        elif row.ended == VOID:
            # Demanded again, it begins anew: nobody could know of it while its rule did not demand it.
            changed.append(_changed(row, demand, known_on=_known_on(demand, night)))
        elif row.finished_on is None and not night.again and (limit := _limit(row, demand, night)) is not None:
            changed.append(_changed(row, demand, **limit))
    insert_many(conn, task, (_row(demand, rules, units, night) for demand in fresh))
    remember(conn, [row["id"] for row in changed], as_of)
    update_many(conn, task, changed)
    gone = [row for key, row in known.items() if key not in wanted]
    _make_void(conn, [row.id for row in gone if _still_asked_for(row, as_of, asked[row.rule_no])], as_of)
    _share(conn, [demand for demand in fresh if demand.bearers], rules, units)


def _known(conn: Connection, asked: Collection[int], as_of: date) -> dict[_Key, Row[Any]]:
    """The tasks of these rules that tonight's demands may already have; imported tasks have no demand."""
    rows = conn.execute(
        select(
            task.c.id,
            task.c.rule_no,
            task.c.unit_no,
            task.c.subject,
            *(task.c[name] for name in ("last_day", "first_limit", "moved_on", "known_on")),
            task.c.issued_on,
            task.c.done_on,
            task.c.need,
            task.c.scope,
            task.c.finished_on,
            task.c.ended,
        ).where(
            task.c.rule_no.in_(asked),
            task.c.kind != TaskKind.ASSIGNED,
            (task.c.last_day.is_(None)) | (task.c.last_day >= as_of - 3 * BEHIND),
        )
    )
    return {(row.rule_no, row.unit_no, row.subject): row for row in rows}


def _limit(row: Row[Any], demand: Demand, night: Night) -> Mapping[str, Any] | None:
    """The limit of a task whose rule now demands something else than it does; None: it demands the same.

    Only a report has a first day to settle it.
    """
    limit = moved(row.last_day, row.first_limit, demand.last_day, night.as_of, night.as_of)
    begins = row.issued_on if demand.kind is TaskKind.REPORT else demand.issued_on
    if limit or (begins, row.need, row.scope) != (demand.issued_on, demand.need, demand.scope):
        return limit or {name: getattr(row, name) for name in ("last_day", "first_limit", "moved_on", "known_on")}
    return None


def _changed(row: Row[Any], demand: Demand, **limit: Any) -> dict[str, Any]:
    changed = {
        "id": row.id,
        "last_day": demand.last_day,
        "first_limit": None,
        "moved_on": None,
        "issued_on": demand.issued_on,
        "need": demand.need,
        "scope": demand.scope,
        "finished_on": None,
        "ended": "",
        **limit,
    }
    # What was handed in already is held against the limit that it turns out to have had (decision 14).
    if row.done_on is not None and changed["last_day"] is not None:
        changed["ended"] = "on-time" if row.done_on <= changed["last_day"] else "late"
    return changed


def _known_on(demand: Demand, night: Night) -> date | None:
    """The first night that could know of a demand that has no task yet; None: one before its breach."""
    previous, last = night.previous, demand.last_day
    if previous is None or (last is not None and last >= night.as_of):
        return None
    # The night before would have made it, had it known of its rule, its unit and its event.
    return night.as_of if last is None or last <= previous + AHEAD else None


def _still_asked_for(row: Row[Any], as_of: date, until: date) -> bool:
    """Whether a rule in force must demand this open task tonight, if it still demands it at all."""
    if row.finished_on is not None:
        return False
    return row.last_day is None or as_of - BEHIND <= row.last_day <= until


def _make_void(conn: Connection, tasks: list[int], as_of: date) -> None:
    for some in slices(tasks):
        conn.execute(update(task).where(task.c.id.in_(some)).values(finished_on=as_of, ended=VOID))


def _share(conn: Connection, demands: list[Demand], rules: Mapping[str, int], units: UnitNumbers) -> None:
    """Stores the bearers of shared demands."""
    for demand in demands:
        which = conn.execute(
            select(task.c.id).where(
                task.c.rule_no == rules[demand.rule],
                task.c.unit_no == units.of[demand.unit],
                task.c.subject == demand.subject,
            )
        ).scalar_one()
        rows = [{"task_id": which, "unit_no": units.of[bearer]} for bearer in demand.bearers]
        conn.execute(insert(task_bearer), rows)


def met_periods(
    conn: Connection, rules: Mapping[str, int], units: UnitNumbers, missed: Iterable[Task]
) -> dict[tuple[str, str], date]:
    """By rule and unit of missed tasks, the first day of the latest period that an earlier night found met."""
    wanted = {(rules[one.rule], units.of[unit]) for one in missed for unit in {one.unit, *one.bearers}}
    names = {no: name for name, no in rules.items()}
    found: dict[tuple[str, str], date] = {}
    for some in slices({unit for _, unit in wanted}):
        rows = conn.execute(
            select(task.c.rule_no, task.c.unit_no, func.max(task.c.first_day))
            .where(
                task.c.unit_no.in_(some),
                task.c.kind == TaskKind.QUOTA,
                task.c.rule_no.in_({rule for rule, _ in wanted}),
                task.c.ended == "on-time",
                task.c.finished_on.is_not(None),
            )
            .group_by(task.c.rule_no, task.c.unit_no)
        )
        found |= {(names[rule], units.ids[unit]): first for rule, unit, first in rows}
    return found


def reopen_corrected(conn: Connection, night: Night) -> None:
    """Reopens tasks that were judged met and that corrected or withdrawn facts no longer meet, to be judged again.

    One that is still met stays as it was judged.
    """
    _reopen_measured(conn, night)
    cutoff = night.cutoff
    # The few corrections first: with one condition on both tables PostgreSQL compared every task with all
    # activities.
    corrections = conn.scalars(
        select(activity.c.id).where(
            activity.c.superseded_at <= cutoff, activity.c.superseded_at > cutoff - _LOOK_BACK
        )
    ).all()
    for ids in slices(corrections):
        shared = select(task_bearer.c.unit_no).where(task_bearer.c.task_id == task.c.id).correlate(task)
        corrected = activity.alias("corrected")
        touched = conn.scalars(
            select(task.c.id)
            .join(corrected, corrected.c.activity == task.c.counts)
            .where(
                corrected.c.id.in_(ids),
                task.c.kind == TaskKind.QUOTA,
                task.c.ended == "on-time",
                task.c.finished_on.is_not(None),
                corrected.c.done_on.between(task.c.first_day, task.c.final_day),
                (corrected.c.unit_no == task.c.unit_no) | corrected.c.unit_no.in_(shared),
                counted(cutoff, readings=False) < task.c.need,
            )
        ).all()
        _reopen(conn, touched, night)


def _reopen_measured(conn: Connection, night: Night) -> None:
    """Reopens demands for a figure that has gone since."""
    missed = reading.c.superseded_at <= night.cutoff, reading.c.superseded_at > night.cutoff - _LOOK_BACK
    # The few corrections first, as of activities.
    for ids in slices(conn.scalars(select(reading.c.id).where(*missed))):
        gone = reading.alias("gone")
        touched = conn.scalars(
            select(task.c.id)
            .join(gone, and_(gone.c.unit_no == task.c.unit_no, gone.c.indicator == task.c.counts))
            .where(
                gone.c.id.in_(ids),
                gone.c.last_day.between(task.c.first_day, task.c.final_day),
                task.c.kind == TaskKind.READING,
                task.c.ended == "on-time",
                task.c.finished_on.is_not(None),
                counted(night.cutoff, readings=True) < task.c.need,
            )
        ).all()
        _reopen(conn, touched, night)


def _reopen(conn: Connection, tasks: Sequence[int], night: Night) -> None:
    remember(conn, tasks, night.as_of)
    for some in slices(tasks):
        reopened = {"finished_on": None, "ended": "", "known_on": night.as_of}
        conn.execute(update(task).where(task.c.id.in_(some)).values(reopened))


def _row(demand: Demand, rules: Mapping[str, int], units: UnitNumbers, night: Night) -> dict[str, Any]:
    return {
        "rule_no": rules[demand.rule],
        "unit_no": units.of[demand.unit],
        "subject": demand.subject,
        "kind": demand.kind,
        "counts": demand.counts,
        "need": demand.need,
        "scope": demand.scope,
        "first_day": demand.first_day,
        "final_day": demand.final_day,
        "last_day": demand.last_day,
        "issued_on": demand.issued_on,
        "known_on": _known_on(demand, night),
        "recorded_at": night.cutoff,
    }


def assigned_to(condition: Condition) -> str | None:
    """The kind of assigned tasks that a rule judges; None: it makes its demands itself."""
    return None if isinstance(condition, Derived) else direct_kind(condition).assigned(condition)


def adopt(conn: Connection, book: RuleBook, rules: Mapping[str, int], covered: Mapping[str, list[int]]) -> None:
    """Gives imported tasks the rule that judges their kind. `covered` has the unit numbers by rule."""
    for name in sorted(covered):
        given, until = assigned_to(book.rules[name].condition), book.directive_of(name).in_force_until
        if given is not None:
            conn.execute(
                update(task)
                .where(
                    task.c.rule_no.is_(None),
                    task.c.kind == TaskKind.ASSIGNED,
                    task.c.counts == given,
                    task.c.unit_no.in_(covered[name]),
                    true() if until is None else task.c.last_day <= until,
                )
                .values(rule_no=rules[name])
            )
