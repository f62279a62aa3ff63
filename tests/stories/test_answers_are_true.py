"""What `explain` and `why-not` say is so, by the rows of the store, and so is what they promise for later nights.

The printed texts are taken apart by `account_reader` and held against the facts by `true_accounts` and
`true_reasons`. What comes next is played: real nights on a copy to which nothing new is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.night import orgchart
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.demo.nights import SCENES
from dondoc.flows.night import steps
from tests.stories.test_truth_of_worlds import WIDENED
from tests.support.demonstration import nights
from tests.support.drawn_edits import edited
from tests.support.drawn_rules import widened
from tests.support.how_many import how_many
from tests.support.pasts import PACKS, lived, pack
from tests.support.town import Town, rules
from tests.support.true_answers import untrue

_DAY = timedelta(days=1)
# Steps and repeats, units that report late, figures, letters of several directives.
ASKED = (date(2015, 5, 7), date(2024, 1, 2))


def _of_the_demonstration(*nights_: date, ahead: int, asked: int = 1000) -> Iterator[str]:
    engine = connect("sqlite://")
    for night in nights(engine):
        if night in nights_:
            yield from untrue(engine, rules(), night, ahead, asked)
    engine.dispose()


def test_answers_about_the_demonstration_are_true() -> None:
    """Two of its nights, each with the two weeks after it: some of the cases, some of the offices."""
    assert list(_of_the_demonstration(*ASKED, ahead=14, asked=2)) == []


@pytest.mark.long
def test_answers_about_every_night_of_the_demonstration_are_true() -> None:
    """All of them, each with the month after it: some of the cases, some of the offices."""
    assert list(_of_the_demonstration(*(scene.night for scene in SCENES), ahead=30, asked=12)) == []


def _year(directive: str, seed: int, apart: tuple[int, ...], ahead: int, asked: int = 1000) -> list[str]:
    """Every false answer about a few nights of a year of one pack, and every promise that is not kept."""
    drawn, first = Random(seed), PACKS[directive]
    town = Town.founded(pack(rules(), directive))
    if drawn.random() < WIDENED:
        with reading(town.engine) as conn:
            chart = orgchart.chart(conn, steps.cutoff_of(first))
        town.book = widened(town.book, chart, first, drawn)
    lived(town, drawn, first, first + 365 * _DAY)
    edit, previous = first + drawn.randrange(60, 300) * _DAY, first
    found: list[str] = []
    night = first + drawn.choice(apart) * _DAY
    while night < first + 365 * _DAY:
        if previous < edit <= night:
            town.book = edited(town.book, Random(seed))
        steps.judge_night(town.engine, town.book, Night(night, steps.cutoff_of(night), previous=previous))
        if drawn.random() < 0.4:
            found += untrue(town.engine, town.book, night, ahead, asked)
        previous, night = night, night + drawn.choice(apart) * _DAY
    return found


@settings(max_examples=2, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(PACKS)), st.integers(0, 10_000))
def test_answers_about_random_worlds_are_true(directive: str, seed: int) -> None:
    """A few nights of a year of one pack."""
    assert _year(directive, seed, (70, 110), 10, asked=4) == []


@pytest.mark.long
@settings(max_examples=how_many(12), suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(PACKS)), st.integers(0, 10_000))
# A body that no mailbox reaches, and a closed night before one that tells of a whole and of its part.
@example("330-cv-tu", 1)
@example("330-cv-tu", 296)
def test_answers_about_many_worlds_are_true(directive: str, seed: int) -> None:
    """The same, oftener, with the two weeks after each night; always the same worlds."""
    assert _year(directive, seed, (7, 28, 45), 14) == []
