"""What a night brought against what a test expects of it: exact both ways, and said in the words of the file."""

from __future__ import annotations

from datetime import date

import pytest

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rule_tests import (
    CaseChange,
    Difference,
    ExpectedNight,
    ExpectedNotice,
    Happening,
    RuleTest,
    difference,
    fired,
)
from dondoc.engine.domain.terms import Outcome, Reason, Section

NIGHT = date(2015, 4, 20)
OPENED = CaseChange("report", "ln.a", Reason.OPENED, step=1, subject="2015-04-19")
TOLD = ExpectedNotice("ln.a", Section.NEW, "report", "ln.a", ("responsible",), "2015-04-19")
ABOVE = ExpectedNotice("ln.b", Section.NEW, "report", "ln.a", ("monitor", "superior.party"), "2015-04-19")


def bare(one: Happening) -> Happening:
    """As a test file writes it when it names no subject."""
    if isinstance(one, CaseChange):
        return CaseChange(one.rule, one.unit, one.change, one.step, one.outcome)
    return ExpectedNotice(one.to, one.section, one.rule, one.unit, one.relations)


def expected(*listed: Happening) -> ExpectedNight:
    """A night that must bring these."""
    cases = tuple(one for one in listed if isinstance(one, CaseChange))
    letters = tuple(one for one in listed if isinstance(one, ExpectedNotice))
    return ExpectedNight(NIGHT, cases, letters, "t:1:1")


@pytest.mark.parametrize(
    ("listed", "seen", "missing", "unexpected"),
    [
        pytest.param((), [], (), (), id="nothing expected, nothing seen"),
        pytest.param((OPENED, TOLD), [TOLD, OPENED], (), (), id="all that was listed, in any order"),
        pytest.param((bare(OPENED), bare(TOLD)), [OPENED, TOLD], (), (), id="no subject listed takes any"),
        pytest.param((OPENED,), [OPENED, TOLD], (), (bare(TOLD),), id="an unlisted letter is unexpected"),
        pytest.param((TOLD,), [OPENED, TOLD], (), (bare(OPENED),), id="so is an unlisted case"),
        pytest.param((OPENED, TOLD), [OPENED], (TOLD,), (), id="a listed letter that is not there is missing"),
        pytest.param((bare(TOLD), bare(TOLD)), [TOLD], (bare(TOLD),), (), id="one letter meets one expectation"),
        pytest.param(
            (CaseChange("report", "ln.a", Reason.OPENED, step=2),),
            [OPENED],
            (CaseChange("report", "ln.a", Reason.OPENED, step=2),),
            (bare(OPENED),),
            id="another step is another change",
        ),
    ],
)
def test_a_night_is_compared_both_ways(
    listed: tuple[Happening, ...],
    seen: list[Happening],
    missing: tuple[Happening, ...],
    unexpected: tuple[Happening, ...],
) -> None:
    """Nothing differs, or just what is named."""
    found = difference(expected(*listed), seen)
    if missing or unexpected:
        assert found == Difference(NIGHT, "t:1:1", missing, unexpected)
    else:
        assert found is None


def test_a_subject_is_named_where_two_are_alike() -> None:
    """Two periods of one rule and unit on one night cannot be told apart without it."""
    other = CaseChange("report", "ln.a", Reason.OPENED, step=1, subject="2015-10-29")
    found = difference(expected(bare(OPENED)), [OPENED, other])
    assert found is not None
    assert [one.subject for one in found.unexpected] == ["2015-10-29"]


def test_a_named_subject_is_met_before_one_that_takes_any() -> None:
    """Otherwise the order of the file would decide."""
    other = CaseChange("report", "ln.a", Reason.OPENED, step=1, subject="2015-10-29")
    assert difference(expected(bare(OPENED), OPENED), [OPENED, other]) is None


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (bare(OPENED), "{rule: report, unit: ln.a, change: opened, step: 1}"),
        (
            CaseChange("report", "ln.a", Reason.CLOSED, outcome=Outcome.LATE),
            "{rule: report, unit: ln.a, change: closed, outcome: late}",
        ),
        (bare(TOLD), "{to: ln.a, section: new, rule: report}"),
        (bare(ABOVE), "{to: ln.b, section: new, rule: report, unit: ln.a, as: [monitor, superior.party]}"),
        (OPENED, "{rule: report, unit: ln.a, change: opened, subject: 2015-04-19, step: 1}"),
    ],
)
def test_what_happened_is_said_as_a_file_writes_it(one: Happening, text: str) -> None:
    """So that a line of a failed test can be copied into the file."""
    assert one.text() == text


def trial(*nights: ExpectedNight, every: tuple[date, date] | None = None) -> RuleTest:
    """A test of all rules and units without facts."""
    return RuleTest("t", Text("t", "t"), (), (), (), nights, every, "t:1:1")


def test_the_nights_listed_pass_in_order_and_no_others() -> None:
    """However the file lists them."""
    later = ExpectedNight(date(2015, 5, 1), (), (), "t:3:1")
    assert list(trial(later, expected(OPENED)).played()) == [expected(OPENED), later]


def test_every_night_of_a_span_passes_and_the_unlisted_are_silent() -> None:
    """Both ends included."""
    played = list(trial(expected(OPENED), every=(date(2015, 4, 19), date(2015, 4, 21))).played())
    assert [(night.on.day, night.listed) for night in played] == [(19, ()), (20, (OPENED,)), (21, ())]


def test_a_rule_is_tested_by_what_is_expected_of_it() -> None:
    """A night of nothing tests no rule by itself."""
    assert fired([trial(expected(OPENED)), trial(expected())]) == {"report"}
