"""The last periods of a directive are judged; what is open then is followed up for a while and lapses aloud."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from dondoc.engine.domain.mail_policy import Brake
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import (
    Condition,
    EveryPeriod,
    EveryYear,
    OnDate,
    Overdue,
    Quota,
    Rollup,
    RuleBook,
    Selector,
    Threshold,
)
from dondoc.engine.domain.terms import Outcome
from dondoc.engine.rulefile import load
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.explain_helpers import explained, nights_of, why_not_text
from tests.support.story_stage import Stage, flat, mail_to, to
from tests.support.town import ROOT, Town, only, rules

RULE = "279-ubnd-ldtbxh/report-round-1"
COMMUNE, BOX = "ln.ubnd_xa.bao_dai", "ubnd.baodai.lucnam"
FROM, UNTIL, FOLLOWED = date(2015, 1, 5), date(2015, 12, 31), date(2016, 2, 19)


def asking(condition: Condition, follow: date | None = FOLLOWED) -> RuleBook:
    """One rule for one commune, in force from 5 January to 31 December 2015."""
    book = only(rules(), RULE)
    rule = book.rules[RULE]
    made = replace(rule, condition=condition, applies_to=replace(rule.applies_to, units=(COMMUNE,), kind=None))
    directive = replace(
        book.directives[rule.directive], issued=FROM, in_force_from=FROM, in_force_until=UNTIL, follow_until=follow
    )
    mail = replace(book.mail, brake=Brake())
    return replace(book, rules={RULE: made}, directives={directive.id: directive}, mail=mail)


def judged(condition: Condition, *nights: str) -> list[str]:
    """Of which periods there are cases after some nights, of a commune that does nothing."""
    town = Town.founded(asking(condition), mailboxes=False)
    found: dict[str, None] = {}
    for night in nights:
        made = town.night(date.fromisoformat(night))
        found |= dict.fromkeys(case.task.subject for case in made.after)
    return list(found)


EVERY_QUARTER = "2015-04-01", "2015-07-01", "2015-10-01", "2016-01-04"
ABOVE = Threshold("child-injuries", PeriodKind.CALENDAR_QUARTER, COMMUNE, FROM, above=Decimal(3), no_data_after=10)


@pytest.mark.parametrize(
    ("condition", "nights", "periods"),
    [
        pytest.param(
            Quota("inspection", 1, PeriodKind.CALENDAR_QUARTER),
            EVERY_QUARTER,
            ["2015-Q2", "2015-Q3", "2015-Q4"],
            id="a quota of the last quarter is judged the day after the last day",
        ),
        pytest.param(
            Quota("inspection", 1, PeriodKind.CALENDAR_QUARTER, grace=5),
            ("2016-01-08", "2016-01-11"),
            ["2015-Q2", "2015-Q3", "2015-Q4"],
            id="and after its grace",
        ),
        pytest.param(
            Overdue("child-protection", None, EveryYear(12, 15, exclusive=False, first=2015)),
            ("2015-12-16",),
            ["2015"],
            id="a yearly report",
        ),
        pytest.param(
            Overdue("child-protection", None, EveryPeriod(PeriodKind.CALENDAR_YEAR, 15)),
            ("2015-12-16",),
            ["2015"],
            id="one of the calendar year on the same day",
        ),
        pytest.param(
            Overdue("child-protection", None, OnDate(UNTIL, exclusive=False)),
            ("2015-12-31", "2016-01-04"),
            ["2015-12-31"],
            id="a report due on the last day",
        ),
        pytest.param(
            Overdue("child-protection", None, EveryPeriod(PeriodKind.CALENDAR_MONTH, 25)),
            ("2015-01-26", "2016-01-26"),
            ["2015-01", *(f"2015-{month:02d}" for month in range(2, 13))],
            id="monthly reports whose last day is in force, and none of January after it",
        ),
        pytest.param(
            ABOVE, ("2016-01-18",), [f"child-injuries@2015-Q{n}" for n in (2, 3, 4)], id="missing figures"
        ),
    ],
)
def test_the_first_and_the_last_period_are_judged(
    condition: Condition, nights: tuple[str, ...], periods: list[str]
) -> None:
    """What ends in force is demanded; a window must begin in force too (docs/en/decisions/0041)."""
    assert judged(condition, *nights) == periods


def test_a_report_due_at_the_end_climbs_on_and_lapses_with_one_line(database: Engine, sink: Mailsink) -> None:
    """Due on 29 December: steps in January; on the day after the follow-up all who were told hear of its end."""
    stage = Stage.set(database, sink, examples=False)
    stage.book = asking(Overdue("child-protection", None, OnDate(date(2015, 12, 29), exclusive=False)))
    told: set[str] = set()
    for night in ("2015-12-30", "2015-12-31", "2016-01-04", "2016-01-07", "2016-01-14", "2016-02-19"):
        told |= to(stage.night(night))
    assert BOX in told
    assert len(told) > 2
    lapsed = stage.night("2016-02-22")
    assert to(lapsed) == told
    letter = mail_to(lapsed, BOX)
    assert letter.subject.startswith("Thôi theo dõi: ")
    assert "THÔI THEO DÕI ==" in flat(letter)
    assert "Văn bản đã hết hiệu lực nên hệ thống thôi theo dõi; chưa ghi nhận hoàn thành." in flat(letter)
    assert "ĐÃ XONG (" not in flat(letter)
    assert to(stage.night("2016-02-23")) == set()


def test_a_report_that_comes_while_it_is_followed_up_closes_its_case() -> None:
    """Handed in on 12 January 2016: done late, as any other day; `explain` promised its end."""
    town = Town.founded(asking(Overdue("child-protection", None, OnDate(date(2015, 12, 29), exclusive=False))))
    nights_of(town, "2015-12-30", "2016-01-12")
    (case,) = town.cases()
    said = explained(town, case.code, "2016-01-11")
    assert "21/02/2016: thôi theo dõi, vì văn bản đã hết hiệu lực" in said
    town.submits(COMMUNE, "child-protection", "2016-01-12")
    nights_of(town, "2016-01-13", "2016-01-13")
    assert town.last is not None
    assert {case.outcome for case in town.last.after} == {Outcome.LATE}


def test_figures_of_periods_after_the_end_do_not_count() -> None:
    """The fourth quarter is judged in January; a figure of the next one opens nothing and closes nothing."""
    town = Town.founded(asking(replace(ABOVE, no_data_after=None)))
    town.reads(COMMUNE, "child-injuries", "2015-10-01", "2015-12-31", 8, "2016-01-05T10:00")
    nights_of(town, "2016-01-06", "2016-01-06")
    (case,) = town.cases()
    assert case.value == 80_000_000
    town.reads(COMMUNE, "child-injuries", "2016-01-01", "2016-03-31", 1, "2016-01-06T10:00")
    nights_of(town, "2016-01-07", "2016-01-07")
    (case,) = town.cases()
    assert case.value == 80_000_000


def test_a_task_due_after_the_end_is_not_demanded() -> None:
    """Assigned in December, due in January: not under this directive; one due on its last day is."""
    town = Town.founded(asking(Overdue(None, "assigned", None)))
    town.is_assigned(COMMUNE, "assigned", "2016-01-05", "2015-12-01T09:00", ref="later")
    town.is_assigned(COMMUNE, "assigned", "2015-12-31", "2015-12-01T09:00", ref="last")
    for night in (date(2015, 12, 30), date(2016, 1, 4), date(2016, 1, 6)):
        town.night(night)
    assert [case.task.subject for case in town.cases()] == ["last"]


def test_why_not_answers_while_it_is_followed_up_and_after() -> None:
    """In between the case is open; afterwards the directive's days are named."""
    town = Town.founded(asking(Overdue("child-protection", None, OnDate(date(2015, 12, 29), exclusive=False))))
    nights_of(town, "2015-12-30", "2016-01-05")
    assert "sau đó hệ thống im lặng" not in why_not_text(town, COMMUNE, "2016-01-05", RULE)
    assert "sau đó hệ thống im lặng" in why_not_text(town, COMMUNE, "2016-03-01", RULE)


