"""The night and the delivery as Prefect flows: schedule, retries and a record.

The work is in `dondoc.flows.night.steps`; this module decides what is retried and what the UI shows, and
`dondoc.flows.scheduler.prefect_schedule` when it runs.
"""

from __future__ import annotations

import logging
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import deployment, flow_run

from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import DonDocError
from dondoc.engine.gc_tuning import collect_rarely
from dondoc.engine.rulefile import load
from dondoc.engine.store.db.database import night_lock
from dondoc.engine.store.db.faults import DatabaseFault, NightRunning
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.engine.store.matching.evaluate import Decisions
from dondoc.engine.store.night.prepared import Night, Prepared
from dondoc.flows.config import settings
from dondoc.flows.config.settings import Settings
from dondoc.flows.night import steps
from dondoc.flows.night.report import NightReport
from dondoc.flows.night.report_text import delivery_line, delivery_markdown, headline, night_markdown
from dondoc.flows.observe import log
from dondoc.flows.records import retention
from dondoc.flows.records.retention import RetentionReport
from dondoc.flows.replies.desk import read_now
from dondoc.flows.scheduler import watch as watching
from dondoc.flows.scheduler.pages_after import pages_after
from dondoc.flows.scheduler.sending import send_due
from dondoc.flows.workers import dask_cluster, prefect_pool
from dondoc.notifications.delivery.relay import DeliveryReport


def _in_a_sentence(record: logging.LogRecord) -> bool:
    """A log filter: an error of ours is written for people, so its text is logged without a traceback."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, DonDocError):
        record.msg, record.args, record.exc_info = str(error), (), None
    return True


# The process of a scheduled flow run starts by importing this module.
collect_rarely()
for _name in ("prefect.flow_runs", "prefect.task_runs"):
    logging.getLogger(_name).addFilter(_in_a_sentence)

TAGS = ["dondoc"]


def _now() -> datetime:
    return datetime.now(UTC)


def _worth_repeating(_task: Any, _run: Any, state: Any) -> bool:
    """Only a busy or unreachable database is worth a retry; a fault of ours would come back."""
    try:
        state.result()
    except NightRunning:
        # Another run holds the night for longer than the retries wait.
        return False
    except DatabaseFault:
        return True
    except Exception:  # noqa: BLE001 - no other error is worth repeating
        return False
    return False


# Values pass from task to task inside one process; nothing is cached or stored by Prefect.
_retried = task(
    retries=3, retry_delay_seconds=[5, 20, 60], retry_condition_fn=_worth_repeating, cache_policy=NO_CACHE
)


@task(cache_policy=NO_CACHE)
def load_rules(folder: Path) -> RuleBook:
    """The rule book. Raises `RulesRefused` with every problem in it, before any data is read."""
    return load(folder)


@_retried
def pull(given: Settings, book: RuleBook) -> None:
    """Pulls every source; a failing source becomes an action item and stops nothing."""
    with settings.opened(given) as engine:
        steps.pull(engine, book, os.environ, _now)


@_retried
def prepare(given: Settings, book: RuleBook, night: Night) -> Prepared:
    """Creates tonight's tasks and settles submissions."""
    with settings.opened(given) as engine:
        return steps.prepare(engine, book, night)


@_retried
def decide(given: Settings, night: Prepared) -> Decisions:
    """Judges every fact with durable_rules."""
    with settings.opened(given) as engine:
        return steps.decide(
            engine,
            night,
            url=given.database,
            executor=prefect_pool.of(given.partitions) or dask_cluster.of(given.partitions),
        )


@_retried
def conclude(given: Settings, night: Prepared, decided: Decisions) -> NightReport:
    """Stores cases, notices and letters in one transaction."""
    with settings.opened(given) as engine:
        return steps.conclude(engine, night, decided, workers=given.workers, links=given.links)


@task(cache_policy=NO_CACHE)
def show_pages(given: Settings, book: RuleBook, report: NightReport) -> NightReport:
    """Writes the board; what fails there is a line of the report."""
    with settings.opened(given) as engine:
        return pages_after(engine, book, given, report, _now)


@task(cache_policy=NO_CACHE)
def show(report: NightReport) -> None:
    """Shows the report in Prefect's UI."""
    create_markdown_artifact(
        night_markdown(report), key=f"night-{report.as_of:%Y-%m-%d}", description="Đêm đã chạy (the night)"
    )


def _shown(given: Settings, book: RuleBook, report: NightReport) -> NightReport:
    """Whoever has no board has no task for it in the record of a run either."""
    return report if given.board is None else show_pages(given, book, report)


