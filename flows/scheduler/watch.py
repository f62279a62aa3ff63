"""Around every run of a night or a delivery: heartbeat, log, trace, and metrics afterwards."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from dondoc.engine.errors import DonDocError
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.db.schema_version import behind
from dondoc.flows.config.settings import Settings, opened
from dondoc.flows.night.report import NightReport
from dondoc.flows.observe import log, tracing
from dondoc.flows.observe.heartbeat import watched
from dondoc.flows.observe.step import timed
from dondoc.notifications.delivery.relay import DeliveryReport

_log = logging.getLogger("dondoc.metrics")


@dataclass(slots=True)
class Watch:
    """What a run sets: the report of the night that it has judged, or what it has delivered."""

    report: NightReport | None = None
    delivery: DeliveryReport | None = None

    def failed(self) -> bool:
        """Whether a run that ended without an error did not do its work: letters that cannot leave."""
        return self.delivery is not None and self.delivery.failed


@contextmanager
def run(given: Settings, name: str, clock: Callable[[], datetime]) -> Iterator[Watch]:
    """Around a run of `nightly` or `deliver`; a failure of heartbeat, trace or metrics never stops the run."""
    log.begin(given.log)
    watch = Watch()
    with watched(given.heartbeat, name, clock, watch.failed), tracing.traced(name), timed() as taken:
        log.note("begins", run=name)
        try:
            yield watch
        except BaseException as error:
            log.note("ends", run=name, outcome=type(error).__name__)
            raise
        finally:
            _publish(given, watch.report, taken, clock())
        log.note("ends", run=name, outcome="done", **_counted(watch.report))


def _counted(report: NightReport | None) -> Mapping[str, object]:
    if report is None:
        return {}
    return {"night": report.as_of, "state": report.state, "again": report.again, **report.counts}


def _publish(given: Settings, report: NightReport | None, taken: Mapping[str, float], now: datetime) -> None:
    if given.metrics_folder is None or given.database_missing():
        return
    # Imported here, so that only a run with metrics pays for the import.
    from dondoc.flows.records import metrics  # noqa: PLC0415

    try:
        with opened(given) as engine:
            # A run refused before its upgrade leaves a schema that the queries do not know.
            if behind(engine):
                return
            with reading(engine) as conn:
                numbers = metrics.standing(conn, now)
            metrics.write(given.metrics_folder, "dondoc_state", numbers)
        if report is not None and not report.again:
            metrics.write(given.metrics_folder, "dondoc_night", metrics.of_run(taken, now))
    except (DonDocError, OSError) as error:
        _log.warning("không ghi được số đo (metrics not written): %s", type(error).__name__)
