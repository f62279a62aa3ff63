"""Of which of a letter's matters an office has said since its night what postpones it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection, select

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.terms import Section
from dondoc.engine.store.db import tables as t

_POSTPONES = (ActKind.EXPLAINED, ActKind.EXTENSION_GRANTED)


def replied_since(conn: Connection, letter: str, now: datetime) -> Mapping[int, date]:
    """By task, the day that was promised or granted between a letter's night and `now`.

    Only what postpones the case: the first explanation that stands, and the latest extension. Without the matters
    whose end the letter tells.
    """
    act, notice = t.act.c, t.notice.c
    asked = (
        select(notice.task_id, act.no, act.kind, act.until, act.about, act.recorded_at, t.night.c.cutoff)
        .select_from(t.notice)
        .join(t.night, t.night.c.as_of == notice.night)
        .join(t.act, act.case_id == notice.case_id)
        .where(notice.letter == letter, notice.section != Section.RESOLVED, act.recorded_at <= now)
        .order_by(act.no)
    )
    rows = conn.execute(asked).all()
    gone = {row.about for row in rows if row.kind is ActKind.TAKEN_BACK}
    found: dict[int, date] = {}
    explained: set[int] = set()
    for row in rows:
        if row.kind not in _POSTPONES or row.no in gone:
            continue
        # A second explanation is on record and pauses nothing (decision 0066).
        postpones = row.kind is ActKind.EXTENSION_GRANTED or row.task_id not in explained
        if row.kind is ActKind.EXPLAINED:
            explained.add(row.task_id)
        if postpones and row.recorded_at > row.cutoff:
            found[row.task_id] = row.until
    return found
