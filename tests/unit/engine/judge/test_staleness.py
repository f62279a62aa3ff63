"""What a silent source may not be taken to say: until when a source is fresh, and which findings go unheard."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from dondoc.engine.domain.data_sources import DataSource, DropFolder, Patience, news_of
from dondoc.engine.domain.model import Finding, Task, Text
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Condition, Overdue, Quota, Rollup, Threshold
from dondoc.engine.domain.terms import SheetKind, SourceKind, TaskKind, Verdict
from dondoc.engine.judge.staleness import SourceSilence, SourceStatus, fresh_until, unheard
from tests.support.case_player import chart
from tests.support.town import at, rules
from tests.support.worlds import book, rule

REPORT = Overdue("r", None, None)
ASSIGNED = Overdue(None, "w", None)
QUOTA = Quota("a", 1, PeriodKind.CALENDAR_MONTH)
LIMIT = Threshold("i", PeriodKind.CALENDAR_QUARTER, "t.huyen", date(2015, 1, 1), no_data_after=10)
BREACH, MET, ENDING = Verdict.BREACH, Verdict.MET, Verdict.ENDING
EVERYTHING = dict.fromkeys(SourceKind)


def feed(number: int, *, in_workdays: bool = True, brings: object = None, within: str = "") -> DataSource:
    """A drop folder with this patience, counted in the project's calendar."""
    origin = DropFolder("in", None, None)
    news = dict.fromkeys(news_of(origin)) if brings is None else brings
    patience = Patience(number, in_workdays)
    bodies = frozenset(filter(None, [within]))
    return DataSource("f", Text("Nguồn", "Source"), origin, patience, "vn", None, news, "sources.yaml:3:3", bodies)  # type: ignore[arg-type]


def silence(*sources: DataSource) -> SourceSilence:
    """These sources are stale on a night of the invented district."""
    return SourceSilence(sources, chart(), date(2015, 4, 20))


def silent(brings: object, within: str = "") -> SourceSilence:
    """One of them alone."""
    return silence(feed(1, brings=brings, within=within))


@pytest.mark.parametrize(
    ("patience", "arrived", "until"),
    [
        pytest.param(feed(36, in_workdays=False), "2015-04-16T02:00", "2015-04-17T14:00", id="36 hours later"),
        pytest.param(feed(3), "2026-11-23T02:00", "2026-11-28T00:00", id="Monday, and 24/11 is closed"),
        pytest.param(feed(3), "2026-11-16T02:00", "2026-11-20T00:00", id="Monday, good to the end of Thursday"),
        pytest.param(feed(3), "2026-11-16T23:59", "2026-11-20T00:00", id="late on Monday is Monday"),
        pytest.param(feed(1), "2015-04-17T02:00", "2015-04-21T00:00", id="Friday, over the week-end to Monday"),
        pytest.param(feed(1), "2015-04-18T02:00", "2015-04-22T00:00", id="Saturday is not counted"),
    ],
)
def test_a_source_is_fresh_until_its_days_are_over(patience: DataSource, arrived: str, until: str) -> None:
    """Hours by the clock; working days whole, the day it was heard among them."""
    found = fresh_until(patience, rules().calendars, at(arrived))
    assert found == at(until)
    assert SourceStatus(patience, at(arrived), found).stale(at(until))
    assert not SourceStatus(patience, at(arrived), found).stale(
        datetime.fromtimestamp(found.timestamp() - 1, found.tzinfo)
    )


def test_a_source_that_was_never_heard_is_stale() -> None:
    """Whatever the time."""
    assert SourceStatus(feed(60)).stale(at("2015-01-01T00:00"))


def test_silent_sources_together_hide_what_each_of_them_feeds() -> None:
    """One that feeds everything hides everything; what only others feed is heard."""
    some = feed(1, brings={SourceKind.REPORTS: frozenset({"r"}), SourceKind.ACTIVITIES: frozenset({"a"})})
    other = feed(1, brings={SourceKind.REPORTS: frozenset({"s"})})
    both = silence(some, other)
    assert [both.covers(SourceKind.REPORTS, word, ["xa_a"]) for word in "rst"] == [True, True, False]
    assert [both.covers(fed, "a", ["xa_a"]) for fed in SourceKind] == [False, True, False]
    whole = silence(some, feed(1, brings={SourceKind.REPORTS: None}), other)
    assert [whole.covers(SourceKind.REPORTS, word, ["xa_a"]) for word in "rst"] == [True, True, True]
    assert not silence().covers(SourceKind.REPORTS, "r", ["xa_a"])


