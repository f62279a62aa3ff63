"""Which office reads in place of an ended one: the heir that was confirmed for it, as known at the cut-off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night import orgchart
from tests.support.town import Town, at
from tests.support.worlds import day

LUC_NAM, DAI_LOC = "ln.ubnd_huyen", "dl.ubnd_huyen"
IN_BAC_NINH, IN_DA_NANG = "vn.07444.ubnd", "vn.20500.ubnd"


@pytest.mark.parametrize(
    ("cutoff", "readers"),
    [
        pytest.param("2025-07-03T02:00", {LUC_NAM: None, DAI_LOC: None}, id="before a decision nobody does"),
        pytest.param("2025-07-04T02:00", {LUC_NAM: IN_BAC_NINH, DAI_LOC: None}, id="then whoever was confirmed"),
        pytest.param("2025-07-06T02:00", {LUC_NAM: IN_BAC_NINH, DAI_LOC: IN_DA_NANG}, id="for each its own"),
    ],
)
def test_an_ended_district_is_read_for_by(cutoff: str, readers: dict[str, str | None]) -> None:
    """A decision about one demand of the district makes nobody its reader."""
    town = Town.founded()
    town.is_decided(LUC_NAM, IN_BAC_NINH, recorded="2025-07-03T10:00")
    town.is_decided(DAI_LOC, IN_DA_NANG, recorded="2025-07-05T10:00")
    about = {"rule": "279-ubnd-ldtbxh/report-round-1", "subject": "2015-04-19"}
    town.is_decided(DAI_LOC, IN_BAC_NINH, recorded="2025-07-05T11:00", **about)
    with reading(town.engine) as conn:
        chart = orgchart.chart(conn, at(cutoff))
    assert {office: chart.heir(office, day("2025-07-10")) for office in readers} == readers


def test_what_is_recorded_at_the_very_cutoff_is_known() -> None:
    """The chart of a night has the units that were recorded up to the cut-off, inclusive."""
    town = Town.founded()
    with reading(town.engine) as conn:
        recorded = conn.scalar(select(func.max(t.unit.c.recorded_at)))
        assert recorded is not None
        known = orgchart.chart(conn, recorded).units
        assert len(known) > len(orgchart.chart(conn, recorded - timedelta(microseconds=1)).units)
        assert len(known) == conn.scalar(select(func.count()).select_from(t.unit))