def test_a_pack_is_followed_up_for_thirty_working_days() -> None:
    """31 December 2015 and the holidays of Tết 2016 after it, as the project's calendar has them."""
    book = load(ROOT / "rules")
    directive = book.directives["279-ubnd-ldtbxh"]
    assert directive.in_force_until == UNTIL
    calendar = book.calendar_of(RULE)
    assert directive.followed_until == calendar.after(UNTIL, 30)


def test_what_was_handed_in_before_the_last_night_does_not_lapse_without_a_result() -> None:
    """Handed in on the last day of the follow-up: the case ends as done late on the night after it."""
    town = Town.founded(asking(Overdue("child-protection", None, EveryYear(12, 15, exclusive=False, first=2015))))
    town.night(date(2015, 12, 16))
    town.submits(COMMUNE, "child-protection", str(FOLLOWED))
    (case,) = town.night(date(2016, 2, 22)).after
    assert case.outcome is Outcome.LATE
    assert [one.section.value for night, one in town.notified if night == date(2016, 2, 22)] == ["resolved"] * len(
        {one.reader for _, one in town.notified}
    )


def with_its_whole(book: RuleBook) -> RuleBook:
    """The book with a roll-up of its rule for the district."""
    district = Selector(units=("ln.ubnd_huyen",))
    whole = replace(book.rules[RULE], id=f"{RULE}-whole", condition=Rollup(RULE, units=1), applies_to=district)
    return replace(book, rules={**book.rules, whole.id: whole})


