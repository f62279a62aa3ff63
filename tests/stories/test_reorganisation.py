"""Nights across 1 July 2025, when districts ended and communes merged: silence, then who was confirmed as heir.

The units and their successions are real; the three directives of `reorganised/` and everybody's lateness are
invented, and so is every decision.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import CaseStatus, Outcome, Scope
from dondoc.engine.rulefile import load
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.db.tables import event
from tests.support.town import ROOT, Town, only

LUC_NAM = "luc-nam/half-year-report"
BAO_DAI, BAO_SON, BINH_SON = (f"ln.ubnd_xa.{name}" for name in ("bao_dai", "bao_son", "binh_son"))
NEW_BAO_DAI, ITS_COMMITTEE = "vn.07462.ubnd", "vn.07462.dang_uy"
PLAN, DISTRICT, AI_NGHIA = "dai-loc/plan", "dl.ubnd_huyen", "dl.ubnd_xa.ai_nghia"
DUE = "2025-06-20"


def day(text: str) -> date:
    """A date."""
    return date.fromisoformat(text)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    """The three invented directives, with the calendar, ladders and mail of the project."""
    folder = tmp_path_factory.mktemp("rules")
    for shared in (ROOT / "rules").glob("*.yaml"):
        shutil.copy(shared, folder)
    shutil.copytree(Path(__file__).parent / "reorganised", folder / "reorganised")
    return load(folder)


def luc_nam(database: Engine, book: RuleBook) -> Town:
    """Three communes of Lục Nam have not handed in; their cases stand on the second step when they end."""
    town = Town(database, only(book, LUC_NAM)).founded_here()
    late = {BAO_DAI, BAO_SON, BINH_SON}
    with reading(database) as conn:
        communes = conn.scalars(select(t.unit.c.id).where(t.unit.c.id.like("ln.ubnd_xa.%"))).all()
    for unit in communes:
        if unit not in late:
            town.submits(unit, "half-year", "2025-06-18")
    for night in ("2025-06-23", "2025-06-30", "2025-07-01"):
        town.night(day(night))
    return town


def notified(town: Town, night: str, rule: str, unit: str) -> dict[str, str]:
    """Who heard of a unit's demand on a night, and in which section."""
    return {office: section.value for office, _, section in town.notices_of(rule, unit, day(night))}


def told_by(town: Town, after: str) -> set[str]:
    """Every office that heard anything after a night."""
    return {notice.reader for night, notice in town.notified if night > day(after)}


def events(town: Town, kind: str) -> list[tuple[date, str]]:
    """The events of a kind, with their night."""
    with reading(town.engine) as conn:
        return [(row.night, row.detail) for row in conn.execute(select(event).where(event.c.kind == kind))]


def test_silence_until_somebody_decides(database: Engine, book: RuleBook) -> None:
    """After 30/6 nobody hears of the ended communes; the question comes on 1/7 and every five working days."""
    town = luc_nam(database, book)
    asked = {}
    for night in ("2025-07-02", "2025-07-08", "2025-07-15", "2025-07-16"):
        town.night(day(night))
        case = town.case(LUC_NAM, BAO_DAI)
        assert case is not None
        assert case.status is CaseStatus.WAITING
        asked[night] = case.next_on
    assert asked == {
        "2025-07-02": day("2025-07-08"),
        "2025-07-08": day("2025-07-15"),
        "2025-07-15": day("2025-07-22"),
        "2025-07-16": day("2025-07-22"),
    }
    assert [night for night, _ in town.notified if night >= day("2025-07-01")] == []


