"""Which rules are judged together, so that a question about one is answered as the night decided it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dondoc.engine.demands.related import judged_with
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import EveryYear, Overdue, Quota, Rollup, Streak
from tests.support.worlds import book, rule

YEARLY = Overdue("plan", None, EveryYear(4, 15, exclusive=False))
BOOK = book(
    rule(f"d/{name}", condition, "u")
    for name, condition in {
        "plan": YEARLY,
        "same-plan": replace(YEARLY, remind=(5,)),
        "event": Quota("event", 1, PeriodKind.CALENDAR_MONTH),
        "streak": Streak("d/event", 2),
        "counting": Rollup("d/event", units=2),
        "covering": Rollup("d/event", units=2, covers=True),
        "covering-plans": Rollup("d/same-plan", units=2, covers=True),
        "covering-wholes": Rollup("d/covering", units=2, covers=True),
        "other": Quota("other", 1, PeriodKind.CALENDAR_MONTH),
    }.items()
)


@pytest.mark.parametrize(
    ("wanted", "others"),
    [
        pytest.param("other", "", id="a rule that shares nothing is judged alone"),
        pytest.param(
            "plan", "same-plan covering-plans", id="with those that read the same word, and what covers those"
        ),
        pytest.param(
            "event", "covering covering-wholes", id="with what covers it, and not with what only counts it"
        ),
        pytest.param("streak", "event covering covering-wholes", id="with its base, and what covers that"),
        pytest.param("counting", "event covering covering-wholes", id="a rollup that covers nothing too"),
    ],
)
def test_a_rule_is_judged_with(wanted: str, others: str) -> None:
    """And no other rule than these."""
    assert judged_with(BOOK, [f"d/{wanted}"]) == {f"d/{name}" for name in [wanted, *others.split()]}
