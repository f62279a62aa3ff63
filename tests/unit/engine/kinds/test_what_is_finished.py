"""Which tasks no later night reads: a rollup only once every one of its parts is done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dondoc.engine.domain.model import Finding, MissedParts, Task
from dondoc.engine.domain.rulebook import Rollup
from dondoc.engine.domain.terms import TaskKind, Verdict
from dondoc.engine.kinds import kind_of
from tests.support.worlds import day

LAST = day("2019-04-15")
PART = Task(1, "d/report", "xa_a", "2019", TaskKind.REPORT, LAST)
WHOLE = Task(9, "d/whole", "huyen", "2019", TaskKind.ROLLUP, LAST)
DONE = Finding(WHOLE, Verdict.MET, parts=MissedParts((), 2, 2))


@pytest.mark.parametrize(
    ("finding", "finished"),
    [
        pytest.param(DONE, True, id="all of its parts are done"),
        pytest.param(
            replace(DONE, parts=MissedParts((PART,), 2, 2)), False, id="one is late, and that is allowed"
        ),
        pytest.param(replace(DONE, parts=MissedParts((), 2, 2, (PART,))), False, id="one is waived for a time"),
        pytest.param(replace(DONE, parts=MissedParts((), 1, 2)), False, id="one is not judged yet"),
        pytest.param(replace(DONE, verdict=Verdict.BREACH), False, id="too many are late"),
        pytest.param(replace(DONE, parts=None), False, id="of no part is anything known"),
        pytest.param(replace(DONE, task=replace(WHOLE, last_day=None)), False, id="its figures go on"),
    ],
)
def test_a_rollup_is_finished_when(finding: Finding, *, finished: bool) -> None:
    """Until then a part may still become late, or be waived no longer."""
    condition = Rollup("d/report", units=2)
    assert kind_of(condition).is_finished(finding, None) is finished
