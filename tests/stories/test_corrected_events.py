"""A report that is due so many days after an event: the event is recorded late, and its day is corrected."""

from __future__ import annotations

from datetime import date

from dondoc.engine.domain.terms import CaseStatus, Outcome
from tests.support.town import Town, at, letters, only, rules

FORUM = "29-2019-tt-bldtbxh/forum-report"
COMMUNE, PROVINCE = "vn.23425.ubnd", "vn.51.ubnd"


def held(town: Town, on: str, recorded: str) -> None:
    """The forum of the commune was held on a day; said again, that corrects what was recorded before."""
    values = {"ref": "forum", "unit": COMMUNE, "activity": "child-forum-held", "quantity": 1}
    row = {**values, "done_on": date.fromisoformat(on), "recorded_at": at(recorded)}
    assert not town.brings("activities", [(2, row)]).refused


def test_a_corrected_event_moves_the_limit_of_its_report() -> None:
    """Held on the 10th and not on the 1st: due on 25 June, and nobody hears of an edited rule."""
    town = Town.founded(only(rules(), FORUM))
    held(town, "2026-06-01", "2026-06-02T10:00")
    told = letters(town, "2026-06-17")[COMMUNE]
    assert "hết ngày 16/06/2026" in told
    held(town, "2026-06-10", "2026-06-17T10:00")
    said = letters(town, "2026-06-18")[COMMUNE]
    assert "Hạn: hết ngày 25/06/2026" in said
    assert "hạn đầu tiên: hết ngày 16/06/2026" in said
    assert "đã sửa" not in said
    (case,) = town.cases()
    assert (case.status, case.round, case.last_day) == (CaseStatus.OPEN, 2, date(2026, 6, 25))


def test_a_report_that_is_in_stays_in_when_its_event_is_corrected() -> None:
    """No second report is asked for the same forum."""
    town = Town.founded(only(rules(), FORUM))
    held(town, "2026-06-01", "2026-06-02T10:00")
    town.night(date(2026, 6, 3))
    town.submits(COMMUNE, "child-forum", "2026-06-08")
    town.night(date(2026, 6, 9))
    held(town, "2026-06-02", "2026-06-10T10:00")
    for night in (date(2026, 6, 11), date(2026, 6, 18), date(2026, 7, 10)):
        assert town.night(night).after == ()
    assert town.notified == []


def test_an_event_that_was_recorded_late_is_known_from_then_on() -> None:
    """Held on 1 June, recorded on 9 July, due on 16 June: on 10 July only the commune hears, on the first step."""
    town = Town.founded(only(rules(), FORUM))
    town.night(date(2026, 6, 30))
    held(town, "2026-06-01", "2026-07-09T10:00")
    town.night(date(2026, 7, 10))
    assert {notice.reader for _, notice in town.notified} == {COMMUNE}
    (case,) = town.cases()
    assert (case.breach, case.steps_from, case.reached) == (date(2026, 6, 17), date(2026, 7, 10), 1)


def test_another_event_on_the_day_that_was_corrected_has_a_report_of_its_own() -> None:
    """Two forums, of which one had the other's day by mistake: two reports are due."""
    town = Town.founded(only(rules(), FORUM))
    held(town, "2026-06-01", "2026-06-02T10:00")
    town.night(date(2026, 6, 3))
    held(town, "2026-06-10", "2026-06-04T10:00")
    town.does(COMMUNE, "child-forum-held", "2026-06-01", "2026-06-05T10:00")
    made = town.night(date(2026, 7, 1))
    assert sorted(str(case.task.last_day) for case in made.after if case.outcome is not Outcome.CHANGED) == [
        "2026-06-16",
        "2026-06-25",
    ]
