"""Which night should have been judged by now and was not."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from dondoc.engine.store.db.database import reading
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.engine.store.night import nights
from dondoc.flows.config import settings
from dondoc.flows.config.settings import Settings
from dondoc.flows.night.steps import NIGHT_AT, as_of_for


def missing_night(given: Settings, now: datetime) -> date | None:
    """Tonight, once its hour has come and while it is not judged; None before the first night of all.

    The first night is never made up: whether it is a baseline is for a person to say.
    """
    if given.database_missing():
        return None
    begins = given.night_at
    tonight = as_of_for(
        now - timedelta(hours=begins.hour - NIGHT_AT.hour, minutes=begins.minute - NIGHT_AT.minute)
    )
    with settings.opened(given) as engine:
        upgrade(engine)
        with reading(engine) as conn:
            latest = nights.latest(conn)
    return tonight if latest is not None and latest < tonight else None
