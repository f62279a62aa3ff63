"""The nights of the demonstration, played into a database in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from dondoc.engine.store.db.schema_version import create_tables
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.data.importer import bring_in
from dondoc.flows.demo.nights import SCENES
from dondoc.flows.night import steps
from tests.support.town import EXAMPLES, rules


def nights(engine: Engine, *chosen: date) -> Iterator[date]:
    """Each night of the demonstration, or each that is chosen, as soon as an empty database holds it."""
    create_tables(engine)
    bring_in(engine, EXAMPLES, datetime.now(UTC))
    planned = chosen or tuple(scene.night for scene in SCENES)
    previous = planned[0] - timedelta(days=1)
    for night in planned:
        # As the command plans them: each follows the one before it, however long ago that was.
        plan = Night(night, steps.cutoff_of(night), previous=previous)
        previous = night
        steps.judge_night(engine, rules(), plan)
        yield night
