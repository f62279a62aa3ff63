"""The second pass: streaks and wholes against the rows of the decisions, and against a plain Python oracle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.engine.demands.derived import in_order
from dondoc.engine.domain.model import SCALE, Finding, Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.periods import PeriodKind, periods_between
from dondoc.engine.domain.rulebook import EveryYear, Overdue, Quota, Rollup, Rule, RuleBook, Streak, Waiver
from dondoc.engine.domain.terms import Level, TaskKind, Verdict
from dondoc.engine.judge.derived import DerivedPass
from dondoc.engine.kinds.second_pass import PartTask, PartVerdict
from tests.support.worlds import WORDS, book, edge, rule, unit

BASE, STREAK, WHOLE, PROVINCE = "t/base", "t/streak", "t/whole", "t/whole-of-wholes"
UNIT = "t.xa_01"
DAY = timedelta(days=1)
MISS, MET, UNJUDGED, WAIVED, GAP = "miss", "met", "unjudged", "waived", "gap"
MARKS = {MISS: PartVerdict.MISSED, WAIVED: PartVerdict.MISSED, MET: PartVerdict.MET, UNJUDGED: PartVerdict.UNKNOWN}
MONTHLY = Quota("broadcast", 1, PeriodKind.CALENDAR_MONTH)


def book_with(*rules: Rule, waivers: Sequence[Waiver] = ()) -> RuleBook:
    """These rules, in force for ever."""
    return replace(book(rules), waivers=tuple(waivers))


def waiver(first: date, until: date, unit_: str = UNIT) -> Waiver:
    """The base rule is waived for a unit."""
    return Waiver(BASE, unit_, "t.huyen", WORDS, WORDS, first, until, "waivers.yaml:1:1")


def districts(communes: int, count: int = 1) -> OrgChart:
    """A province of districts with so many communes each; a single district is `t.huyen`."""
    units, edges = [unit("t.tinh", Level.PROVINCE)], []
    for n in range(count):
        name = f"t{n}" if count > 1 else "t"
        units.append(unit(f"{name}.huyen", Level.DISTRICT))
        edges.append(edge(f"{name}.huyen", "t.tinh"))
        for m in range(1, communes + 1):
            units.append(unit(f"{name}.xa_{m:02d}"))
            edges.append(edge(f"{name}.xa_{m:02d}", f"{name}.huyen"))
    return OrgChart({one.id: one for one in units}, tuple(edges))


def a_task(number: int, unit: str, rule: str = BASE, kind: TaskKind = TaskKind.QUOTA, **more: object) -> Task:
    """A task of a rule; `more` are its other fields."""
    return replace(Task(number, rule, unit, "s", kind, None), **more)


MONTHS = list(periods_between(PeriodKind.CALENDAR_MONTH, date(2018, 1, 1), date(2019, 12, 31)))


def of_series(series: Sequence[str], times: int) -> Finding | None:
    """What the night after the last of these months says of the unit's streak."""
    months = MONTHS[: len(series)]
    granted = [
        waiver(month.last + DAY, month.last + 10 * DAY)
        for month, said in zip(months, series, strict=True)
        if said == WAIVED
    ]
    parts = {}
    for number, (month, said) in enumerate(zip(months, series, strict=True), 1):
        if said == GAP:
            continue
        task = a_task(
            number, UNIT, subject=month.key, first_day=month.first, final_day=month.last, last_day=month.last
        )
        parts[number] = PartTask(task, MARKS[said], month.last + DAY)
    streak = a_task(99, UNIT, STREAK, TaskKind.STREAK)
    known = book_with(rule(STREAK, Streak(BASE, times)), rule(BASE, MONTHLY), waivers=granted)
    night = (months[-1].last if months else date(2018, 1, 1)) + 15 * DAY
    found = list(DerivedPass(known, OrgChart({}, ()), night, {STREAK: [streak]}, {BASE: parts}).findings())
    return found[0] if found else None


def stands(series: Sequence[str], times: int) -> bool:
    """Whether a streak stands after this series."""
    found = of_series(series, times)
    return found is not None and found.verdict is Verdict.BREACH


