"""A case explained: one of each kind as it is read, and its comparisons held to what durable_rules said."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.domain.model import Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Rollup, Selector
from dondoc.engine.domain.terms import CaseStatus, TaskKind
from dondoc.engine.explain.ladder import whom
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night import orgchart
from dondoc.flows.explain.night_view import night_view
from dondoc.flows.lookup import CallRefused
from tests.cli.test_why_not import BAO_DAI, PORTAL, REPORT, binh_phuoc, luc_nam, tu_mo_rong
from tests.support.cli_office import Office
from tests.support.explain_helpers import account, explained, nights_of
from tests.support.town import Town, cutoff, rules

GOLDEN = Path(__file__).parent / "golden"
WRONG_CALL = 2


@lru_cache(maxsize=1)
def settled() -> Town:
    """Bảo Đài reports one day late; the case opens and closes."""
    town = Town.founded()
    town.submits(BAO_DAI, "child-protection", "2015-04-20", document="Báo cáo số 21/BC-UBND")
    nights_of(town, "2015-04-17", "2015-04-22")
    return town


@lru_cache(maxsize=1)
def rolled_up() -> Town:
    """A district with eight communes late at once, and a rule that sums them up."""
    book = rules()
    base = book.rules[REPORT]
    whole = replace(
        base,
        id="279-ubnd-ldtbxh/many-late",
        applies_to=Selector(units=("ln.ubnd_huyen",)),
        condition=Rollup(of=REPORT, units=8, covers=True),
    )
    town = Town.founded(replace(book, rules={**book.rules, whole.id: whole}))
    nights_of(town, "2015-04-20", "2015-04-25")
    return town


def code_of(town: Town, unit: str, subject: str = "") -> str:
    """The code of the latest case of a unit."""
    return next(
        case.code for case in reversed(town.cases()) if case.task.unit == unit and subject in case.task.subject
    )


STORIES = {
    "overdue-open": lambda: explained(luc_nam(), code_of(luc_nam(), BAO_DAI), "2015-05-08"),
    "overdue-closed": lambda: explained(settled(), "LN15-0002", "2015-04-22"),
    "quota-open": lambda: explained(tu_mo_rong(), code_of(tu_mo_rong(), PORTAL), "2019-09-05"),
    "quota-covered": lambda: explained(tu_mo_rong(), "TMR19-0001", "2019-09-05"),
    "threshold-open": lambda: explained(binh_phuoc(), code_of(binh_phuoc(), "bp.ubnd_tinh"), "2019-05-13"),
    "whole-open": lambda: explained(rolled_up(), code_of(rolled_up(), "ln.ubnd_huyen"), "2015-04-25"),
}


@pytest.mark.parametrize("name", STORIES)
def test_what_it_says(name: str) -> None:
    """Each kind of case reads as it was approved; one whose file is missing is written, to be read first."""
    path = GOLDEN / f"explain-{name}.txt"
    said = STORIES[name]() + "\n"
    if not path.exists():
        path.write_text(said, "utf-8")
        pytest.fail(f"{path} was written: read it, and run again")
    assert said == path.read_text("utf-8")


@pytest.mark.parametrize(
    "town",
    [
        binh_phuoc,
        *(pytest.param(town, marks=pytest.mark.long) for town in (luc_nam, settled, tu_mo_rong, rolled_up)),
    ],
    ids=lambda town: town.__name__,
)
def test_what_is_shown_is_what_durable_rules_said(town: object) -> None:
    """A question is answered yes exactly where every comparison shown beneath it holds."""
    asked = 0
    founded = town()  # type: ignore[operator]
    with reading(founded.engine) as conn:
        for on in (
            "2015-04-10",
            "2015-04-20",
            "2015-05-08",
            "2016-07-10",
            "2019-07-05",
            "2019-09-05",
            "2019-05-13",
        ):
            with night_view(conn, founded.book, min(date.fromisoformat(on), founded_until(founded))) as seen:
                for rule in founded.book.rules:
                    for one in seen.demanded(rule):
                        for fact in seen.replay((rule,)).facts(one.finding).values():
                            for said in fact.compared:
                                assert said.hit == all(each.holds for each in said.comparisons), (rule, fact)
                                asked += 1
    assert asked > 10


def founded_until(town: Town) -> date:
    """The latest night of a town."""
    return max(night for night, _ in town.notified)


@pytest.mark.parametrize("on", ["2015-04-20", "2019-08-01", "2024-01-02"])
def test_whoever_a_step_finds_hears_at_it(on: str) -> None:
    """The readers shown at every step, for every unit of every rule, are those whom the night tells."""
    day = date.fromisoformat(on)
    with reading(luc_nam().engine) as conn:
        chart = orgchart.chart(conn, cutoff(day))
    recipients = Recipients(rules(), chart, day)
    compared = 0
    for rule in rules().rules.values():
        for unit in _meant(chart, rule.applies_to, day):
            task = Task(0, rule.id, unit, "", TaskKind.REPORT, None)
            for step in rules().ladders[rule.ladder].steps:
                shown = [
                    one for one in whom(recipients, task, step) if one.word != "responsible" and not one.dropped
                ]
                notified = recipients.readers(task, step)
                assert {one.reader for one in shown} == {reader.office for reader in notified}
                compared += len(notified)
    assert compared


def _meant(chart: OrgChart, selector: Selector, on: date) -> tuple[str, ...]:
    if selector.units:
        return tuple(unit for unit in selector.units if chart.units[unit].alive(on))
    return chart.select(kind=selector.kind, level=selector.level, within=selector.within, on=on)


def test_an_earlier_night_is_seen_as_it_was() -> None:
    """Asked about 24 April, the case of May stands at its first step, told to the unit alone."""
    found = account(luc_nam(), code_of(luc_nam(), BAO_DAI), "2015-04-24")
    assert (found.case.status, found.case.reached) == (CaseStatus.OPEN, 1)
    assert {one.notice.reader for one in found.letters} == {BAO_DAI}
    assert [coming.on for coming in found.coming][:2] == [date(2015, 4, 25), date(2015, 5, 7)]


def test_the_next_step_is_the_one_that_comes() -> None:
    """What is announced for the next night is what that night does."""
    code = code_of(luc_nam(), BAO_DAI)
    (announced, *_) = account(luc_nam(), code, "2015-05-08").coming
    assert announced.on == date(2015, 5, 21)
    later = account(luc_nam(), code, "2015-05-21")
    assert {one.notice.reader for one in later.letters if one.notice.night == announced.on} == set(
        announced.readers
    )


def test_a_case_closed_today_was_open_yesterday() -> None:
    """Before the night that closed it, a case is shown open, and its report unknown."""
    before = account(settled(), "LN15-0002", "2015-04-20")
    after = account(settled(), "LN15-0002", "2015-04-22")
    assert (before.case.status, len(before.papers)) == (CaseStatus.OPEN, 0)
    assert (after.case.status, len(after.papers)) == (CaseStatus.CLOSED, 1)
    assert after.case.closed_on == date(2015, 4, 21)


def test_a_part_says_which_whole_stands_for_it() -> None:
    """The district office reads of the whole; the part's account says that it is not told of it."""
    said = explained(rolled_up(), code_of(rolled_up(), BAO_DAI), "2015-04-25")
    whole = code_of(rolled_up(), "ln.ubnd_huyen")
    assert f"đã gộp trong hồ sơ {whole}" in said


