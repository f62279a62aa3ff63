"""How things stand as Prometheus reads it: files for node_exporter's textfile collector, or a port.

`dondoc_state.prom` is written after every night and delivery, `dondoc_night.prom` after a night, with the time it
took. Every name that is written stands in `METRICS`, and deploy/ is held to it by a test.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from dondoc.engine.domain.terms import CaseStatus
from dondoc.engine.store.db.tables import NightState, case_file
from dondoc.engine.store.intake import pulls
from dondoc.engine.store.night import nights
from dondoc.flows.night.report import NightReport
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
    "dondoc_source_heard_seconds": "when a source was last heard, as Unix time; 0 for never",
    "dondoc_source_silent": "1 for a source that the latest night could not hear, 0 for the others",
    "dondoc_night_ended_seconds": "when the latest run of a night ended, as Unix time",
    "dondoc_step_seconds": "how long each step of the latest run took",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One number, under a name of `METRICS`, with its label if it has one."""

    name: str
    value: float
    label: tuple[str, str] | None = None


def standing(conn: Connection, now: datetime) -> Iterator[Sample]:
    """The latest night, the cases and the letters of a database; nothing of a night before there is one."""
    latest = nights.latest(conn)
    row = nights.judged(conn, latest) if latest else None
    if row is not None:
        yield Sample("dondoc_night_date_seconds", cutoff_of(row.as_of).timestamp())
        for state in NightState:
            yield Sample("dondoc_night_state", float(row.state is state), ("state", state))
        for thing, number in row.summary["counts"].items():
            yield Sample("dondoc_night_things", number, ("thing", thing))
        yield Sample("dondoc_night_to_see", len(row.summary["lines"]))
    counted = conn.execute(select(case_file.c.status, func.count()).group_by(case_file.c.status))
    for status, number in (dict.fromkeys(CaseStatus, 0) | dict(counted.tuples().all())).items():
        yield Sample("dondoc_cases", number, ("status", status))
    for letter_state, number in outbox.counts(conn).items():
        yield Sample("dondoc_letters", number, ("state", letter_state))
    due = outbox.due_at(conn)
    yield Sample("dondoc_letter_oldest_due_seconds", due.timestamp() if due is not None and due <= now else 0.0)
    yield from _sources(conn, latest)


def _sources(conn: Connection, latest: date | None) -> Iterator[Sample]:
    """What is known of each source that was ever asked, without its rules: the night said which were silent."""
    heard = pulls.last_arrivals(conn)
    silent = pulls.stale_on(conn, latest) if latest else frozenset[str]()
    for source, at in heard.items():
        yield Sample("dondoc_source_heard_seconds", at.timestamp() if at else 0.0, ("source", source))
    for source in heard:
        yield Sample("dondoc_source_silent", float(source in silent), ("source", source))


def of_run(report: NightReport, taken: Mapping[str, float], now: datetime) -> Iterator[Sample]:
    """What a run of the night took; nothing of one that found its night judged already."""
    if not report.again:
        yield Sample("dondoc_night_ended_seconds", now.timestamp())
        for name, seconds in taken.items():
            yield Sample("dondoc_step_seconds", round(seconds, 3), ("step", name))


def text(samples: Iterable[Sample]) -> str:
    """Prometheus' text format, with a line of help before each name."""
    lines: list[str] = []
    name = ""
    for sample in samples:
        if sample.name != name:
            name = sample.name
            lines += [f"# HELP {name} {METRICS[name]}", f"# TYPE {name} gauge"]
        label = f'{{{sample.label[0]}="{sample.label[1]}"}}' if sample.label else ""
        lines.append(f"{name}{label} {sample.value}")
    return "".join(f"{line}\n" for line in lines)


def write(folder: Path, name: str, samples: Iterable[Sample]) -> None:
    """The file appears whole or not at all. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{name}.new"
    fresh.write_text(text(samples), "utf-8")
    fresh.replace(folder / f"{name}.prom")
