"""Disk full, failed fsync, backend terminated: at every moment at which a night or a delivery can be hit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dondoc.notifications.delivery import outbox
from tests.faults.backends import with_terminated_backends
from tests.faults.disk import on_a_failing_disk
from tests.faults.seen import Seen
from tests.torture.points import no_marker

pytestmark = pytest.mark.long


def nothing_broken(seen: Seen, *, least: int) -> None:
    """Every fault told the operator what to do, and every promise held after the recovery."""
    assert seen.broken == []
    assert seen.tried == seen.told >= least


def test_a_night_whose_sync_fails(tmp_path: Path) -> None:
    """Each fsync of a night fails once: told, rolled back, and the same night again leaves what it should."""
    nothing_broken(on_a_failing_disk("night", "sync", tmp_path), least=3)


@pytest.mark.parametrize("moment", ["before commit", "after commit"])
def test_a_night_whose_backend_goes_away_at_a_commit(postgres_url: str, tmp_path: Path, moment: str) -> None:
    """Committed or not: the same night again finds out, and changes nothing that stands."""
    nothing_broken(with_terminated_backends("night", moment, postgres_url, tmp_path), least=2)


@pytest.mark.long
@pytest.mark.parametrize(("work", "every", "least"), [("night", 5, 30), ("delivery", 31, 20)])
def test_a_disk_that_is_full(tmp_path: Path, work: str, every: int, least: int) -> None:
    """From some write on there is no room; what was committed before stands, and the rest follows later."""
    nothing_broken(on_a_failing_disk(work, "full", tmp_path, every=every), least=least)


@pytest.mark.long
def test_a_delivery_whose_sync_fails(tmp_path: Path) -> None:
    """Nothing leaves that could not be written down, and nothing twice."""
    nothing_broken(on_a_failing_disk("delivery", "sync", tmp_path), least=20)


@pytest.mark.long
@pytest.mark.parametrize(
    ("work", "moment", "every"),
    [
        ("night", "statement", 3),
        ("delivery", "statement", 3),
        ("delivery", "before commit", 1),
        ("delivery", "after commit", 1),
    ],
)
def test_a_backend_that_is_terminated(
    postgres_url: str, tmp_path: Path, work: str, moment: str, every: int
) -> None:
    """In the middle of the night, between dot and answer, with and without its last commit."""
    nothing_broken(with_terminated_backends(work, moment, postgres_url, tmp_path, every=every), least=10)


@pytest.mark.long
def test_a_delivery_without_the_marker_is_seen_to_double(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop can see harm: without the mark before the dot a lost commit sends a letter twice."""
    unmarked: Any = no_marker
    monkeypatch.setattr(outbox, "mark_data_end", unmarked)
    seen = with_terminated_backends("delivery", "before commit", postgres_url, tmp_path)
    assert any("accepted 2 times" in promise for promise in seen.broken)
