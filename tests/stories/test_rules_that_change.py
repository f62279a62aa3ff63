"""Rules and facts that change while cases are open: nothing old goes on accusing, nothing put back is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from dondoc.engine.domain.rulebook import OnDate, Overdue, Quota, RuleBook
from dondoc.engine.domain.terms import Outcome, Scope, Verdict
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from tests.support.town import Town, at, finding, only, rules

REPORT = "279-ubnd-ldtbxh/report-round-1"
BROADCAST = "1179-cv-hu/monthly-broadcast"
BAO_DAI = "ln.ubnd_xa.bao_dai"
CENTRE, PORTAL = "tmr.tt_vh_tt_dl_tt", "tmr.trang_ttdt"


def _due(book: RuleBook, before: date) -> RuleBook:
    """The book with another due date of the first round."""
    rule = book.rules[REPORT]
    assert isinstance(rule.condition, Overdue)
    condition = replace(rule.condition, due=OnDate(before, exclusive=True))
    return replace(book, rules={**book.rules, REPORT: replace(rule, condition=condition)})


def test_a_due_date_that_is_moved_leaves_no_old_demand_behind() -> None:
    """Moved to before 15/5, the report is not overdue on 20/4, and is on 15/5."""
    town = Town.founded(only(rules(), REPORT))
    town.night(date(2015, 4, 10))
    town.book = _due(town.book, date(2015, 5, 15))
    made = town.night(date(2015, 4, 20))
    assert not [one for one in made.findings.values() if one.verdict is Verdict.BREACH]
    later = finding(town.night(date(2015, 5, 15)), REPORT, BAO_DAI)
    assert later is not None
    assert later.verdict is Verdict.BREACH


def test_a_rule_taken_away_for_a_night_and_put_back_is_judged_again() -> None:
    """Its cases close in silence that night; put back, the demand is found again."""
    town = Town.founded(only(rules(), REPORT))
    town.night(date(2015, 4, 20))
    whole, without = town.book, replace(town.book, rules={})
    town.book = without
    assert {case.outcome for case in town.night(date(2015, 4, 21)).after} == {Outcome.RETIRED}
    town.book = whole
    found = finding(town.night(date(2015, 4, 22)), REPORT, BAO_DAI)
    assert found is not None
    assert found.verdict is Verdict.BREACH


def test_no_later_night_reads_the_tasks_of_a_rule_that_is_gone() -> None:
    """They are finished on the first night without it, late or not."""
    town = Town.founded(only(rules(), REPORT))
    town.night(date(2015, 4, 10))
    town.book = replace(town.book, rules={})
    town.night(date(2015, 4, 13))
    with reading(town.engine) as conn:
        assert set(conn.scalars(select(t.task.c.finished_on))) == {date(2015, 4, 13)}


def test_a_report_is_not_taken_by_the_demand_of_a_rule_that_is_gone() -> None:
    """The rule goes on under another name: from the next night on its report counts under that name alone."""
    town = Town.founded(only(rules(), REPORT))
    town.night(date(2015, 4, 10))
    renamed = replace(town.book.rules[REPORT], id=f"{REPORT}-again")
    town.book = replace(town.book, rules={renamed.id: renamed})
    town.night(date(2015, 4, 13))
    town.submits(BAO_DAI, "child-protection", "2015-04-14")
    made = town.night(date(2015, 4, 20))
    verdicts = {one.task.rule: one.verdict for one in made.findings.values() if one.task.unit == BAO_DAI}
    assert verdicts == {renamed.id: Verdict.MET}


def test_a_broadcast_that_is_corrected_away_makes_the_month_missed() -> None:
    """July was met; when the broadcast turns out to be of August, July is judged again."""
    town = Town.founded(only(rules(), BROADCAST))
    row = {"unit": CENTRE, "activity": "broadcast", "quantity": 1, "ref": "PS-1"}
    first = {**row, "done_on": date(2019, 7, 20), "recorded_at": at("2019-07-20T10:00")}
    town.brings("activities", [(2, first)])
    met = finding(town.night(date(2019, 8, 1)), BROADCAST, CENTRE)
    assert met is not None
    assert met.verdict is Verdict.MET
    corrected = {**row, "done_on": date(2019, 8, 1), "recorded_at": at("2019-08-05T10:00")}
    town.brings("activities", [(2, corrected)])
    again = town.night(date(2019, 8, 6))
    july = [one for one in again.findings.values() if one.task.subject == "2019-07" and one.task.unit == CENTRE]
    assert [one.verdict for one in july] == [Verdict.BREACH]
    assert town.night(date(2019, 8, 6) + timedelta(days=1)).after


def test_a_correction_opens_nobody_elses_quota() -> None:
    """Where bearers share a quota and have their own as well, only the corrected unit's are opened again."""
    each = rules().rules[BROADCAST]
    assert isinstance(each.condition, Quota)
    shared = replace(each, id="1179-cv-hu/shared", condition=replace(each.condition, scope=Scope.SUM, at_least=2))
    town = Town.founded(replace(rules(), rules={each.id: each, shared.id: shared}))
    for unit in (CENTRE, PORTAL):
        town.does(unit, "broadcast", "2019-07-20")
    town.night(date(2019, 8, 1))
    moved = {"unit": CENTRE, "activity": "broadcast", "quantity": 1, "done_on": date(2019, 8, 1)}
    ref = f"{CENTRE}-broadcast-2019-07-20-None"
    town.brings("activities", [(2, {**moved, "ref": ref, "recorded_at": at("2019-08-05T10:00")})])
    made = town.night(date(2019, 8, 6))
    judged = {(one.task.rule, one.task.unit) for one in made.findings.values() if one.task.subject == "2019-07"}
    # The shared quota stands under the first of its bearers.
    assert judged == {(BROADCAST, CENTRE), (shared.id, PORTAL)}
