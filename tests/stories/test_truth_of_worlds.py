"""What letters say of random worlds is so: each shipped pack over a year of nights, with rules that are edited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from dondoc.engine.domain.rulebook import RequestedFile, RuleBook
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.night import nights, orgchart
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from tests.support import (
    true_asks,
    true_attachments,
    true_ends,
    true_heirs,
    true_leading,
    true_parts,
    true_recoveries,
    true_words,
)
from tests.support.drawn_acts import Talking, confirming
from tests.support.drawn_edits import edited, waived
from tests.support.drawn_heirs import Ended
from tests.support.drawn_rules import widened
from tests.support.how_many import how_many
from tests.support.pasts import PACKS, lived, pack, share_mailboxes
from tests.support.quiet_days import drawn_quiet
from tests.support.stored_facts import Facts
from tests.support.told_letters import Told, told
from tests.support.town import Town, rules
from tests.support.truth import climbs_too_soon, heard_first, untrue

_DAY = timedelta(days=1)
# How many worlds have offices that share a mailbox.
SHARED = 0.4
# How many have rules besides those of the pack.
WIDENED = 0.4
# In how many units end in mid-year.
ENDING = 0.4
# On how many nights an office has waived what is overdue as a whole.
EXCUSED = 0.08
# In how many no letter leaves on some days.
QUIET = 0.3
# In how many the packs ask for every file that letters may attach.
ASKING = 0.5
# In how many worlds offices answer, and of how many open cases a night.
TALKING, ANSWERED = 0.4, 0.1


def _same_subject(letters: Iterable[Told], night: date, seen: dict[tuple[str, str], date]) -> Iterator[str]:
    """Letters whose office has had one with the same subject before; `seen` is added to."""
    for one in letters:
        before_it = seen.setdefault((one.office, one.letter.subject), night)
        if before_it != night:
            yield f"{night} {one.office}: {one.letter.subject!r} was the subject on {before_it} as well"


def _asking(book: RuleBook, drawn: Random) -> RuleBook:
    """The same rules, in some worlds of directives that have letters attach all they may."""
    attach = tuple(RequestedFile) if drawn.random() < ASKING else ()
    papers = {name: replace(one, attach=attach) for name, one in book.directives.items()}
    return replace(book, directives=papers)


def _year(directive: str, seed: int, steps_: tuple[int, ...]) -> list[str]:
    """Every false sentence of the nights of a year, so many days apart."""
    drawn, first = Random(seed), PACKS[directive]
    town = Town.founded(pack(rules(), directive))
    if drawn.random() < WIDENED:
        with reading(town.engine) as conn:
            chart = orgchart.chart(conn, steps.cutoff_of(first))
        town.book = widened(town.book, chart, first, drawn)
    ended = Ended(town, Random(-seed - 1))
    if ended.drawn.random() < ENDING:
        with reading(town.engine) as conn:
            chart = orgchart.chart(conn, steps.cutoff_of(first))
        ended.draw(chart, first)
    lived(town, drawn, first, first + 365 * _DAY)
    if drawn.random() < SHARED:
        share_mailboxes(town, drawn)
    if drawn.random() < 0.3:
        town.chart = None
        with writing(town.engine) as conn:
            conn.execute(update(t.mailbox).values(languages="vi,en"))
    found: list[str] = []
    town.book = confirming(town.book, Random(-seed - 4))
    town.book = drawn_quiet(town.book, Random(-seed - 5), QUIET, first)
    excusing = Random(-seed - 2)
    town.book = _asking(town.book, Random(-seed - 6))
    talking = Talking(town, Random(-seed - 3), TALKING, ANSWERED)
    subjects: dict[tuple[str, str], date] = {}
    night, edit = first + drawn.choice(steps_) * _DAY, first + drawn.randrange(60, 300) * _DAY
    while night < first + 365 * _DAY:
        if edit <= night < edit + max(steps_) * _DAY:
            town.book = edited(town.book, Random(seed))
        if excusing.random() < EXCUSED:
            town.book = waived(town, excusing)
        with reading(town.engine) as conn:
            before = nights.latest(conn)
        steps.judge_night(
            town.engine, town.book, Night(night, steps.cutoff_of(night), previous=before or night - _DAY)
        )
        ended.decide(night)
        talking.say(night)
        letters = list(told(town.engine, town.book, night))
        for one in letters:
            found += [*untrue(one), *true_words.untrue(one), *true_words.untrue_role(one)]
            found += [*true_words.untrue_roles(one), *true_asks.untrue(one), *true_words.unlike_in_html(one)]
            found += true_words.unlike_in_english(one)
            found += [*true_parts.untrue(one), *true_heirs.untrue(one)]
            found += [*true_ends.untrue(one), *true_recoveries.untrue(one), *true_leading.untrue(one)]
            found += true_attachments.untrue(one)
        found += _same_subject(letters, night, subjects)
        found += [*(true_asks.untold(letters) if letters else ()), *true_parts.told_twice(letters)]
        found += climbs_too_soon(Facts(town.engine, town.book, night))
        night += drawn.choice(steps_) * _DAY
    if steps_ == (1,):
        found += heard_first(Facts(town.engine, town.book, night))
    return found


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(PACKS)), st.integers(0, 10_000))
def test_letters_of_random_worlds_are_true(directive: str, seed: int) -> None:
    """A few nights of a year of one pack."""
    assert _year(directive, seed, (45, 70, 110)) == []


# In ten parts, so that several processes share them.
@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
# A smaller seed is no simpler world.
@settings(max_examples=how_many(30), phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(directive=st.sampled_from(sorted(PACKS)), seed=st.integers(0, 9_999))
def test_letters_of_many_worlds_are_true(part: int, directive: str, seed: int) -> None:
    """The same, oftener: a hundred worlds in all, three hundred with `make worlds`."""
    assert _year(directive, 10_000 * (part + 1) + seed, (28, 45, 70)) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("directive", "seed"),
    [
        pytest.param("09-2019-nd-cp", 352, id="a case that has gone on to a unit elsewhere"),
        pytest.param("09-2019-nd-cp", 7100, id="good news of such a unit"),
        pytest.param("46-ct-hu", 97178, id="a reader of an earlier limit"),
        pytest.param("09-2019-nd-cp", 5320, id="a report carried together with one of another province"),
    ],
)
def test_letters_of_worlds_that_were_said_wrongly_are_true(directive: str, seed: int) -> None:
    """As they are now."""
    assert _year(directive, seed, (16, 28, 45)) == []


@pytest.mark.long
@pytest.mark.parametrize("directive", PACKS)
def test_letters_of_a_year_are_true(directive: str) -> None:
    """Night by night."""
    assert _year(directive, 1, (1,)) == []
