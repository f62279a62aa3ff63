"""What the operator has to do after a night, in words: each thing once, and nothing where all is well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dondoc.engine.cases.succession import OpenSuccession
from dondoc.engine.domain.data_sources import DataSource, DropFolder, Patience, news_of
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.terms import LetterState, NightState, SheetKind
from dondoc.engine.judge.staleness import SourceStatus
from dondoc.engine.store.audit_log.imports import LoggedImport
from dondoc.engine.store.matching.evaluate import Fault
from dondoc.flows.night import action_items, letter_items
from dondoc.flows.night.self_audit import AuditFindings
from dondoc.notifications.letter.operator_letter import ActionItem
from dondoc.notifications.lifecycle import LetterStatus
from dondoc.notifications.morning import Delivery, LetterFate, Morning
from dondoc.notifications.unwritten import UnwrittenRow
from tests.support.town import Town, at, only, rules
from tests.support.worlds import day, unit

NIGHT = day("2015-04-20")
ORIGIN = DropFolder("in", None, None)
SOURCE = DataSource(
    "s", Text("Nguồn", "Source"), ORIGIN, Patience(1, True), "vn", None, dict.fromkeys(news_of(ORIGIN)), "s:3:3"
)
FRESH = SourceStatus(SOURCE, at("2015-04-19T02:00"), at("2015-04-21T00:00"), 12)
STALE = replace(FRESH, until=at("2015-04-20T00:00"))
FAULTS = (Text("ngắt kết nối", "connection lost"),)
REJECTS = {"rejected": 3, "given_back": ("rejected.csv",)}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        pytest.param(FRESH, (), id="nothing, where all is well"),
        pytest.param(replace(FRESH, **REJECTS), ("không được nhận",), id="that rows were rejected"),
        pytest.param(replace(FRESH, faults=FAULTS), ("không lấy được đủ",), id="that a pull failed"),
        pytest.param(
            replace(FRESH, faults=FAULTS, **REJECTS),
            ("không lấy được đủ", "không được nhận"),
            id="both, one by one",
        ),
        pytest.param(STALE, ("im lặng từ",), id="that it is silent"),
        pytest.param(replace(STALE, faults=FAULTS), ("im lặng từ",), id="that it is silent, and why, in one line"),
        pytest.param(SourceStatus(SOURCE), ("chưa từng có dữ liệu",), id="that it never had any data"),
    ],
)
def test_of_a_source_is_told(source: SourceStatus, told: tuple[str, ...]) -> None:
    """The faults of a source are named in whichever line speaks of it first."""
    town = Town.founded(only(rules(), "279-ubnd-ldtbxh/report-round-1"))
    items = list(action_items.sources([source], town.night(NIGHT), at("2015-04-20T02:00")))
    assert len(items) == len(told)
    assert all(said in item.what.vi for said, item in zip(told, items, strict=True))
    assert not items or ("ngắt kết nối" in items[0].what.vi) is bool(source.faults)


@pytest.mark.parametrize(
    ("number", "named"),
    [
        (1, "HS-1"),
        (5, "HS-1, HS-2, HS-3, HS-4, HS-5"),
        (6, "HS-1, HS-2, HS-3, HS-4, HS-5 và 1 mục khác"),
        (8, "HS-1, HS-2, HS-3, HS-4, HS-5 và 3 mục khác"),
    ],
)
def test_of_many_the_first_five_are_named_and_the_others_counted(number: int, named: str) -> None:
    """So that a line stays a line."""
    codes = tuple(f"HS-{n}" for n in range(1, number + 1))
    (item,) = letter_items.findings(AuditFindings(codes, 0, ()))
    assert item.what.vi.endswith(f": {named}")


@pytest.mark.parametrize(
    ("heirs", "said"),
    [
        pytest.param((), "chưa rõ đơn vị kế thừa", id="nobody is known to follow"),
        pytest.param((("new", ""),), "nay là new", id="one unit follows"),
        pytest.param((("new", ""), ("other", "")), "nay là new, other", id="two units follow"),
    ],
)
def test_a_question_says_the_last_day_of_the_unit_that_ended(
    heirs: tuple[tuple[str, str], ...], said: str
) -> None:
    """Ended are the days from 1 July on, so its last day was 30 June."""
    ended, on = day("2019-07-01"), day("2019-07-10")
    units = (unit("old", valid_to=ended), unit("new"), unit("other"))
    one = OpenSuccession("old", ended, on, heirs)
    found = action_items.followed_by(OrgChart({each.id: each for each in units}, ()), one, on)
    assert found == f"old: old đã kết thúc ngày 30/06/2019, {said}"


def _waiting(state: LetterState) -> LetterStatus:
    """A letter of an earlier night that has not ended."""
    when = at("2015-04-17T06:30")
    who = "l" * 32, day("2015-04-17"), "ln.ubnd_xa.bao_dai", 1, "<l@example.vn>", "baodai@example.vn"
    return LetterStatus(*who, state, 1, when, None, when, "", None, None, None)


_REFUSED = Delivery(returned=(LetterFate("l" * 32, "ln.ubnd_xa.bao_dai", day("2015-04-17"), passed_on=True),))
ITEMS = {
    "a row": [action_items.unjudged(Fault("quota-each", 7, "x"))],
    "derived rules": [action_items.unjudged(Fault("streak", None, "x"))],
    "workers": action_items.came_back([Text("x", "x")]),
    "nights": [action_items.skipped(40)],
    "what came in": action_items.readers_changed([LoggedImport("a.csv", SheetKind.MAILBOXES, 1, 0, (), False)]),
    "an end": action_items.inheriting(
        OrgChart({"old": unit("old", valid_to=day("2019-07-01"))}, ()),
        [OpenSuccession("old", day("2019-07-01"), day("2019-07-10"), ())],
        day("2019-07-10"),
    ),
    "a held night": letter_items.held(NIGHT, [Text("x", "x")]),
    "an unbuilt letter": [letter_items.unbuilt("ln.ubnd_huyen", "x")],
    "a lost row": [letter_items.unwritten(UnwrittenRow("ln.ubnd_huyen", (1,), "LN15-0001", "x"))],
    "a mailbox": letter_items.refusing(Morning(NIGHT, NIGHT, NightState.OK, delivery=_REFUSED)),
    "the self-audit": letter_items.findings(
        AuditFindings(
            ("HS-1",),
            2,
            tuple(
                _waiting(state)
                for state in LetterState
                if state not in (LetterState.SENT, LetterState.EXPIRED, LetterState.DROPPED)
            ),
        )
    ),
}


@pytest.mark.parametrize("items", [tuple(items) for items in ITEMS.values()], ids=ITEMS)
def test_beside_each_thing_to_do_stands_what_to_type(items: tuple[ActionItem, ...]) -> None:
    """In both languages, since a terminal may speak one of them alone."""
    assert items
    assert [one.remedy for one in items if not ("dondoc " in one.remedy.vi and "dondoc " in one.remedy.en)] == []
