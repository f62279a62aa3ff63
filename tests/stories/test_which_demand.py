"""Which demand a report settles: rows in, whole nights, and what the store and the letters say of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import EveryPeriod, EveryYear, OnDate, Overdue, Quota, RuleBook
from dondoc.engine.domain.terms import Section
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.db.schema_version import in_memory
from dondoc.flows.whatif.sandbox import Sandbox
from tests.support import worlds
from tests.support.town import Town, letters, only
from tests.support.town import rules as packs
from tests.support.worlds import at, day

DAY = timedelta(days=1)
UNIT = "u.a"
# Monday to Friday are worked, without exception.
WEEK = WorkCalendar("week", day("2022-01-01"), day("2029-12-31"), {}, {})
MONTHLY = Overdue("month", None, EveryPeriod(PeriodKind.CALENDAR_MONTH, 25))
QUARTERLY = Overdue("month", None, EveryPeriod(PeriodKind.CALENDAR_QUARTER, 25))
YEARLY = Overdue("month", None, EveryYear(7, 20, exclusive=True))
# A report: the day on which it was handed in and recorded, and what it names.
Report = tuple[str, str]


def book(*conditions: Overdue | Quota, since: str = "2026-01-01") -> RuleBook:
    """One rule for each condition on the same unit."""
    made = [worlds.rule(f"d/r{n}", one, UNIT) for n, one in enumerate(conditions)]
    return worlds.book(made, [worlds.directive("d", since=day(since))], calendar=WEEK)


def town(engine: Engine, rules: RuleBook) -> Sandbox:
    """The unit alone."""
    box = Sandbox(engine, rules)
    box.brings(
        "units",
        [(2, {"id": UNIT, "kind": "ubnd", "level": "commune", "from": worlds.SINCE, "until": None})],
        worlds.NOW,
    )
    return box


def hand_in(box: Sandbox, on: str, names: str = "", ref: str = "", recorded: str = "") -> Sequence[str]:
    """A report; the reasons why it was refused."""
    row = worlds.submission(
        ref or f"{on} {names}", UNIT, "month", day(on), at(f"{recorded or on}T10:00"), task=names
    )
    return [f"{one.column}: {one.en}" for one in box.brings("submissions", [(2, row)], worlds.NOW).refused]


def settled(box: Sandbox) -> Mapping[str, date | None]:
    """By subject, the day on which each demand was met."""
    with reading(box.engine) as conn:
        rows = conn.execute(select(t.task.c.subject, t.task.c.done_on).order_by(t.task.c.last_day))
        return {row.subject: row.done_on for row in rows}


def missing(box: Sandbox, until: str) -> list[str]:
    """The subjects of demands due by a day that nothing has met."""
    with reading(box.engine) as conn:
        open_ = t.task.c.done_on.is_(None), t.task.c.last_day <= day(until)
        return list(conn.scalars(select(t.task.c.subject).where(*open_).order_by(t.task.c.last_day)))


def played(
    rules: RuleBook, reports: Iterable[Report], nights: Sequence[str], engine: Engine
) -> tuple[Sandbox, list[tuple[str, str, str]]]:
    """The town after these nights, and what it was told: the night, the section and the demand."""
    box, told = town(engine, rules), []
    for on, names in reports:
        assert hand_in(box, on, names) == []
    for night in nights:
        made = box.night(day(night))
        told += [
            (night, one.section.value, one.finding.task.subject) for one in made.notices if one.reader == UNIT
        ]
    return box, told


def every_night(first: str, last: str) -> list[str]:
    """Every night between two days, both inclusive."""
    return [(day(first) + n * DAY).isoformat() for n in range((day(last) - day(first)).days + 1)]


MISSED = [("2026-01-20", ""), *((f"2026-{month:02}-20", "") for month in range(3, 8))]

NIGHTS = [f"2026-{month:02}-{on}" for month in range(1, 8) for on in (21, 26, 29) if (month, on) != (2, 29)]


def test_one_missed_month_accuses_no_later_one() -> None:
    """February was missed; the reports from March to July are each for their own month (T5)."""
    with in_memory() as engine:
        box, told = played(book(MONTHLY), MISSED, NIGHTS, engine)
        assert missing(box, "2026-07-31") == ["2026-02"]
        assert {subject for _, section, subject in told if section == Section.NEW} == {"2026-02"}
        assert not [one for one in told if one[1] == Section.RESOLVED]


def test_missed_month_is_made_good_by_its_name() -> None:
    """A report that names February, in words, closes its case and no other."""
    with in_memory() as engine:
        reports = [*MISSED, ("2026-07-28", "tháng 02/2026")]
        box, told = played(book(MONTHLY), reports, NIGHTS, engine)
        assert missing(box, "2026-07-31") == []
        assert settled(box)["2026-02"] == day("2026-07-28")
        assert [one for one in told if one[1] == Section.RESOLVED] == [("2026-07-29", "resolved", "2026-02")]


@pytest.mark.parametrize(
    ("condition", "since", "reports", "missed"),
    [
        pytest.param(MONTHLY, "2026-01-01", ["2026-01-24", "2026-01-28"], ["2026-02"], id="monthly: a supplement"),
        pytest.param(
            QUARTERLY, "2026-02-15", ["2026-03-20"], ["2026-Q2"], id="quarterly: before the first quarter"
        ),
        pytest.param(YEARLY, "2026-01-01", ["2026-07-10", "2026-07-20"], ["2027"], id="yearly: a supplement"),
        pytest.param(YEARLY, "2026-01-01", ["2026-07-10", "2026-12-20"], ["2027"], id="yearly: late in the year"),
    ],
)
def test_no_report_pays_for_a_period_that_has_not_begun(
    condition: Overdue, since: str, reports: list[str], missed: list[str]
) -> None:
    """A second one revises the last settled, and one before the first period settles nothing (T6)."""
    nights = ["2026-03-01", "2026-05-01", "2026-07-11", "2026-07-22", "2026-12-21", "2027-06-01", "2027-07-30"]
    ends = {"2026-02": "2026-03-01", "2026-Q2": "2026-07-11", "2027": "2027-07-30"}[missed[0]]
    with in_memory() as engine:
        box, _ = played(book(condition, since=since), [(on, "") for on in reports], nights, engine)
        assert missing(box, ends) == missed


def test_period_that_has_not_begun_is_settled_by_its_name() -> None:
    """January's report and, with it, February's."""
    with in_memory() as engine:
        reports = [("2026-01-20", ""), ("2026-01-28", "2026-02")]
        box, _ = played(book(MONTHLY), reports, ["2026-01-29", "2026-03-01"], engine)
        assert missing(box, "2026-03-01") == []


@pytest.mark.parametrize("on", ["2025-12-20", "2026-01-20"])
def test_round_early_in_the_year_is_prepared_before_it(on: str) -> None:
    """A round due on 10 January has begun in December; the report is not one of the January before."""
    with in_memory() as engine:
        rules = book(Overdue("month", None, EveryYear(1, 10, exclusive=False)), since="2025-01-01")
        box, _ = played(rules, [("2025-01-08", ""), (on, "")], ["2025-01-09", "2026-02-01"], engine)
        assert settled(box) == {"2025": day("2025-01-08"), "2026": day(on)}


ROUNDS = (
    Overdue("month", None, OnDate(day("2026-04-19"), exclusive=False)),
    Overdue("month", None, OnDate(day("2026-10-29"), exclusive=False)),
)


@pytest.mark.parametrize("on", ["2026-07-24", "2026-07-25", "2026-11-20"])
@pytest.mark.parametrize("before", [["2026-04-10"], []], ids=["the first round is met", "the first round is open"])
def test_nights_one_by_one_and_one_catch_up_count_alike(before: list[str], on: str) -> None:
    """A report waits for a nearer demand that no night has made yet (decision 27), and for none that is there."""
    reports = [(day_, "") for day_ in (*before, on)]
    nights = [night for night in every_night("2026-04-11", "2026-12-01") if day(night).weekday() in (1, 5)]
    with in_memory() as one, in_memory() as other:
        nightly, _ = played(book(*ROUNDS), reports, nights, one)
        at_once, _ = played(book(*ROUNDS), reports, nights[-1:], other)
        assert settled(nightly) == settled(at_once)
        first, second = (None, day(on)) if on >= "2026-07-25" else (day(on), None)
        assert settled(nightly) == {"2026-04-19": day(before[0]) if before else first, "2026-10-29": second}


def test_report_that_names_another_month_later_leaves_its_own_to_the_supplement() -> None:
    """The report of 20/3 turns out to be February's: March is met by the one that had only revised it."""
    with in_memory() as engine:
        box = town(engine, book(MONTHLY))
        for on in ("2026-01-20", "2026-03-20", "2026-03-24"):
            hand_in(box, on, ref=on)
        box.night(day("2026-03-27"))
        assert missing(box, "2026-03-31") == ["2026-02"]
        hand_in(box, "2026-03-20", "02/2026", ref="2026-03-20", recorded="2026-03-28")
        box.night(day("2026-03-29"))
        assert settled(box)["2026-02"] == day("2026-03-20")
        assert settled(box)["2026-03"] == day("2026-03-24")


