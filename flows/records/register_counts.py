"""What the database adds to a list of rules: the chart, and the counts of every rule's demands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.night import nights, orgchart, tasks
from dondoc.engine.store.night.history import history
from dondoc.flows.config.settings import Settings, read_only
from dondoc.notifications.digest import FourWay


@dataclass(frozen=True, slots=True)
class StoredCounts:
    """The chart, the latest night (None: none yet), and the four counts of each rule as of that night."""

    chart: OrgChart
    night: date | None
    counts: Mapping[str, FourWay]


def known(given: Settings, now: datetime) -> StoredCounts:
    """The chart and counts of the configured database. Raises `ChartRefused`, and what `read_only` raises."""
    with read_only(given) as conn:
        return counted(conn, now)


def counted(conn: Connection, now: datetime) -> StoredCounts:
    """The same, on a connection."""
    chart = orgchart.chart(conn, now)
    night = nights.latest(conn)
    found: dict[str, FourWay] = defaultdict(lambda: FourWay(0, 0, 0, 0))
    if night is not None:
        names = nights.names_of(conn, tasks.stored_rules(conn))
        for (name, _), one in history(conn, (), names, night).standing.items():
            found[name] += FourWay(one.on_time, one.late, one.in_time, one.overdue)
    return StoredCounts(chart, night, found)
