"""The metrics for Prometheus: files for node_exporter's textfile collector, or a port.

`dondoc_state.prom` is written after every night and delivery, `dondoc_night.prom` after a night, with the time it
took. `METRICS` has every name that is written; a test compares deploy/ with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from dondoc.engine.domain.terms import NightState
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.intake import pulls
from dondoc.engine.store.night import cases, nights
from dondoc.flows.night.steps import cutoff_of
from dondoc.notifications.delivery import outbox

METRICS = {
    "dondoc_night_date_seconds": "02:00 of the latest night that was judged, as Unix time",
    "dondoc_night_state": "1 for the state the latest night ended in, 0 for the others",
    "dondoc_night_things": "what the latest night judged, found, opened, climbed, closed and wrote",
    "dondoc_night_to_see": "how many things of the latest night need a person",
    "dondoc_cases": "cases by status",
    "dondoc_letters": "letters by state",
    "dondoc_letter_oldest_due_seconds": "when the letter that waits longest fell due, as Unix time; 0 for none",
    "dondoc_source_heard_seconds": "when a source last had data, as Unix time; 0 for never",
    "dondoc_source_silent": "1 for a source that was stale on the latest night, 0 for the others",
    "dondoc_night_ended_seconds": "when the latest run of a night ended, as Unix time",
    "dondoc_step_seconds": "how long each step of the latest run took",
}


def standing(conn: Connection, now: datetime) -> CollectorRegistry:
    """The latest night, if there is one, the cases and the letters of a database."""
    numbers = CollectorRegistry()
    latest = nights.latest(conn)
    row = nights.judged(conn, latest) if latest else None
    if row is not None:
        _add(numbers, "dondoc_night_date_seconds", cutoff_of(row.as_of).timestamp())
        _add_each(numbers, "dondoc_night_state", "state", {state: row.state is state for state in NightState})
        _add_each(numbers, "dondoc_night_things", "thing", row.summary["counts"])
        _add(numbers, "dondoc_night_to_see", len(row.summary["lines"]))
    _add_each(numbers, "dondoc_cases", "status", cases.counts(conn))
    _add_each(numbers, "dondoc_letters", "state", outbox.counts(conn))
    due = outbox.due_at(conn)
    _add(numbers, "dondoc_letter_oldest_due_seconds", due.timestamp() if due is not None and due <= now else 0)
    _add_sources(numbers, conn, latest)
    return numbers


def _add_sources(numbers: CollectorRegistry, conn: Connection, latest: date | None) -> None:
    """Each source that was ever pulled, without the rules: the latest night logged which were stale."""
    arrivals = pulls.last_arrivals(conn)
    stale = pulls.stale_on(conn, latest) if latest else frozenset[str]()
    at = {source: at.timestamp() if at else 0 for source, at in arrivals.items()}
    _add_each(numbers, "dondoc_source_heard_seconds", "source", at)
    _add_each(numbers, "dondoc_source_silent", "source", {source: source in stale for source in arrivals})


def of_run(taken: Mapping[str, float], now: datetime) -> CollectorRegistry:
    """The end and the steps' seconds of a run that judged a night."""
    numbers = CollectorRegistry()
    _add(numbers, "dondoc_night_ended_seconds", now.timestamp())
    _add_each(numbers, "dondoc_step_seconds", "step", {name: round(seconds, 3) for name, seconds in taken.items()})
    return numbers


def _add(numbers: CollectorRegistry, name: str, value: float) -> None:
    Gauge(name, METRICS[name], registry=numbers).set(value)


def _add_each(numbers: CollectorRegistry, name: str, label: str, values: Mapping[Any, float]) -> None:
    gauge = Gauge(name, METRICS[name], [label], registry=numbers)
    for key, value in values.items():
        gauge.labels(key).set(value)


def write(folder: Path, name: str, numbers: CollectorRegistry) -> None:
    """Writes the file atomically. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    write_to_textfile(str(folder / f"{name}.prom"), numbers)
