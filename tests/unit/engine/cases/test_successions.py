"""Which cases wait for an office to name who takes over from an ended unit."""

from __future__ import annotations

import pytest

from dondoc.engine.cases.covering import Covering
from dondoc.engine.cases.succession import open_successions
from dondoc.engine.domain.inheritance import Inheritance, Inheritances
from dondoc.engine.domain.model import Case, Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Overdue
from dondoc.engine.domain.terms import TaskKind
from tests.support.worlds import DOCUMENT, book, day, rule, unit

ENDED = {"valid_to": day("2019-07-01")}
ON, LAST = day("2019-07-10"), day("2019-06-20")


@pytest.mark.parametrize(
    ("bearers", "heirs", "asked"),
    [
        pytest.param(("old",), None, True, id="nobody has decided"),
        pytest.param(("new",), ("new",), False, id="the heir is there"),
        pytest.param(("gone",), ("gone",), True, id="the heir has ended as well"),
        pytest.param(("gone", "new"), ("gone", "new"), True, id="one of two heirs has"),
        pytest.param(("old",), (), False, id="nobody takes over"),
    ],
)
def test_whether_a_case_waits(
    bearers: tuple[str, ...],
    heirs: tuple[str, ...] | None,
    asked: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """The unit of a report that is overdue ended on 1 July."""
    units = (unit("old", **ENDED), unit("gone", **ENDED), unit("new"))
    chart = OrgChart({one.id: one for one in units}, ())
    decided = [] if heirs is None else [Inheritance("old", heirs, "NQ", "tinh", ON, "d/one", "2019")]
    task = Task(1, "d/one", "old", "2019", TaskKind.REPORT, LAST, bearers=bearers)
    case = Case(task, DOCUMENT, day("2019-06-21"), day("2019-06-21"), id=1, code="D-1", last_day=LAST)
    made = book([rule("d/one", Overdue("report", None, None), "old")])
    found = [one.name for one in open_successions(made, chart, [case], Inheritances(tuple(decided)), ON)]
    assert ("D-1" in found) is asked


def test_how_many_rollups_stand_above_a_task() -> None:
    """A unit's demand in a rollup of its district, which a rollup of the province covers."""
    covering = Covering({1: (2,), 2: (3,)}, {2: (1,), 3: (2,)})
    assert [covering.depth(task) for task in (3, 2, 1, 7)] == [0, 1, 2, 0]
    assert list(covering.all_rollups(1)) == [2, 3]
    assert list(covering.all_parts(3)) == [2, 1]
