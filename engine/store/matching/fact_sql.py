"""Facts as SQL: for a shape and a page of ids, one row with the JSON text of every fact in it.

SQL joins, counts and fetches here; whether anything is late, missing or too high is durable_rules' to say. Facts
that no rule of the shape can match are counted and not printed (`dondoc.engine.judge.prefilter`). A fact's id is
its row's id less the start of the range, so that ids stay small and no row number is needed.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.terms import Scope
from dondoc.engine.judge.prefilter import Bound, prefilter
from dondoc.engine.kinds.shapes import FactSource, Shape, multiple
from dondoc.engine.store.db.tables import activity, reading, task, task_bearer
from dondoc.engine.store.matching.comparison import with_base
from dondoc.engine.store.matching.known_rows import visible


class joined(GenericFunction[str]):  # noqa: N801 - an SQL function, named as one
    """All texts of a group with commas between: group_concat on SQLite, string_agg on PostgreSQL."""

    type = Text()
    inherit_cache = True


@compiles(joined, "sqlite")
def _joined_sqlite(element: joined, compiler: Any, **options: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **options)}, ',')"


@compiles(joined, "postgresql")
def _joined_postgresql(element: joined, compiler: Any, **options: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **options)}, ',')"


_LOW, _HIGH = bindparam("low", type_=BigInteger), bindparam("high", type_=BigInteger)


Page = tuple[str | None, int, int]


def page(
    shape: Shape, rules: Mapping[str, int], cutoff: datetime, *, whole: bool = False, finished: bool = False
) -> Select[Page]:
    """The facts of `shape` with low <= id < high, as one row.

    It holds the JSON text of those that a rule may match (None for none), their number, and the number of all.
    `low` and `high` are given when it is run, so that one statement serves every page of a shape: making one
    costs more than running it. `rules` gives the number of each rule id in the store. With `whole`, every fact is
    printed; with `finished`, also those of tasks that need no further judging.
    """
    if shape.source is FactSource.READINGS:
        return _readings(shape, cutoff, whole=whole)
    return _tasks(shape, numbers(shape, rules), cutoff, whole=whole, finished=finished)


def _text(expression: ColumnElement[Any]) -> ColumnElement[str]:
    return cast(expression, Text)


def _fact(*parts: ColumnElement[str] | str) -> ColumnElement[str]:
    whole: ColumnElement[str] = literal_column("'{'", Text)
    for part in parts:
        whole = whole.concat(part)
    return whole.concat("}")


def _number(field: str, value: ColumnElement[Any]) -> ColumnElement[str]:
    return literal(f',"{field}":', Text).concat(_text(value))


def _quoted(field: str, value: ColumnElement[Any]) -> ColumnElement[str]:
    """A field that is a date: its ISO text has fixed width and nothing to escape."""
    return literal(f',"{field}":"', Text).concat(_text(value)).concat('"')


def _optional(text: ColumnElement[str]) -> ColumnElement[str]:
    """`text`, or nothing where what it holds is null: a null key would count as present in durable_rules."""
    return func.coalesce(text, literal("", Text))


def _id(column: ColumnElement[int]) -> ColumnElement[str]:
    return literal('"id":', Text).concat(_text(column - _LOW))


def _tasks(
    shape: Shape, of_rules: Sequence[int], cutoff: datetime, *, whole: bool, finished: bool
) -> Select[Page]:
    parts = [_id(task.c.id), _quoted("last", task.c.last_day)]
    columns: dict[str, ColumnElement[Any]] = {"last": task.c.last_day, "end": task.c.final_day}
    if shape.source is FactSource.TASKS:
        parts.append(case((task.c.done_on.is_(None), literal("", Text)), else_=literal(',"done":1', Text)))
        columns["done"] = task.c.done_on
    else:
        parts.append(_optional(_quoted("end", task.c.final_day)))
        parts.append(_number("n", counted(cutoff, readings=shape.readings)))
    return _printed(shape, parts, {} if whole else columns).where(
        task.c.id >= _LOW,
        task.c.id < _HIGH,
        true() if finished else task.c.finished_on.is_(None),
        task.c.recorded_at <= cutoff,
        # Open tasks have an index by rule and id. The sum keeps SQLite from leaving the range of ids, page after
        # page, for the index by rule and unit where finished ones are wanted too.
        (task.c.rule_no + 0 if finished else task.c.rule_no).in_(of_rules),
        task.c.kind.in_(shape.tasks),
    )


def _printed(
    shape: Shape, parts: Sequence[ColumnElement[str] | str], columns: Mapping[str, ColumnElement[Any]]
) -> Select[Page]:
    """The three columns of a page, from what a fact is made of and the columns of fields with bounds."""
    rules = [[bound for bound in asked if bound.field in columns] for asked in prefilter(shape.definition)]
    if not all(rules):
        return select(joined(_fact(*parts)), func.count(), func.count())
    may = or_(*(and_(*(_holds(columns[bound.field], bound) for bound in asked)) for asked in rules))
    return select(
        joined(case((may, _fact(*parts)))), func.coalesce(func.sum(case((may, 1), else_=0)), 0), func.count()
    )


def _holds(column: ColumnElement[Any], bound: Bound) -> ColumnElement[bool]:
    if bound.value is None:
        return column.is_not(None) if bound.word == "$ex" else column.is_(None)
    value = date.fromisoformat(bound.value) if isinstance(bound.value, str) else bound.value
    holds: ColumnElement[bool] = _COMPARISONS[bound.word](column, value)
    return holds


_COMPARISONS = {"$lt": operator.lt, "$lte": operator.le, "$gt": operator.gt, "$gte": operator.ge}


def counted(cutoff: datetime, *, readings: bool) -> ColumnElement[int]:
    """How many activities (or readings) a task has in its period, as known at the cut-off; 0 for none.

    As the task's own scope has it: `sum` adds the bearers up; `any` takes the bearer with most (decision 18).
    """
    if readings:
        return _of_readings(func.count(), cutoff)
    within = and_(
        activity.c.activity == task.c.counts,
        activity.c.done_on >= task.c.first_day,
        activity.c.done_on <= task.c.final_day,
        visible(activity, cutoff),
    )
    total = func.coalesce(func.sum(activity.c.quantity), 0)
    own = select(total).where(activity.c.unit_no == task.c.unit_no, within).correlate(task).scalar_subquery()
    bearers = select(task_bearer.c.unit_no).where(task_bearer.c.task_id == task.c.id).correlate(task)
    among = and_(or_(activity.c.unit_no == task.c.unit_no, activity.c.unit_no.in_(bearers)), within)
    together = select(total).where(among).correlate(task).scalar_subquery()
    best = (
        select(total)
        .where(among)
        .group_by(activity.c.unit_no)
        .order_by(total.desc())
        .limit(1)
        .correlate(task)
        .scalar_subquery()
    )
    return case(
        (task.c.scope == Scope.EACH, own),
        (task.c.scope == Scope.SUM, together),
        else_=func.coalesce(best, 0),
    )


def first_reading(cutoff: datetime) -> ColumnElement[datetime]:
    """When the first reading of a task's period was recorded, as known at the cut-off; null for none."""
    return _of_readings(func.min(reading.c.recorded_at), cutoff)


