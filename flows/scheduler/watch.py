"""Around every run of a night or a delivery: signs of life, the log, the trace, and the numbers afterwards."""

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

_log = logging.getLogger("dondoc.metrics")


@dataclass(slots=True)
class Watch:
    """What a run hands over when it has judged a night."""

    report: NightReport | None = None


@contextmanager
def run(given: Settings, name: str, clock: Callable[[], datetime]) -> Iterator[Watch]:
    """A run of `nightly` or `deliver`; whatever is told about it outside never disturbs it."""
    log.begin(given.log)
    watch = Watch()
    with watched(given.heartbeat, name, clock), tracing.traced(name), timed() as taken:
        log.note("begins", run=name)
        try:
            yield watch
        except BaseException as error:
            log.note("ends", run=name, outcome=type(error).__name__)
            raise
        finally:
            _publish(given, watch.report, taken, clock())
        log.note("ends", run=name, outcome="done", **_notified(watch.report))


def _notified(report: NightReport | None) -> Mapping[str, object]:
    if report is None:
        return {}
    return {"night": report.as_of, "state": report.state, "again": report.again, **report.counts}


def _publish(given: Settings, report: NightReport | None, taken: Mapping[str, float], now: datetime) -> None:
    if given.metrics_folder is None or given.database_missing():
        return
    # Only where somebody counts does a run wait for what writes numbers.
    from dondoc.flows.records import metrics  # noqa: PLC0415

    try:
        with opened(given) as engine:
            if behind(engine):
                return
            with reading(engine) as conn:
                numbers = metrics.standing(conn, now)
            metrics.write(given.metrics_folder, "dondoc_state", numbers)
        if report is not None and not report.again:
            metrics.write(given.metrics_folder, "dondoc_night", metrics.of_run(taken, now))
    except (DonDocError, OSError) as error:
        _log.warning("không ghi được số đo (metrics not written): %s", type(error).__name__)
