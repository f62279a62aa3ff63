"""Acts in SQL: what offices have said of cases, added row by row and never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from dondoc.engine.domain.acts import Act, ActKind, Door
from dondoc.engine.domain.model import Case, Event
from dondoc.engine.store.audit_log.covered_rows import rows_logged
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.night.findings import Names, local_date

RECORDED, REFUSED = "act-recorded", "act-refused"
_KEY = 0x646F6E616374


def of_live_cases(conn: Connection, names: Names, cutoff: datetime) -> Mapping[int, list[Act]]:
    """By live case, every act on it that was recorded by the cut-off, in the order of recording."""
    live = select(t.case_file.c.id).where(t.is_live())
    rows = conn.execute(
        select(t.act).where(t.act.c.case_id.in_(live), t.act.c.recorded_at <= cutoff).order_by(t.act.c.no)
    )
    found: dict[int, list[Act]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(_value(row, names))
    return found


def of_case(conn: Connection, names: Names, case: int, cutoff: datetime) -> tuple[Act, ...]:
    """Every act on a case that was recorded by the cut-off, in the order of recording."""
    mine = t.act.c.case_id == case, t.act.c.recorded_at <= cutoff
    return tuple(_value(row, names) for row in conn.execute(select(t.act).where(*mine).order_by(t.act.c.no)))


def _value(row: Row[Any], names: Names) -> Act:
    return Act(
        number=row.no,
        kind=row.kind,
        office=names.units.ids[row.office_no],
        said_on=row.said_on,
        recorded_on=local_date(row.recorded_at),
        until=row.until,
        words=row.words,
        document=row.document,
        about=row.about,
    )


def next_number(conn: Connection) -> int:
    """The number of the next act; on PostgreSQL nobody else gets one until the transaction ends."""
    # SQLite lets one transaction write at a time.
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(_KEY)))
    return (conn.scalar(select(func.max(t.act.c.no))) or 0) + 1


def record(tx: AuditedTransaction, case: Case, said: Act, door: Door, names: Names, now: datetime) -> None:
    """Adds an act. Logs it without its words, and the digest of its row."""
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
                recorded_at=now,
            )
        )
    detail = {"case": case.code, "act": str(said.number), "kind": said.kind.value, "office": said.office}
    if said.until is not None:
        detail["until"] = said.until.isoformat()
    if said.about is not None:
        detail["about"] = str(said.about)
    tx.log(None, [Event(RECORDED, case.task.id, detail)])


def refuse(tx: AuditedTransaction, case: Case, kind: ActKind, office: str, why: str) -> None:
    """Logs that an act was not accepted, and the code of the reason."""
    detail = {"case": case.code, "kind": kind.value, "office": office, "why": why}
    tx.log(None, [Event(REFUSED, case.task.id, detail)])
