"""What the operator's letter says of its night is so, by the rows of the store and the cases before that night."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from dondoc.engine.domain.data_sources import DataSource, DropFolder, Patience
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import SourceKind
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading, writing
from dondoc.engine.store.intake.pulls import Pull, record
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.notifications.letter import operator_letter
from tests.support.demonstration import nights
from tests.support.drawn_edits import edited
from tests.support.how_many import how_many
from tests.support.letter_reader import Letter, letter, read
from tests.support.pasts import PACKS, lived, pack
from tests.support.stored_facts import Facts
from tests.support.town import Town, at, rules
from tests.support.true_operator import Before, before, untrue, untrue_operator

_DAY = timedelta(days=1)


def test_the_operators_letters_of_the_demonstration_are_true() -> None:
    """Each of its nights, with repeats behind the last one, made-up periods and directives that end."""
    engine, earlier, found = connect("sqlite://"), Before({}), list[str]()
    for night in nights(engine):
        said = untrue_operator(Facts(engine, rules(), night), earlier)
        found += [f"{night} {line}" for line in said]
        earlier = before(engine)
    engine.dispose()
    assert found == []


def _year(directive: str, seed: int, apart: tuple[int, ...]) -> Iterator[str]:
    """Every false statement of the operator's letters of a year of one pack."""
    drawn, first = Random(seed), PACKS[directive]
    town = Town.founded(pack(rules(), directive))
    lived(town, drawn, first, first + 365 * _DAY)
    edit, previous = first + drawn.randrange(60, 300) * _DAY, first
    night = first + drawn.choice(apart) * _DAY
    while night < first + 365 * _DAY:
        if previous < edit <= night:
            town.book = edited(town.book, Random(seed))
        earlier = before(town.engine)
        steps.judge_night(town.engine, town.book, Night(night, steps.cutoff_of(night), previous=previous))
        said = untrue_operator(Facts(town.engine, town.book, night), earlier)
        yield from (f"{night} {line}" for line in said)
        previous, night = night, night + drawn.choice(apart) * _DAY


@settings(max_examples=2, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(PACKS)), st.integers(0, 10_000))
def test_the_operators_letters_of_random_worlds_are_true(directive: str, seed: int) -> None:
    """A few nights of a year of one pack."""
    assert list(_year(directive, seed, (70, 110))) == []


@pytest.mark.long
@settings(max_examples=how_many(60), suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(PACKS)), st.integers(0, 10_000))
def test_the_operators_letters_of_many_worlds_are_true(directive: str, seed: int) -> None:
    """The same, oftener."""
    assert list(_year(directive, seed, (7, 28, 45))) == []


SOURCES = ("province", "programme", "health")
OPENED, NIGHT = date(2015, 4, 20), date(2015, 7, 2)


@pytest.fixture(scope="module")
def silent() -> Town:
    """Reports and activities come from two sources, silent since 20/4/2015; a third one gave bad rows today.

    No commune had reported by 19/4, so that their cases opened; four held the Month of Action until 30/6.
    """
    town = Town.founded(replace(pack(rules(), "279-ubnd-ldtbxh"), sources=_sources()))
    _pulled(town, *(Pull(name, at("2015-04-20T01:00"), added=3) for name in SOURCES))
    steps.judge_night(town.engine, town.book, Night(OPENED, steps.cutoff_of(OPENED)))
    fault = Text("không mở được", "cannot be opened")
    bad = Pull("health", at("2015-07-02T01:30"), rejected=2, faults=(fault,), given_back=("t.csv",))
    _pulled(town, Pull("health", at("2015-06-29T09:30"), added=3), bad)
    for name in ("bao_dai", "bao_son", "cam_ly", "luc_son"):
        town.does(f"ln.ubnd_xa.{name}", "action-month-event", "2015-06-05")
    steps.judge_night(town.engine, town.book, Night(NIGHT, steps.cutoff_of(NIGHT)))
    return town


def _pulled(town: Town, *pulls: Pull) -> None:
    with writing(town.engine) as conn:
        for one in pulls:
            record(conn, one)


