"""What SQL leaves out can match nothing: durable_rules is asked all facts, and every hit is within the bounds."""

from __future__ import annotations

import json
import operator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.engine.judge.compiler import compile_book
from dondoc.engine.judge.durable_rules import Chunk, Ruleset
from dondoc.engine.judge.prefilter import Bound, prefilter
from tests.support.town import rules

NIGHTS = (date(2015, 4, 17), date(2016, 7, 8), date(2019, 8, 28), date(2023, 12, 30))
SHAPES = [
    pytest.param(shape, night, id=f"{shape.name} on {night}")
    for night in NIGHTS
    for shape in compile_book(rules(), night)
]
COMPARED = {"$lt": operator.lt, "$lte": operator.le, "$gt": operator.gt, "$gte": operator.ge}


def facts(night: date) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Facts with any of the fields, their values close to where rules decide."""
    near = st.integers(-40, 40).map(lambda days: (night + timedelta(days=days)).isoformat())
    number = st.integers(-2, 8) | st.integers(-2, 60).map(lambda n: n * 10_000_000)
    fields = {"last": near, "end": near, "done": st.just(1), "n": number, "v": number, "b": number}
    return st.lists(st.fixed_dictionaries({}, optional=fields), min_size=1, max_size=30)


def may_match(fact: dict[str, Any], definition: Any) -> bool:
    """Whether a fact lies within the bounds of some rule."""
    return any(all(holds(fact, bound) for bound in asked) for asked in prefilter(definition))


def holds(fact: dict[str, Any], bound: Bound) -> bool:
    """Whether a fact has what one bound asks."""
    if bound.value is None:
        return (bound.field in fact) == (bound.word == "$ex")
    return bound.field in fact and bool(COMPARED[bound.word](fact[bound.field], bound.value))


@pytest.mark.parametrize(("shape", "night"), SHAPES)
@given(data=st.data())
def test_no_hit_lies_outside_the_bounds(shape: Any, night: date, data: st.DataObject) -> None:
    """For every rule of the project, on nights on which their shapes are all in force."""
    drawn = [fact | {"id": n} for n, fact in enumerate(data.draw(facts(night)))]
    with Ruleset(shape.name, shape.definition) as ruleset:
        hits = ruleset.judge(Chunk(json.dumps(drawn)[1:-1], len(drawn)))
    outside = {fact["id"] for fact in drawn if not may_match(fact, shape.definition)}
    assert not {row for _, row in hits} & outside


def test_bounds_are_what_is_asked_of_one_field() -> None:
    """A comparison of two fields, or of a multiple, sets no bound; the rest of its rule still does."""
    definition = {
        "late": {"$and": [{"$nex": {"done": 1}}, {"$lt": {"last": "2026-11-18"}}]},
        "rise": {"$and": [{"$gte": {"b": 0}}, {"$gt": {"v5": {"$mul": {"$l": {"$m": "b"}, "$r": 6}}}}]},
    }
    late, rise = prefilter(definition)
    assert late == (Bound("done", "$nex"), Bound("last", "$lt", "2026-11-18"))
    assert rise == (Bound("b", "$gte", 0),)