def test_whoever_is_confirmed_hears_first_and_nobody_hears_twice(database: Engine, book: RuleBook) -> None:
    """The case goes on where it stood on 30/6, under the heir's superiors of today, with what others were told."""
    town = luc_nam(database, book)
    assert town.is_decided(BAO_DAI, NEW_BAO_DAI, recorded="2025-07-10T10:00", rule=LUC_NAM, subject=DUE)
    town.night(day("2025-07-10"))
    assert notified(town, "2025-07-10", LUC_NAM, BAO_DAI) == {}
    town.nights(day("2025-07-11"), day("2025-07-31"))
    found = {
        night.isoformat(): notified(town, night.isoformat(), LUC_NAM, BAO_DAI)
        for night in sorted({night for night, _ in town.notified if night > day("2025-07-01")})
    }
    # The monitor's one heir knows what the monitor was told on 30/6; the committee of the commune is a new one.
    assert found == {
        "2025-07-11": {NEW_BAO_DAI: "new", ITS_COMMITTEE: "new"},
        "2025-07-17": {NEW_BAO_DAI: "worse", "vn.24.so_y_te": "worse", "vn.24.ubnd": "new"},
        "2025-07-31": {NEW_BAO_DAI: "worse", "vn.24.tinh_uy": "new"},
    }
    assert [night for night, _ in events(town, "case-inherited")] == [day("2025-07-11")]
    other = town.case(LUC_NAM, BAO_SON)
    assert other is not None
    assert other.status is CaseStatus.WAITING


def test_heir_of_a_demand_hears_of_it_as_new_though_it_reads_for_the_ended_unit(
    sqlite: Engine, book: RuleBook
) -> None:
    """Confirmed as its reader too, the heir did not owe the report when the old commune was told of it."""
    town = luc_nam(sqlite, book)
    town.is_decided(BAO_DAI, NEW_BAO_DAI, recorded="2025-07-10T10:00", rule=LUC_NAM, subject=DUE)
    town.is_decided(BAO_DAI, NEW_BAO_DAI, recorded="2025-07-10T10:00")
    town.night(day("2025-07-11"))
    assert notified(town, "2025-07-11", LUC_NAM, BAO_DAI) == {NEW_BAO_DAI: "new", ITS_COMMITTEE: "new"}


def test_heir_settles_what_it_took_over_and_all_who_live_hear_of_it(database: Engine, book: RuleBook) -> None:
    """Two reports for two old communes; good news goes to those who had the bad and still exist (invariant 8)."""
    town = luc_nam(database, book)
    for unit in (BAO_DAI, BAO_SON):
        town.is_decided(unit, NEW_BAO_DAI, recorded="2025-07-10T10:00", rule=LUC_NAM, subject=DUE)
    town.night(day("2025-07-11"))
    town.submits(NEW_BAO_DAI, "half-year", "2025-07-14", ref="first")
    town.night(day("2025-07-15"))
    everybody = {NEW_BAO_DAI: "resolved", ITS_COMMITTEE: "resolved", "vn.24.so_y_te": "resolved"}
    assert notified(town, "2025-07-15", LUC_NAM, BAO_DAI) == everybody
    assert notified(town, "2025-07-15", LUC_NAM, BAO_SON) == {}
    town.submits(NEW_BAO_DAI, "half-year", "2025-07-15", ref="second")
    town.night(day("2025-07-16"))
    assert notified(town, "2025-07-16", LUC_NAM, BAO_SON) == everybody


def test_case_that_nobody_takes_over_closes_in_silence_with_its_basis(database: Engine, book: RuleBook) -> None:
    """An event, no letter; and it stays closed."""
    town = luc_nam(database, book)
    town.is_decided(BINH_SON, recorded="2025-07-10T10:00", rule=LUC_NAM, subject=DUE)
    made = town.night(day("2025-07-11"))
    (case,) = [case for case in made.after if case.task.unit == BINH_SON]
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, Outcome.LAPSED)
    town.nights(day("2025-07-12"), day("2025-07-18"))
    assert town.case(LUC_NAM, BINH_SON) is None
    assert [night for night, _ in town.notified if night >= day("2025-07-01")] == []
    with reading(database) as conn:
        assert conn.scalars(select(t.inheritance.c.basis)).all() == ["Nghị quyết (ví dụ)"]


