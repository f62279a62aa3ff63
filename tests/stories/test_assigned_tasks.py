"""Tasks that an office assigns: whom a case of theirs is told to, as their row in tasks.csv says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dondoc.engine.domain.acts import ActKind, Door
from dondoc.engine.domain.rulebook import Overdue, RuleBook, Selector
from dondoc.engine.domain.terms import Level, Section
from dondoc.flows.records.acts import Said, recorded
from tests.support.explain_helpers import explained, nights_of
from tests.support.town import Town, at, letters, only, rules

RULE, COMMUNE = "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai"
LABOUR, HEALTH = "ln.phong_ldtbxh", "ln.ubnd_huyen"


def assigned() -> RuleBook:
    """Assigned tasks, under a directive and a rule that name no monitor."""
    book = only(rules(), RULE)
    rule = replace(book.rules[RULE], condition=Overdue(None, "assigned", None), monitor=None, reports_to=LABOUR)
    directive = replace(book.directive_of(RULE), monitor=None)
    return replace(book, rules={RULE: rule}, directives={directive.id: directive})


@pytest.mark.parametrize(
    ("more", "monitor"),
    [
        pytest.param({}, None, id="nobody is named"),
        pytest.param({"reports_to": LABOUR}, LABOUR, id="whom it is reported to"),
        pytest.param({"reports_to": HEALTH, "monitor": LABOUR}, LABOUR, id="the monitor goes first"),
    ],
)
def test_whom_a_task_is_reported_to_follows_it_up(more: dict[str, str], monitor: str | None) -> None:
    """Step 2 on 25/4 tells the monitor (decision 12), and `explain` names it."""
    town = Town.founded(assigned(), mailboxes=False)
    town.is_assigned(COMMUNE, "assigned", "2015-04-19", "2015-04-01T09:00", **more)
    nights_of(town, "2015-04-20", "2015-04-25")
    told = town.notices_of(RULE, COMMUNE, date(2015, 4, 25))
    assert {office for office, how, _ in told if "monitor" in how} == ({monitor} if monitor else set())
    assert all(section in (Section.NEW, Section.WORSE) for _, _, section in told)
    (case,) = town.cases()
    said = explained(town, case.code, "2015-04-25")
    assert ("Cơ quan theo dõi (monitor): Phòng" in said) == bool(monitor)


@pytest.mark.parametrize(
    "applies_to",
    [
        pytest.param(Selector(units=(COMMUNE,)), id="the unit that the rule names"),
        pytest.param(Selector(kind="ubnd", level=Level.COMMUNE, within="ln.ubnd_huyen"), id="units of a kind"),
    ],
)
def test_a_rule_judges_the_tasks_of_the_units_that_it_applies_to(applies_to: Selector) -> None:
    """A task that was assigned to an office that the rule does not mean is nobody's lateness."""
    book = assigned()
    rule = replace(book.rules[RULE], applies_to=applies_to)
    town = Town.founded(replace(book, rules={RULE: rule}), mailboxes=False)
    for unit in (COMMUNE, LABOUR):
        town.is_assigned(unit, "assigned", "2015-04-19", "2015-04-01T09:00")
    town.night(date(2015, 4, 20))
    assert [case.task.unit for case in town.cases()] == [COMMUNE]


@pytest.mark.parametrize(
    ("issuer", "decides"),
    [
        pytest.param(LABOUR, LABOUR, id="the office that assigned it"),
        pytest.param(None, HEALTH, id="else the issuer of the directive"),
    ],
)
def test_who_decides_on_the_limit_of_a_task(issuer: str | None, decides: str) -> None:
    """The commune asks for a later one: it is in the next letter of that office."""
    town = Town.founded(assigned())
    town.is_assigned(COMMUNE, "assigned", "2015-04-19", "2015-04-01T09:00", issuer=issuer)
    letters(town, "2015-04-20")
    (case,) = town.cases()
    asks = Said(case.code, ActKind.EXTENSION_ASKED, until=date(2015, 5, 15), words="Chờ số liệu của thôn")
    recorded(town.engine, town.book, asks, at("2015-04-20T09:00"), Door.COMMAND)
    sent = letters(town, "2015-04-21")
    assert set(sent) - {"dondoc.operator"} == {decides}
    assert "cho lùi hạn hoặc không cho lùi hạn theo đề nghị của đơn vị" in sent[decides]
