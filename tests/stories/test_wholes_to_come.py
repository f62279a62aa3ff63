"""What is promised of a part on a closed night, when the next working night tells of its whole too."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from tests.stories.test_derived_rules import LABOUR, communes
from tests.support.explain_helpers import account, why_not_text
from tests.support.town import Town

SUNDAY, MONDAY = date(2015, 5, 10), date(2015, 5, 11)
UNIT = "ln.ubnd_xa.bao_dai"


def _judged(town: Town, night: date) -> None:
    before = night - timedelta(days=1)
    steps.judge_night(town.engine, town.book, Night(night, steps.cutoff_of(night), previous=before))


def test_who_hears_of_the_whole_tomorrow_is_promised_nothing_of_its_part() -> None:
    """No commune reports, and the first night is a Sunday: `explain` names for Monday whom Monday writes to."""
    town = Town.founded(communes(covers=True))
    _judged(town, SUNDAY)
    f, k, u, n = t.case_file, t.task, t.unit, t.notice
    with reading(town.engine) as conn:
        part = select(f.c.id, f.c.code).join_from(f, k, k.c.id == f.c.task_id).join(u, u.c.no == k.c.unit_no)
        case = conn.execute(part.where(u.c.id == UNIT)).one()
    promised = {event.on: set(event.readers) for event in account(town, case.code, str(SUNDAY)).coming}
    said = why_not_text(town, LABOUR, str(SUNDAY))
    _judged(town, MONDAY)
    with reading(town.engine) as conn:
        heard = select(u.c.id).join_from(n, u, u.c.no == n.c.reader_no)
        told = set(conn.scalars(heard.where(n.c.case_id == case.id, n.c.night == MONDAY)))
    assert promised[MONDAY] == told
    assert UNIT in told
    assert LABOUR not in told
    assert "đã gộp trong hồ sơ" in said
