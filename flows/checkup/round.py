"""The examination from beginning to end, in the order in which things must be mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from flows.checkup import demanded, machine, partitioned, post, scheduled, signs, stored, supplied
from flows.checkup.answer import Answer, Topic, failed, good
from flows.settings import SettingsRefused, load


def examine(environment: Mapping[str, str], now: datetime, letter: str = "") -> Iterator[Answer]:
    """Every answer as it comes; `letter` is the address that a drill goes to, or `operator`, or none.

    Settings that are refused leave only the machine to be looked at. Nothing is changed; nothing but the drill
    leaves the machine.
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
    yield from stored.database(given, now)
    yield from demanded.rules(given, environment, now)
    yield from supplied.sources(given, now)
    yield post.server(given)
    yield from post.journal(given, now)
    if letter:
        yield post.drill(given, letter, now)
    yield from partitioned.partitions(given.partitions, environment)
    yield from scheduled.schedule(environment)
    yield from signs.signs(given.heartbeat, now)
