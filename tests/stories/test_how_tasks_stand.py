"""How the tasks of a unit stand after a night: its letters count what the store counts once it is stored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dondoc.engine.cases.history import TaskCounts
from dondoc.engine.domain.rulebook import Quota, RuleBook, Waiver
from dondoc.engine.domain.terms import Scope
from dondoc.engine.judge.excused import Excused
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.matching.evaluate import decide_all
from dondoc.engine.store.night import nights, orgchart
from dondoc.engine.store.night.history import history
from dondoc.engine.store.night.prepared import Night
from dondoc.engine.store.night.standing import StandingCount
from dondoc.flows.night.assessment import assess, keep
from tests.support import worlds
from tests.support.town import Town, cutoff, only, rules
from tests.support.worlds import WORDS, day

BROADCAST, CENTRE, PORTAL = "1179-cv-hu/monthly-broadcast", "tmr.tt_vh_tt_dl_tt", "tmr.trang_ttdt"
ROUND_1, BAO_DAI, LAST = "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai", day("2015-04-19")


def counted(town: Town, *nights_: str) -> dict[str, TaskCounts]:
    """The counts of the last of these nights by unit; the units of a shared demand are joined by +."""
    told = {}
    for as_of in map(day, nights_):
        with audited(town.engine) as tx:
            night = Night(as_of, cutoff(as_of))
            ready = nights.prepare(tx.conn, town.book, orgchart.chart(tx.conn, night.cutoff), night)
            made = assess(tx.conn, ready, decide_all(tx.conn, ready.shapes, ready.rules, night.cutoff))
            told = dict(history(tx.conn, ready, made.judged, made.ended).standing)
            keep(tx, made, {})
            assert told == StandingCount(tx.conn, ready.names, as_of, night.cutoff, Excused(town.book)).stored()
    return {"+".join(units): counts for (_, units), counts in told.items()}


def waived(rule: str, unit: str, first: str, until: str) -> RuleBook:
    """The book of one rule with a waiver of a unit."""
    granted = Waiver(rule, unit, "ln.ubnd_huyen", WORDS, WORDS, day(first), day(until), "waivers.yaml:3:5")
    return replace(only(rules(), rule), waivers=(granted,))


def test_activities_of_a_month_stand_after_each_night() -> None:
    """July is in time while nothing is held, then done or overdue; two months to come are in time all along."""
    town = Town.founded(only(rules(), BROADCAST))
    town.does(CENTRE, "broadcast", "2019-07-10")
    running = TaskCounts(in_time=2)
    assert (running.on_time, running.late, running.overdue, running.waived, running.unjudged) == (0, 0, 0, 0, 0)
    assert counted(town, "2019-07-10") == {CENTRE: running, PORTAL: running}
    held = TaskCounts(on_time=1, in_time=1)
    assert counted(town, "2019-07-11") == {CENTRE: held, PORTAL: running}
    assert counted(town, "2019-08-01") == {
        CENTRE: TaskCounts(on_time=1, in_time=2),
        PORTAL: TaskCounts(in_time=2, overdue=1, oldest=day("2019-07-31")),
    }
    assert counted(town, "2019-09-02") == {
        CENTRE: TaskCounts(on_time=1, in_time=2, overdue=1, oldest=day("2019-08-31")),
        PORTAL: TaskCounts(in_time=2, overdue=2, oldest=day("2019-07-31")),
    }


def test_a_running_quota_is_done_once_enough_is_recorded_and_no_longer_when_one_is_taken_back() -> None:
    """Two a month: the first alone does nothing; the second is taken back by a correction (decision 0055)."""
    book = only(rules(), BROADCAST)
    rule = book.rules[BROADCAST]
    assert isinstance(rule.condition, Quota)
    town = Town.founded(
        replace(book, rules={BROADCAST: replace(rule, condition=replace(rule.condition, at_least=2))})
    )
    for ref, on, recorded, night, done in (
        ("first", "2019-07-10", "2019-07-10T10:00", "2019-07-11", 0),
        ("second", "2019-07-12", "2019-07-12T10:00", "2019-07-13", 1),
        ("second", "2019-06-12", "2019-07-14T10:00", "2019-07-15", 0),
    ):
        held = worlds.activity(ref, CENTRE, "broadcast", day(on), worlds.at(recorded))
        assert not town.brings("activities", [(2, held)]).refused
        assert counted(town, night)[CENTRE] == TaskCounts(on_time=done, in_time=2 - done)


def test_a_running_quota_that_is_met_is_not_counted_as_waived() -> None:
    """The centre held its broadcast; a waiver stands for what is not done."""
    town = Town.founded(waived(BROADCAST, CENTRE, "2019-07-12", "2019-07-20"))
    assert counted(town, "2019-07-15")[CENTRE] == TaskCounts(waived=2)
    town.does(CENTRE, "broadcast", "2019-07-15")
    assert counted(town, "2019-07-16")[CENTRE] == TaskCounts(on_time=1, waived=1)


def test_a_shared_running_quota_is_done_by_its_bearers_together() -> None:
    """Carried as a sum by two: one broadcast of each is enough for the one demand of both."""
    book = only(rules(), BROADCAST)
    rule = book.rules[BROADCAST]
    assert isinstance(rule.condition, Quota)
    shared = replace(rule.condition, at_least=2, scope=Scope.SUM)
    town = Town.founded(replace(book, rules={BROADCAST: replace(rule, condition=shared)}))
    town.does(CENTRE, "broadcast", "2019-07-10")
    assert counted(town, "2019-07-11") == {f"{PORTAL}+{CENTRE}": TaskCounts(in_time=2)}
    town.does(PORTAL, "broadcast", "2019-07-11")
    assert counted(town, "2019-07-12") == {f"{PORTAL}+{CENTRE}": TaskCounts(on_time=1, in_time=1)}


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
        pytest.param("2015-04-21", ["2015-04-22", "2015-04-23"], TaskCounts(late=1), id="and stays done late"),
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


def test_what_was_done_after_all_is_no_longer_excused() -> None:
    """July was waived on a night without letters; then a broadcast is recorded that was held in July."""
    town = Town.founded(only(rules(), BROADCAST))
    town.nights(day("2019-08-01"), day("2019-08-08"))
    town.book = waived(BROADCAST, CENTRE, "2019-07-01", "2019-07-31")
    town.night(day("2019-08-10"), notifying=False)
    # The case is closed, and its readers have not been told of it yet.
    assert town.case(BROADCAST, CENTRE) is not None
    town.does(CENTRE, "broadcast", "2019-07-10", "2019-08-10T10:00")
    assert counted(town, "2019-08-11", "2019-08-12")[CENTRE] == TaskCounts(on_time=1, in_time=2)


def test_what_is_no_longer_demanded_stands_nowhere() -> None:
    """A unit of which only that was demanded is in no count at all; what was done before stays done."""
    town = Town.founded(only(rules(), ROUND_1))
    town.submits(BAO_DAI, "child-protection", "2015-04-10")
    counted(town, "2015-04-15")
    town.book = only(rules(), BROADCAST)
    town.night(day("2015-04-16"))
    assert counted(town, "2015-04-17") == {BAO_DAI: TaskCounts(on_time=1)}
