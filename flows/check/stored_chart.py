"""The chart for a check, from the configured database."""

from __future__ import annotations

from datetime import datetime

from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.store.night import orgchart
from dondoc.flows.config.settings import Settings, read_only


def stored_chart(given: Settings, now: datetime) -> OrgChart | None:
    """The chart of the configured database; None when there is no database yet, or no unit in it."""
    with read_only(given) as conn:
        chart = orgchart.chart(conn, now)
    return chart if chart.units else None
