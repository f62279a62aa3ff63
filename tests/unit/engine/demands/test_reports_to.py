"""To whom a unit reports where the rule names a relation: each to its own body, which may hear."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.domain.model import LadderStep, Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Overdue
from dondoc.engine.domain.terms import Level, TaskKind, Tone
from tests.support.worlds import book, day, directive, edge, rule, unit

ON = day("2019-05-01")
CENTRE, EAST, WEST = "x.trung_uong", "x.dong", "x.tay"
CHART = OrgChart(
    {
        CENTRE: unit(CENTRE, Level.CENTRAL),
        **{name: unit(name, Level.PROVINCE) for name in (EAST, WEST)},
        **{name: unit(name) for name in ("x.xa_1", "x.xa_2", "x.xa_le")},
        "x.dang_uy": unit("x.dang_uy", kind="cap-uy"),
    },
    (
        edge(EAST, CENTRE),
        edge(WEST, CENTRE),
        edge("x.xa_1", EAST),
        edge("x.xa_2", WEST),
        edge("x.xa_1", "x.dang_uy", "led_by"),
    ),
)


def notices_of(
    reports_to: str | None, bound: str, issuer: str, word: str = "reports_to"
) -> tuple[str | None, set[str]]:
    """To whom a unit reports, and whom a step that names `word` finds."""
    one = rule("d/one", Overdue("report", None, None), bound, reports_to=reports_to)
    recipients = Recipients(book([one], [directive("d", issuer)]), CHART, ON)
    task = Task(1, "d/one", bound, "2019", TaskKind.REPORT, ON)
    found = recipients.readers(task, LadderStep(0, (word,), (), Tone.REPORT_UP))
    return recipients.reports_to(task, bound), {reader.office for reader in found}


@pytest.mark.parametrize(
    ("reports_to", "bound", "expected"),
    [
        pytest.param("superior.government", "x.xa_1", EAST, id="each commune reports to its own province"),
        pytest.param("superior.government", "x.xa_2", WEST, id="and the other to the other"),
        pytest.param("superior.government.2", "x.xa_1", CENTRE, id="two levels up"),
        pytest.param("led_by", "x.xa_1", "x.dang_uy", id="to the committee that leads it"),
        pytest.param(WEST, "x.xa_1", WEST, id="a body that is named is that body"),
        pytest.param("superior.government", "x.xa_le", None, id="nobody where the relation is not in the data"),
        pytest.param(None, "x.xa_1", None, id="nobody where the rule says nothing"),
    ],
)
def test_a_relation_means_a_body_for_each_unit(reports_to: str | None, bound: str, expected: str | None) -> None:
    """The step that names `reports_to` tells just that body."""
    assert notices_of(reports_to, bound, CENTRE) == (expected, {expected} - {None})


@pytest.mark.parametrize(
    ("reports_to", "word", "expected"),
    [
        pytest.param(None, "superior.government", set(), id="a province is above a commune that issued"),
        pytest.param("superior.government", "superior.government", {EAST}, id="and hears where it is reported to"),
        pytest.param("superior.government", "superior.government.2", set(), id="the centre above it does not"),
    ],
)
def test_who_is_reported_to_may_stand_above_the_issuer(
    reports_to: str | None, word: str, expected: set[str]
) -> None:
    """A ladder ends at the issuer unless the rule says to whom to report (decision 9)."""
    assert notices_of(reports_to, "x.xa_1", "x.xa_1", word)[1] == expected


@pytest.mark.parametrize(
    ("monitor", "reports_to", "expected"),
    [
        pytest.param(EAST, WEST, {EAST}, id="the monitor that the task names"),
        pytest.param(None, WEST, {WEST}, id="else to whom it is reported"),
        pytest.param(None, None, {CENTRE}, id="else the monitor of the rule"),
    ],
)
def test_an_imported_task_is_followed_up_by_whom_it_is_reported_to(
    monitor: str | None, reports_to: str | None, expected: set[str]
) -> None:
    """Decision 12, of one unit with several tasks under one rule, also where a step names `reports_to`."""
    one = replace(rule("d/one", Overdue(None, "assigned", None), "x.xa_1"), monitor=CENTRE)
    recipients = Recipients(book([one], [directive("d", "x.xa_2")]), CHART, ON)
    task = Task(1, "d/one", "x.xa_1", "N1", TaskKind.ASSIGNED, ON)
    plain = {reader.office for reader in recipients.monitor(task)}
    assert plain == {CENTRE}
    named = replace(task, monitor=monitor, reports_to=reports_to)
    assert {reader.office for reader in recipients.monitor(named)} == expected
    assert recipients.reports_to(named, "x.xa_1") == reports_to