def test_corrected_report_keeps_its_place_before_its_supplement() -> None:
    """Its document was corrected after a late supplement: the month stays met in time."""
    with in_memory() as engine:
        box = town(engine, book(MONTHLY))
        for on in ("2026-01-20", "2026-01-28"):
            hand_in(box, on, ref=on)
        box.night(day("2026-01-29"))
        row = worlds.submission(
            "2026-01-20", UNIT, "month", day("2026-01-20"), at("2026-01-30T10:00"), document="9/BC"
        )
        assert box.brings("submissions", [(2, row)], worlds.NOW).corrected == 1
        box.night(day("2026-01-31"))
        assert settled(box)["2026-01"] == day("2026-01-20")


def test_of_two_demands_of_one_day_the_second_is_met_by_the_report_recorded_second() -> None:
    """Its later correction keeps its place, so that a late supplement makes neither month late."""
    with in_memory() as engine:
        box = town(engine, book(MONTHLY, MONTHLY))
        for on in ("2026-01-20", "2026-01-21", "2026-01-28"):
            hand_in(box, on, ref=on)
        hand_in(box, "2026-01-21", "", ref="2026-01-21", recorded="2026-01-29")
        box.night(day("2026-01-30"))
        with reading(engine) as conn:
            met = select(t.task.c.done_on).where(t.task.c.subject == "2026-01").order_by(t.task.c.done_on)
            assert list(conn.scalars(met)) == [day("2026-01-20"), day("2026-01-21")]


