"""Acts in SQL: what offices have said of cases, added row by row and never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select

from dondoc.engine.domain.acts import Act, ActKind, Door, unconfirmed
from dondoc.engine.domain.model import Case, Event
from dondoc.engine.store.audit_log.covered_rows import rows_logged
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.night import reassignments, reported
from dondoc.engine.store.night.findings import Names, local_date
from dondoc.engine.store.night.prepared import Night

RECORDED, REFUSED = "act-recorded", "act-refused"
_KEY = 0x646F6E616374


def of_live_cases(conn: Connection, names: Names, night: Night) -> Mapping[int, list[Act]]:
    """By live case, every act on it that was recorded by a night's cut-off, in the order of recording."""
    found: dict[int, list[Act]] = defaultdict(list)
    for row in conn.execute(_of_live().where(t.act.c.recorded_at <= night.cutoff)):
        found[row.case_id].append(replace(value(row, names), known_on=night.knowing(row.recorded_at)))
    return found


def giving(conn: Connection, names: Names, night: Night) -> Mapping[int, Act]:
    """By task, the latest act recorded by a night's cut-off that gave it to its unit."""
    rows = conn.execute(reassignments.given(night.cutoff))
    return {row.given_as: replace(value(row, names), known_on=night.knowing(row.recorded_at)) for row in rows}


def said_by_now(conn: Connection, names: Names) -> Mapping[int, list[Act]]:
    """By live case, every act on it that is on record, in the order of recording."""
    found: dict[int, list[Act]] = defaultdict(list)
    for row in conn.execute(_of_live()):
        found[row.case_id].append(value(row, names))
    return found


def delegated_to(conn: Connection, names: Names, office: str, cutoff: datetime) -> frozenset[tuple[str, str]]:
    """The rules and units of the cases that were ever delegated to an office by the cut-off."""
    mine = t.act.c.kind == ActKind.DELEGATED, t.act.c.to_no == names.units.of[office]
    rows = conn.execute(
        select(t.task.c.rule_no, t.task.c.unit_no)
        .select_from(t.act)
        .join(t.case_file, t.case_file.c.id == t.act.c.case_id)
        .join(t.task, t.task.c.id == t.case_file.c.task_id)
        .where(*mine, t.act.c.recorded_at <= cutoff)
    )
    return frozenset((names.rules[row.rule_no], names.units.ids[row.unit_no]) for row in rows)


def declared_cases(conn: Connection, names: Names) -> list[int]:
    """The live cases of which a report is declared and not confirmed."""
    return [case for case, acts in said_by_now(conn, names).items() if unconfirmed(acts)]


def _of_live() -> Select[Any]:
    live = select(t.case_file.c.id).where(t.is_live())
    # A case that was closed and told is live again once an office has opened it again.
    reopened = select(t.act.c.case_id).where(t.act.c.kind == ActKind.REOPENED)
    return select(t.act).where(t.act.c.case_id.in_(live) | t.act.c.case_id.in_(reopened)).order_by(t.act.c.no)


def of_case(conn: Connection, names: Names, case: int, cutoff: datetime) -> tuple[Act, ...]:
    """Every act on a case that was recorded by the cut-off, also the one that gave it to its unit, in order."""
    mine = t.act.c.case_id == case, t.act.c.recorded_at <= cutoff
    own = conn.execute(select(t.act).where(*mine).order_by(t.act.c.no))
    task = select(t.case_file.c.task_id).where(t.case_file.c.id == case).scalar_subquery()
    given = conn.execute(reassignments.given(cutoff).where(t.task.c.id == task))
    return tuple(sorted((value(row, names) for row in (*given, *own)), key=lambda act: act.number))


@dataclass(frozen=True, slots=True)
class LinkAct:
    """An act that came by a link: the code of its case, and when it was recorded."""

    act: Act
    case: str
    at: datetime


