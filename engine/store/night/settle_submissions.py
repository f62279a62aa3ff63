"""Which demand a submission settles (decision 12).

A submission settles exactly one demand: the one it names; else the oldest one of its unit and report that is
unsettled and was due before the submission; else the next one due at or after it. If that next one is already
settled, the submission is a revision of it. If no demand fits yet, the submission waits for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select, tuple_, update

from dondoc.engine.domain.inheritance import Inheritances
from dondoc.engine.domain.terms import VOID, TaskKind
from dondoc.engine.store.db.database import update_many
from dondoc.engine.store.db.tables import submission, task
from dondoc.engine.store.matching.known_rows import visible
from dondoc.engine.store.night.findings import slices
from dondoc.engine.store.night.orgchart import numbers


@dataclass(slots=True)
class Settleable:
    """A demand that a submission may settle; `name` is `rule@subject`, by which a submission may name it."""

    id: int
    name: str
    issued_on: date
    last_day: date
    settled: bool


@dataclass(frozen=True, slots=True)
class SubmissionEffect:
    """What a submission does: it settles `demand`, revises it (`revision`), or waits (`demand` None)."""

    demand: Settleable | None
    revision: bool = False


def choose(submitted_on: date, names: str, demands: Sequence[Settleable]) -> SubmissionEffect:
    """The effect of one submission on its unit's demands for that report, given in order of their last day.

    `names` is empty, or the subject or the `rule@subject` of the demand that the submission names.
    """
    if names:
        named = [demand for demand in demands if names in (demand.name, demand.name.rpartition("@")[2])]
        # A named demand that is not there yet is waited for: another one must not take its report (decision 12).
        if not named:
            return SubmissionEffect(None)
        return SubmissionEffect(named[0], revision=named[0].settled)
    # No report can answer a directive that was not issued yet (decision 12).
    issued = [demand for demand in demands if demand.issued_on <= submitted_on]
    # A late report is for the demand that waits longest, not for the one that comes next (decision 12).
    for demand in issued:
        if demand.last_day < submitted_on and not demand.settled:
            return SubmissionEffect(demand)
    # In time, or a revision: a second report before the same last day does not settle the period after it.
    upcoming = next((demand for demand in issued if demand.last_day >= submitted_on), None)
    if upcoming is not None:
        return SubmissionEffect(upcoming, revision=upcoming.settled)
    return SubmissionEffect(issued[-1], revision=True) if issued else SubmissionEffect(None)


def settle(
    conn: Connection, rules: Mapping[str, int], cutoff: datetime, inherited: Inheritances | None = None
) -> None:
    """Lets every submission known by the cut-off settle its demand, also an inherited one.

    In the order of recording, so that many nights and one catch-up give the same result (decision 27).
    """
    _free_corrected(conn, cutoff)
    waiting = conn.execute(
        select(submission)
        .where(submission.c.task_id.is_(None), visible(submission, cutoff))
        .order_by(submission.c.recorded_at, submission.c.submitted_on, submission.c.ref)
    ).all()
    if not waiting:
        return
    demands = _demands(conn, {no: name for name, no in rules.items()}, waiting, inherited or Inheritances())
    settled: list[dict[str, Any]] = []
    attached: list[dict[str, Any]] = []
    for row in waiting:
        choice = choose(row.submitted_on, row.task_ref, demands[row.unit_no, row.report])
        if choice.demand is None:
            continue
        attached.append({"id": row.id, "task_id": choice.demand.id, "revision": choice.revision})
        if not choice.revision:
            choice.demand.settled = True
            settled.append(_settled(row, choice.demand))
    update_many(conn, submission, attached)
    update_many(conn, task, settled)


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
                task.c.done_on,
            ).where(task.c.last_day.is_not(None), task.c.ended != VOID, asked)
        )
        wanted |= {row.id: row for row in rows}
    found: defaultdict[tuple[int, str], list[Settleable]] = defaultdict(list)
    for row in sorted(wanted.values(), key=lambda row: (row.last_day, row.id)):
        name = f"{names.get(row.rule_no, '')}@{row.subject}"
        demand = Settleable(row.id, name, row.issued_on, row.last_day, row.done_on is not None)
        for unit_no in (row.unit_no, *heirs.get((row.rule_no, row.unit_no, row.subject), ())):
            found[unit_no, row.counts].append(demand)
    return found


def _asked(
    waiting: Iterable[Row[Any]], heirs: Mapping[tuple[int, int, str], tuple[int, ...]]
) -> Iterator[ColumnElement[bool]]:
    """The conditions for the demands that the waiting submissions can settle or revise, one per statement.

    Of the settled demands of a unit, only those that a submission names, the last one before the submissions, and
    those due since the first of them: earlier years are not read again.
    """
    assigned, report = task.c.kind == TaskKind.ASSIGNED, task.c.kind == TaskKind.REPORT
    for some in slices((row.unit_no, row.task_ref.rpartition("@")[2]) for row in waiting if row.task_ref):
        subjects = {subject for _, subject in some}
        yield assigned & task.c.subject.in_(subjects)
        yield report & task.c.unit_no.in_({unit for unit, _ in some}) & task.c.subject.in_(subjects)
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


def _free_corrected(conn: Connection, cutoff: datetime) -> None:
    """Frees the demands of corrected submissions, so that the corrections can settle them again."""
    gone = [submission.c.task_id.is_not(None), submission.c.superseded_at <= cutoff]
    rows = conn.execute(select(submission.c.id, submission.c.task_id).where(*gone)).all()
    if not rows:
        return
    conn.execute(
        update(task)
        .where(task.c.submission_id.in_([row.id for row in rows]))
        .values(submission_id=None, done_on=None, done_recorded_at=None, finished_on=None, ended="")
    )
    conn.execute(update(submission).where(*gone).values(task_id=None))
