"""Which night a scheduled run judges: tonight's, and that of its schedule if it starts before it is due."""

from __future__ import annotations

import logging
import os
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect import Task
from prefect.runtime import deployment, flow_run
from sqlalchemy import Engine, select

from dondoc.engine.domain.mail_policy import SendingHours
from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.terms import NightState
from dondoc.engine.errors import EngineFault, RulesRefused
from dondoc.engine.store.db.database import connect, night_lock, reading
from dondoc.engine.store.db.faults import DatabaseLocked, NightRunning
from dondoc.engine.store.db.tables import event, night
from dondoc.engine.store.intake.pulls import last_arrivals
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.config import settings
from dondoc.flows.config.partitions import Executor, Partitions
from dondoc.flows.config.settings import SettingsRefused
from dondoc.flows.night import steps
from dondoc.flows.night.report import NightReport
from dondoc.flows.night.report_text import COUNTS, night_markdown
from dondoc.flows.scheduler import prefect_flows, sending
from dondoc.flows.scheduler.hours import Hours
from dondoc.flows.scheduler.missing import missing_night
from dondoc.flows.workers import dask_cluster, prefect_pool
from dondoc.notifications.delivery.relay import DeliveryReport
from tests.support.ready_databases import upgrade
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
RETRIED = [getattr(prefect_flows, name) for name in ("pull", "prepare", "decide", "conclude", "send")]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A service with a database of its own, in which no night was judged yet."""
    url = f"sqlite:///{tmp_path / 'dondoc.db'}"
    engine = connect(url)
    upgrade(engine)
    engine.dispose()
    monkeypatch.setenv("DONDOC_DATABASE", url)
    monkeypatch.setenv("DONDOC_RULES", str(ROOT / "rules"))
    # The only task before the nights are planned: as a plain function it asks for no Prefect server.
    monkeypatch.setattr(prefect_flows, "load_rules", prefect_flows.load_rules.fn)
    return monkeypatch


@pytest.fixture
def service(home: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A service whose latest judged night is that of 20/4/2015: any night before it is refused."""
    engine = connect(os.environ["DONDOC_DATABASE"])
    Town(engine).founded_here()
    steps.judge_night(engine, rules(), Night(LATEST, steps.cutoff_of(LATEST)))
    engine.dispose()
    return home


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
        (None, False),
        (DatabaseLocked("here", "locked"), True),
        (NightRunning("here", "locked"), False),
        (EngineFault("shape", "not read to its end"), False),
        (ZeroDivisionError(), False),
    ],
    ids=[
        "nothing is wrong",
        "the database is busy",
        "another run has the night",
        "the engine is wrong",
        "the program is wrong",
    ],
)
@pytest.mark.parametrize("task", RETRIED, ids=lambda task: task.name)
def test_a_step_is_repeated_only_where_time_may_help(
    task: Task[..., Any], fault: Exception | None, *, again: bool
) -> None:
    """As Prefect asks it, after the step has failed; three times within a minute and a half."""

    class Failed:
        def result(self) -> None:
            if fault is not None:
                raise fault

    assert task.retry_condition_fn is not None
    assert task.retry_condition_fn(task, None, Failed()) is again  # type: ignore[arg-type]
    assert (task.retries, task.retry_delay_seconds) == (3, [5, 20, 60])


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NightRunning("here", "locked"), str(NightRunning("here", "locked"))),
        (ZeroDivisionError("division by zero"), "Task run failed"),
        (None, "Task run failed"),
    ],
    ids=[
        "an error of ours is written for people",
        "a fault of the program keeps its traceback",
        "no error at all",
    ],
)
def test_what_prefect_logs_of(error: Exception | None, told: str) -> None:
    """By a filter on its loggers of runs."""
    about = (type(error), error, None) if error else None
    record = logging.LogRecord("prefect.task_runs", logging.ERROR, "here", 1, "Task run failed", (), about)
    assert logging.getLogger("prefect.task_runs").filter(record)
    assert record.getMessage() == told
    assert (record.exc_info is None) is (error is None or isinstance(error, NightRunning))


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


