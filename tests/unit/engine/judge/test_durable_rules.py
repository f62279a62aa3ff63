"""durable_rules below its own documentation: a chunk is judged whole and right, or not at all."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import durable_rules_engine
import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dondoc.engine.errors import EngineFault
from dondoc.engine.judge.durable_rules import Chunk, Ruleset

LATE = {"late": {"$and": [{"$ex": {"last": 1}}, {"$lt": {"last": "2019-07-01"}}]}}
LOW = {"low": {"$and": [{"$ex": {"v": 1}}, {"$lt": {"v": 3}}]}}
SMALLEST, LARGEST = -(2**63), 2**63 - 1


def chunk(*facts: dict[str, Any]) -> Chunk:
    """A chunk as the store writes it."""
    return Chunk(json.dumps(facts, ensure_ascii=False)[1:-1], len(facts))


@pytest.fixture
def low() -> Iterator[Ruleset]:
    """A ruleset that names facts whose `v` is below 3."""
    with Ruleset("low", LOW) as ruleset:
        yield ruleset


def test_hits_come_out_sorted_and_once(low: Ruleset) -> None:
    """Each fact below 3 is named, in the order of ids, whatever the order in the chunk."""
    assert low.judge(chunk({"id": 9, "v": 1}, {"id": 2, "v": 3}, {"id": 0, "v": 2})) == [("low", 0), ("low", 9)]


def test_empty_chunk_names_nobody(low: Ruleset) -> None:
    """The sentinels alone are no fault and no hit."""
    assert low.judge(Chunk("", 0)) == []


WHOLE = '{"id":0,"v":1},{"id":1,"v":2}'
BROKEN = {
    "cut inside a number": WHOLE[:-2],
    "cut inside a name": WHOLE[:16],
    "a brace too many": WHOLE + "}",
    "the array closed early": WHOLE + "]",
    "a field with two values": '{"id":0,"v":1 2}',
    "an open string": '{"id":0,"v":1,"last":"2019',
    "a fact without an id": '{"v":1}',
}


@pytest.mark.parametrize("facts", BROKEN.values(), ids=BROKEN)
def test_broken_chunk_is_refused_and_the_next_is_judged(low: Ruleset, facts: str) -> None:
    """Nothing of a chunk that was not read to its end counts, and nothing of it is left behind."""
    with pytest.raises(EngineFault, match="low"):
        low.judge(Chunk(facts, 2))
    assert low.judge(chunk({"id": 1, "v": 5}, {"id": 2, "v": 1})) == [("low", 2)]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (BROKEN["a brace too many"], "JSONDecodeError"),
        (BROKEN["a fact without an id"], "KeyError"),
        (BROKEN["an open string"], "a chunk of 2 facts was not read to its end"),
    ],
)
def test_a_refusal_names_the_reason(low: Ruleset, facts: str, reason: str) -> None:
    """For the developers to whom the operator sends it."""
    with pytest.raises(EngineFault, match=reason):
        low.judge(Chunk(facts, 2))


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.integers(0, 6), min_size=1, max_size=6), data=st.data())
def test_a_cut_chunk_never_passes_for_a_whole_one(low: Ruleset, values: list[int], data: st.DataObject) -> None:
    """A text cut anywhere is refused, or else the cut fell between two facts and those before it are judged."""
    facts = [{"id": n, "v": value} for n, value in enumerate(values)]
    text = chunk(*facts).facts
    cut = text[: data.draw(st.integers(1, len(text)))]
    try:
        hits = low.judge(Chunk(cut, len(facts)))
    except EngineFault:
        return
    kept = json.loads(f"[{cut.rstrip(', ')}]")
    assert hits == [("low", fact["id"]) for fact in kept if fact["v"] < 3]


def test_both_sides_of_an_or_fire_once() -> None:
    """A fact that satisfies both alternatives is one hit."""
    either = {"either": {"$and": [{"$ex": {"v": 1}}, {"$or": [{"$lt": {"v": 5}}, {"$lt": {"v": 9}}]}]}}
    with Ruleset("either", either) as ruleset:
        assert ruleset.judge(chunk({"id": 0, "v": 1}, {"id": 1, "v": 7}, {"id": 2, "v": 9})) == [
            ("either", 0),
            ("either", 1),
        ]


def test_several_rules_name_one_fact() -> None:
    """Two rules that both match one fact both say so."""
    with Ruleset("two", LOW | {"lower": {"$and": [{"$ex": {"v": 1}}, {"$lt": {"v": 2}}]}}) as ruleset:
        assert ruleset.judge(chunk({"id": 7, "v": 1})) == [("low", 7), ("lower", 7)]


def test_a_missing_field_does_not_fire(low: Ruleset) -> None:
    """The guard `$ex` keeps a rule from firing on a fact without the field it compares."""
    assert low.judge(chunk({"id": 0}, {"id": 1, "w": 1}, {"id": 2, "v": 0})) == [("low", 2)]


def test_done_is_told_from_not_done_by_the_field_alone() -> None:
    """`$nex` fires on facts that lack the field, and on no other."""
    open_ = {"open": {"$and": [{"$nex": {"done": 1}}, *LATE["late"]["$and"]]}}
    with Ruleset("open", open_) as ruleset:
        facts = chunk(
            {"id": 0, "last": "2019-06-30"},
            {"id": 1, "last": "2019-06-30", "done": 1},
            {"id": 2, "last": "2019-07-01"},
        )
        assert ruleset.judge(facts) == [("open", 0)]


@pytest.mark.parametrize("limit", [SMALLEST + 1, -1, 0, 1, 10**16, LARGEST - 1])
def test_comparison_is_exact_over_all_64_bits(limit: int) -> None:
    """One less than the limit fires, the limit and one more do not; nothing passes through floating point."""
    with Ruleset("edge", {"below": {"$and": [{"$ex": {"v": 1}}, {"$lt": {"v": limit}}]}}) as ruleset:
        facts = chunk({"id": 0, "v": limit - 1}, {"id": 1, "v": limit}, {"id": 2, "v": limit + 1})
        assert ruleset.judge(facts) == [("below", 0)]


@pytest.mark.parametrize("number", [10**16 - 1, -(10**16 - 1)])
def test_the_largest_value_survives_the_largest_factor(number: int) -> None:
    """A value just below one billion, scaled by 10^7 and multiplied by 900, is compared to the last digit."""
    share = {"$mul": {"$l": {"$m": "b"}, "$r": 900}}
    rise = {"rise": {"$and": [{"$ex": {"v": 1}}, {"$ex": {"b": 1}}, {"$gt": {"v": share}}]}}
    with Ruleset("rise", rise) as ruleset:
        facts = chunk({"id": 0, "b": number, "v": number * 900}, {"id": 1, "b": number, "v": number * 900 + 1})
        assert ruleset.judge(facts) == [("rise", 1)]


def test_two_rulesets_live_at_once_and_do_not_mix() -> None:
    """Chunks judged in turns by two open rulesets; closing one leaves the other at work."""
    with Ruleset("low", LOW) as low:
        with Ruleset("late", LATE) as late:
            for n in range(50):
                assert low.judge(chunk({"id": n, "v": 1, "last": "2019-01-01"})) == [("low", n)]
                assert late.judge(chunk({"id": n, "v": 1, "last": "2019-01-01"})) == [("late", n)]
        assert low.judge(chunk({"id": 1, "v": 1})) == [("low", 1)]


def test_many_chunks_leave_memory_flat(low: Ruleset) -> None:
    """Ten thousand chunks, each of ten facts that all fire, grow the process by less than 20 MB."""
    process = psutil.Process()
    facts = chunk(*({"id": n, "v": 1} for n in range(10)))
    for _ in range(500):
        low.judge(facts)
    before = process.memory_info().rss
    for _ in range(10_000):
        assert len(low.judge(facts)) == 10
    assert process.memory_info().rss - before < 20_000_000


def test_no_thread_is_started() -> None:
    """Judging starts no background thread, as durable_rules' own host would; the kernel counts them too."""
    python, kernel = threading.active_count(), len(list(Path("/proc/self/task").iterdir()))
    with Ruleset("low", LOW) as ruleset:
        ruleset.judge(chunk({"id": 0, "v": 1}))
        assert threading.active_count() == python
        assert len(list(Path("/proc/self/task").iterdir())) == kernel


def test_a_full_page_is_judged_whole(low: Ruleset) -> None:
    """Five thousand facts that all fire come out, none lost and none twice."""
    facts = chunk(*({"id": n, "v": 1} for n in range(5_000)))
    assert low.judge(facts) == [("low", n) for n in range(5_000)]


def test_a_ruleset_is_freed_when_it_is_left() -> None:
    """So that a service that judges night after night does not grow."""
    with Ruleset("low", LOW) as ruleset:
        assert ruleset.judge(chunk({"id": 1, "v": 1})) == [("low", 1)]
    with pytest.raises(durable_rules_engine.error):
        ruleset.judge(chunk({"id": 1, "v": 1}))
