"""Which night a scheduled run judges: tonight's, and that of its schedule if it starts before it is due."""

from __future__ import annotations

import logging
import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect import Task
from prefect.runtime import flow_run
from sqlalchemy import Engine, select

from dondoc.engine.domain.terms import NightState
from dondoc.engine.errors import EngineFault, RulesRefused
from dondoc.engine.store.db.database import connect, night_lock, reading
from dondoc.engine.store.db.faults import DatabaseLocked, NightRunning
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.engine.store.db.tables import event
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.flows.night.report import NightReport
from dondoc.flows.scheduler import prefect_flows
from tests.support.town import ROOT, Town, rules


@pytest.mark.parametrize(
    ("instant", "night"),
    [
        (datetime(2015, 4, 19, 19, 0, tzinfo=UTC), date(2015, 4, 20)),
        (datetime(2015, 4, 20, 18, 59, tzinfo=UTC), date(2015, 4, 20)),
        (datetime(2015, 4, 19, 18, 59, tzinfo=UTC), date(2015, 4, 19)),
        (datetime(2015, 4, 19, 17, 0, tzinfo=UTC), date(2015, 4, 19)),
        (datetime(2024, 2, 28, 19, 0, tzinfo=UTC), date(2024, 2, 29)),
    ],
    ids=[
        "02:00 in Vietnam is 19:00 UTC of the day before",
        "one minute before the next 02:00: a run that starts late keeps its night",
        "one minute before 02:00: still yesterday's",
        "midnight in Vietnam begins no night",
        "the night of a leap day",
    ],
)
def test_a_run_belongs_to_the_date_it_was_scheduled_for(instant: datetime, night: date) -> None:
    """The latest night whose 02:00 in Asia/Ho_Chi_Minh had come when the run was due, however late it starts."""
    assert steps.as_of_for(instant) == night


LATEST = date(2015, 4, 20)


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A service whose latest judged night is that of 20/4/2015: any night before it is refused."""
    url = f"sqlite:///{tmp_path / 'dondoc.db'}"
    engine = connect(url)
    upgrade(engine)
    Town(engine).founded_here()
    steps.judge_night(engine, rules(), Night(LATEST, steps.cutoff_of(LATEST)))
    engine.dispose()
    monkeypatch.setenv("DONDOC_DATABASE", url)
    monkeypatch.setenv("DONDOC_RULES", str(ROOT / "rules"))
    # The only task before the nights are planned: as a plain function it asks for no Prefect server.
    monkeypatch.setattr(prefect_flows, "load_rules", prefect_flows.load_rules.fn)
    return monkeypatch


def scheduled(service: pytest.MonkeyPatch, at: datetime) -> None:
    """Prefect runs the flow now, for a schedule of that time."""
    service.setitem(vars(flow_run), "scheduled_start_time", at)


def asked_for(service: pytest.MonkeyPatch) -> date:
    """The night that the flow would judge."""
    wanted: list[date] = []

    def plan(_engine: Engine, as_of: date, **_: bool) -> NightReport:
        wanted.append(as_of)
        return NightReport(as_of, NightState.OK, {}, (), again=True)

    service.setattr(steps, "plan_nights", plan)
    service.setattr(prefect_flows, "get_run_logger", logging.getLogger)
    prefect_flows.nightly.fn()
    return wanted[0]


def test_a_run_that_starts_days_late_judges_tonight(service: pytest.MonkeyPatch) -> None:
    """As the timers do: the nights between are made up in the same run, and only tonight's notifies."""
    scheduled(service, datetime(2015, 4, 17, 19, 0, tzinfo=UTC))
    assert asked_for(service) == steps.as_of_for(datetime.now(UTC))


def test_a_run_that_starts_before_it_is_due_judges_the_night_of_its_schedule(service: pytest.MonkeyPatch) -> None:
    """Prefect starts a run seconds early: at 01:59:55 it is not yesterday's."""
    tomorrow = steps.as_of_for(datetime.now(UTC)) + timedelta(days=1)
    scheduled(service, steps.cutoff_of(tomorrow))
    assert asked_for(service) == tomorrow


@pytest.mark.parametrize(
    ("fault", "again"),
    [
        (DatabaseLocked("here", "locked"), True),
        (NightRunning("here", "locked"), False),
        (EngineFault("shape", "not read to its end"), False),
        (ZeroDivisionError(), False),
    ],
    ids=["the database is busy", "another run has the night", "the engine is wrong", "the program is wrong"],
)
@pytest.mark.parametrize("task", [prefect_flows.pull, prefect_flows.prepare, prefect_flows.decide])
def test_a_step_is_repeated_only_where_time_may_help(
    task: Task[..., Any], fault: Exception, *, again: bool
) -> None:
    """As Prefect asks it, after the step has failed."""

    class Failed:
        def result(self) -> None:
            raise fault

    assert task.retry_condition_fn is not None
    assert task.retry_condition_fn(task, None, Failed()) is again  # type: ignore[arg-type]


def test_a_night_that_is_named_is_judged_whatever_the_schedule(service: pytest.MonkeyPatch) -> None:
    """A person who names a night means it."""
    scheduled(service, datetime(2015, 4, 17, 19, 0, tzinfo=UTC))
    with pytest.raises(steps.NightRefused, match="Đêm 10/04/2015"):
        prefect_flows.nightly.fn(date(2015, 4, 10))


def test_a_flow_beside_another_night_begins_nothing(service: pytest.MonkeyPatch) -> None:
    """It ends before it reads anything, and Prefect does not repeat it."""
    engine = connect(os.environ["DONDOC_DATABASE"])
    with night_lock(engine), pytest.raises(NightRunning):
        prefect_flows.nightly.fn(date(2015, 4, 21))
    engine.dispose()


def test_a_flow_whose_rules_are_refused_tells_the_operator(service: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By a letter of the night that it was to judge."""
    folder = Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))
    (folder / "ladders.yaml").write_text("version: 7\n", "utf-8")
    service.setenv("DONDOC_RULES", str(folder))
    with pytest.raises(RulesRefused):
        prefect_flows.nightly.fn(date(2015, 4, 21))
    engine = connect(os.environ["DONDOC_DATABASE"])
    with reading(engine) as conn:
        (told,) = conn.scalars(select(event.c.night).where(event.c.kind == "rules-refused"))
    engine.dispose()
    assert told == date(2015, 4, 21)