def _of_readings(aggregate: ColumnElement[Any], cutoff: datetime) -> ColumnElement[Any]:
    """An aggregate over the readings of a task's unit, indicator and period."""
    return (
        select(aggregate)
        .where(
            reading.c.unit_no == task.c.unit_no,
            reading.c.indicator == task.c.counts,
            reading.c.first_day == task.c.first_day,
            reading.c.last_day == task.c.final_day,
            visible(reading, cutoff),
        )
        .correlate(task)
        .scalar_subquery()
    )


def _readings(shape: Shape, cutoff: datetime, *, whole: bool) -> Select[Page]:
    parts = [_id(reading.c.id), _number("v", reading.c.value)]
    parts += [_number(multiple(factor), reading.c.value * factor) for factor in shape.factors]
    source: FromClause = reading
    if shape.against is not None:
        source, base = with_base(shape.against, cutoff)
        parts.append(_optional(_number("b", base)))
    return (
        _printed(shape, parts, {} if whole else {"v": reading.c.value})
        .select_from(source)
        .where(
            reading.c.id >= _LOW,
            reading.c.id < _HIGH,
            reading.c.indicator == shape.indicator,
            of_its_periods(shape),
            visible(reading, cutoff),
        )
    )


def of_its_periods(shape: Shape) -> ColumnElement[bool]:
    """Readings of the kind of period the rule names; `per: reading` takes each with the period it brings."""
    return true() if shape.per is PeriodKind.READING else reading.c.period_kind == shape.per


Extent = tuple[int | None, int | None, int]


def extent(shape: Shape, rules: Mapping[str, int]) -> Select[Extent]:
    """The lowest and highest id that a shape's facts can have, and how many there are at most."""
    if shape.source is FactSource.READINGS:
        of_shape = select(func.min(reading.c.id), func.max(reading.c.id), func.count(reading.c.id))
        return of_shape.where(reading.c.indicator == shape.indicator, of_its_periods(shape))
    return select(func.min(task.c.id), func.max(task.c.id), func.count(task.c.id)).where(
        task.c.finished_on.is_(None), task.c.rule_no.in_(numbers(shape, rules))
    )


def numbers(shape: Shape, rules: Mapping[str, int]) -> list[int]:
    """The store's numbers of the rules whose tasks are facts of a shape."""
    return [rules[rule] for rule in shape.rules if rule in rules]