def test_decided_twice_is_decided_once(database: Engine, book: RuleBook) -> None:
    """The same decision is no news; another one takes its place, and both are kept."""
    town = luc_nam(database, book)
    about = {"rule": LUC_NAM, "subject": DUE}
    assert town.is_decided(BAO_DAI, NEW_BAO_DAI, recorded="2025-07-10T10:00", **about)
    assert not town.is_decided(BAO_DAI, NEW_BAO_DAI, recorded="2025-07-11T10:00", **about)
    town.night(day("2025-07-14"))
    assert town.is_decided(BAO_DAI, "vn.07444.ubnd", recorded="2025-07-14T10:00", **about)
    town.night(day("2025-07-15"))
    assert set(notified(town, "2025-07-15", LUC_NAM, BAO_DAI)) == {"vn.07444.ubnd", "vn.07444.dang_uy"}
    with reading(database) as conn:
        rows = conn.execute(select(t.inheritance.c.superseded_at)).all()
    assert [row.superseded_at is None for row in rows] == [False, True]


def test_some_of_five_heirs_carry_a_district_plan_together(database: Engine, book: RuleBook) -> None:
    """Confirmed to two of five: both hear, the other three never do, and one plan is enough for both."""
    town = Town(database, only(book, PLAN)).founded_here()
    for night in ("2025-06-23", "2025-07-01"):
        town.night(day(night))
    town.is_decided(
        DISTRICT, "vn.20500.ubnd", "vn.20506.ubnd", recorded="2025-07-02T10:00", rule=PLAN, subject=DUE
    )
    town.nights(day("2025-07-03"), day("2025-07-14"))
    heirs = told_by(town, "2025-07-01")
    assert heirs >= {"vn.20500.ubnd", "vn.20506.ubnd", "vn.20500.dang_uy", "vn.20506.dang_uy"}
    assert not heirs & {f"vn.{code}.{kind}" for code in (20515, 20539, 20542) for kind in ("ubnd", "dang_uy")}
    town.submits("vn.20506.ubnd", "plan", "2025-07-14")
    town.night(day("2025-07-15"))
    assert {"vn.20500.ubnd", "vn.20506.ubnd"} <= set(notified(town, "2025-07-15", PLAN, DISTRICT))
    assert town.case(PLAN, DISTRICT) is None


def test_office_that_reads_in_place_of_an_ended_one_is_confirmed(database: Engine, book: RuleBook) -> None:
    """The district followed up and became five communes: nobody does, until one is confirmed (decision 35)."""
    town = Town(database, only(book, PLAN)).founded_here()
    for night in ("2025-06-23", "2025-06-30", "2025-07-01"):
        town.night(day(night))
    town.is_decided(AI_NGHIA, "vn.20500.ubnd", recorded="2025-07-01T10:00", rule=PLAN, subject=DUE)
    town.nights(day("2025-07-02"), day("2025-07-03"))
    assert "vn.20515.ubnd" not in told_by(town, "2025-07-01")
    town.is_decided(DISTRICT, "vn.20515.ubnd", recorded="2025-07-03T10:00")
    town.nights(day("2025-07-04"), day("2025-07-09"))
    assert "vn.20515.ubnd" in told_by(town, "2025-07-03")


BROADCAST, CENTRE, PORTAL = "tu-mo-rong/monthly-broadcast", "tmr.tt_vh_tt_dl_tt", "tmr.trang_ttdt"
FOUR = ("vn.23416.ubnd", "vn.23419.ubnd", "vn.23425.ubnd", "vn.23446.ubnd")


