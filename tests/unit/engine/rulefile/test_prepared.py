"""A register entry that is made ready: it waits while its blanks are blank, and is a rule once they are filled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dondoc.engine.demands.register import register
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Basis, OnDate, Overdue, Quota, RuleBook, Selector, Threshold
from dondoc.engine.domain.terms import ObligationStatus
from dondoc.engine.rulefile import load

Place = Callable[[str, bytes], Path]

HEAD = """version: 1
directive:
  code: TH19
  kind: {vi: Công văn, en: Official letter}
  number: 1/CV-THU
  issued: 2019-01-02
  issuer: th.ubnd_huyen
  title: {vi: Văn bản bịa để thử, en: A directive invented for a test}
  in_force: {from: 2019-01-02, until: 2020-12-31}
defaults: {applies_to: {kind: ubnd, level: commune, within: th.ubnd_huyen}}
register:
  - obligation: TH-2
    clause: "2"
    who: UBND các xã
    what: {vi: Kiểm tra mỗi năm, en: Inspect every year}
    waits_for: {vi: số cuộc, en: the number}
    judge:
      two:
        when:
"""
BLANK = "          quota: {activity: inspection, at_least: ___, per: calendar-month, set_by: ___, set_on: ___}"
FILLED = BLANK.replace("at_least: ___", "at_least: 4").replace(
    "set_by: ___, set_on: ___", "set_by: th.ubnd_huyen, set_on: 2019-03-01"
)


def book(place: Place, when: str) -> RuleBook:
    """The book of a good folder with this entry in it."""
    return load(place("pack.yaml", f"{HEAD}{when}\n".encode()))


def status(found: RuleBook) -> tuple[ObligationStatus, tuple[str, ...]]:
    """How the entry stands, and which rules judge it."""
    (one,) = [one for one in register(found) if one.id == "TH-2"]
    return one.status, one.rules


@pytest.mark.parametrize(
    "when",
    [
        pytest.param(BLANK, id="a number"),
        pytest.param(BLANK.replace("calendar-month", "___"), id="a number and its period"),
        pytest.param(
            "          overdue: {report: plan, due: {by: ___}, set_by: ___, set_on: ___}", id="the day of a report"
        ),
        pytest.param("          overdue: {report: plan, due: ___, set_by: ___, set_on: ___}", id="a whole limit"),
        pytest.param(
            "          overdue: {report: plan, due: {within: ___, after: event}, set_by: ___, set_on: ___}",
            id="the days after an event",
        ),
        pytest.param(
            "          threshold: {indicator: injuries, above: ___, per: calendar-quarter, no_data: unjudged,\n"
            "                      set_by: ___, set_on: ___}",
            id="a threshold",
        ),
    ],
)
def test_it_waits_while_it_is_blank(place: Place, when: str) -> None:
    """It is no rule, and the register knows where to fill it in."""
    found = book(place, when)
    assert status(found) == (ObligationStatus.WAITING, ())
    assert "pack/two" not in found.rules
    (entry,) = found.directives["pack"].register
    line = HEAD.count("\n") + 1
    column = when.index("___") + 1
    assert entry.blanks == (f"rules/thu/pack.yaml:{line}:{column}",)


def test_one_edit_makes_it_a_rule(place: Place) -> None:
    """Its name, clause and obligation are the entry's; it says who set the number and when."""
    found = book(place, FILLED)
    assert status(found) == (ObligationStatus.SET, ("pack/two",))
    rule = found.rules["pack/two"]
    assert rule.title == Text("Kiểm tra mỗi năm", "Inspect every year")
    assert rule.short == Text("kiểm tra mỗi năm", "inspect every year")
    assert (rule.clause, rule.obligation, rule.basis, rule.assumes) == ("2", "TH-2", Basis.SET, None)
    assert rule.applies_to.within == "th.ubnd_huyen"
    assert isinstance(rule.condition, Quota)
    assert (rule.condition.at_least, rule.condition.set_by, rule.condition.set_on) == (
        4,
        "th.ubnd_huyen",
        date(2019, 3, 1),
    )
    assert rule.place == "rules/thu/pack.yaml:18:7"
    assert found.directives["pack"].register[0].blanks == ()


def test_a_limit_and_a_threshold_are_filled_the_same_way(place: Place) -> None:
    """A day for a report; a number for an indicator, which says who set it as any threshold does."""
    due = "          overdue: {report: plan, due: {by: 2019-06-30}, set_by: th.ubnd_huyen, set_on: 2019-03-01}"
    assert book(place, due).rules["pack/two"].condition == Overdue(
        "plan",
        None,
        OnDate(date(2019, 6, 30), exclusive=False),
        set_by="th.ubnd_huyen",
        set_on=date(2019, 3, 1),
    )
    limit = (
        "          threshold: {indicator: injuries, above: 3, per: calendar-quarter, no_data: unjudged,\n"
        "                      set_by: th.ubnd_huyen, set_on: 2019-03-01}"
    )
    condition = book(place, limit).rules["pack/two"].condition
    assert isinstance(condition, Threshold)
    assert condition.set_on == date(2019, 3, 1)


def test_units_are_the_rules_own_where_it_names_them(place: Place) -> None:
    """As in any rule, what stands there beats the defaults; the title may be its own as well."""
    title, units = "title: {vi: UBND xã kiểm tra, en: UBND inspects}", "applies_to: {units: [th.ubnd_xa]}"
    raw = f"{HEAD}{FILLED}\n".replace("        when:\n", f"        {title}\n        {units}\n        when:\n")
    rule = load(place("pack.yaml", raw.encode())).rules["pack/two"]
    assert rule.applies_to == Selector(units=("th.ubnd_xa",))
    assert rule.short.vi == "UBND xã kiểm tra"


def test_an_entry_with_several_rules_is_judged_with_the_first(place: Place) -> None:
    """The other goes on waiting, and is still to be filled in."""
    found = book(place, f"{FILLED}\n      three:\n        when:\n{BLANK}")
    assert status(found) == (ObligationStatus.SET, ("pack/two",))
    assert len(found.directives["pack"].register[0].blanks) == 1
