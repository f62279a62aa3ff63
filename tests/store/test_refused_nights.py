"""Nights that are refused before they write anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.errors import CalendarUncovered
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from tests.support.town import Town, rules

NIGHT = date(2015, 4, 20)


def test_a_calendar_that_ended_refuses_the_night_though_no_rule_of_tonight_asks_it() -> None:
    """Else the night would find out in its middle, on the day on which a rule does."""
    short = WorkCalendar("ngan", date(2015, 1, 1), NIGHT.replace(day=19), {}, {})
    book = rules()
    town = Town.founded(replace(book, calendars={**book.calendars, "ngan": short}))
    with pytest.raises(CalendarUncovered, match="ngan"):
        steps.prepare(town.engine, town.book, Night(NIGHT, steps.cutoff_of(NIGHT)))
    with reading(town.engine) as conn:
        assert conn.scalar(select(func.count()).select_from(t.task)) == 0