def by_link_since(conn: Connection, since: datetime) -> list[LinkAct]:
    """The acts that came by a link after an instant, in the order of recording."""
    given = t.unit.alias("given")
    rows = conn.execute(
        select(t.act, t.case_file.c.code, t.unit.c.id.label("office"), given.c.id.label("to_unit"))
        .join(t.case_file, t.case_file.c.id == t.act.c.case_id)
        .join(t.unit, t.unit.c.no == t.act.c.office_no)
        .outerjoin(given, given.c.no == t.act.c.to_no)
        .where(t.act.c.recorded_at > since, t.act.c.door == Door.LINK)
        .order_by(t.act.c.no)
    )
    return [LinkAct(_said_by(row, row.office, row.to_unit), row.code, row.recorded_at) for row in rows]


def value(row: Row[Any], names: Names) -> Act:
    """An act as its row has it."""
    ids = names.units.ids
    return _said_by(row, ids[row.office_no], ids.get(row.to_no))


def _said_by(row: Row[Any], office: str, to: str | None) -> Act:
    return Act(
        number=row.no,
        kind=row.kind,
        office=office,
        said_on=row.said_on,
        recorded_on=local_date(row.recorded_at),
        until=row.until,
        words=row.words,
        document=row.document,
        about=row.about,
        done_on=row.done_on,
        by_link=row.door is Door.LINK,
        to=to,
        dated=row.dated,
    )


def next_number(conn: Connection) -> int:
    """The number of the next act; on PostgreSQL nobody else gets one until the transaction ends."""
    # SQLite lets one transaction write at a time.
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(_KEY)))
    return (conn.scalar(select(func.max(t.act.c.no))) or 0) + 1


def record(tx: AuditedTransaction, case: Case, said: Act, door: Door, names: Names, now: datetime) -> None:
    """Adds an act, and what follows for submissions and assignments.

    Logs it without its words, and the digest of its row.
    """
    with rows_logged(tx, None, (t.act, t.act.c.no == said.number)):
        tx.conn.execute(
            insert(t.act).values(
                no=said.number,
                case_id=case.id,
                kind=said.kind,
                office_no=names.units.of[said.office],
                door=door,
                said_on=said.said_on,
                until=said.until,
                words=said.words,
                document=said.document,
                about=said.about,
                done_on=said.done_on,
                to_no=None if said.to is None else names.units.of[said.to],
                dated=said.dated,
                recorded_at=now,
            )
        )
    _report(tx.conn, case, said, names, now)
    detail = {"case": case.code, "act": str(said.number), "kind": said.kind.value, "office": said.office}
    if said.until is not None:
        detail["until"] = said.until.isoformat()
    if said.about is not None:
        detail["about"] = str(said.about)
    if said.done_on is not None:
        detail["done_on"] = said.done_on.isoformat()
    if said.to is not None:
        detail["to"] = said.to
    tx.log(None, [Event(RECORDED, case.task.id, detail)])


def _report(conn: Connection, case: Case, said: Act, names: Names, now: datetime) -> None:
    """Adds or withdraws the submission, or the assignment, that an act is about."""
    if said.kind in (ActKind.DONE, ActKind.CLOSED):
        reported.hand_in(conn, case, said, names, now)
    elif said.kind is ActKind.REASSIGNED:
        reassignments.assign_anew(conn, case, said, names, now)
    elif said.kind in (ActKind.CONFIRMED, ActKind.TAKEN_BACK):
        about = value(conn.execute(select(t.act).where(t.act.c.no == said.about)).one(), names)
        if said.kind is ActKind.CONFIRMED:
            reported.hand_in(conn, case, about, names, now)
        else:
            confirmed = about.about if about.kind is ActKind.CONFIRMED else None
            reported.withdraw(conn, confirmed or about.number, now)


def refuse(tx: AuditedTransaction, case: Case, kind: ActKind, office: str, why: str) -> None:
    """Logs that an act was not accepted, and the code of the reason."""
    detail = {"case": case.code, "kind": kind.value, "office": office, "why": why}
    tx.log(None, [Event(REFUSED, case.task.id, detail)])