@pytest.mark.parametrize(
    ("series", "times", "after_each"),
    [
        pytest.param([MISS, MISS, MISS], 3, [False, False, True], id="three missed running open it"),
        pytest.param([MISS, MISS, UNJUDGED, MISS], 3, [False] * 4, id="an unjudged period breaks building"),
        pytest.param([MISS, WAIVED, MISS, MISS], 3, [False] * 4, id="a waived period breaks building"),
        pytest.param(
            [MISS, MISS, MISS, UNJUDGED, MET],
            3,
            [False, False, True, True, False],
            id="an unjudged period never closes an open streak and a met one does",
        ),
        pytest.param(
            [MISS, MISS, MISS, WAIVED, MISS], 3, [False, False, True, True, True], id="nor does a waived period"
        ),
        pytest.param([MISS, MISS, GAP, MISS], 3, [False] * 4, id="a period that was not demanded breaks building"),
        pytest.param([MISS, MISS, MET, MISS], 3, [False] * 4, id="a met period begins again"),
        pytest.param([MISS, MISS, MET, MISS, MISS, MISS], 3, [False] * 5 + [True], id="and then three open it"),
        pytest.param([MISS, MISS], 2, [False, True], id="two are enough where two are asked"),
    ],
)
def test_a_streak_stands_as_decided(series: list[str], times: int, after_each: list[bool]) -> None:
    """The rows of decision 36, one night after each period."""
    assert [stands(series[:n], times) for n in range(1, len(series) + 1)] == after_each


@pytest.mark.parametrize(
    ("series", "verdict"),
    [
        pytest.param([MISS, MISS, MISS, MET], Verdict.MET, id="a met period ends it"),
        pytest.param([MISS, MISS, UNJUDGED, MISS], Verdict.UNJUDGED, id="one unknown among misses says nothing"),
        pytest.param([MISS, GAP, MISS], Verdict.UNJUDGED, id="nor does a period that was not demanded"),
        pytest.param([MISS, MISS, UNJUDGED], Verdict.UNJUDGED, id="the newest one might be the third"),
        pytest.param([MISS, UNJUDGED], Verdict.MET, id="too short whatever the unknown one was"),
        pytest.param([MET, WAIVED, WAIVED, WAIVED], Verdict.UNJUDGED, id="waived periods alone end nothing"),
    ],
)
def test_what_is_not_a_streak_is_over_or_unknown(series: list[str], verdict: Verdict) -> None:
    """Silence never closes a case: over is only what would be too short with every unknown period missed."""
    found = of_series(series, 3)
    assert found is not None
    assert found.verdict is verdict


def test_of_a_series_without_any_verdict_nothing_is_said() -> None:
    """Neither that there is a streak nor that there is none."""
    assert of_series([UNJUDGED, UNJUDGED, UNJUDGED, UNJUDGED], 3) is None


def test_a_streak_says_which_periods_it_stands_on_and_since_when() -> None:
    """The periods, oldest first; late since the third of them was."""
    found = of_series([MET, MISS, MISS, MISS, MISS], 3)
    assert found is not None
    assert found.parts is not None
    assert [task.subject for task in found.parts.missed] == ["2018-02", "2018-03", "2018-04", "2018-05"]
    assert (found.breach, found.value, found.limit) == (date(2018, 5, 1), 4 * SCALE, 3 * SCALE)


def test_late_data_withdraws_a_streak_that_never_was() -> None:
    """The middle one of three was met after all: as known now there never were three running."""
    found = of_series([MISS, MET, MISS], 3)
    assert found is not None
    assert (found.verdict, found.corrected) == (Verdict.MET, True)
    ended = of_series([MISS, MISS, MISS, MET], 3)
    assert ended is not None
    assert not ended.corrected


@given(st.lists(st.sampled_from([MISS, MET, UNJUDGED, WAIVED, GAP]), min_size=1, max_size=10), st.integers(2, 4))
def test_a_streak_agrees_with_a_night_by_night_oracle(series: list[str], times: int) -> None:
    """An automaton that walks from night to night says the same as the whole series at once."""
    run, open_ = 0, False
    for said in series:
        run = run + 1 if said == MISS else 0
        open_ = said != MET and (open_ or run >= times)
    found = of_series(series, times)
    verdict = found.verdict if found else Verdict.UNJUDGED
    assert (verdict is Verdict.BREACH) == open_
    if series[-1] == MET:
        assert verdict is Verdict.MET


def of_parts(missed: int, waived: int, unjudged: int, met: int, at_least: Rollup) -> Finding | None:
    """What is said of a district with so many communes missed (of which some waived), unjudged and done."""
    total = missed + unjudged + met
    chart = districts(total)
    night = date(2019, 7, 15)
    said = [PartVerdict.MISSED] * missed + [PartVerdict.UNKNOWN] * unjudged + [PartVerdict.MET] * met
    parts = {}
    for number, mark in enumerate(said, 1):
        task = a_task(number, f"t.xa_{number:02d}", last_day=date(2019, 6, 30))
        parts[number] = PartTask(task, mark, date(2019, 7, 1))
    granted = [waiver(night, night, f"t.xa_{number:02d}") for number in range(1, waived + 1)]
    whole = a_task(999, "t.huyen", WHOLE, TaskKind.ROLLUP, last_day=date(2019, 6, 30))
    known = book_with(rule(WHOLE, at_least), rule(BASE, MONTHLY), waivers=granted)
    found = list(DerivedPass(known, chart, night, {WHOLE: [whole]}, {BASE: parts}).findings())
    return found[0] if found else None


