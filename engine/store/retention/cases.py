"""Closed cases, folded into statistics: their rows and notices go, and what is counted of them stays."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy import Connection, Row, delete, func, select, true

from dondoc.engine.domain.model import Event
from dondoc.engine.domain.terms import CaseStatus, Outcome
from dondoc.engine.store.audit_log.covered_rows import rows_logged
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.audit_log.removals import CASES_FOLDED, missing_cases, missing_sha256
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import insert_many
from dondoc.engine.store.night.findings import slices
from dondoc.engine.store.retention.removed import Kept, Removal

# What closed cases are counted by: rule (empty: an imported task), kind of unit, year of opening, outcome, and
# days late.
StatisticKey = tuple[str, str, int, str, int]


def _old(conn: Connection, before: date) -> list[int]:
    """The ids of the cases that nothing changes any more: closed, told, and of a task that is finished.

    The last case of each directive stays, because the numbers of later ones go on from it.
    """
    last: dict[str, tuple[int, int]] = {}
    for key, code in conn.execute(select(t.case_file.c.id, t.case_file.c.code)):
        prefix, _, number = code.rpartition("-")
        last[prefix] = max(last.get(prefix, (0, 0)), (int(number), key))
    stay = {key for _, key in last.values()} | {conn.scalar(select(func.max(t.case_file.c.id)))}
    done = (
        t.case_file.c.status == CaseStatus.CLOSED,
        t.case_file.c.closing_told,
        t.case_file.c.closed_on < before,
        t.task.c.finished_on < before,
    )
    query = select(t.case_file.c.id).join(t.task, t.task.c.id == t.case_file.c.task_id).where(*done)
    return [key for key in conn.scalars(query.order_by(t.case_file.c.id)) if key not in stay]


def old_cases(conn: Connection, before: date) -> Removal:
    """How many cases would be folded."""
    return Removal(Kept.CASES, before, len(_old(conn, before)))


def fold_cases(tx: AuditedTransaction, before: date) -> int:
    """Counts old cases in the statistics and removes their rows; returns how many. Logs it, if there are any."""
    conn = tx.conn
    ids = _old(conn, before)
    if not ids:
        return 0
    counted = folded(conn)
    for some in slices(ids):
        counted.update(counted_cases(conn, some))
        theirs = tuple(
            (table, table.c[name].in_(some))
            for table, name in ((t.act, "case_id"), (t.notice, "case_id"), (t.case_file, "id"))
        )
        with rows_logged(tx, None, *theirs):
            conn.execute(delete(t.case_before).where(t.case_before.c.case_id.in_(some)))
            for table, which in theirs:
                conn.execute(delete(table).where(which))
    names = t.case_statistic.c.keys()
    with rows_logged(tx, None, (t.case_statistic, true())):
        conn.execute(delete(t.case_statistic))
        rows = (dict(zip(names, (*key, number), strict=True)) for key, number in counted.items())
        insert_many(conn, t.case_statistic, rows)
    detail = {
        "cases": str(len(ids)),
        "before": before.isoformat(),
        "missing_sha256": missing_sha256(missing_cases(conn)),
    }
    tx.log(None, [Event(CASES_FOLDED, None, detail)])
    return len(ids)


def folded(conn: Connection) -> Counter[StatisticKey]:
    """The cases that were folded, by what they are counted by."""
    found: Counter[StatisticKey] = Counter()
    for *key, number in conn.execute(select(t.case_statistic)):
        rule, kind, year, outcome, late = key
        found[rule, kind, year, outcome, late] = number
    return found


def counted_cases(conn: Connection, ids: list[int] | None = None) -> Counter[StatisticKey]:
    """Stored cases, by what they are counted by; those of `ids`, or all. The outcome of an open one is empty."""
    query = (
        select(
            func.coalesce(t.rule.c.id, "").label("rule"),
            t.unit.c.kind,
            t.case_file.c.opened_on,
            t.case_file.c.outcome,
            t.case_file.c.status,
            t.case_file.c.last_day,
            t.task.c.done_on,
        )
        .select_from(t.case_file)
        .join(t.task, t.task.c.id == t.case_file.c.task_id)
        .join(t.unit, t.unit.c.no == t.task.c.unit_no)
        .outerjoin(t.rule, t.rule.c.no == t.task.c.rule_no)
    )
    if ids is not None:
        query = query.where(t.case_file.c.id.in_(ids))
    return Counter(map(_key, conn.execute(query)))


def _key(row: Row[tuple[object, ...]]) -> StatisticKey:
    outcome = row.outcome.value if row.status is CaseStatus.CLOSED and row.outcome else ""
    late = 0
    if outcome == Outcome.LATE.value and row.done_on and row.last_day:
        late = max((row.done_on - row.last_day).days, 0)
    return row.rule, row.kind, row.opened_on.year, outcome, late
