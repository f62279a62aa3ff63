"""Whatever happens in a year, the store keeps what docs/en/states.md promises of cases, letters and answers."""

from __future__ import annotations

import pytest

from tests.simulation.year import Year

# So many that a case can climb its whole ladder once.
NIGHTS = 40


@pytest.mark.parametrize("seed", [1, 3, 5])
def test_some_weeks_break_nothing(seed: int) -> None:
    """The first weeks of three packs, with answers, outages, a server in bad moods and units that end."""
    assert Year.of(seed, nights=NIGHTS).live() == []


@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 4, *range(6, 34)])
def test_more_weeks_break_nothing(seed: int) -> None:
    """Every pack in turn; whole years are played by `make simulate`."""
    assert Year.of(seed, nights=NIGHTS).live() == []