THIRTY = Rollup(BASE, percent=Decimal(30))
EIGHT = Rollup(BASE, units=8)


@pytest.mark.parametrize(
    ("parts", "at_least", "verdict"),
    [
        pytest.param((7, 0, 0, 17), THIRTY, Verdict.MET, id="7 of 24 are 29,2 % and not enough"),
        pytest.param((8, 0, 0, 16), THIRTY, Verdict.BREACH, id="8 of 24 are enough"),
        pytest.param((8, 3, 0, 16), THIRTY, Verdict.MET, id="8 of 24 of which 3 waived are 5 of 24"),
        pytest.param((6, 0, 4, 14), THIRTY, Verdict.BREACH, id="6 of 20 judged are 30,0 % with 83 % judged"),
        pytest.param((8, 0, 5, 11), THIRTY, Verdict.UNJUDGED, id="19 of 24 judged are 79 % and too few"),
        pytest.param((4, 0, 1, 0), THIRTY, Verdict.BREACH, id="4 of 5 judged are just 80 %"),
        pytest.param((7, 0, 0, 17), EIGHT, Verdict.MET, id="7 are not 8 units"),
        pytest.param((8, 0, 0, 992), EIGHT, Verdict.BREACH, id="8 units are enough of however many"),
        pytest.param((8, 0, 24, 0), EIGHT, Verdict.UNJUDGED, id="8 units of which too many are unjudged"),
        pytest.param(
            (1, 0, 0, 2), Rollup(BASE, percent=Decimal("33.33")), Verdict.BREACH, id="a third is 33,33 %"
        ),
        pytest.param((1, 0, 0, 2), Rollup(BASE, percent=Decimal("33.34")), Verdict.MET, id="and not 33,34 %"),
    ],
)
def test_a_whole_stands_as_decided(parts: tuple[int, int, int, int], at_least: Rollup, verdict: Verdict) -> None:
    """The rows of decision 37: missed, of which waived, then unjudged and done."""
    found = of_parts(*parts, at_least)
    assert found is not None
    assert (found.verdict, found.corrected) == (verdict, False)


def test_a_whole_is_not_over_while_a_silent_source_hides_parts_of_it() -> None:
    """4 of 24 parts that may be missed: they accuse nobody, and clear nobody either."""
    assert of_whole({PartVerdict.MET: 20, PartVerdict.UNHEARD: 4}, THIRTY).verdict is Verdict.UNHEARD
    assert of_whole({PartVerdict.MET: 20, PartVerdict.UNKNOWN: 4}, THIRTY).verdict is Verdict.MET
    assert (
        of_whole({PartVerdict.MET: 12, PartVerdict.MISSED: 8, PartVerdict.UNHEARD: 4}, THIRTY).verdict
        is Verdict.BREACH
    )


def of_whole(said: Mapping[PartVerdict, int], at_least: Rollup) -> Finding:
    """The finding of a district with so many communes of each mark."""
    marks = [mark for mark, number in said.items() for _ in range(number)]
    parts = {
        number: PartTask(a_task(number, f"t.xa_{number:02d}", last_day=date(2019, 6, 30)), mark, date(2019, 7, 1))
        for number, mark in enumerate(marks, 1)
    }
    whole = a_task(999, "t.huyen", WHOLE, TaskKind.ROLLUP, last_day=date(2019, 6, 30))
    known = book_with(rule(WHOLE, at_least), rule(BASE, MONTHLY))
    (found,) = DerivedPass(
        known, districts(len(marks)), date(2019, 7, 15), {WHOLE: [whole]}, {BASE: parts}
    ).findings()
    return found


def test_a_whole_without_parts_says_nothing() -> None:
    """Nobody is late, and nobody has done it either."""
    assert of_parts(0, 0, 0, 0, THIRTY) is None


def test_a_whole_says_which_parts_it_stands_on() -> None:
    """The missed ones, the waived ones, and among how many they were counted."""
    found = of_parts(8, 2, 1, 15, THIRTY)
    assert found is not None
    assert found.parts is not None
    assert [task.unit for task in found.parts.missed] == [f"t.xa_{n:02d}" for n in range(3, 9)]
    assert [task.unit for task in found.parts.waived] == ["t.xa_01", "t.xa_02"]
    assert (found.parts.judged, found.parts.units) == (23, 24)


