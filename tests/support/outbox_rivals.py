"""What another process does to the same database, in a form that can be handed to it."""

from __future__ import annotations

import time
from datetime import timedelta
from multiprocessing.synchronize import Event
from typing import Any

from dondoc.engine.store.db.database import connect, night_lock, writing
from dondoc.engine.store.db.faults import NightRunning
from dondoc.notifications.delivery.outbox import claim
from tests.support.planned_letters import DUE

LEASE = timedelta(minutes=20)


def claim_everything(url: str, owner: str, batch: int) -> list[str]:
    """Claim in batches until nothing is left; the ids, in the order in which they came."""
    engine = connect(url)
    taken: list[str] = []
    while True:
        with writing(engine) as conn:
            got = claim(conn, owner, DUE, batch, LEASE)
        if not got:
            engine.dispose()
            return taken
        taken += [mine.id for mine in got]
        time.sleep(0.002)


def hold_a_write(url: str, holding: Event, done: Event) -> None:
    """Keep the database locked until told."""
    engine = connect(url)
    with writing(engine) as conn:
        if engine.dialect.name == "postgresql":
            conn.exec_driver_sql("LOCK TABLE letter IN ACCESS EXCLUSIVE MODE")
        holding.set()
        done.wait(30)
    engine.dispose()


def hold_the_night(url: str, holding: Event, done: Event) -> None:
    """Run a night until told."""
    engine = connect(url)
    with night_lock(engine):
        holding.set()
        done.wait(30)
    engine.dispose()


def try_the_night(url: str) -> str:
    """Whether a night could be run."""
    engine: Any = connect(url)
    try:
        with night_lock(engine):
            return "ran"
    except NightRunning as error:
        return str(error)
    finally:
        engine.dispose()
