"""How the tasks of a unit stand after a night: its letters count what the store counts once it is stored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dondoc.engine.cases.history import TaskCounts
from dondoc.engine.domain.rulebook import RuleBook, Waiver
from dondoc.engine.judge.excused import Excused
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.matching.evaluate import decide_all
from dondoc.engine.store.night import nights, orgchart
from dondoc.engine.store.night.history import history
from dondoc.engine.store.night.prepared import Night
from dondoc.engine.store.night.standing import StandingCount
from dondoc.flows.night.assessment import assess, keep
from tests.support.town import Town, cutoff, only, rules
from tests.support.worlds import WORDS, day

BROADCAST, CENTRE, PORTAL = "1179-cv-hu/monthly-broadcast", "tmr.tt_vh_tt_dl_tt", "tmr.trang_ttdt"
ROUND_1, BAO_DAI, LAST = "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai", day("2015-04-19")


def counted(town: Town, *nights_: str) -> dict[str, TaskCounts]:
    """The counts of the last of these nights by unit."""
    told = {}
    for as_of in map(day, nights_):
        with audited(town.engine) as tx:
            night = Night(as_of, cutoff(as_of))
            ready = nights.prepare(tx.conn, town.book, orgchart.chart(tx.conn, night.cutoff), night)
            made = assess(tx.conn, ready, decide_all(tx.conn, ready.shapes, ready.rules, night.cutoff))
            told = dict(history(tx.conn, ready, made.judged, made.ended).standing)
            keep(tx, made, {})
            assert told == StandingCount(tx.conn, ready.names, as_of, Excused(town.book)).stored()
    return {unit: counts for (_, (unit,)), counts in told.items()}


def waived(rule: str, unit: str, first: str, until: str) -> RuleBook:
    """The book of one rule with a waiver of a unit."""
    granted = Waiver(rule, unit, "ln.ubnd_huyen", WORDS, WORDS, day(first), day(until), "waivers.yaml:3:5")
    return replace(only(rules(), rule), waivers=(granted,))


def test_activities_of_a_month_stand_after_each_night() -> None:
    """July is in time while it lasts, then done or overdue; two months to come are in time all along."""
    town = Town.founded(only(rules(), BROADCAST))
    town.does(CENTRE, "broadcast", "2019-07-10")
    running = TaskCounts(in_time=2)
    assert counted(town, "2019-07-15") == {CENTRE: running, PORTAL: running}
    assert counted(town, "2019-08-01") == {
        CENTRE: TaskCounts(on_time=1, in_time=2),
        PORTAL: TaskCounts(in_time=2, overdue=1, oldest=day("2019-07-31")),
    }
    assert counted(town, "2019-09-02") == {
        CENTRE: TaskCounts(on_time=1, in_time=2, overdue=1, oldest=day("2019-08-31")),
        PORTAL: TaskCounts(in_time=2, overdue=2, oldest=day("2019-07-31")),
    }


@pytest.mark.parametrize(
    ("submitted", "nights_", "stands"),
    [
        pytest.param(None, ["2015-04-19"], TaskCounts(in_time=1), id="on its last day it is in time"),
        pytest.param(
            None, ["2015-04-20"], TaskCounts(overdue=1, oldest=LAST), id="the night after it is overdue since then"
        ),
        pytest.param("2015-04-17", ["2015-04-19"], TaskCounts(on_time=1), id="handed in before, it is done"),
        pytest.param("2015-04-17", ["2015-04-16", "2015-04-20"], TaskCounts(on_time=1), id="and stays done"),
        pytest.param("2015-04-21", ["2015-04-22"], TaskCounts(late=1), id="handed in later, it is done late"),
        pytest.param("2015-04-21", ["2015-04-20", "2015-04-22"], TaskCounts(late=1), id="also with a case before"),
    ],
)
def test_a_report_stands(submitted: str | None, nights_: list[str], stands: TaskCounts) -> None:
    """In one of the four counts."""
    town = Town.founded(only(rules(), ROUND_1))
    if submitted:
        town.submits(BAO_DAI, "child-protection", submitted)
    assert counted(town, *nights_)[BAO_DAI] == stands


@pytest.mark.parametrize(
    ("waiver", "nights_", "stands"),
    [
        pytest.param(("2015-04-18", "2015-04-21"), ["2015-04-17"], TaskCounts(in_time=1), id="not yet"),
        pytest.param(("2015-04-18", "2015-04-21"), ["2015-04-18"], TaskCounts(waived=1), id="before its last day"),
        pytest.param(("2015-04-18", "2015-04-21"), ["2015-04-21"], TaskCounts(waived=1), id="past its last day"),
        pytest.param(
            ("2015-04-21", "2015-04-25"),
            ["2015-04-20", "2015-04-22"],
            TaskCounts(waived=1),
            id="with an open case",
        ),
        pytest.param(
            ("2015-04-18", "2015-04-21"),
            ["2015-04-21", "2015-04-22"],
            TaskCounts(overdue=1, oldest=LAST),
            id="no longer, and overdue since its last day",
        ),
    ],
)
def test_a_waived_report_stands_apart(waiver: tuple[str, str], nights_: list[str], stands: TaskCounts) -> None:
    """In none of the four counts while it is waived."""
    town = Town.founded(waived(ROUND_1, BAO_DAI, *waiver))
    assert counted(town, *nights_)[BAO_DAI] == stands


def test_what_is_no_longer_demanded_stands_nowhere() -> None:
    """A unit of which only that was demanded is in no count at all."""
    town = Town.founded(only(rules(), ROUND_1))
    counted(town, "2015-04-20")
    town.book = only(rules(), BROADCAST)
    assert counted(town, "2015-04-21", "2015-04-22") == {}
