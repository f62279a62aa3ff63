"""A town's database as it stood after a night, and what the nights after it write when nothing new is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from sqlalchemy import Engine, delete, update

from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, writing
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from tests.support.town import cutoff

_DAY = timedelta(days=1)
_FACTS = (t.submission, t.activity, t.reading, t.assignment)


@contextmanager
def as_known(engine: Engine, night: date) -> Iterator[Engine]:
    """A copy of a database in memory, without what was recorded behind the cut-off of its latest night."""
    copy = connect("sqlite://")
    with engine.connect() as source, copy.connect() as target:
        assert source.connection.driver_connection is not None
        source.connection.driver_connection.backup(target.connection.driver_connection)
    with writing(copy) as conn:
        for sheet in _FACTS:
            conn.execute(delete(sheet).where(sheet.c.recorded_at > cutoff(night)))
            later = sheet.c.superseded_at > cutoff(night)
            conn.execute(update(sheet).where(later).values(superseded_at=None))
    try:
        yield copy
    finally:
        copy.dispose()


def go_on(engine: Engine, book: RuleBook, night: date, nights: int) -> date:
    """So many nights after a night, each as it really runs; the last of them."""
    for n in range(1, nights + 1):
        on = night + n * _DAY
        steps.judge_night(engine, book, Night(on, steps.cutoff_of(on), previous=on - _DAY))
    return night + nights * _DAY