def _sources() -> tuple[DataSource, ...]:
    """They may be silent for one working day, the last one for ten."""
    brings: dict[str, tuple[SourceKind, frozenset[str] | None]] = {
        "province": (SourceKind.REPORTS, frozenset({"child-protection"})),
        "programme": (SourceKind.ACTIVITIES, frozenset({"action-month-event"})),
        "health": (SourceKind.INDICATORS, None),
    }
    origin = DropFolder("incoming", None, None)
    return tuple(
        DataSource(
            name,
            Text(name, name),
            origin,
            Patience(10 if name == "health" else 1, in_workdays=True),
            "vn",
            None,
            dict([brings[name]]),
            "s:1:1",
        )
        for name in SOURCES
    )


def test_each_silent_source_is_told_with_what_it_would_have_brought(silent: Town) -> None:
    """And not with what another one leaves unknown."""
    facts = Facts(silent.engine, silent.book, NIGHT)
    assert list(untrue_operator(facts, before(silent.engine))) == []
    titles = [row.title for row in _letter(silent).first.rows]
    said = [re.search(r"\((\w+)\) im lặng.*; (\d+) việc chưa kết luận", title) for title in titles]
    assert {one.group(1): int(one.group(2)) for one in said if one} == {"province": 24, "programme": 20}


def _letter(town: Town) -> Letter:
    return letter(_mime(town))


def _mime(town: Town) -> bytes:
    with reading(town.engine) as conn:
        mine = (t.letter.c.office == operator_letter.OFFICE) & (t.letter.c.night == NIGHT)
        return conn.scalars(select(t.letter.c.mime).where(mine)).one()


# What is made false in a true letter: the first number of each is one more.
FALSE = {
    "the night": r"Có, cho ngày (\d\d)",
    "how it ran": r"đã chạy xong( nhưng có việc cần xem)",
    "how many facts": r"(\d+) dữ kiện",
    "how many findings": r"(\d+) phát hiện",
    "how many cases opened": r"Mở mới (\d+)",
    "how many climbed": r"lên bước (\d+)",
    "how many closed": r"đóng (\d+)",
    "how many things are to do": r"Cần làm (\d+) việc",
    "since when a source is silent": r"im\s+lặng\s+từ\s+\d\d\s+giờ\s+\d\d\s+ngày\s+(\d\d)",
    "how much that leaves unknown": r"(\d+)\s+việc\s+chưa\s+kết\s+luận",
    "until when data can be used": r"dùng\s+được\s+đến\s+\d\d\s+giờ\s+\d\d\s+ngày\s+(\d\d)",
    "how many rows were rejected": r"(\d+)\s+dòng\s+của\s+nguồn",
    "how many sources are in order": r"Đủ\s+(\d+)/\d+\s+nguồn",
    "how many sources there are": r"Đủ\s+\d+/(\d+)\s+nguồn",
    "how long the log is": r"trước\s+đêm\s+này\s+có\s+(\d+)\s+mục",
    "the hash of its last entry": r"mã\s+mục\s+cuối\s+(\w)",
}


@pytest.mark.parametrize("what", FALSE)
def test_what_is_false_in_it_is_seen(silent: Town, what: str) -> None:
    """One thing in the true letter is changed."""
    body = message_from_bytes(_mime(silent), policy=policy.default).get_body(("plain",))
    assert body is not None
    text = body.get_content()
    false = re.sub(FALSE[what], _changed, text, count=1)
    assert false != text, f"the letter does not say: {what}"
    subject, facts = _letter(silent).subject, Facts(silent.engine, silent.book, NIGHT)
    assert not list(untrue(read(subject, text), facts, before(silent.engine)))
    assert list(untrue(read(subject, false), facts, before(silent.engine)))


def _changed(found: re.Match[str]) -> str:
    """The first group with one more, as many digits as before; words are left out."""
    said, whole, start = found.group(1), found.group(), found.start(1) - found.start()
    if len(said) == 1:
        more = "1" if said == "0" else "0"
    else:
        more = f"{int(said) + 1:0{len(said)}d}" if said.isdigit() else ""
    return f"{whole[:start]}{more}{whole[start + len(said) :]}"
