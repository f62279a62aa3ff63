"""How the counted tasks stand after a night: the four counts of every rule and unit (decisions 50 and 0036).

A task is done when the night or an earlier one found so, and overdue while its case is open. A quota is done as
soon as enough is recorded for it (decision 0055). A task that is past its limit and neither done nor overdue could
not be judged: its source is stale, its row has a fault, or its heir is undecided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, or_, select, tuple_

from dondoc.engine.cases.history import Standing, TaskCounts
from dondoc.engine.domain.model import Case, Task
from dondoc.engine.domain.terms import VOID, CaseStatus, TaskKind
from dondoc.engine.judge.excused import Excused
from dondoc.engine.kinds import kind_of_task
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.matching.fact_sql import counted
from dondoc.engine.store.night.acts import declared_cases
from dondoc.engine.store.night.extensions import is_extended
from dondoc.engine.store.night.findings import Names, bearers_of, slices, task_value

_COUNTED = tuple(kind for kind in TaskKind if kind_of_task(kind).is_counted(kind))
_FOLLOWED = (CaseStatus.OPEN, CaseStatus.EXHAUSTED)
_Key = tuple[str, tuple[str, ...]]
_Units = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a night decided that the table of tasks does not say yet.

    `overdue` are the tasks of its open cases, `ended` the tasks that it finished, each with how ("": as stored),
    `declared` the numbers of those that wait to be confirmed.
    """

    overdue: Collection[Task]
    ended: Iterable[tuple[Task, str]] = ()
    declared: Collection[int] = ()


def verdicts(
    cases: Iterable[Case], tasks: Iterable[Task], ended: Mapping[int, str], declared: Collection[int]
) -> Verdicts:
    """The verdicts of a night, from its cases after it, the tasks it judged, and how those finished ended.

    `declared` are the numbers of the tasks of which a report waits to be confirmed.
    """
    followed, known = [], {task.id: task for task in tasks}
    for one in cases:
        known.setdefault(one.task.id, one.task)
        if one.status in _FOLLOWED:
            followed.append(one.task)
    return Verdicts(followed, [(known[task], how) for task, how in ended.items() if task in known], declared)


@dataclass(slots=True)
class _Tally:
    """The counts of a rule's tasks while they are counted; `past` are open tasks past their limit."""

    on_time: int = 0
    late: int = 0
    in_time: int = 0
    overdue: int = 0
    past: int = 0
    waived: int = 0
    declared: int = 0
    oldest: date | None = None

    def is_overdue(self, since: date) -> None:
        """One more is overdue, since that last day."""
        self.overdue += 1
        self.oldest = since if self.oldest is None else min(self.oldest, since)

    def lapses(self) -> None:
        """What is open is no longer followed up, and is counted nowhere."""
        self.in_time = self.past = self.waived = 0

    def counts(self) -> TaskCounts:
        """The counts: what is still past its limit and not overdue could not be judged."""
        open_ = self.in_time, self.overdue, self.oldest, self.waived, max(self.past, 0), self.declared
        return TaskCounts(self.on_time, self.late, *open_)


