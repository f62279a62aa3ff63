"""The workbook that a letter attaches says of each case what the store has of it."""

from __future__ import annotations

from datetime import date, timedelta

from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night import nights
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from tests.support import true_attachments
from tests.support.pasts import pack
from tests.support.told_letters import Told, told
from tests.support.town import Town, rules

OFFICE = "ln.ubnd_huyen"


def spring(town: Town) -> dict[date, list[Told]]:
    """The letters of Lục Nam in the spring of 2015, night by night, when no commune sends its report."""
    found, night = {}, date(2015, 4, 17)
    while night <= date(2015, 6, 5):
        with reading(town.engine) as conn:
            before = nights.latest(conn)
        steps.judge_night(town.engine, town.book, Night(night, steps.cutoff_of(night), previous=before))
        found[night] = list(told(town.engine, town.book, night))
        night += timedelta(days=1)
    return found


def test_the_list_of_a_committee_says_what_is_stored() -> None:
    """Twenty-four communes have no room in a letter: their list has each case, its day, its lateness, its unit."""
    town, attached = Town.founded(pack(rules(), "279-ubnd-ldtbxh")), {}
    letters = spring(town)
    for night, mails in letters.items():
        for one in mails:
            assert true_attachments.untrue(one) == []
            has = true_attachments.listed(one)
            if has is not None:
                attached[night, one.office] = has
    first = attached[date(2015, 5, 7), OFFICE]
    assert len({row["Đơn vị"] for row in first.rows}) == 24
    assert {row["Ngày cuối trong hạn"] for row in first.rows} == {date(2015, 4, 19)}
    assert {row["Quá hạn (ngày làm việc)"] for row in first.rows} == {11}
    assert {row["Quá hạn (ngày)"] for row in first.rows} == {18}
    # The day of the first letter that told of it, not of the last.
    again = attached[date(2015, 6, 4), "ln.huyen_uy"]
    assert {row["Đã nêu từ thư ngày"] for row in again.rows} == {date(2015, 5, 21)}