@pytest.mark.parametrize(
    ("where", "asked"),
    [
        pytest.param(Partitions(Executor.POOL), None, id="nobody else, unless the settings name somebody"),
        pytest.param(Partitions(Executor.PREFECT, "night"), prefect_pool.WorkPool, id="the pool that they name"),
        pytest.param(Partitions(Executor.DASK, "tcp://host:8786"), dask_cluster.Cluster, id="or the cluster"),
    ],
)
def test_a_scheduled_night_is_decided_by(home: pytest.MonkeyPatch, where: Partitions, asked: type | None) -> None:
    """Whoever it is reads the database that the settings name."""
    found: list[tuple[str, object]] = []

    def seen(*_: object, url: str, executor: object) -> None:
        found.append((url, executor))

    home.setattr(steps, "decide", seen)
    given = replace(settings.load(os.environ), partitions=where)
    prefect_flows.decide.fn(given, None)  # type: ignore[arg-type]
    ((url, executor),) = found
    assert url == os.environ["DONDOC_DATABASE"]
    assert type(executor) is (asked or type(None))


@pytest.mark.parametrize("at", [None, datetime(2015, 4, 19, 23, 30, tzinfo=UTC)], ids=["now", "in the past"])
def test_a_delivery_counts_on_from_the_instant_that_it_is_given(
    home: pytest.MonkeyPatch, at: datetime | None
) -> None:
    """A replay sends what was due then, at the hours of then."""
    found: list[timedelta] = []

    def delivered(*given: Any, **_: object) -> None:
        found.append(given[3]() - (at or datetime.now(UTC)))

    home.setattr(sending, "deliver", delivered)
    prefect_flows.send.fn(settings.load(os.environ), at)
    assert abs(found[0]) < timedelta(minutes=1)


