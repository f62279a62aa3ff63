"""Which day a row prints, which period, and which older ones it stands for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dondoc.engine.domain.model import Finding, Task
from dondoc.engine.domain.rulebook import AfterEvent, EveryYear, OnDate, Overdue
from dondoc.engine.domain.terms import TaskKind, Verdict
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.notifications.gather import timing
from dondoc.notifications.wording import limits, names
from tests.support.sample_digests import entry
from tests.support.town import rules

CALENDAR = WorkCalendar("thử", date(2025, 1, 1), date(2026, 12, 31), {date(2026, 1, 2): "nghỉ"}, {})
REPORT = rules().rules["279-ubnd-ldtbxh/report-round-1"]
FORUM = replace(REPORT, condition=Overdue("child-forum", None, AfterEvent(15, "child-forum-held")))


def task(unit: str = "a", subject: str = "2026-07", last: date = date(2026, 7, 31), n: int = 1) -> Task:
    """A missed quota period."""
    return Task(n, "r", unit, subject, TaskKind.QUOTA, last)


def test_a_counted_period_that_rolled_prints_both_days() -> None:
    """Held on 18/12/2025, the 15th day is 02/01/2026, closed: the limit is Monday 05/01 (decision 6)."""
    held = Task(1, FORUM.id, "a", "2025-12-18", TaskKind.REPORT, date(2026, 1, 5))
    limit = timing.limit_line(FORUM, held, CALENDAR)
    assert limit is not None
    assert limit.counted == date(2026, 1, 2)
    said = limits.limit_line(entry(limit=limit), limit).vi
    assert said.startswith("hết ngày 05/01/2026 (tính đủ ngày là thứ Sáu, 02/01/2026, ngày nghỉ")


@pytest.mark.parametrize(
    ("due", "subject", "last"),
    [
        (AfterEvent(15, "child-forum-held"), "2025-12-16", date(2025, 12, 31)),
        (OnDate(date(2026, 1, 3), exclusive=True), "2026-01-02", date(2026, 1, 2)),
    ],
    ids=["a counted period that ends on a working day", "a fixed date on a closed day, which never rolls"],
)
def test_no_other_limit_has_a_second_day(due: AfterEvent | OnDate, subject: str, last: date) -> None:
    """Only what rolled is explained."""
    rule = replace(REPORT, condition=Overdue("x", None, due))
    limit = timing.limit_line(rule, Task(1, rule.id, "a", subject, TaskKind.REPORT, last), CALENDAR)
    assert limit is not None
    assert limit.counted is None


def test_a_yearly_demand_is_named_by_the_year_it_is_due() -> None:
    """Next year's plan is due this year: "năm 2023" alone would read as the plan's own year."""
    rule = replace(REPORT, condition=Overdue("x", None, EveryYear(12, 31, exclusive=False)))
    due = Finding(Task(1, rule.id, "a", "2023", TaskKind.REPORT, date(2023, 12, 31)), Verdict.BREACH)
    said = timing.period_text(rule, due)
    assert said is not None
    assert said.vi == "đợt năm 2023"


def test_a_rollup_names_the_period_of_its_parts_only_when_they_share_one() -> None:
    """A rollup of streaks or of current figures has no last day, and its subject is no period."""
    whole = replace(task(), kind=TaskKind.ROLLUP)
    said = timing.period_text(FORUM, Finding(whole, Verdict.BREACH))
    assert said is not None
    assert said.vi == "tháng 7/2026"
    assert timing.period_text(FORUM, Finding(replace(whole, last_day=None), Verdict.BREACH)) is None


def test_a_row_stands_for_the_older_misses_of_its_own_unit_and_rule_only() -> None:
    """Oldest first; not the newer, not another unit's, not another rule's, not a period that was met."""
    june, july, august = (task(last=date(2026, month, 28), n=month) for month in (6, 7, 8))
    others = (task("b", last=date(2026, 5, 31), n=1), replace(task(n=2, last=date(2026, 5, 1)), rule="other"))
    met = Finding(task(last=date(2026, 4, 30), n=4), Verdict.MET)
    missed = timing.missed_periods([met, *(Finding(one, Verdict.BREACH) for one in (august, *others, june, july))])
    assert timing.older(missed, july) == (june,)
    assert timing.older(missed, august) == (june, july)


@pytest.mark.parametrize(
    ("clause", "vi", "en"),
    [
        ("7", "mục 7, ", "clause 7, "),
        ("1.2", "mục 1.2, ", "clause 1.2, "),
        ("đoạn 3", "đoạn 3, ", "paragraph 3, "),
        ("mở đầu", "mở đầu, ", "opening, "),
        ("cuối", "cuối, ", "closing paragraph, "),
        ("phụ lục II", "phụ lục II, ", "phụ lục II, "),
        ("", "", ""),
    ],
)
def test_a_clause_is_cited_by_its_own_word(clause: str, vi: str, en: str) -> None:
    """Only a number is a "mục"."""
    said = names.clause(entry(clause=clause))
    assert (said.vi, said.en) == (vi, en)
