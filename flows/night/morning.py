"""How the service stands on a morning, read from the store: for the operator's letter, and for the desk's page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from dondoc.engine.domain.mail_policy import SendingHours
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.terms import NightState
from dondoc.engine.judge.staleness import SourceStatus
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.night import nights
from dondoc.notifications.delivery.since_letter import delivery
from dondoc.notifications.letter import operator_letter
from dondoc.notifications.morning import Morning, SourceStanding

_A_DAY = timedelta(days=1)
_LETTER = operator_letter.OFFICE, operator_letter.NIGHTLY


def morning(
    conn: Connection,
    night: date,
    state: NightState,
    sources: Iterable[SourceStatus],
    chart: OrgChart,
    hours: SendingHours,
    *,
    due: tuple[date, datetime],
    at: datetime,
    missed: int = 0,
) -> Morning:
    """How the service stands at `at`. `night` is the latest one and `state` how it went.

    `due` is the night that must have run by then, with its 02:00: each source must have been pulled for it.
    `missed` is how many nights before `night` were too many to be caught up.
    """
    became = delivery(conn, _LETTER, night, at)
    first = became.since if became.since is not None else night - _A_DAY
    asked = {one.office for one in (*became.returned, *became.in_doubt)}
    due_night, night_at = due
    return Morning(
        night,
        due_night,
        state,
        nights.judged_between(conn, first, night) + 1,
        missed,
        became,
        tuple(_standing(one, night_at - _A_DAY, at) for one in sources),
        hours.opens,
        {office: chart.units[office].name(night).vi for office in asked if office in chart.units},
    )


def _standing(one: SourceStatus, since: datetime, at: datetime) -> SourceStanding:
    failed = bool(one.faults) or one.tried is None or one.tried < since
    return SourceStanding(one.source.title, one.at, one.rows, one.stale(at), failed)
