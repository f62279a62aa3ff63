"""Every case as it stands after the latest night, and everything that is stored of it, in few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Connection, select

from dondoc.engine.domain.acts import Act
from dondoc.engine.domain.model import Case, Ladder
from dondoc.engine.domain.terms import CaseStatus
from dondoc.engine.explain.reasons import StoredNotice
from dondoc.engine.store.audit_log.logged import read_back
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.night import acts
from dondoc.engine.store.night.cases import case_value, cases_before, ladder_value
from dondoc.engine.store.night.findings import Names, bearers_of, settled_by, settled_value
from dondoc.engine.store.night.prepared import Night
from dondoc.engine.store.recall.cases import stored_notices

_DAY = timedelta(days=1)
# What nights log of a case. What offices say of it, and its letters, are stored as rows of their own.
KINDS = (
    *("case-opened", "case-climbed", "case-closed", "case-reopened", "case-limit-moved", "case-inherited"),
    *("case-waiting", "case-waived", "case-unwaived", "promise-broken", "climbed-unconfirmed"),
    *("climbed-unassigned", "step-empty"),
)


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """What a night logged of a case: the night, the kind, and the details by name."""

    night: date
    kind: str
    detail: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case with what is stored of it, each in order of time; `notices` also holds those that were retracted.

    Notices of reminders came before the case.
    """

    case: Case
    notices: tuple[StoredNotice, ...]
    events: tuple[CaseEvent, ...]


def every(conn: Connection, names: Names) -> Iterator[Case]:
    """Every case, open or closed, in order of id, as it stands; none remembers who was notified."""
    bearers, ladders = bearers_of(conn, names.units), dict[str, Ladder]()
    mine = t.task.c.id.in_(select(t.case_file.c.task_id))
    rows = conn.execute(select(t.task, *settled_by()).where(mine))
    tasks = {row.id: settled_value(row, names, bearers) for row in rows}
    for row in conn.execute(select(t.case_file).order_by(t.case_file.c.id)):
        if row.ladder not in ladders:
            ladders[row.ladder] = ladder_value(row.ladder)
        yield case_value(row, tasks[row.task_id], ladders[row.ladder], {})


def events(conn: Connection) -> Mapping[int, Sequence[CaseEvent]]:
    """By task, what the nights logged of its cases, in order; nights that were taken back are left out."""
    found: dict[int, list[CaseEvent]] = defaultdict(list)
    for one in read_back(conn, *KINDS):
        if one.task is not None and one.night:
            found[one.task].append(CaseEvent(date.fromisoformat(one.night), one.kind, one.detail))
    return found


def records(
    conn: Connection, names: Names, cases: Sequence[Case], logged: Mapping[int, Sequence[CaseEvent]], night: date
) -> Iterator[CaseRecord]:
    """These cases with what is stored of them up to a night, in their order.

    `logged` is what `events` returned. The cases of a task come together.
    """
    notices = stored_notices(conn, [case.task.id for case in cases], names, night)
    openings: dict[int, list[date]] = defaultdict(list)
    for case in cases:
        openings[case.task.id].append(case.opened_on)
    for case in cases:
        # A task that was missed again has another case: each has what happened until the next one opened.
        until = min((day for day in openings[case.task.id] if day > case.opened_on), default=date.max)
        first = case.opened_on == min(openings[case.task.id])
        mine = notices.get(case.task.id, ())
        yield CaseRecord(
            case,
            tuple(one for one in mine if one.case == case.id or (one.case is None and first)),
            tuple(one for one in logged.get(case.task.id, ()) if case.opened_on <= one.night < until),
        )


def said(conn: Connection, names: Names, night: Night) -> Mapping[int, Sequence[Act]]:
    """By case, open or closed, every act on it recorded by a night's cut-off, in the order of recording."""
    found: dict[int, list[Act]] = defaultdict(list)
    for row in conn.execute(select(t.act).where(t.act.c.recorded_at <= night.cutoff).order_by(t.act.c.no)):
        found[row.case_id].append(replace(acts.value(row, names), known_on=night.knowing(row.recorded_at)))
    return found


def open_after(conn: Connection, night: date) -> frozenset[int]:
    """The ids of the cases that were not closed after a night, or the last one before that day."""
    then = cases_before(night + _DAY).subquery()
    return frozenset(conn.scalars(select(then.c.id).where(then.c.status != CaseStatus.CLOSED)))


def nights_by_month(conn: Connection, since: date) -> Mapping[date, date]:
    """By the first day of each month in which a night was judged, its last one; from the month of `since` on."""
    found: dict[date, date] = {}
    first = since.replace(day=1)
    for night in conn.scalars(select(t.night.c.as_of).where(t.night.c.as_of >= first).order_by(t.night.c.as_of)):
        found[night.replace(day=1)] = night
    return found