@given(
    st.tuples(st.integers(0, 12), st.integers(0, 4), st.integers(0, 6), st.integers(0, 12)).filter(
        lambda parts: parts[1] <= parts[0]
    ),
    st.one_of(
        st.decimals("0.01", 100, places=2).map(lambda percent: Rollup(BASE, percent=percent)),
        st.integers(1, 12).map(lambda units: Rollup(BASE, units=units)),
    ),
)
def test_a_whole_agrees_with_an_oracle_of_fractions(parts: tuple[int, int, int, int], at_least: Rollup) -> None:
    """Exact fractions say the same as products of whole numbers in durable_rules."""
    missed, waived, unjudged, met = parts
    judged, units = missed + met, missed + unjudged + met
    found = of_parts(*parts, at_least)
    if not units:
        assert found is None
        return
    assert found is not None
    enough = (
        missed - waived >= at_least.units
        if at_least.units is not None
        else judged > 0 and Fraction(missed - waived, judged) * 100 >= Fraction(at_least.percent or 0)
    )
    if not judged or Fraction(judged, units) < Fraction(80, 100):
        assert found.verdict is Verdict.UNJUDGED
    else:
        assert found.verdict is (Verdict.BREACH if enough else Verdict.MET)


def test_a_whole_of_wholes_stands_on_what_the_round_before_said() -> None:
    """Communes to districts, districts to the province: the findings of one round are the facts of the next."""
    chart = districts(4, 3)
    night, last = date(2019, 7, 15), date(2019, 6, 30)
    parts: dict[int, PartTask] = {}
    for district, late in enumerate((2, 1, 2)):
        for number in range(4):
            task = a_task(len(parts) + 1, f"t{district}.xa_{number + 1:02d}", last_day=last)
            parts[task.id] = PartTask(task, PartVerdict.MISSED if number < late else PartVerdict.MET, last + DAY)
    wholes = [a_task(100 + n, f"t{n}.huyen", WHOLE, TaskKind.ROLLUP, last_day=last) for n in range(3)]
    top = a_task(200, "t.tinh", PROVINCE, TaskKind.ROLLUP, last_day=last)
    known = book_with(
        rule(PROVINCE, Rollup(WHOLE, units=2)),
        rule(WHOLE, Rollup(BASE, percent=Decimal(50))),
        rule(BASE, MONTHLY),
    )
    found = DerivedPass(known, chart, night, {WHOLE: wholes, PROVINCE: [top]}, {BASE: parts}).findings()
    said = {finding.task.unit: finding for finding in found}
    assert {unit: finding.verdict for unit, finding in said.items()} == {
        "t0.huyen": Verdict.BREACH,
        "t1.huyen": Verdict.MET,
        "t2.huyen": Verdict.BREACH,
        "t.tinh": Verdict.BREACH,
    }
    parts = said["t.tinh"].parts
    assert parts is not None
    assert [task.unit for task in parts.missed] == ["t0.huyen", "t2.huyen"]


def test_yearly_reports_make_a_streak_too() -> None:
    """The years of a report follow each other as months do."""
    yearly = rule(BASE, Overdue("year", None, EveryYear(7, 20, exclusive=False)))
    parts = {
        year: PartTask(
            a_task(year, UNIT, kind=TaskKind.REPORT, subject=str(year), last_day=date(year, 7, 20)),
            PartVerdict.MISSED,
        )
        for year in (2016, 2017, 2019)
    }
    streak = a_task(99, UNIT, STREAK, TaskKind.STREAK)
    known = book_with(rule(STREAK, Streak(BASE, 3)), yearly)

    def verdict() -> Verdict:
        night = DerivedPass(known, OrgChart({}, ()), date(2019, 8, 1), {STREAK: [streak]}, {BASE: dict(parts)})
        return next(night.findings()).verdict

    assert verdict() is Verdict.UNJUDGED
    parts[2018] = PartTask(
        a_task(2018, UNIT, kind=TaskKind.REPORT, subject="2018", last_day=date(2018, 7, 20)), PartVerdict.MISSED
    )
    assert verdict() is Verdict.BREACH


def test_derived_rules_are_decided_behind_what_they_stand_on() -> None:
    """Whatever their order in the files."""
    known = book_with(rule(PROVINCE, Rollup(WHOLE, units=2)), rule(WHOLE, THIRTY), rule(BASE, MONTHLY))
    assert [rule.id for rule, _ in in_order(known, date(2019, 1, 1))] == [WHOLE, PROVINCE]
    assert known.root_of(PROVINCE).id == BASE