@pytest.fixture
def plain(service: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """The flows as plain functions, which ask for no Prefect server; what they would show in its UI."""
    for name in ("pull", "prepare", "decide", "conclude", "show_pages", "show", "send"):
        service.setattr(prefect_flows, name, getattr(prefect_flows, name).fn)
    service.setattr(prefect_flows, "get_run_logger", logging.getLogger)
    shown: list[dict[str, str]] = []
    service.setattr(
        prefect_flows, "create_markdown_artifact", lambda text, **more: shown.append({"text": text, **more})
    )
    return shown


def test_a_flow_judges_the_missed_nights_and_shows_the_last(plain: list[dict[str, str]]) -> None:
    """Three nights, of which the last alone has letters; asked again, it answers with what is stored."""
    report = prefect_flows.nightly.fn(date(2015, 4, 23))
    assert (report.as_of, report.again) == (date(2015, 4, 23), False)
    assert judged_nights() == {20: "letters", 21: "silent", 22: "silent", 23: "letters"}
    (shown,) = plain
    assert (shown["key"], shown["description"]) == ("night-2015-04-23", "Đêm đã chạy (the night)")
    again = prefect_flows.nightly.fn(date(2015, 4, 23))
    assert (again.counts, again.again) == (report.counts, True)
    assert len(plain) == 1


@pytest.mark.usefixtures("plain")
def test_a_flow_pulls_the_sources_before_it_judges(service: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A source whose folder is missing is known as one that was pulled and brought nothing."""
    folder = Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))
    source = "version: 1\nsources:\n  drop: {title: {vi: Chung, en: It}, folder: none, stale_after: 2 hours}\n"
    (folder / "sources.yaml").write_text(source, "utf-8")
    service.setenv("DONDOC_RULES", str(folder))
    prefect_flows.nightly.fn(date(2015, 4, 21))
    engine = connect(os.environ["DONDOC_DATABASE"])
    with reading(engine) as conn:
        assert last_arrivals(conn) == {"drop": None}
    engine.dispose()


@pytest.mark.parametrize(("lines", "shown"), [((), "- không có"), (("một", "hai"), "- một\n- hai")])
def test_a_night_is_shown_with_what_needs_a_person(lines: tuple[str, ...], shown: str) -> None:
    """Each on a line; that there is nothing is said too."""
    report = NightReport(LATEST, NightState.OK, dict.fromkeys(COUNTS, 0), lines)
    assert night_markdown(report).endswith(f"### Cần xem\n{shown}\n")


def test_a_flow_may_leave_missed_nights_out(plain: list[dict[str, str]]) -> None:
    """And judge a baseline."""
    prefect_flows.nightly.fn(date(2015, 4, 23), catch_up=False, baseline=True)
    assert judged_nights() == {20: "letters", 23: "baseline"}


def test_a_delivery_is_shown(plain: list[dict[str, str]]) -> None:
    """The letters of the night wait for a mail server that is not there."""
    report = prefect_flows.deliver.fn(datetime(2015, 4, 20, tzinfo=UTC))
    assert report.remaining > 0
    (shown,) = plain
    assert (shown["key"], shown["description"]) == ("delivery", "Gửi thư (delivery)")


def judged_nights() -> dict[int, str]:
    """The judged nights in order, by their day of April, and what each was for."""
    engine = connect(os.environ["DONDOC_DATABASE"])
    with reading(engine) as conn:
        rows = conn.execute(select(night).order_by(night.c.as_of)).all()
    engine.dispose()
    return {row.as_of.day: "baseline" if row.baseline else "letters" if row.telling else "silent" for row in rows}


def test_a_run_of_a_deployment_takes_no_word_of_a_stranger(service: pytest.MonkeyPatch) -> None:
    """Anybody who reaches an open server may ask for one: it is an ordinary night, or a delivery of today."""
    service.setitem(vars(deployment), "id", "one-of-ours")
    seen: list[object] = []

    def plan(_engine: Engine, as_of: date, **how: bool) -> NightReport:
        seen.append(how)
        return NightReport(as_of, NightState.OK, {}, (), again=True)

    def send(_given: object, at: datetime | None, *, in_hours: bool) -> DeliveryReport:
        seen.append((at, in_hours))
        return DeliveryReport(0, 0, 0, 0, 0, 0, None, None, "")

    service.setattr(steps, "plan_nights", plan)
    service.setattr(prefect_flows, "send", send)
    service.setattr(prefect_flows, "create_markdown_artifact", lambda *_, **__: None)
    service.setattr(prefect_flows, "get_run_logger", logging.getLogger)
    later = steps.as_of_for(datetime.now(UTC)) + timedelta(days=400)
    with pytest.raises(steps.NightRefused, match="muộn hơn ngày mai"):
        prefect_flows.nightly.fn(later, yes_future=True)
    prefect_flows.nightly.fn(date(2015, 4, 21), baseline=True, catch_up=False)
    prefect_flows.deliver.fn(datetime(2015, 4, 20, tzinfo=UTC))
    assert seen == [{"catch_up": True, "baseline": False}, (None, True)]


@pytest.mark.parametrize(
    ("at", "night_at", "missing"),
    [
        ("2015-04-21T01:59", "02:00", None),
        ("2015-04-21T02:00", "02:00", date(2015, 4, 21)),
        ("2015-04-21T03:29", "03:30", None),
        ("2015-04-21T03:30", "03:30", date(2015, 4, 21)),
        ("2015-04-25T23:00", "02:00", date(2015, 4, 25)),
        ("2015-04-20T23:00", "02:00", None),
        ("2015-04-19T23:00", "02:00", None),
    ],
    ids=[
        "not yet its hour",
        "from its hour on",
        "not yet a later hour",
        "from that later hour on",
        "days later it is tonight's, with those before it",
        "judged already",
        "a clock before the latest night",
    ],
)
def test_which_night_is_missing(service: pytest.MonkeyPatch, at: str, night_at: str, missing: date | None) -> None:
    """As `dondoc serve` asks at its start and every minute, in Vietnamese time."""
    given = settings.load({**os.environ, "DONDOC_NIGHT_AT": night_at})
    assert missing_night(given, datetime.fromisoformat(at).replace(tzinfo=ZONE)) == missing


def test_before_the_first_night_none_is_missing(tmp_path: Path) -> None:
    """Whether it is a baseline is for a person to say; without a database there is nothing to ask."""
    given = settings.load({"DONDOC_DATABASE": f"sqlite:///{tmp_path / 'dondoc.db'}"})
    assert missing_night(given, datetime.now(UTC)) is None
    engine = connect(given.database)
    upgrade(engine)
    Town(engine).founded_here()
    engine.dispose()
    assert missing_night(given, datetime.now(UTC)) is None


@pytest.mark.parametrize("wrong", ["01:59", "2:30", "24:00", "noon", ""])
def test_an_hour_that_no_night_can_have_is_refused(wrong: str) -> None:
    """Before 02:00 a run would belong to the night before."""
    with pytest.raises(SettingsRefused, match="night_at"):
        settings.load({"DONDOC_NIGHT_AT": wrong})


@pytest.mark.parametrize(
    ("opens", "closes", "crons"),
    [
        (time(6, 30), time(17, 0), ("30,45 6 * * *", "0,15,30,45 7-16 * * *")),
        (time(6, 40), time(8, 0), ("40,55 6 * * *", "10,25,40,55 7 * * *")),
        (time(7, 0), time(7, 15), ("0 7 * * *",)),
        (time(8, 0), time(10, 30), ("0,15,30,45 8-9 * * *", "0,15 10 * * *")),
    ],
)
def test_deliveries_come_every_quarter_of_an_hour_in_the_sending_hours(
    opens: time, closes: time, crons: tuple[str, ...]
) -> None:
    """None at the close."""
    assert Hours(sending=SendingHours(opens, closes)).delivery_crons == crons