def test_a_night_before_the_case_is_refused() -> None:
    """A case cannot be explained for a night on which it was not open yet."""
    with pytest.raises(CallRefused, match="why-not"):
        account(luc_nam(), code_of(luc_nam(), BAO_DAI), "2015-04-19")


def test_for_programs_it_is_json() -> None:
    """The account is plain values: facts, comparisons with their answers, steps with their readers."""
    found = json.loads(json.dumps(account(settled(), "LN15-0002", "2015-04-22").as_json(), default=str))
    ((_, asked),) = found["asked"].items()
    assert {one["rule"]: one["hit"] for one in asked["compared"]}["done"] is True
    assert found["case"]["outcome"] == "late"
    assert [rung["due"] for rung in found["rungs"]][:2] == ["2015-04-20", "2015-04-25"]


@pytest.mark.long
def test_an_unknown_code_names_the_nearest(office: Office) -> None:
    """A misspelt code is a wrong call, answered with the code that was probably meant."""
    office.holds_the_examples()
    assert office.dondoc("nightly", "--plain", "--as-of", "2015-04-20").code == 0
    ran = office.dondoc("explain", "LN15-00O1")
    assert ran.code == WRONG_CALL
    assert "Không có hồ sơ nào mã «LN15-00O1»" in ran.err
    assert "LN15-0001" in ran.err
    known = office.dondoc("explain", "LN15-0001")
    assert known.code == 0
    assert "1. VIỆC (WHAT)" in known.out
    asked = office.dondoc("why-not", "ln.huyen_u", "--on", "2015-04-20")
    assert asked.code == WRONG_CALL
    assert "ln.huyen_uy" in asked.err
    found = json.loads(office.dondoc("why-not", "ln.huyen_uy", "--on", "2015-04-20", "--json").out)
    assert {line["why"] for line in found["lines"]} >= {"not-yet"}
