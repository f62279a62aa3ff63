"""What a night keeps once or packed is what was put in."""

from __future__ import annotations

import pickle
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.domain.model import Notified
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.store.matching.matches import Match, Matches
from dondoc.engine.store.night.interner import Interner
from tests.support.worlds import book

HITS = st.lists(st.builds(Match, st.sampled_from("ab"), st.sampled_from("xy"), st.integers(0, 2**62)))


@given(HITS, HITS)
def test_hits_come_out_as_they_went_in(first: list[Match], more: list[Match]) -> None:
    """As often as they came, by shape and rule, also from another process and from several parts."""
    hits = pickle.loads(pickle.dumps(Matches(first)))
    hits.update(Matches(more))
    assert len(hits) == len(first) + len(more)
    assert sorted(hits, key=str) == sorted(first + more, key=str)
    for shape in "ab":
        for rule, rows in hits.of(shape).items():
            assert list(rows) == [hit.row for hit in first + more if (hit.shape, hit.rule) == (shape, rule)]


def test_hits_of_nothing() -> None:
    """Nothing was matched of a shape that nobody asked about."""
    assert not list(Matches())
    assert Matches() == Matches([])
    assert Matches().of("a") == {}
    assert Matches([Match("a", "x", 1)]) != Matches([Match("a", "x", 2)])


def test_once_gives_the_first_of_its_kind() -> None:
    """Equal values become one; None stays None."""
    once = Interner[date | None]()
    first, again = date(2026, 11, 27), date.fromisoformat("2026-11-27")
    assert first is not again
    assert once[first] is first
    assert once[again] is first
    assert once[None] is None


def test_what_offices_heard_is_remembered_once_for_cases_that_open_alike() -> None:
    """The same offices, steps and value are one memory; what was heard before stays beside what is new."""
    on = date(2026, 11, 27)
    recipients = Recipients(book([], []), OrgChart({}, ()), on)
    notified = [("x.a", 1), ("x.b", 2)]
    first = recipients.remembered({}, notified, 7)
    assert first == {"x.a": Notified(1, on, 7), "x.b": Notified(2, on, 7)}
    assert recipients.remembered({}, list(notified), 7) is first
    assert recipients.remembered({}, notified, 8) == {"x.a": Notified(1, on, 8), "x.b": Notified(2, on, 8)}
    before = {"x.a": Notified(1, date(2026, 11, 20)), "x.c": Notified(1, date(2026, 11, 20))}
    after = recipients.remembered(before, [("x.a", 2)], None)
    assert after == {"x.a": Notified(2, on, None), "x.c": before["x.c"]}
    assert before["x.a"].level == 1