@dataclass(slots=True)
class StandingCount:
    """Counts the tasks of a store as they stand on the night `as_of`, by what is recorded up to its `cutoff`.

    `carried` gives a task as its heirs carry it; `inherited` are the demands with heirs: rule, unit and subject.
    """

    conn: Connection
    names: Names
    as_of: date
    cutoff: datetime
    excused: Excused
    carried: Callable[[Task], Task] = lambda task: task
    inherited: Collection[tuple[str, str, str]] = ()
    _bearers: Mapping[int, _Units] = field(init=False)

    def __post_init__(self) -> None:
        self._bearers = bearers_of(self.conn, self.names.units)

    def of(self, tonight: Verdicts) -> Standing:
        """The counts after a night that decided so."""
        found: dict[_Key, _Tally] = defaultdict(_Tally)
        for row, units in self._rows():
            tally = found[self.names.rules[row.rule_no], units]
            tally.on_time += row.on_time
            tally.late += row.late
            tally.in_time += row.in_time
            tally.past += row.past
            tally.overdue += row.missed
            tally.oldest = min(filter(None, (tally.oldest, row.oldest)), default=None)
        met, ended = self._met(found, {task.id for task in tonight.overdue}), set[int]()
        for task, how in tonight.ended:
            if self._is_counted(task) and how:
                ended.add(task.id)
                self._end(found[key_of(task)], task, how, met)
        waived = self._waived(found, ended | met)
        for task in tonight.overdue:
            if self._is_past(task) and task.id not in waived:
                tally = found[key_of(task)]
                tally.past -= 1
                tally.is_overdue(task.last_day or self.as_of)
                tally.declared += task.id in tonight.declared
        followed = set(self.excused.book.binding(self.as_of))
        for (rule, _), tally in found.items():
            if rule not in followed:
                tally.lapses()
        standing = ((key, tally.counts()) for key, tally in found.items())
        # A unit of which nothing is demanded any more is in no count, not even as a unit.
        return {key: counts for key, counts in standing if counts != TaskCounts()}

    def stored(self) -> Standing:
        """The counts after the latest night, from what it stored."""
        open_ = select(t.case_file.c.task_id).where(t.case_file.c.status.in_(_FOLLOWED))
        declared = {
            task
            for some in slices(declared_cases(self.conn, self.names))
            for task in self.conn.scalars(select(t.case_file.c.task_id).where(t.case_file.c.id.in_(some)))
        }
        overdue = [self._task(row) for row in self._select(t.task.c.id.in_(open_))]
        return self.of(Verdicts(overdue, declared=declared))

    def extended(self) -> Iterator[Task]:
        """The tasks in one of the four counts for which an office has given more time."""
        return self._among_the_four(is_extended(self.cutoff))

    def taken_over(self) -> Iterator[Task]:
        """The tasks in one of the four counts that heirs carry for a unit which has ended."""
        numbers = {rule: no for no, rule in self.names.rules.items()}
        handed = {numbers[rule] for rule, _, _ in self.inherited if rule in numbers}
        found = self._among_the_four(t.task.c.rule_no.in_(handed)) if handed else iter(())
        return (task for task in found if task.former)

    def _among_the_four(self, condition: ColumnElement[bool]) -> Iterator[Task]:
        followed = set(self.excused.book.binding(self.as_of))
        for row in self._select(t.task.c.ended != VOID, condition):
            task = self._task(row)
            is_apart = task.rule not in followed or self.excused.on(task, self.as_of) is not None
            if row.ended or not is_apart:
                yield task

    def _is_counted(self, task: Task) -> bool:
        return task.kind in _COUNTED and bool(task.rule)

    def _is_past(self, task: Task) -> bool:
        return self._is_counted(task) and task.last_day is not None and task.last_day < self.as_of

    def _met(self, found: Mapping[_Key, _Tally], overdue: Collection[int]) -> set[int]:
        """Counts the open quotas of which enough is recorded as done, unless they are overdue; their ids."""
        # Their verdict waits for the end of the period (decision 13), because a correction may take one back, or
        # for an office to name the heirs of their unit.
        enough = and_(
            t.task.c.kind == TaskKind.QUOTA,
            t.task.c.ended == "",
            # Only these are in the index of open tasks.
            t.task.c.finished_on.is_(None),
            t.task.c.first_day <= self.as_of,
            counted(self.cutoff, readings=False) >= t.task.c.need,
        )
        met = set[int]()
        for row in self._select(enough):
            if row.id in overdue:
                continue
            task = self._task(row)
            tally = found[key_of(task)]
            if self._is_past(task):
                tally.past -= 1
            else:
                tally.in_time -= 1
            tally.on_time += 1
            met.add(row.id)
        return met

    def _end(self, tally: _Tally, task: Task, how: str, met: Collection[int]) -> None:
        """Moves a task that the store still has as open, and that tonight finished, to how it ended."""
        # A task that its rule no longer demands is counted nowhere already.
        if how == VOID and task.void:
            return
        if task.id in met:
            tally.on_time -= 1
        elif self._is_past(task):
            tally.past -= 1
        else:
            tally.in_time -= 1
        if how == "on-time":
            tally.on_time += 1
        elif how == "late":
            tally.late += 1
        elif how == "missed":
            tally.is_overdue(task.last_day or self.as_of)

    def _waived(self, found: Mapping[_Key, _Tally], done: Collection[int]) -> set[int]:
        """Counts the waived tasks that are not done or ended apart; their ids."""
        # One whose whole period was waived stays waived when the waiver has ended.
        rules = {rule for rule, _ in self.excused.waivers}
        numbers = [no for no, rule in self.names.rules.items() if rule in rules]
        waived = set[int]()
        for row in self._select(t.task.c.rule_no.in_(numbers), t.task.c.ended == "") if numbers else ():
            task = self._task(row)
            if task.id in done or self.excused.on(task, self.as_of) is None:
                continue
            tally = found[key_of(task)]
            tally.waived += 1
            if self._is_past(task):
                tally.past -= 1
            else:
                tally.in_time -= 1
            waived.add(task.id)
        return waived

    def _rows(self) -> Iterator[tuple[Row[Any], _Units]]:
        """The counts of the store, each with the units that carry the tasks; grouped where that is one unit."""
        shared = t.task.c.id.in_(select(t.task_bearer.c.task_id))
        ids, rules = self.names.units, {rule: no for no, rule in self.names.rules.items()}
        handed = [(rules[rule], ids.of[unit], subject) for rule, unit, subject in self.inherited if rule in rules]
        several = or_(shared, _is_one_of(handed)) if handed else shared
        grouped = _counts(self.as_of).where(~several).group_by(t.task.c.rule_no, t.task.c.unit_no)
        for row in self.conn.execute(grouped):
            yield row, (ids.ids[row.unit_no],)
        units = {row.id: key_of(self._task(row))[1] for row in self._select(several)}
        alone = _counts(self.as_of).add_columns(t.task.c.id).where(several).group_by(t.task.c.id)
        for row in self.conn.execute(alone):
            yield row, units[row.id]

    def _select(self, *conditions: ColumnElement[bool]) -> Sequence[Row[Any]]:
        return self.conn.execute(select(t.task).where(_counted(), *conditions)).all()

    def _task(self, row: Row[Any]) -> Task:
        return self.carried(task_value(row, self.names, self._bearers))


def key_of(task: Task) -> _Key:
    """The rule of a task and the units that carry it, under which it is counted."""
    return task.rule, task.bearers or (task.unit,)


def _counted() -> ColumnElement[bool]:
    return and_(t.task.c.kind.in_(_COUNTED), t.task.c.rule_no.is_not(None))


def _is_one_of(handed: Sequence[tuple[int, int, str]]) -> ColumnElement[bool]:
    return tuple_(t.task.c.rule_no, t.task.c.unit_no, t.task.c.subject).in_(handed)


def _counts(as_of: date) -> Any:
    """The counts of tasks as the store has them, to be grouped."""
    row, open_ = t.task.c, t.task.c.ended == ""
    missed = row.ended == "missed"

    def number(holds: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((holds, 1), else_=0))

    return select(
        row.rule_no,
        row.unit_no,
        number(row.ended == "on-time").label("on_time"),
        number(row.ended == "late").label("late"),
        number(open_ & (row.last_day >= as_of)).label("in_time"),
        number(open_ & (row.last_day < as_of)).label("past"),
        number(missed).label("missed"),
        func.min(case((missed, row.last_day))).label("oldest"),
    ).where(_counted())
