"""How often one place may ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.flows.web.allowance import Allowance

NOON = datetime(2015, 4, 21, 5, tzinfo=UTC)
WAITS = {
    "at once": (0, 0),
    "after ten seconds": (10, 1),
    "after a minute": (60, 6),
    "after a day": (86_400, 6),
    "after a clock that was set back": (-3600, 0),
}


@pytest.mark.parametrize(("seconds", "more"), WAITS.values(), ids=WAITS)
def test_after_the_first_six_it_waits(seconds: int, more: int) -> None:
    """Six at once and six a minute; never more than six at once."""
    allowance = Allowance(6, 6)
    assert [allowance.takes("a", NOON) for _ in range(7)] == [True] * 6 + [False]
    later = NOON + timedelta(seconds=seconds)
    assert sum(allowance.takes("a", later) for _ in range(20)) == more


def test_places_do_not_share_and_the_oldest_is_forgotten() -> None:
    """What it remembers is bounded, whoever asks."""
    allowance = Allowance(1, 1, most=3)
    assert all(allowance.takes(place, NOON) for place in "abc")
    assert not allowance.takes("a", NOON)
    assert allowance.takes("d", NOON)
    assert not allowance.takes("a", NOON)
    assert allowance.takes("b", NOON)


@given(st.lists(st.integers(0, 200), max_size=60))
def test_never_more_than_the_burst_and_the_rate(waits: list[int]) -> None:
    """However the requests are spread."""
    allowance, now, let, waited = Allowance(5, 30), NOON, 0, 0
    for wait in waits:
        now, waited = now + timedelta(seconds=wait), waited + wait
        let += allowance.takes("a", now)
        assert let <= 5 + waited * 30 / 60
