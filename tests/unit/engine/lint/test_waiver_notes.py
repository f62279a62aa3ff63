"""What `check` says of waivers that waive nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dondoc.engine.domain.rulebook import OnDate, Overdue, Selector, Waiver
from dondoc.engine.lint.context import LintContext
from dondoc.engine.lint.waivers import check
from tests.support import worlds
from tests.support.case_player import book, chart, waiver
from tests.support.worlds import day

TODAY = day("2019-06-15")
FROM, UNTIL = day("2019-06-10"), day("2019-06-28")


@pytest.mark.parametrize(
    ("waivers", "codes"),
    [
        ([waiver(FROM, UNTIL)], []),
        ([waiver(FROM, day("2019-06-14"))], ["waiver-past"]),
        ([waiver(FROM, TODAY)], []),
        ([waiver(FROM, day("2019-06-14")), waiver(FROM, day("2019-06-14"), "xa_b")], ["waiver-past"]),
        ([waiver(FROM, UNTIL, "huyen")], ["waiver-of-nobody"]),
        ([waiver(day("2021-01-01"), day("2021-02-01"))], ["waiver-without-demand"]),
    ],
    ids=[
        "of one that holds nothing",
        "that one is over",
        "nothing on its last day",
        "once of an entry of two units",
        "that the unit is not bound",
        "that the directive is no longer in force",
    ],
)
def test_notes_on_waivers(waivers: list[Waiver], codes: list[str]) -> None:
    """Each note at its entry; every code is explained."""
    rules = replace(book(), waivers=tuple(waivers))
    until = worlds.directive("d", "huyen", until=day("2020-12-31"))
    rules = replace(rules, directives={"d": until})
    found = list(check(LintContext(rules, chart(), TODAY)))
    assert [problem.code for problem in found] == codes
    assert {(problem.file, problem.line) for problem in found} <= {("waivers.yaml", 3)}


def test_a_waiver_of_a_whole_directive_is_noted_only_where_no_rule_is_waived() -> None:
    """Its rules bind different units, and fall due at different times."""
    rules = book()
    other = replace(rules.rules["d/report"], id="d/other", applies_to=Selector(units=("huyen",)))
    both = replace(rules, rules={**rules.rules, other.id: other})
    mine = [waiver(FROM, UNTIL, "huyen", rule) for rule in ("d/report", "d/other")]
    for waivers, codes in ((mine, []), (mine[:1], ["waiver-of-nobody"])):
        found = list(check(LintContext(replace(both, waivers=tuple(waivers)), chart(), TODAY)))
        assert [problem.code for problem in found] == codes


@pytest.mark.parametrize(
    ("due", "exclusive", "reminds", "said"),
    [
        ("2019-06-29", True, (), True),
        ("2019-06-28", True, (), False),
        ("2019-06-28", False, (), True),
        ("2019-06-27", False, (), False),
        ("2019-07-20", False, (5,), False),
    ],
    ids=[
        "overdue the day after it",
        "overdue on its last day",
        "due by its last day, so overdue after it",
        "due by the day before, so overdue on its last day",
        "due later, and reminded of before",
    ],
)
def test_a_waiver_before_the_demand(due: str, exclusive: bool, reminds: tuple[int, ...], said: bool) -> None:  # noqa: FBT001 - columns
    """What is due once, after the waiver has ended, is not touched by it."""
    rules = book()
    late = replace(
        rules.rules["d/report"], condition=Overdue("report", None, OnDate(day(due), exclusive=exclusive), reminds)
    )
    rules = replace(rules, rules={**rules.rules, late.id: late}, waivers=(waiver(FROM, UNTIL),))
    found = [problem.code for problem in check(LintContext(rules, chart(), TODAY))]
    assert found == (["waiver-without-demand"] if said else [])
