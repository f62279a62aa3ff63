"""All checks, in the order in which faults must be fixed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from dondoc.flows.config.settings import SettingsRefused, load
from dondoc.flows.doctor import (
    answers,
    database,
    heartbeat,
    machine,
    mail,
    pages,
    ports,
    retention,
    rules,
    schedule,
    sender_domain,
    sources,
    workers,
)
from dondoc.flows.doctor.diagnosis import Diagnosis, Topic, failed, good


def examine(environment: Mapping[str, str], now: datetime, letter: str = "") -> Iterator[Diagnosis]:
    """Yields each result as it is known; `letter` is the address for a drill, `operator`, or empty for no drill.

    With refused settings only the machine is checked. Nothing is changed; only the drill sends anything.
    """
    yield machine.python()
    yield machine.engine()
    yield machine.zone(now)
    try:
        given = load(environment)
    except SettingsRefused as refused:
        yield failed(Topic.SETTINGS, refused)
        return
    yield good(Topic.SETTINGS, "đọc được (read)")
    yield machine.workers(given)
    yield machine.disk(given)
    yield from database.database(given, now)
    yield from rules.rules(given, environment, now)
    yield from sources.sources(given, now)
    yield mail.server(given)
    yield from sender_domain.sender_domain(given)
    yield from mail.journal(given, now)
    yield from answers.mailbox(given)
    yield from answers.attachments(given)
    if letter:
        yield mail.drill(given, letter, now)
    yield from retention.retention(given, now)
    yield from workers.partitions(given.partitions, environment)
    yield from schedule.schedule(environment)
    yield from ports.open_port(environment)
    yield from pages.pages(given.links, given.desk)
    yield from heartbeat.heartbeat(given.heartbeat, now)
