"""The life of a letter: drawing and table agree, waiting has bounds, identity has no chance in it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.engine.domain.terms import IN_HAND, LetterState
from dondoc.notifications.lifecycle import (
    TRANSITIONS,
    bounce_address,
    letter_id,
    message_id,
    next_attempt,
    sources,
)
from tests.support.planned_letters import mime, planned
from tests.support.town import ROOT

NOW = datetime(2015, 4, 20, tzinfo=UTC)
DOCS = ROOT / "docs"
EDGES = {(before, after) for before, afters in TRANSITIONS.items() for after in afters}
INITIAL = frozenset({LetterState.HELD, LetterState.READY})
STARTS = {("start", state) for state in INITIAL}


def test_the_drawing_has_exactly_the_edges_of_the_table() -> None:
    """docs/images/letter-states.svg shows what the outbox does, no more and no less."""
    drawing = (DOCS / "images" / "letter-states.svg").read_text("utf-8")
    assert set(re.findall(r'<path id="(\w+)-(\w+)"', drawing)) == EDGES | STARTS
    assert set(re.findall(r'<g id="(\w+)">', drawing)) == set(LetterState)


@pytest.mark.parametrize(("language", "new", "final"), [("vi", "mới", "trạng thái cuối"), ("en", "new", "final")])
def test_the_page_has_exactly_the_edges_of_the_table(language: str, new: str, final: str) -> None:
    """states.md tells of every move and every end, in both languages."""
    page, _ = (DOCS / language / "states.md").read_text("utf-8").split("case-states.svg")
    moves = re.findall(rf"^\| (?:`(\w+)`|\({new}\)) \| `(\w+)` \| [^|]+ \|$", page, re.MULTILINE)
    assert {(before or "start", after) for before, after in moves} == EDGES | STARTS
    states = re.findall(r"^\| `(\w+)` \| [^|`]+ \| [^|]+ \| ([^|]+) \|$", page, re.MULTILINE)
    assert {state for state, _ in states} == set(LetterState)
    assert {state for state, leaves in states if leaves == final} == {s for s in LetterState if not TRANSITIONS[s]}


def test_every_state_is_reached_and_explained() -> None:
    """No state stands apart, and each is described in the enum's own words."""
    assert set(LetterState) == set(TRANSITIONS) == INITIAL | {s for afters in TRANSITIONS.values() for s in afters}
    assert all(f"`{state}`:" in (LetterState.__doc__ or "") for state in LetterState)


def test_nothing_is_sent_without_the_dot() -> None:
    """`sent` follows the dot or a person's word, never a mere lease."""
    assert sources(LetterState.SENT, IN_HAND) == {LetterState.DATA_SENT}
    with pytest.raises(ValueError, match="no letter becomes held"):
        sources(LetterState.HELD, IN_HAND)


@given(attempt=st.integers(1, 5000), jitter=st.floats(0, 1))
def test_a_pause_lies_between_nothing_and_four_hours(attempt: int, jitter: float) -> None:
    """Full jitter: uniform in [0, min(4 h, 60 s * 2^n)], for any number of attempts."""
    longest = min(timedelta(hours=4), timedelta(seconds=60 * 2 ** min(attempt, 20)))
    assert NOW <= next_attempt(attempt, NOW, jitter) <= NOW + longest
    assert next_attempt(attempt, NOW, 1.0) == NOW + longest


@given(
    night=st.dates(),
    office=st.text(st.characters(categories=["L", "N"], include_characters="._"), min_size=1),
    part=st.integers(1, 9),
)
def test_an_id_is_made_of_its_key_alone(night: date, office: str, part: int) -> None:
    """The same key gives the same id, another part another, and both addresses carry it."""
    key = letter_id(night, office, part)
    assert re.fullmatch("[0-9a-f]{32}", key)
    assert key == letter_id(night, office, part) != letter_id(night, office, part + 1)
    assert message_id(key, "d.example") == f"<{key}@d.example>"
    assert bounce_address(key, "d.example") == f"bounce+{key}@d.example"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing at all"),
        pytest.param(mime() + b"no end", id="a last line without its end"),
        pytest.param(mime("Xã\r\n"), id="a byte beyond ASCII"),
        pytest.param(mime("a\n.\nb\r\n"), id="a bare LF, which some servers take for a line end"),
        pytest.param(mime("a\r.\r\nb\r\n"), id="a bare CR"),
        pytest.param(mime("a\0\r\n"), id="a NUL"),
        pytest.param(mime("x" * 999 + "\r\n"), id="a line of 999 bytes"),
    ],
)
def test_bytes_that_a_server_would_change_are_not_a_letter(content: bytes) -> None:
    """What is stored is what arrives: anything that could be read in two ways is refused at planning."""
    with pytest.raises(ValueError, match=r"ln\.ubnd_xa\.bao_dai"):
        planned(content=content)


def test_the_longest_line_allowed_is_a_letter() -> None:
    """998 bytes and CRLF (RFC 5322, 2.1.1)."""
    assert planned(content=mime("x" * 998 + "\r\n")).mime.endswith(b"x\r\n")