@pytest.mark.parametrize("night", [date(2016, 2, 20), date(2016, 2, 22), date(2016, 7, 8)])
def test_what_was_made_good_while_no_night_ran_does_not_lapse(night: date) -> None:
    """An activity of December that is recorded in February, the whole of which it is a part, and a figure."""
    quarter = PeriodKind.CALENDAR_QUARTER
    town = Town.founded(with_its_whole(asking(Quota("action-month-event", 1, quarter))))
    for day in ("2015-05-05", "2015-08-05"):
        town.does(COMMUNE, "action-month-event", day)
    assert len(town.night(date(2016, 1, 5)).after) == 2
    town.does(COMMUNE, "action-month-event", "2015-12-20", "2016-02-10T10:00")
    assert [case.outcome for case in town.night(night).after] == [Outcome.WITHDRAWN, Outcome.CLEARED]
    limit = Threshold("child-injuries", quarter, "ln.ubnd_huyen", FROM, above=Decimal(20))
    town = Town.founded(asking(limit))
    town.reads(COMMUNE, "child-injuries", "2015-10-01", "2015-12-31", 25, "2016-01-04T10:00")
    town.night(date(2016, 1, 5))
    town.reads(COMMUNE, "child-injuries", "2015-10-01", "2015-12-31", 15, "2016-02-10T10:00")
    assert [case.outcome for case in town.night(night).after] == [Outcome.WITHDRAWN]


def test_what_was_handed_in_does_not_lapse_either_where_nobody_hears_of_the_end() -> None:
    """The next night comes months after the follow-up: too late for news, and the report is there all the same."""
    town = Town.founded(asking(Overdue("child-protection", None, EveryYear(12, 15, exclusive=False, first=2015))))
    town.night(date(2015, 12, 16))
    town.submits(COMMUNE, "child-protection", "2016-01-20")
    told = len(town.notified)
    (case,) = town.night(date(2016, 7, 8)).after
    assert (case.outcome, len(town.notified)) == (Outcome.LATE, told)
