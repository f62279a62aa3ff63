"""A service that was down for some nights: one run, and everything stands as if it had never been away."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.db.schema_version import create_tables
from dondoc.engine.store.db.tables import letter
from dondoc.flows.night import steps
from dondoc.flows.night.report import NightReport
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.story_stage import Stage

# Each is the last night before the gap: steps, repeats, closings, quotas and a year's end lie in what follows.
STARTS = ("2015-04-17", "2015-05-06", "2015-10-28", "2019-08-30", "2019-12-30")

Expected = dict[tuple[str, int], list[tuple[object, ...]]]


def played(stage: Stage, first: date, nights: int) -> None:
    """Every night on its own day, with its delivery."""
    for n in range(nights):
        day = first + timedelta(days=n)
        planned = steps.plan_nights(stage.engine, day, catch_up=False)
        assert not isinstance(planned, NightReport)
        stage.judged(planned[-1])
        stage.delivered(day)


def cases(engine: Engine) -> list[tuple[object, ...]]:
    """Every case: where it stands, since when, and until when."""
    file = t.case_file.c
    with reading(engine) as conn:
        found = conn.execute(
            select(file.code, file.status, file.reached, file.breach, file.opened_on, file.closed_on).order_by(
                file.code
            )
        )
        return [tuple(row) for row in found]


@pytest.fixture(scope="module")
def always_up(tmp_path_factory: pytest.TempPathFactory) -> Expected:
    """The cases of a service that ran every night, by start and number of nights passed."""
    found = {}
    for start in STARTS:
        folder = tmp_path_factory.mktemp(start)
        engine = connect(f"sqlite:///{folder / 'up.db'}")
        create_tables(engine)
        with Mailsink(folder / "mails") as sink:
            stage = Stage.set(engine, sink)
            first = date.fromisoformat(start)
            played(stage, first, 1)
            for n in range(1, 32):
                played(stage, first + timedelta(days=n), 1)
                found[start, n] = cases(engine)
        engine.dispose()
    return found


@pytest.mark.long
@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("down", [1, 3, 30])
def test_one_run_makes_good_the_nights_that_were_missed(
    database: Engine,
    sink: Mailsink,
    always_up: Expected,
    start: str,
    down: int,
) -> None:
    """The same cases as if it had never been down; letters of the last night only, one for each reader."""
    stage = Stage.set(database, sink)
    first = date.fromisoformat(start)
    played(stage, first, 1)
    back = first + timedelta(days=down + 1)
    planned = steps.plan_nights(database, back)
    assert not isinstance(planned, NightReport)
    assert len(planned) == down + 1
    for night in planned:
        stage.judged(night)
    stage.delivered(back)
    assert cases(database) == always_up[start, down + 1]
    with reading(database) as conn:
        written = conn.execute(select(letter.c.night, letter.c.office).where(letter.c.night > first)).all()
    assert {night for night, _ in written} <= {back}
    assert all(count == 1 for count in Counter(office for _, office in written).values())
    assert len(stage.mails(back)) == len(written)
