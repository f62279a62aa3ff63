"""What is recorded at the very instant of a cut-off, 02:00, is known to that night; a second later it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from dondoc.engine.domain.rulebook import Selector
from dondoc.engine.domain.terms import SheetKind
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from tests.stories.test_assigned_tasks import assigned
from tests.stories.test_withdrawn_facts import takes_back
from tests.support.town import Town, only, rules

REPORT, UNIT = "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai"
MONDAY, TUESDAY = date(2015, 4, 20), date(2015, 4, 21)
AT, AFTER = "2015-04-21T02:00:00", "2015-04-21T02:00:01"
known = pytest.mark.parametrize(
    ("recorded", "open_"), [pytest.param(AT, True, id="at it"), pytest.param(AFTER, False, id="a second later")]
)


def is_open(town: Town) -> bool:
    """Whether the commune has a case."""
    return town.case(REPORT, UNIT) is not None


@known
def test_a_task_that_is_assigned(recorded: str, open_: bool) -> None:  # noqa: FBT001 - a column
    """Past its limit from the start, its case opens on the first night that knows of it."""
    town = Town.founded(assigned(), mailboxes=False)
    town.is_assigned(UNIT, "assigned", "2015-04-19", recorded)
    town.night(TUESDAY)
    assert is_open(town) is open_


@known
def test_a_correction(recorded: str, open_: bool) -> None:  # noqa: FBT001 - a column
    """What had settled the demand turns out to be another report."""
    town = Town.founded(only(rules(), REPORT), mailboxes=False)
    town.submits(UNIT, "child-protection", "2015-04-17", ref="BC-1")
    town.night(MONDAY)
    town.submits(UNIT, "another", "2015-04-17", recorded, ref="BC-1")
    town.night(TUESDAY)
    assert is_open(town) is open_


@known
def test_a_withdrawal(recorded: str, open_: bool) -> None:  # noqa: FBT001 - a column
    """What had settled the demand never was."""
    town = Town.founded(only(rules(), REPORT), mailboxes=False)
    town.submits(UNIT, "child-protection", "2015-04-17", ref="BC-1")
    town.night(MONDAY)
    takes_back(town, SheetKind.SUBMISSIONS, "BC-1", recorded)
    town.night(TUESDAY)
    assert is_open(town) is open_


@pytest.mark.parametrize(
    ("withdrawn", "finished"),
    [pytest.param(AT, TUESDAY, id="at it"), pytest.param(AFTER, None, id="a second later")],
)
def test_an_assigned_task_that_is_withdrawn(withdrawn: str, finished: date | None) -> None:
    """It is finished on the night that knows of that: no later one reads it."""
    town = Town.founded(assigned(), mailboxes=False)
    town.is_assigned(UNIT, "assigned", "2015-05-19", "2015-04-01T09:00", ref="NV-1")
    town.night(MONDAY)
    takes_back(town, SheetKind.TASKS, "NV-1", withdrawn)
    town.night(TUESDAY)
    with reading(town.engine) as conn:
        assert conn.scalars(select(t.task.c.finished_on)).all() == [finished]


@pytest.mark.parametrize(
    ("applies_to", "finished"),
    [
        pytest.param(Selector(units=("ln.ubnd_xa.bac_lung",)), date(2015, 4, 16), id="the commune is left out"),
        pytest.param(Selector(units=(UNIT,)), None, id="it is left alone"),
    ],
)
def test_a_demand_that_its_rule_makes_no_longer(applies_to: Selector, finished: date | None) -> None:
    """Its task is finished on the first night that reads so."""
    town = Town.founded(only(rules(), REPORT), mailboxes=False)
    town.night(date(2015, 4, 15))
    edited = replace(town.book.rules[REPORT], applies_to=applies_to)
    town.book = replace(town.book, rules={REPORT: edited})
    town.night(date(2015, 4, 16))
    with reading(town.engine) as conn:
        mine = select(t.task.c.finished_on).join(t.unit, t.unit.c.no == t.task.c.unit_no)
        assert conn.scalars(mine.where(t.unit.c.id == UNIT)).all() == [finished]