@pytest.mark.parametrize(
    ("within", "units", "covered"),
    [
        pytest.param("", ["xa_a"], True, id="a source of all units"),
        pytest.param("huyen", ["xa_a"], True, id="a commune of the district that it is of"),
        pytest.param("huyen", ["huyen"], True, id="the district itself"),
        pytest.param("huyen", ["tinh"], False, id="the province above it"),
        pytest.param("xa_a", ["xa_b"], False, id="another commune"),
        pytest.param("xa_a", ["xa_b", "xa_a"], True, id="one of two that carry it together"),
    ],
)
def test_a_silent_source_of_some_units_excuses_no_others(within: str, units: list[str], *, covered: bool) -> None:
    """One dead source of one district is no reason to let a whole country's reports go unheard."""
    assert silent({SourceKind.REPORTS: None}, within).covers(SourceKind.REPORTS, "r", units) is covered


def of(condition: Condition, kind: TaskKind, verdict: Verdict, stale: SourceSilence) -> Verdict:
    """What becomes of one finding."""
    task = Task(1, "t/one", "t.xa_01", "s", kind, date(2015, 4, 19))
    finding = Finding(task, verdict, breach=date(2015, 4, 20), count=0, need=1)
    (found,) = unheard(book([rule("t/one", condition)]), [finding], stale)
    assert found == replace(finding, verdict=found.verdict)
    return found.verdict


ABSENT = [
    pytest.param(REPORT, TaskKind.REPORT, BREACH, SourceKind.REPORTS, "r", id="a report that is missing"),
    pytest.param(REPORT, TaskKind.REPORT, ENDING, SourceKind.REPORTS, "r", id="a report to be reminded of"),
    pytest.param(ASSIGNED, TaskKind.ASSIGNED, BREACH, SourceKind.REPORTS, "w", id="a task without its report"),
    pytest.param(QUOTA, TaskKind.QUOTA, BREACH, SourceKind.ACTIVITIES, "a", id="too few activities"),
    pytest.param(QUOTA, TaskKind.QUOTA, ENDING, SourceKind.ACTIVITIES, "a", id="an early notice of too few"),
    pytest.param(LIMIT, TaskKind.READING, BREACH, SourceKind.INDICATORS, "i", id="a reading that did not come"),
]
PRESENT = [
    pytest.param(REPORT, TaskKind.REPORT, MET, id="a report that came"),
    pytest.param(QUOTA, TaskKind.QUOTA, MET, id="enough activities"),
    pytest.param(LIMIT, TaskKind.LEVEL, BREACH, id="a reading beyond its limit"),
    pytest.param(LIMIT, TaskKind.LEVEL, MET, id="a reading within its limit"),
    pytest.param(LIMIT, TaskKind.READING, MET, id="a reading that came"),
    pytest.param(Rollup("t/base", units=3), TaskKind.ROLLUP, BREACH, id="a whole, which stands on its parts"),
]


@pytest.mark.parametrize(("condition", "kind", "verdict", "fed", "word"), ABSENT)
def test_what_is_missing_from_a_silent_source_goes_unheard(
    condition: Condition, kind: TaskKind, verdict: Verdict, fed: SourceKind, word: str
) -> None:
    """When the source feeds that word, or everything; another word or another sort accuses as ever."""
    assert of(condition, kind, verdict, silent({fed: frozenset({word, "x"})})) is Verdict.UNHEARD
    assert of(condition, kind, verdict, silent({fed: None})) is Verdict.UNHEARD
    assert of(condition, kind, verdict, silent({fed: frozenset({"x"})})) is verdict
    others = {one: None for one in SourceKind if one is not fed}
    assert of(condition, kind, verdict, silent(others)) is verdict


@pytest.mark.parametrize(("condition", "kind", "verdict"), PRESENT)
def test_what_is_there_counts_whoever_is_silent(condition: Condition, kind: TaskKind, verdict: Verdict) -> None:
    """A source that went silent later takes nothing back that it said."""
    assert of(condition, kind, verdict, silent(EVERYTHING)) is verdict


def test_a_source_feeds_what_its_kinds_of_data_can_say() -> None:
    """Units and tasks accuse nobody by being absent."""
    assert news_of(DropFolder("in", SheetKind.READINGS, None)) == {SourceKind.INDICATORS}
    assert news_of(DropFolder("in", SheetKind.TASKS, None)) == set()
    assert news_of(DropFolder("in", None, None)) == set(SourceKind)
