"""The runner of `make mutants` plants what it says, and nothing where a fault would change nothing."""

from __future__ import annotations

import pytest

from tests.mutants.operators import faults, planted

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
