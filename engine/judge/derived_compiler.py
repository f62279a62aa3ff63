"""Compiles derived rules into definitions for durable_rules: whether a count of missed periods or parts is enough.

`judge.derived` counts; these definitions decide. Every test first names each field with `$ex`, and every field is
an integer, so that a share is compared as a product and nothing is divided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dondoc.engine.domain.rulebook import Derived, Rollup, Streak
from dondoc.engine.domain.terms import Verdict
from dondoc.engine.judge.compiler import Test

# The percentage of a rollup's parts that must be judged; below it the rollup is unjudged (decision 37).
ENOUGH_JUDGED = 80


@dataclass(frozen=True, slots=True)
class Derivation:
    """A definition for durable_rules and what its matches mean: a verdict, and whether there never was a breach.

    Facts hold the number of missed parts times `factor`, to be compared with the judged ones.
    """

    definition: Mapping[str, Test]
    meanings: Mapping[str, tuple[Verdict, bool]]
    factor: int = 1


def derivation(condition: Derived) -> Derivation:
    """The definition that decides a derived rule on the facts that `dondoc.engine.judge.derived` counts."""
    return _streak(condition) if isinstance(condition, Streak) else _rollup(condition)


def _all(*tests: Test) -> Test:
    return {"$and": list(tests)}


def _has(*fields: str) -> list[Test]:
    return [{"$ex": {field: 1}} for field in fields]


def _times(field: str, factor: int) -> Mapping[str, Any]:
    return {"$mul": {"$l": {"$m": field}, "$r": factor}}


def _streak(streak: Streak) -> Derivation:
    """In breach with enough periods in `run`; over when even `reach`, every unknown one missed, is not enough.

    Between the two there is no verdict: an unknown period neither builds a streak nor ends one (decision 36).
    """
    over = [*_has("reach", "longest"), {"$lt": {"reach": streak.times}}]
    return Derivation(
        {
            "running": _all(*_has("run"), {"$gte": {"run": streak.times}}),
            "over": _all(*over, {"$gte": {"longest": streak.times}}),
            "never": _all(*over, {"$lt": {"longest": streak.times}}),
        },
        {
            "running": (Verdict.BREACH, False),
            "over": (Verdict.MET, False),
            "never": (Verdict.MET, True),
        },
    )


def _rollup(rollup: Rollup) -> Derivation:
    """In breach with enough missed parts, by share or number; no verdict while too few parts are judged."""
    seen = [
        *_has("judged", "judged100", "units"),
        {"$gte": {"judged": 1}},
        {"$gte": {"judged100": _times("units", ENOUGH_JUDGED)}},
    ]
    factor = 1
    if rollup.percent is not None:
        share = Fraction(rollup.percent) / 100
        factor = share.denominator
        limit: Any = _times("judged", share.numerator)
    else:
        limit = rollup.units
    return Derivation(
        {
            "many": _all(*seen, *_has("missed"), {"$gte": {"missed": limit}}),
            "few": _all(*seen, *_has("missed"), {"$lt": {"missed": limit}}),
        },
        {"many": (Verdict.BREACH, False), "few": (Verdict.MET, False)},
        factor,
    )
