"""Every condition and every kind of task has one home; one without it is refused, never judged as nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import pytest

from dondoc.engine.demands.direct import direct_demands
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Condition, Derived, Quota, Rollup, RuleBook, Streak
from dondoc.engine.domain.terms import TaskKind
from dondoc.engine.judge.compiler import compile_book
from dondoc.engine.kinds import KINDS, kind_of, kind_of_task
from dondoc.engine.rulefile.kinds.conditions import WHEN
from tests.support.town import rules
from tests.support.worlds import book, rule, unit

NIGHT = date(2019, 7, 1)
UNIT = unit("t.xa")
CHART = OrgChart({UNIT.id: UNIT}, ())


@dataclass(frozen=True)
class Homeless:
    """A condition that no kind knows."""


def with_homeless() -> RuleBook:
    """A rule book with one rule of an unknown kind."""
    unknown: Any = Homeless()
    return book(
        (rule("t/quota", Quota("broadcast", 1, PeriodKind.CALENDAR_MONTH)), rule("t/new", unknown, UNIT.id))
    )


def test_an_unknown_kind_never_compiles_to_nothing() -> None:
    """Neither its shapes nor its demands are left out in silence."""
    with pytest.raises(AssertionError, match="Homeless"):
        compile_book(with_homeless(), NIGHT)
    with pytest.raises(AssertionError, match="Homeless"):
        list(direct_demands(with_homeless(), CHART, NIGHT))


def test_every_kind_is_found_by_its_conditions_and_its_tasks() -> None:
    """The kinds of conditions are those of tasks, and those that a file may say."""
    found = {kind_of(one.condition) for one in rules().rules.values()}
    derived = {kind_of(Streak("t/one", 2)), kind_of(Rollup("t/one", units=2))}
    assert found | derived == set(KINDS) == {kind_of_task(task) for task in TaskKind}
    assert len(KINDS) == len(get_args(Condition)) == len(WHEN.fields)


def test_a_kind_is_derived_if_its_conditions_are() -> None:
    """What the store reads for the second pass is what the second pass judges."""
    conditions = [*(one.condition for one in rules().rules.values()), Streak("t/one", 2), Rollup("t/one", units=2)]
    assert all(kind_of(one).is_derived() is isinstance(one, Derived) for one in conditions)