def _tonight() -> date:
    """The night of a run that names none: tonight's, with those that were missed before it.

    A run may begin seconds before it is due, and belongs to the night for which it was scheduled all the same.
    """
    now = datetime.now(UTC)
    return steps.as_of_for(max(now, flow_run.scheduled_start_time or now))


def _delivery_name() -> str:
    """The name of a delivery in the UI: when it was due."""
    return f"deliver {(flow_run.scheduled_start_time or _now()).astimezone(ZONE):%Y-%m-%d %H:%M}"


def _night_name() -> str:
    """The name of a run in the UI: its night."""
    return f"nightly {flow_run.parameters.get('as_of') or _tonight()}"


def judge_nights(
    as_of: date | None = None, *, baseline: bool = False, catch_up: bool = True, yes_future: bool = False
) -> NightReport:
    """Judges the missed nights and then that of `as_of`, or tonight's; returns the report of the last one.

    A night later than tomorrow's is refused unless it is meant (`yes_future`). A run of a deployment is an
    ordinary night: only a person at the command line has another one.
    """
    if deployment.id is not None:
        # On a server without a login anybody may ask for a run, with any parameters.
        baseline, catch_up, yes_future = False, True, False
    wanted = as_of or _tonight()
    if not yes_future:
        steps.refuse_future(wanted, _now())
    given = settings.load(os.environ)
    with (
        watching.run(given, "nightly", _now) as watch,
        settings.opened(given) as engine,
        steps.refusals_notified(engine, given.rules, wanted),
        night_lock(engine),
    ):
        book = load_rules(given.rules)
        upgrade(engine)
        planned = steps.plan_nights(engine, wanted, catch_up=catch_up, baseline=baseline)
        # Judged before: it is reported again, and its readers are not notified twice.
        if isinstance(planned, NightReport):
            watch.report = _shown(given, book, planned)
            get_run_logger().info("Đêm %s đã chạy trước đó (already judged)", wanted)
            return watch.report
        pull(given, book)
        for night in planned:
            with log.night(night.as_of):
                ready = prepare(given, book, night)
                decided = decide(given, ready)
                report = conclude(given, ready, decided)
                watch.report = report
        watch.report = report = _shown(given, book, report)
    show(report)
    get_run_logger().info(headline(report).vi)
    return report


def deliver_letters(at: datetime | None = None, *, in_hours: bool = False) -> DeliveryReport:
    """Sends what is due; `at` is the instant that counts as now, for a replay of the past.

    With `in_hours`, as always on schedule, only while the sending hours of mail.yaml last.
    """
    if deployment.id is not None:
        # As for a night: what a run of a deployment asks for may come from anybody.
        at, in_hours = None, True
    given = settings.load(os.environ)
    with watching.run(given, "deliver", _now) as watch:
        report = watch.delivery = send(given, at, in_hours=in_hours)
    create_markdown_artifact(delivery_markdown(report), key="delivery", description="Gửi thư (delivery)")
    get_run_logger().info(delivery_line(report).vi)
    return report


@_retried
def send(given: Settings, at: datetime | None, *, in_hours: bool = False) -> DeliveryReport:
    """One delivery run; deferred letters have their own next attempt, so only a database fault is retried here."""
    started = datetime.now(UTC)
    shift = at - started if at else timedelta()
    with settings.opened(given) as engine:
        upgrade(engine)
        now = lambda: datetime.now(UTC) + shift  # noqa: E731 - a clock is a value here
        return send_due(engine, given, now, in_hours=in_hours)


def take_replies() -> int:
    """Takes the answers by mail that wait in the mailbox of the settings; returns how many."""
    found = read_now(os.environ, None, _now())
    get_run_logger().info("%d trả lời qua thư (answers by mail)", len(found.answers))
    return len(found.answers)


def remove_old() -> RetentionReport:
    """Removes what is older than its time, by the role that may, after a night that runs; returns what went."""
    report = retention.retain_in_turn(os.environ, _now)
    get_run_logger().info(report.text().vi)
    return report


# Made of plain functions, because the process of a run gets its flow pickled: a function is found again by its
# name, and a decorated one, whose name means the flow, would travel without the rest of its module.
nightly = flow(name="nightly", flow_run_name=_night_name, validate_parameters=True)(judge_nights)
deliver = flow(name="deliver", flow_run_name=_delivery_name)(deliver_letters)
replies = flow(name="replies")(take_replies)
retain = flow(name="retain")(remove_old)
