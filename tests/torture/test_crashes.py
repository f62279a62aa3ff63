"""The short form of the crash harness; `make torture` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.databases import postgres_copies, sqlite_files
from tests.torture.harness import NIGHTS, Trial, torture

pytestmark = pytest.mark.long

FEW = NIGHTS[2:5]


def test_nothing_is_lost_or_doubled_on_sqlite(tmp_path: Path) -> None:
    """Killed at named points and random moments, every promise holds after recovery."""
    seen = torture(
        Trial(kills=20, seconds=15, seed=3, nights=FEW), sqlite_files(tmp_path / "template.db"), tmp_path / "t"
    )
    assert seen.broken == []
    assert sum(seen.kills.values()) >= 10


def test_nothing_is_lost_or_doubled_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    """The same on PostgreSQL."""
    seen = torture(Trial(kills=10, seconds=10, seed=4, nights=FEW), postgres_copies(postgres_url), tmp_path / "t")
    assert seen.broken == []
    assert sum(seen.kills.values()) >= 10


@pytest.mark.parametrize("broken", ["no dot marker", "sent again blindly"])
def test_the_harness_sees_a_broken_product(tmp_path: Path, broken: str) -> None:
    """Without the marker before the final dot, or unheeded, a letter is accepted twice, and that is found."""
    trial = Trial(kills=60, seconds=60, seed=5, broken=broken, points=("after dot",), nights=FEW, chores=False)
    seen = torture(trial, sqlite_files(tmp_path / "template.db"), tmp_path / "t")
    assert any(promise.startswith("accepted 2 times") for promise in seen.broken)


def test_a_journal_settles_what_crashes_leave_open(tmp_path: Path) -> None:
    """Killed around the dot: the journal answers for most letters, and nothing leaves twice."""
    around = ("after mark", "before dot", "after dot", "before settle")
    trial = Trial(kills=15, seconds=12, seed=6, points=around, nights=FEW, journal=1, chores=False)
    seen = torture(trial, sqlite_files(tmp_path / "template.db"), tmp_path / "t")
    assert seen.broken == []
    assert seen.settled > seen.unknown


def test_a_service_that_is_killed_judges_its_night_once_and_writes_once(tmp_path: Path) -> None:
    """The service, its server and its runs die at random moments; what is left alone ends as if they had not."""
    trial = Trial(kills=1, seconds=60, seed=7, nights=FEW[:1], chores=False, serve=2)
    seen = torture(trial, sqlite_files(tmp_path / "template.db"), tmp_path / "t")
    assert seen.broken == []
    assert seen.kills["in serve"] == 2
