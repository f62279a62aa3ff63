"""Letters are the same to the byte however many processes make them, and wait on a spool until they are stored."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from multiprocessing import parent_process

import pytest

from dondoc.engine.domain.model import ZONE
from dondoc.notifications.digest import LetterDraft
from dondoc.notifications.letter import batch as planning
from dondoc.notifications.letter.batch import plan
from dondoc.notifications.letter.build import Built, LetterBuilder
from dondoc.notifications.letter.spool import Spool
from dondoc.notifications.lifecycle import PlannedLetter
from dondoc.notifications.unwritten import UnbuiltLetter
from tests.support.sample_letters import LETTERS
from tests.support.town import ROOT, rules

NIGHT = date(2015, 4, 25)
CUTOFF = datetime(2015, 4, 25, 2, tzinfo=ZONE)


def drafts(count: int) -> list[LetterDraft]:
    """So many letters, each for an office of its own; the seventh for a domain that is not allowed."""
    digest = next(iter(LETTERS.values()))()
    return [
        LetterDraft(f"office.{n}", "a@elsewhere.example" if n == 7 else f"o{n}@example.vn", digest, ())
        for n in range(count)
    ]


def made(count: int, workers: int) -> list[Built]:
    """What becomes of so many posts."""
    return list(plan(drafts(count), count, rules().mail, NIGHT, CUTOFF, workers=workers))


@pytest.fixture
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "_SLICE", 4)
    monkeypatch.setattr(planning, "_POOL_FROM", 8)


@pytest.mark.usefixtures("_small_slices")
def test_two_processes_make_the_same_letters_in_the_same_order() -> None:
    """And the one that cannot be made is told in its place."""
    alone = made(11, workers=1)
    assert made(11, workers=2) == alone
    assert [one.office for one in alone] == [f"office.{n}" for n in range(11)]
    assert [one.office for one in alone if isinstance(one, UnbuiltLetter)] == ["office.7"]


class Deadly(LetterBuilder):
    """A press that kills every process but the one that asks."""

    def __call__(self, some: Sequence[LetterDraft]) -> list[Built]:
        """Dies, or makes the letters."""
        if parent_process() is not None:
            os._exit(9)
        return super().__call__(some)


@pytest.mark.long
@pytest.mark.usefixtures("_small_slices")
def test_letters_of_a_killed_process_are_made_by_the_night_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """No letter is missing when the processes die."""
    expected = made(11, workers=1)
    monkeypatch.setattr(planning, "LetterBuilder", Deadly)
    assert made(11, workers=2) == expected


def test_a_spool_gives_back_what_was_put_on_it_as_often_as_one_likes() -> None:
    """Also while letters are still being added."""
    letters = [one for one in made(3, workers=1) if isinstance(one, PlannedLetter)]
    with Spool() as spool:
        assert (len(spool), list(spool)) == (0, [])
        for n, letter in enumerate(letters, start=1):
            spool.add(letter)
            assert (len(spool), list(spool)) == (n, letters[:n])
        first = next(iter(spool))
        spool.add(replace(first, part=2))
        assert list(spool) == [*letters, replace(first, part=2)]
    with pytest.raises(ValueError, match="closed"):
        list(spool)


def test_a_process_that_makes_letters_loads_no_more_than_it_needs() -> None:
    """Each is started again for a night: no database, and nothing for the files that few packs ask for."""
    script = (
        "import sys, dondoc.notifications.letter.build\n"
        "print(*(name for name in ('sqlalchemy', 'docx', 'icalendar') if name in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
