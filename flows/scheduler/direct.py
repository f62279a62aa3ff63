"""The same night and delivery without Prefect, for when Prefect is down."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime

from dondoc.engine.rulefile import load
from dondoc.engine.store.db.database import night_lock
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.flows.config import settings
from dondoc.flows.night import steps
from dondoc.flows.night.report import NightReport
from dondoc.flows.scheduler import watch as watching
from dondoc.flows.scheduler.pages_after import pages_after
from dondoc.flows.scheduler.sending import send_due
from dondoc.flows.shutdown import given_up
from dondoc.flows.workers import dask_cluster
from dondoc.notifications.delivery.relay import DeliveryReport


def _now() -> datetime:
    return datetime.now(UTC)


def nightly(
    as_of: date, *, baseline: bool = False, catch_up: bool = True, yes_future: bool = False
) -> NightReport:
    """Judges the missed nights and then that of `as_of`; returns the report of the last one judged.

    A night later than tomorrow's is refused unless it is meant (`yes_future`).
    """
    if not yes_future:
        steps.refuse_future(as_of, _now())
    given = settings.load(os.environ)
    with (
        given_up(),
        watching.run(given, "nightly", _now) as watch,
        settings.opened(given) as engine,
        steps.refusals_notified(engine, given.rules, as_of),
        night_lock(engine),
    ):
        book = load(given.rules)
        upgrade(engine)
        planned = steps.plan_nights(engine, as_of, catch_up=catch_up, baseline=baseline)
        # Judged before: it is reported again, and its readers are not notified twice.
        if isinstance(planned, NightReport):
            watch.report = pages_after(engine, book, given, planned, _now)
            return watch.report
        steps.pull(engine, book, os.environ, _now)
        for night in planned:
            report = steps.judge_night(
                engine,
                book,
                night,
                url=given.database,
                workers=given.workers,
                executor=dask_cluster.of(given.partitions),
                links=given.links,
            )
            watch.report = report
        watch.report = report = pages_after(engine, book, given, report, _now)
    return report


def deliver(now: Callable[[], datetime], *, in_hours: bool = False) -> DeliveryReport:
    """Sends what is due by `now`; with `in_hours` only while the sending hours of mail.yaml last."""
    given = settings.load(os.environ)
    with watching.run(given, "deliver", _now) as watch, settings.opened(given) as engine:
        upgrade(engine)
        watch.delivery = send_due(engine, given, now, in_hours=in_hours)
    return watch.delivery
