"""The life of a case: the picture, the table of states.md and what nights make of cases agree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings

from dondoc.engine.domain.model import Case, Finding
from dondoc.engine.domain.terms import CaseStatus, Verdict
from tests.support.case_player import (
    DAY,
    MONDAY,
    SUNDAY,
    Play,
    beyond,
    book,
    chart,
    daily,
    done,
    level,
    month,
    overdue,
    report,
)
from tests.support.random_towns import Town, towns
from tests.support.town import ROOT
from tests.support.worlds import day
from tests.unit.engine.cases.test_escalation_invariants import pairs

Edge = tuple[str, str]
LATE = day("2019-12-30")


def drawn() -> set[Edge]:
    """The edges of the picture."""
    drawing = (ROOT / "docs" / "images" / "case-states.svg").read_text("utf-8")
    return set(re.findall(r'<path id="(\w+)-(\w+)"', drawing))


def edges(play: Play) -> set[Edge]:
    """How the cases of some nights moved; one that stayed as it was moved nowhere."""
    return {
        (_status(before), case.status.value)
        for _, before, case in pairs(play)
        if before is None or before.status is not case.status
    }


def _status(case: Case | None) -> str:
    return case.status.value if case else "start"


@pytest.mark.parametrize(("language", "new"), [("vi", "mới"), ("en", "new")])
def test_the_page_has_exactly_the_edges_of_the_picture(language: str, new: str) -> None:
    """In both languages, and every status is drawn."""
    _, page = (ROOT / "docs" / language / "states.md").read_text("utf-8").split("case-states.svg")
    moves = re.findall(rf"^\| (?:`(\w+)`|\({new}\)) \| `(\w+)` \| [^|]+ \|$", page, re.MULTILINE)
    assert {(before or "start", after) for before, after in moves} == drawn()
    drawing = (ROOT / "docs" / "images" / "case-states.svg").read_text("utf-8")
    assert set(re.findall(r'<g id="(\w+)">', drawing)) == set(CaseStatus)


@settings(deadline=None, max_examples=30)
@given(towns(ends=True))
def test_no_night_moves_a_case_along_an_edge_that_is_not_drawn(town: Town) -> None:
    """Whatever happens."""
    assert edges(town.play()) <= drawn()


def _lives() -> Iterable[Play]:
    """Short lives that together move along every edge but those of ended units."""
    task = report(SUNDAY)
    # Past its last repeat; its limit moves, and it is done within the new one.
    climbing = Play(book(), chart()).nights(MONDAY, day("2019-09-30"), daily(overdue(task)))
    moved = replace(task, last_day=day("2019-10-15"))
    climbing.cases = [replace(case, task=moved) for case in climbing.cases]
    climbing.nights(day("2019-10-01"), day("2019-10-01"), daily(Finding(moved, Verdict.PENDING)))
    climbing.nights(day("2019-10-02"), day("2019-10-02"), daily(done(moved, day("2019-10-02"))))
    yield climbing
    # Found after its last step, and done.
    found = Play(book(), chart()).nights(LATE, LATE, daily(overdue(task)))
    yield found.nights(LATE + DAY, LATE + DAY, daily(done(task, LATE)))
    # A month that a later one made good before any night found it missed.
    missed = month(day("2019-05-01"), day("2019-05-31"), 5)
    later = Finding(month(day("2019-06-01"), day("2019-06-30"), 6), Verdict.MET)
    yield Play(book(), chart()).nights(day("2019-07-01"), day("2019-07-01"), daily(overdue(missed), later))
    # Done on a day on which nobody is told, and amiss again before anybody was.
    figure = level(id_=1)
    again = Play(book(), chart()).nights(MONDAY, MONDAY, daily(beyond(figure, MONDAY, 31)))
    again.night(day("2019-06-15"), [Finding(figure, Verdict.MET)])
    again.night(day("2019-06-16"), [beyond(figure, MONDAY, 31)])
    yield again


def test_every_edge_but_those_of_ended_units_is_moved_along() -> None:
    """No arrow stands for nothing; those of `waiting` are played by the stories of reorganisation."""
    moved = {edge for play in _lives() for edge in edges(play)}
    assert drawn() - moved == {edge for edge in drawn() if "waiting" in edge} | {("closed", "exhausted")}
