"""A row that never was is withdrawn: the next night judges without it, and says that it is a correction (0064)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from dondoc.engine.domain.rulebook import OnDate, Overdue, RuleBook, Threshold
from dondoc.engine.domain.terms import Outcome, SheetKind, Verdict
from dondoc.engine.store.audit_log.agreement import differences
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night.answered import matters
from dondoc.engine.store.night.withdrawn_facts import withdrawn_of
from dondoc.flows.lookup import CallRefused
from dondoc.flows.records.withdrawal import withdrawn
from tests.support.explain_helpers import explained, nights_of
from tests.support.town import Town, at, cutoff, finding, letters, only, rules

REPORT, BAO_DAI = "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai"
BROADCAST, PORTAL = "1179-cv-hu/monthly-broadcast", "tmr.trang_ttdt"
FIGURE, PROVINCE = "bao-ve-tre-em-2019/drowning-deaths", "bp.ubnd_tinh"
PERIOD, BEFORE = ("2018-01-01", "2019-03-31"), ("2017-01-01", "2018-03-31")
BASIS = "Công văn 12/UBND"


def takes_back(town: Town, kind: SheetKind, ref: str, when: str) -> None:
    """The operator withdraws a row."""
    withdrawn(town.engine, kind, ref, BASIS, at(when))


def assigned() -> RuleBook:
    """A rule of assigned tasks alone."""
    book = only(rules(), REPORT)
    return replace(book, rules={REPORT: replace(book.rules[REPORT], condition=Overdue(None, "assigned", None))})


def figures() -> RuleBook:
    """Drownings above five."""
    book = only(rules(), FIGURE)
    rule = book.rules[FIGURE]
    assert isinstance(rule.condition, Threshold)
    condition = replace(rule.condition, above=Decimal(5), clear=None, calm=0)
    return replace(book, rules={FIGURE: replace(rule, condition=condition)})


def test_a_report_that_never_was_no_longer_settles_its_demand() -> None:
    """Met on the 20th; withdrawn on the 22nd: open from the 23rd, told as a correction, and counted from then."""
    town = Town.founded(only(rules(), REPORT))
    town.submits(BAO_DAI, "child-protection", "2015-04-17", ref="BC-1")
    assert BAO_DAI not in letters(town, "2015-04-20")
    takes_back(town, SheetKind.SUBMISSIONS, "BC-1", "2015-04-22T09:00")
    said = letters(town, "2015-04-23")[BAO_DAI]
    assert "Dữ liệu ghi nhận trước đó về việc này đã được rút ngày 22/04/2015; xét lại như chưa ghi nhận." in said
    (case,) = [one for one in town.cases() if one.task.unit == BAO_DAI]
    assert case.steps_from == date(2015, 4, 23)
    told = explained(town, case.code, "2015-04-23")
    assert "«BC-1» (submissions, ngày 17/04/2015) đã được rút ngày 22/04/2015" in told
    with reading(town.engine) as conn:
        assert list(differences(conn)) == []


@pytest.mark.long
def test_a_night_before_the_withdrawal_is_explained_as_it_was() -> None:
    """What was known then is not rewritten."""
    town = Town.founded(only(rules(), REPORT))
    town.submits(BAO_DAI, "child-protection", "2015-04-21", ref="BC-1")
    nights_of(town, "2015-04-20", "2015-04-22")
    takes_back(town, SheetKind.SUBMISSIONS, "BC-1", "2015-04-23T09:00")
    town.nights(date(2015, 4, 23), date(2015, 4, 24))
    with reading(town.engine) as conn:
        codes = conn.scalars(
            select(t.case_file.c.code)
            .join(t.task, t.task.c.id == t.case_file.c.task_id)
            .join(t.unit, t.unit.c.no == t.task.c.unit_no)
            .where(t.unit.c.id == BAO_DAI)
            .order_by(t.case_file.c.id)
        ).all()
    before = explained(town, codes[0], "2015-04-22")
    assert "đã được rút" not in before
    assert "12/BC, ngày 21/04/2015" in before
    after = explained(town, codes[-1], "2015-04-24")
    assert "đã được rút ngày 23/04/2015" in after


def test_a_broadcast_that_never_was_makes_its_month_missed() -> None:
    """July was met by it alone."""
    town = Town.founded(only(rules(), BROADCAST))
    town.does(PORTAL, "broadcast", "2019-07-20")
    met = finding(town.night(date(2019, 8, 1)), BROADCAST, PORTAL)
    assert met is not None
    assert met.verdict is Verdict.MET
    takes_back(town, SheetKind.ACTIVITIES, f"{PORTAL}-broadcast-2019-07-20-None", "2019-08-01T09:00")
    assert "đã được rút ngày 01/08/2019" in letters(town, "2019-08-02")[PORTAL]


def test_a_figure_that_never_was_closes_its_case_as_corrected() -> None:
    """Nine drownings that nobody reported, and no other figure: a correction and no improvement."""
    town = Town.founded(figures())
    town.reads(PROVINCE, "child-drowning-deaths", *PERIOD, 9, "2019-05-03T08:00")
    assert PROVINCE in letters(town, "2019-05-06")
    takes_back(town, SheetKind.READINGS, f"{PROVINCE}-child-drowning-deaths-2019-03-31", "2019-05-06T09:00")
    said = letters(town, "2019-05-07")[PROVINCE]
    assert "Rút nhắc việc" in said
    assert "điều chỉnh" in said or "đính chính" in said
    assert "giảm" not in said
    with reading(town.engine) as conn:
        assert conn.scalars(select(t.case_file.c.outcome)).all() == [Outcome.WITHDRAWN]


def test_a_figure_before_it_counts_again() -> None:
    """Four of the year before stand, so nothing is amiss."""
    town = Town.founded(figures())
    town.reads(PROVINCE, "child-drowning-deaths", *BEFORE, 4, "2018-05-03T08:00")
    town.reads(PROVINCE, "child-drowning-deaths", *PERIOD, 9, "2019-05-03T08:00")
    town.night(date(2019, 5, 6))
    takes_back(town, SheetKind.READINGS, f"{PROVINCE}-child-drowning-deaths-2019-03-31", "2019-05-06T09:00")
    assert [case.outcome for case in town.night(date(2019, 5, 7)).after] == [Outcome.WITHDRAWN]


def test_a_task_that_never_was_is_nobodys_any_more() -> None:
    """Urged on the 20th, withdrawn; whoever was urged hears so, and a new assignment of it is judged again."""
    town = Town.founded(assigned())
    town.is_assigned(BAO_DAI, "assigned", "2015-04-19", "2015-04-01T09:00", ref="NV-1")
    assert BAO_DAI in letters(town, "2015-04-20")
    takes_back(town, SheetKind.TASKS, "NV-1", "2015-04-20T09:00")
    said = letters(town, "2015-04-21")[BAO_DAI]
    assert "Nhiệm vụ đã được rút ngày 20/04/2015; đơn vị không phải thực hiện." in said
    assert town.cases() == []
    town.is_assigned(BAO_DAI, "assigned", "2015-04-24", "2015-04-22T09:00", ref="NV-1")
    town.night(date(2015, 4, 27))
    assert [case.task.last_day for case in town.cases()] == [date(2015, 4, 24)]


@pytest.mark.parametrize("kind", [kind for kind in SheetKind if kind in ("submissions", "tasks")])
def test_a_withdrawn_row_comes_back_only_by_a_later_one(kind: SheetKind) -> None:
    """The same file again leaves it withdrawn, one recorded before that is refused, a later one is taken."""
    town = Town.founded(assigned())

    def brings(recorded: str, day: str = "2015-04-17") -> tuple[int, int, list[str]]:
        values = {"ref": "R-1", "unit": BAO_DAI, "recorded_at": at(recorded)}
        values |= (
            {"report": "assigned", "submitted_on": date.fromisoformat(day), "document": "", "task": ""}
            if kind is SheetKind.SUBMISSIONS
            else {
                "task": "assigned",
                "title": "Việc",
                "title_en": "Work",
                "due_kind": "by",
                **dict.fromkeys(("issuer", "monitor", "reports_to")),
                "assigned_on": date(2015, 4, 1),
                "due": date.fromisoformat(day),
            }
        )
        taken = town.brings(kind, [(2, values)])
        return taken.added, taken.unchanged, [one.vi for one in taken.refused]

    assert brings("2015-04-17T10:00") == (1, 0, [])
    takes_back(town, kind, "R-1", "2015-04-20T09:00")
    assert brings("2015-04-17T10:00") == (0, 1, [])
    (why,) = brings("2015-04-19T10:00", "2015-04-18")[2]
    assert "đã được rút lúc 09:00 ngày 20/04/2015" in why
    assert brings("2015-04-21T10:00", "2015-04-18") == (1, 0, [])
    town.night(date(2015, 4, 22))
    with pytest.raises(CallRefused, match="không có dòng nào"):
        takes_back(town, kind, "R-2", "2015-04-22T09:00")


def test_what_is_withdrawn_twice_or_without_a_basis_is_refused() -> None:
    """And the log keeps the basis of what was withdrawn."""
    town = Town.founded(only(rules(), REPORT))
    town.submits(BAO_DAI, "child-protection", "2015-04-17", ref="BC-1")
    for basis in (" ", "theo 0912345678"):
        with pytest.raises(CallRefused, match="--basis"):
            withdrawn(town.engine, SheetKind.SUBMISSIONS, "BC-1", basis, at("2015-04-18T09:00"))
    takes_back(town, SheetKind.SUBMISSIONS, "BC-1", "2015-04-18T09:00")
    with pytest.raises(CallRefused, match="đã được rút lúc 09:00 ngày 18/04/2015"):
        takes_back(town, SheetKind.SUBMISSIONS, "BC-1", "2015-04-19T09:00")
    with reading(town.engine) as conn:
        (detail,) = conn.scalars(select(t.event.c.detail).where(t.event.c.kind == "fact-withdrawn"))
    assert BASIS in detail


def test_a_letter_that_urges_on_what_was_withdrawn_since_is_looked_at_again() -> None:
    """Before it leaves in the morning."""
    town = Town.founded(assigned())
    town.is_assigned(BAO_DAI, "assigned", "2015-04-19", "2015-04-01T09:00", ref="NV-1")
    letters(town, "2015-04-20")
    with reading(town.engine) as conn:
        letter = conn.scalars(select(t.notice.c.letter).where(t.notice.c.letter.is_not(None))).first()
        assert letter is not None
        assert [one.answered for one in matters(conn, letter, at("2015-04-20T07:00"))] == [False]
    takes_back(town, SheetKind.TASKS, "NV-1", "2015-04-20T06:00")
    with reading(town.engine) as conn:
        assert [one.answered for one in matters(conn, letter, at("2015-04-20T07:00"))] == [True]


def test_a_withdrawal_is_of_the_demand_that_it_freed_and_of_no_other() -> None:
    """The second round became known anew in June, when its limit was moved; the report of April was not of it."""
    other = "279-ubnd-ldtbxh/report-round-2"
    town = Town.founded(only(rules(), REPORT, other), mailboxes=False)
    town.submits(BAO_DAI, "child-protection", "2015-04-17", ref="BC-1")
    town.nights(date(2015, 4, 20), date(2015, 4, 21))
    takes_back(town, SheetKind.SUBMISSIONS, "BC-1", "2015-04-22T09:00")
    town.nights(date(2015, 4, 23), date(2015, 4, 24))
    town.night(date(2015, 9, 1))
    rule = town.book.rules[other]
    assert isinstance(rule.condition, Overdue)
    assert isinstance(rule.condition.due, OnDate)
    due = replace(rule.condition.due, day=date(2015, 11, 20))
    moved = replace(rule, condition=replace(rule.condition, due=due))
    town.book = replace(town.book, rules=town.book.rules | {other: moved})
    town.nights(date(2015, 9, 2), date(2015, 9, 3))
    with reading(town.engine) as conn:
        mine = select(t.task.c.id, t.rule.c.id.label("rule"), t.task.c.known_on).join(t.rule)
        tasks = {
            row.id: row
            for row in conn.execute(
                mine.join(t.unit, t.unit.c.no == t.task.c.unit_no).where(t.unit.c.id == BAO_DAI)
            )
        }
        found = [task for task, _ in withdrawn_of(conn, tasks, cutoff(date(2015, 9, 3)))]
    assert {row.rule: row.known_on for row in tasks.values()} == {
        REPORT: date(2015, 4, 23),
        other: date(2015, 9, 2),
    }
    assert [tasks[task].rule for task in found] == [REPORT]


@pytest.mark.parametrize(
    ("now", "answered"),
    [
        pytest.param("2015-04-20T05:59", True, id="before"),
        pytest.param("2015-04-20T06:00", False, id="at the instant of the withdrawal"),
    ],
)
def test_a_report_of_the_morning_that_was_withdrawn_answers_nothing(now: str, *, answered: bool) -> None:
    """It was handed in at three, after the night."""
    town = Town.founded(only(rules(), REPORT))
    letters(town, "2015-04-20")
    town.submits(BAO_DAI, "child-protection", "2015-04-20", "2015-04-20T03:00", ref="BC-1")
    takes_back(town, SheetKind.SUBMISSIONS, "BC-1", "2015-04-20T06:00")
    with reading(town.engine) as conn:
        mine = select(t.notice.c.letter).join(t.unit, t.unit.c.no == t.notice.c.reader_no)
        letter = conn.scalars(mine.where(t.unit.c.id == BAO_DAI)).one()
        assert [one.answered for one in matters(conn, letter, at(now))] == [answered]
