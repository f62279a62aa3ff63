"""The runner of `make mutants` plants what it says, and nothing where a fault would change nothing."""

from __future__ import annotations

import pytest

from tests.mutants.choice import Watched, imported
from tests.mutants.draw import Mutant, drawn
from tests.mutants.operators import faults, planted
from tests.support.town import ROOT

PLACES = {
    "a < b": [("comparison", "a <= b")],
    "a is None": [("comparison", "a is not None")],
    "a and b": [("and, or", "a or b")],
    "not a": [("not", "a")],
    "day + 1": [("plus, minus", "day - 1"), ("off by one", "2")],
    "True": [("true, false", "False")],
    "call(a, b=b, **c)": [("argument lost", "call(…)")],
    "c if a else b": [("condition turned", "not a")],
    "field(repr=False)": [],
}


@pytest.mark.parametrize(("code", "found"), PLACES.items(), ids=PLACES)
def test_faults_of_an_expression(code: str, found: list[tuple[str, str]]) -> None:
    """Each with the code that stands there then."""
    assert [(fault.operator, fault.after) for fault in faults(f"x = {code}")] == found


@pytest.mark.parametrize(
    ("code", "lost"),
    [
        ("send(letter)", 1),
        ("if late:\n    return 0", 1),
        ("return 0", 0),
        ("'''A docstring.'''", 0),
        ("assert day < end", 0),
        ("x: int = a", 0),
    ],
)
def test_statements_that_get_lost(code: str, lost: int) -> None:
    """Calls and early returns; what a function needs to be one, and what only checks, stays."""
    assert sum(fault.operator == "statement lost" for fault in faults(code)) == lost


def test_a_planted_fault_runs_in_place_of_the_code() -> None:
    """The second comparison of three, and nothing else."""
    source = "found = [1 < 1, 2 < 2, 3 < 3]"
    known = {}
    (_, second, _) = [fault for fault in faults(source) if fault.operator == "comparison"]
    exec(compile(planted(source, second), "planted", "exec"), known)
    assert known["found"] == [False, True, False]


KEPT = """
def kept(day, end):
    if day < end and end > 1:
        return day + 1
    return end - 1
"""
EDITED = """
def edited(day):
    return day + 1 if day else {}
"""


def _lots(source: str, seed: int = 1) -> list[str]:
    """The faults of a module in the order in which they are drawn: where each stands, and what it does."""
    mutants = drawn([Mutant("a.py", fault) for fault in faults(source)], seed)
    return [f"{one.fault.within}: {one.fault.before} => {one.fault.after}" for one in mutants]


@pytest.mark.parametrize(
    "edited",
    [
        KEPT + EDITED.format("0"),
        EDITED.format("None") + KEPT,
        "# A line more.\n" + KEPT + EDITED.format("[0 < 1, 1 < 2, day + 2]"),
        KEPT,
    ],
    ids=["edited", "moved", "with more faults than before", "gone"],
)
def test_a_draw_changes_where_the_code_does(edited: str) -> None:
    """What is done to one function leaves the faults of another in their order."""
    before, after = (
        [lot for lot in _lots(source) if lot.startswith("kept:")] for source in (KEPT + EDITED.format("0"), edited)
    )
    assert before == after
    assert len(before) == 9


def test_a_seed_is_a_draw_of_its_own() -> None:
    """The same faults in another order, the same order every time; those that read alike are all there."""
    assert _lots(KEPT) == _lots(KEPT)
    assert _lots(KEPT) != _lots(KEPT, seed=2)
    assert sorted(_lots(KEPT)) == sorted(_lots(KEPT, seed=2))
    assert sorted(_lots("x = [1, 1, 1]")) == [": 1 => 2"] * 3


def test_a_fault_knows_the_names_around_it() -> None:
    """A method by its class, a function inside another by both, code of a module by none."""
    source = "a = 1\nclass Case:\n    def closed(self):\n        def inner(): return 2\n        return 3"
    assert [fault.within for fault in faults(source)] == ["", "Case.closed.inner", "Case.closed"]


@pytest.mark.parametrize(
    ("about", "order"),
    [
        pytest.param([], ["a::quick", "b::slow", "a::next"], id="the quick ones, each file in its turn"),
        pytest.param(["b"], ["b::slow", "a::quick", "a::next"], id="what imports the module goes first"),
    ],
)
def test_which_tests_try_a_fault(about: list[str], order: list[str]) -> None:
    """All that ran its line."""
    seconds = {"a::quick": 1.0, "a::next": 2.0, "b::slow": 3.0, "c::elsewhere": 0.1}
    ran = {"m.py": {7: ["a::quick", "a::next", "b::slow"], 9: ["c::elsewhere"]}}
    watched = Watched(ran, seconds, {"m.py": frozenset(about)})
    assert list(watched.choose("m.py", [7], 60.0).tests) == order


def test_what_ran_a_line_itself_tries_it_before_what_only_runs_in_its_module() -> None:
    """A line that also ran while tests were collected may be seen by any of them."""
    ran = {"m.py": {7: ["", "a::itself"], 9: ["b::later"]}}
    watched = Watched(ran, {"a::itself": 5.0, "b::later": 1.0})
    assert watched.choose("m.py", [7], 60.0).tests == ("a::itself", "b::later")


def test_what_a_first_turn_left_is_the_second_turn() -> None:
    """And nothing of the first again; what neither has time for is counted."""
    ran = {"m.py": {7: ["a::one", "b::two", "c::three"]}}
    watched = Watched(ran, {"a::one": 1.0, "b::two": 2.0, "c::three": 30.0})
    first = watched.choose("m.py", [7], 1.0)
    assert (first.tests, first.left) == (("a::one",), 2)
    second = watched.choose("m.py", [7], 2.0, first.tests)
    assert (second.tests, second.left) == (("b::two",), 1)
    last = watched.choose("m.py", [7], 1.0, (*first.tests, *second.tests))
    assert (last.tests, last.left) == (("c::three",), 0)
    assert watched.choose("m.py", [7], 1.0, ("a::one", "b::two", "c::three")).tests == ()


def test_a_file_of_tests_is_about_what_it_imports() -> None:
    """This one is about nothing of the product."""
    about = imported(ROOT)
    assert "tests/stories/test_how_tasks_stand.py" in about["engine/store/night/standing.py"]
    assert not any("tests/project/test_mutants.py" in tests for tests in about.values())
