"""The column `task` of a report: which demand it names. A text that can name none is refused by row."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from dondoc.engine.domain.period_texts import NoSuchPeriod, period_key
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.intake.kinds import Values

_AS_IN_VI = "ghi kỳ như 02/2026, quý II/2026, năm 2026, hoặc ngày cuối như 25/02/2026"
_AS_IN_EN = "write 02/2026, 2026-Q2 or 2026, or its last day such as 25/02/2026"


def unnameable(conn: Connection, rows: Iterable[Values]) -> dict[str, tuple[str, str, str, str]]:
    """By text that reports name their demand by: its column, value and reason (vi, en) if it can name none.

    A period need not be demanded yet, and the report waits for it; a task must be assigned before it is named.
    """
    wrong = {}
    for names in {row["task"] for row in rows if row["task"]}:
        reason = _why_no_period(names.rpartition("@")[2])
        if reason is not None:
            wrong[names] = ("task", names, *reason)
    if not wrong:
        return {}
    texts = {text for names in wrong for text in (names, names.rpartition("@")[2])}
    known = set(conn.scalars(select(t.assignment.c.ref).where(t.assignment.c.ref.in_(texts))))
    known |= set(conn.scalars(select(t.task.c.subject).where(t.task.c.subject.in_(texts))))
    return {names: why for names, why in wrong.items() if not known & {names, names.rpartition("@")[2]}}


def _why_no_period(text: str) -> tuple[str, str] | None:
    try:
        if period_key(text) is not None:
            return None
    except NoSuchPeriod:
        return f"không có kỳ nào như vậy; {_AS_IN_VI}", f"there is no such period: {_AS_IN_EN}"
    return (
        f"không phải kỳ, và chưa có nhiệm vụ nào mang mã này; {_AS_IN_VI}, hoặc nạp nhiệm vụ (tasks) trước",
        f"it is no period, and no task has this ref: {_AS_IN_EN}, or import the task first",
    )
