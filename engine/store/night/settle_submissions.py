"""Which demand a submission settles (decision 12, as docs/en/decisions/0035 has it).

A submission settles exactly one demand: the one it names; else, of the demands of its unit and report whose
directive is issued and whose period has begun, the one with the nearest last day, and of two equally near ones the
earlier. If that one is settled, the submission is a revision of it. If it is not made yet, the submission waits.

So the other submissions do not decide which last day one is counted for, and whether nights ran one by one or were
caught up, the result is the same (decision 27).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, tuple_, update

from dondoc.engine.domain.demand import Demand
from dondoc.engine.domain.inheritance import Inheritances
from dondoc.engine.domain.period_texts import is_named, last_days, subjects
from dondoc.engine.domain.terms import VOID, TaskKind
from dondoc.engine.store.db.database import update_many
from dondoc.engine.store.db.tables import submission, task
from dondoc.engine.store.matching.known_rows import visible
from dondoc.engine.store.night.findings import slices
from dondoc.engine.store.night.moved_limits import remember
from dondoc.engine.store.night.orgchart import numbers
from dondoc.engine.store.night.prepared import Night

# A submission's place in the order of recording.
_Place = tuple[datetime, date, str]
# The demands for some reports up to a last day, also those that no night has made yet.
Coming = Callable[[Collection[str], date], Iterable[Demand]]


@dataclass(slots=True)
class Settleable:
    """A demand that a submission may settle; `name` is `rule@subject`, by which a submission may name it.

    `issued_on` is the first day on which a submission that names none can settle it. `id` is 0 for a demand that
    no night has made yet. `by` is the submission that settled it, `place` its place in the order of recording.
    """

    id: int
    name: str
    issued_on: date
    last_day: date
    by: int | None = None
    place: _Place | None = None


def choose(submitted_on: date, names: str, demands: Sequence[Settleable]) -> Settleable | None:
    """The demand that a submission settles or revises, of its unit's for that report; None: there is none.

    `names` is empty, or how the submission names its demand: `rule@subject`, the subject, or the period in words.
    `demands` are in order of their last day.
    """
    if names:
        found = is_named(names, [(demand.name, demand.last_day) for demand in demands])
        # A named demand that is not there yet is waited for: another one must not take its report (decision 12).
        if found is None:
            return None
        return _one_of((demand for demand in demands if demand.name == demands[found].name), demands[found])
    # Not before the directive was issued, and not before the period began: it can be about neither.
    begun = [demand for demand in demands if demand.issued_on <= submitted_on]
    # The nearest one, settled or not: a supplement must not pay for a period that was missed or is to come.
    nearest = min(begun, key=lambda demand: abs(demand.last_day - submitted_on), default=None)
    return None if nearest is None else _one_of(begun, nearest)


def _one_of(demands: Iterable[Settleable], chosen: Settleable) -> Settleable:
    """Of several with that last day, as an heir of two units may owe, each report settles another one."""
    if chosen.place is None:
        return chosen
    alike = (demand for demand in demands if demand.last_day == chosen.last_day and demand.place is None)
    return next(alike, chosen)


def settle(
    conn: Connection,
    rules: Mapping[str, int],
    night: Night,
    inherited: Inheritances | None = None,
    coming: Coming = lambda _reports, _until: (),
) -> None:
    """Lets every submission known by the cut-off settle its demand, also an inherited one.

    Of several for one demand the one recorded first settles it, and the others revise it; a corrected one keeps
    its place. So many nights and one catch-up give the same result (decision 27).
    """
    cutoff = night.cutoff
    _free_corrected(conn, night)
    unsettled = submission.c.task_id.is_(None), visible(submission, cutoff)
    first_recorded = _first_recorded(submission.c.ref).label("first_recorded_at")
    waiting = sorted(conn.execute(select(submission, first_recorded).where(*unsettled)).all(), key=_place)
    if not waiting:
        return
    demands = _demands(conn, {no: name for name, no in rules.items()}, waiting, inherited or Inheritances())
    _add_coming(conn, waiting, demands, coming)
    settled: dict[int, dict[str, Any]] = {}
    attached: dict[int, dict[str, Any]] = {}
    for row in waiting:
        demand = choose(row.submitted_on, row.task_ref, demands[row.unit_no, row.report])
        if demand is None or not demand.id:
            continue
        place = _place(row)
        first = demand.place is None or place < demand.place
        attached[row.id] = {"id": row.id, "task_id": demand.id, "revision": not first}
        if not first:
            continue
        if demand.by is not None:
            attached[demand.by] = {"id": demand.by, "task_id": demand.id, "revision": True}
        demand.by, demand.place = row.id, place
        settled[demand.id] = _settled(row, demand)
    update_many(conn, submission, list(attached.values()))
    update_many(conn, task, list(settled.values()))


def _add_coming(
    conn: Connection,
    waiting: Sequence[Row[Any]],
    demands: defaultdict[tuple[int, str], list[Settleable]],
    coming: Coming,
) -> None:
    """Adds the demands that no night has made yet, where one of them may be nearer than those that are there."""
    reach: dict[tuple[int, str], date] = {}
    for row in waiting:
        key = row.unit_no, row.report
        chosen = None if row.task_ref else choose(row.submitted_on, "", demands[key])
        if chosen is not None:
            until = row.submitted_on + abs(chosen.last_day - row.submitted_on)
            reach[key] = max(until, reach.get(key, until))
    owed = defaultdict[tuple[str, str], list[Settleable]](list)
    for one in coming({report for _, report in reach}, max(reach.values(), default=date.min)):
        if one.last_day is not None:
            made = Settleable(0, f"{one.rule}@{one.subject}", one.issued_on, one.last_day)
            owed[one.unit, one.counts].append(made)
    if not owed:
        return
    units = {no: unit for unit, no in numbers(conn).of.items()}
    for unit_no, report in reach:
        there = demands[unit_no, report]
        known = {demand.name for demand in there}
        there += [demand for demand in owed[units[unit_no], report] if demand.name not in known]
        there.sort(key=_in_order)


def _first_recorded(ref: ColumnElement[str]) -> ColumnElement[datetime]:
    """When the first version of a submission was recorded."""
    versions = submission.alias("versions")
    return select(func.min(versions.c.recorded_at)).where(versions.c.ref == ref).scalar_subquery()


def _place(row: Row[Any]) -> _Place:
    return row.first_recorded_at, row.submitted_on, row.ref


def _in_order(demand: Settleable) -> tuple[date, str]:
    return demand.last_day, demand.name


def _settled(row: Row[Any], demand: Settleable) -> dict[str, Any]:
    return {
        "id": demand.id,
        "submission_id": row.id,
        "done_on": row.submitted_on,
        "done_recorded_at": row.recorded_at,
        # By the date of the report: one that was recorded late is in time all the same (decision 14).
        "ended": "on-time" if row.submitted_on <= demand.last_day else "late",
    }


def _demands(
    conn: Connection, names: Mapping[int, str], waiting: Sequence[Row[Any]], inherited: Inheritances
) -> defaultdict[tuple[int, str], list[Settleable]]:
    """By unit and report, its demands, also those inherited from an ended unit, in order of the last day."""
    heirs = _heirs(conn, names, inherited)
    wanted: dict[int, Row[Any]] = {}
    settler = submission.alias("settler")
    for asked in _asked(waiting, heirs):
        rows = conn.execute(
            select(
                task.c.id,
                task.c.unit_no,
                task.c.counts,
                task.c.rule_no,
                task.c.subject,
                task.c.issued_on,
                task.c.last_day,
                task.c.submission_id,
                task.c.done_on,
                settler.c.ref,
                _first_recorded(settler.c.ref).label("first_recorded_at"),
            )
            .outerjoin(settler, settler.c.id == task.c.submission_id)
            .where(task.c.last_day.is_not(None), task.c.ended != VOID, asked)
        )
        wanted |= {row.id: row for row in rows}
    found: defaultdict[tuple[int, str], list[Settleable]] = defaultdict(list)
    for row in wanted.values():
        name = f"{names.get(row.rule_no, '')}@{row.subject}"
        # One that was done without a submission in the store was done before all of them.
        recorded = row.first_recorded_at or datetime.min.replace(tzinfo=UTC)
        place = None if row.done_on is None else (recorded, row.done_on, row.ref or "")
        demand = Settleable(row.id, name, row.issued_on, row.last_day, row.submission_id, place)
        for unit_no in (row.unit_no, *heirs.get((row.rule_no, row.unit_no, row.subject), ())):
            found[unit_no, row.counts].append(demand)
    for demands in found.values():
        demands.sort(key=_in_order)
    return found


def _asked(
    waiting: Iterable[Row[Any]], heirs: Mapping[tuple[int, int, str], tuple[int, ...]]
) -> Iterator[ColumnElement[bool]]:
    """The conditions for the demands that the waiting submissions can settle or revise, one per statement.

    Of the settled demands of a unit, only those that a submission names, the last one before the submissions, and
    those due since the first of them: a nearer one cannot lie in earlier years, and they are not read again.
    """
    assigned, report = task.c.kind == TaskKind.ASSIGNED, task.c.kind == TaskKind.REPORT
    for some in slices((row.unit_no, row.task_ref) for row in waiting if row.task_ref):
        meant = {subject for _, names in some for subject in subjects(names)}
        yield assigned & task.c.subject.in_(meant)
        days = {day for _, names in some for day in last_days(names)}
        mine = or_(assigned, report) & task.c.unit_no.in_({unit for unit, _ in some})
        yield mine & or_(task.c.subject.in_(meant), task.c.last_day.in_(days))
    unnamed = [row for row in waiting if not row.task_ref]
    if unnamed:
        since = min(row.submitted_on for row in unnamed)
        other = task.alias("other")
        before = (
            select(func.max(other.c.last_day))
            .where(
                other.c.unit_no == task.c.unit_no,
                other.c.kind == task.c.kind,
                other.c.counts == task.c.counts,
                other.c.last_day < since,
                other.c.issued_on <= since,
                other.c.ended != VOID,
            )
            .correlate(task)
            .scalar_subquery()
        )
        lately = or_(task.c.done_on.is_(None), task.c.last_day >= since, task.c.last_day == before)
        for units in slices(row.unit_no for row in unnamed):
            yield or_(assigned, report) & task.c.unit_no.in_(units) & lately
    if heirs:
        yield tuple_(task.c.rule_no, task.c.unit_no, task.c.subject).in_(list(heirs))


def _heirs(
    conn: Connection, names: Mapping[int, str], inherited: Inheritances
) -> dict[tuple[int, int, str], tuple[int, ...]]:
    """By rule, unit and subject, the numbers of the units that took over the demand."""
    decided = [one for one in inherited.decided if one.subject and one.heirs]
    if not decided:
        return {}
    rules, units = {name: no for no, name in names.items()}, numbers(conn).of
    return {
        (rules[one.rule], units[one.unit], one.subject): tuple(units[heir] for heir in one.heirs)
        for one in decided
    }


def _free_corrected(conn: Connection, night: Night) -> None:
    """Frees the demands of corrected submissions, so that the corrections or the revisions settle them again.

    That one is not met after all could not be known before.
    """
    gone = [submission.c.task_id.is_not(None), submission.c.superseded_at <= night.cutoff]
    rows = conn.execute(select(submission.c.id, submission.c.task_id).where(*gone)).all()
    for some in slices(row.id for row in rows):
        corrected = task.alias("corrected")
        alike = and_(*(corrected.c[name] == task.c[name] for name in ("unit_no", "counts", "last_day")))
        # Also those due on the same day: which of them each report settles goes by the order of recording.
        freed = conn.scalars(
            select(task.c.id).join(corrected, alike).where(corrected.c.submission_id.in_(some))
        ).all()
        remember(conn, freed, night.as_of)
        conn.execute(
            update(submission).where(submission.c.task_id.in_(freed)).values(task_id=None, revision=False)
        )
        conn.execute(
            update(task)
            .where(task.c.id.in_(freed))
            .values(
                submission_id=None,
                done_on=None,
                done_recorded_at=None,
                finished_on=None,
                ended="",
                known_on=night.as_of,
            )
        )
        conn.execute(update(submission).where(submission.c.id.in_(some)).values(task_id=None, revision=False))