@pytest.mark.parametrize(
    "names",
    ["02/2026", "02-2026", "tháng 02/2026", "Tháng 2 năm 2026", "2026-02", "d/r0@tháng 2/2026", "25/02/2026"],
)
def test_period_in_words_is_understood(names: str) -> None:
    """Each names February, whatever the day of the report."""
    with in_memory() as engine:
        box, _ = played(book(MONTHLY), [("2026-04-24", names)], ["2026-02-26", "2026-04-25"], engine)
        assert {subject for subject, done in settled(box).items() if done} == {"2026-02"}


@pytest.mark.parametrize(
    "names", ["13/2026", "tháng 13/2026", "tháng 2", "quý V/2026", "NV-1", "d/r0@báo cáo cuối"]
)
def test_text_that_can_name_nothing_is_refused_by_row(names: str) -> None:
    """Never silently no match: the row goes back to whoever sent it."""
    with in_memory() as engine:
        (reason,) = hand_in(town(engine, book(MONTHLY)), "2026-02-20", names)
        assert reason.startswith("task: ")


def test_ref_of_a_task_is_understood_even_if_it_looks_like_a_period() -> None:
    """It was assigned before the report was handed in."""
    rules = book(Overdue(None, "month", None))
    for ref in ("NV-01", "12-Q", "tháng 13"):
        with in_memory() as engine:
            box = town(engine, rules)
            task = worlds.assigned(ref, UNIT, day("2026-02-27"), at("2026-02-02T10:00"), task="month")
            box.brings("tasks", [(2, task)], worlds.NOW)
            assert hand_in(box, "2026-02-20", ref) == []
            box.night(day("2026-02-21"))
            assert settled(box) == {ref: day("2026-02-20")}


def reminders(condition: Overdue | Quota, since: str, first: str, last: str) -> dict[int, str]:
    """By reminder, the night on which the unit was reminded."""
    found = {}
    with in_memory() as engine:
        box = town(engine, book(condition, since=since))
        for night in every_night(first, last):
            for one in box.night(day(night)).notices:
                if one.section is Section.ENDING and one.finding.offset is not None:
                    found[one.finding.offset] = night
    return found


# Working days before Tue 30/6/2026 in a plain week, counted by hand: 44 are 8 weeks and 4 days.
LONG = {60: "2026-04-07", 50: "2026-04-21", 44: "2026-04-29"}


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param(Overdue("month", None, OnDate(day("2026-06-30"), exclusive=False), (60, 50, 44)), id="once"),
        pytest.param(Overdue("month", None, EveryYear(6, 30, exclusive=False), remind=(60, 50, 44)), id="yearly"),
        pytest.param(
            Quota("month", 1, PeriodKind.CALENDAR_HALF, warn_before=(60, 50, 44), grace=20),
            id="quota with grace",
        ),
    ],
)
def test_long_reminders_come_on_their_days(condition: Overdue | Quota) -> None:
    """Three reminders of 60, 50 and 44 working days make three letters, not one (T9)."""
    assert reminders(condition, "2026-01-01", "2026-03-20", "2026-05-10") == LONG


def test_reminder_of_a_limit_early_in_the_last_month_of_a_period() -> None:
    """A quarter's limit on the first of its last month lies a month before its end."""
    condition = Overdue("month", None, EveryPeriod(PeriodKind.CALENDAR_QUARTER, 1), (40, 30))
    assert reminders(condition, "2026-01-01", "2026-03-20", "2026-06-01") == {40: "2026-04-06", 30: "2026-04-20"}


def test_a_letter_says_for_which_period_an_unnamed_report_was_counted() -> None:
    """A yearly report without its year, told as done: counted for the round of 2026, with how to correct that."""
    name, unit = "28-2019-tt-bldtbxh/action-month-report", "vn.23425.ubnd"
    for named in ("", "2026"):
        office = Town.founded(only(packs(), name))
        letters(office, "2026-07-15")
        letters(office, "2026-07-20")
        office.submits(unit, "action-month", "2026-07-21", task=named)
        said = letters(office, "2026-07-22")[unit]
        assert ("Báo cáo không ghi kỳ nên được tính cho đợt năm 2026" in said) == (not named)
