"""Nouns, verbs, papers and days in the letters of the demonstration, held against the facts.

The letters are read as in `test_counts_are_true`; `true_words` knows what may be said.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dondoc.engine.store.db.database import connect
from tests.support import true_words
from tests.support.demonstration import nights
from tests.support.town import rules
from tests.support.truth import Told, told


@pytest.fixture(scope="module")
def demonstration() -> Iterator[list[Told]]:
    """Every letter of the demonstration, each beside the facts after its night."""
    engine = connect("sqlite://")
    yield [one for night in nights(engine) for one in told(engine, rules(), night)]
    engine.dispose()


def test_words_are_those_of_the_papers_and_the_facts(demonstration: list[Told]) -> None:
    """Who issued what, which clause, what units are called on that day, whom respect is paid to (L7)."""
    wrong = [line for one in demonstration for line in true_words.untrue(one)]
    assert not wrong, "\n".join(wrong)


def test_the_foot_gives_no_role_that_the_paper_does_not_give(demonstration: list[Told]) -> None:
    """Where no paper names who follows up, the foot says that the service was set so (L4)."""
    wrong = [line for one in demonstration for line in true_words.untrue_role(one)]
    assert not wrong, "\n".join(wrong)
    assert any("theo phân công trong hệ thống" in str(one.part.footer) for one in demonstration)