def tu_mo_rong(database: Engine, book: RuleBook, scope: Scope, recorded: str = "2025-07-10T10:00") -> Town:
    """The broadcasts of the district, handed on to its four communes (on 10 July 2025), shared as is said."""
    town = Town(database, only(book, BROADCAST)).founded_here()
    for month in range(1, 7):
        for number in (1, 2):
            town.does(CENTRE, "broadcast", f"2025-{month:02d}-{number + 10}")
    for night in ("2025-06-30", "2025-07-01"):
        town.night(day(night))
    for unit in (CENTRE, PORTAL):
        town.is_decided(unit, *FOUR, recorded=recorded, rule=BROADCAST, scope=scope)
    return town


def asked_of(town: Town, subject: str) -> dict[str, tuple[str, ...]]:
    """Who owes a period, and with whom."""
    found = [one.task for one in (town.last.findings.values() if town.last else ()) if one.task.subject == subject]
    return {task.unit: task.bearers for task in found}


def test_quota_goes_on_with_four_communes_from_the_first_whole_month(database: Engine, book: RuleBook) -> None:
    """Each alone, as was decided: July is nobody's, August is everybody's; who did it is not written to."""
    town = tu_mo_rong(database, book, Scope.EACH)
    for unit in FOUR[:2]:
        town.does(unit, "broadcast", "2025-08-12", quantity=2)
    town.does(FOUR[2], "broadcast", "2025-08-12", quantity=1)
    for night in ("2025-07-11", "2025-08-01", "2025-08-29"):
        town.night(day(night))
    assert town.notified == []
    town.night(day("2025-09-03"))
    assert set(asked_of(town, "2025-08")) == set(FOUR)
    assert told_by(town, "2025-09-01") == set(FOUR[2:])
    assert asked_of(town, "2025-07") == {}


@pytest.mark.parametrize(
    ("scope", "done", "met"),
    [
        (Scope.SUM, {0: 1, 3: 1}, True),
        (Scope.SUM, {0: 1}, False),
        (Scope.ANY, {0: 1, 3: 1}, False),
        (Scope.ANY, {3: 2}, True),
    ],
    ids=["together: one and one", "together: only one", "any: one and one", "any: one of them did both"],
)
def test_four_communes_share_a_quota_as_was_decided(
    sqlite: Engine,
    book: RuleBook,
    scope: Scope,
    done: dict[int, int],
    met: bool,  # noqa: FBT001 - a column
) -> None:
    """Two broadcasts a month: one case for all four, or none."""
    town = tu_mo_rong(sqlite, book, scope)
    for index, quantity in done.items():
        town.does(FOUR[index], "broadcast", "2025-08-12", quantity=quantity)
    for night in ("2025-07-11", "2025-09-03"):
        town.night(day(night))
    assert asked_of(town, "2025-08") == {FOUR[0]: FOUR}
    assert told_by(town, "2025-09-01") == (set() if met else set(FOUR))


@pytest.mark.parametrize(
    ("recorded", "owed"),
    [("2025-07-31T23:59", set(FOUR)), ("2025-08-01T00:01", set())],
    ids=["the day before the month begins", "on its first day, which in UTC is still the day before"],
)
def test_heirs_owe_only_what_begins_after_the_day_of_the_decision(
    sqlite: Engine, book: RuleBook, recorded: str, owed: set[str]
) -> None:
    """The day of the decision counts in Vietnam's time, and nothing that begins on it is owed (decision 35)."""
    town = tu_mo_rong(sqlite, book, Scope.EACH, recorded)
    town.night(day("2025-08-04"))
    town.night(day("2025-09-03"))
    assert set(asked_of(town, "2025-08")) == owed


def test_nothing_is_demanded_of_heirs_without_a_decision(sqlite: Engine, book: RuleBook) -> None:
    """A quota of ended units goes to nobody by itself, however clear the chart is."""
    town = Town(sqlite, only(book, BROADCAST)).founded_here()
    for night in ("2025-07-01", "2025-09-03"):
        town.night(day(night))
    assert {case.task.unit for case in town.cases()} <= {CENTRE, PORTAL}
    assert told_by(town, "2025-06-30") == set()
