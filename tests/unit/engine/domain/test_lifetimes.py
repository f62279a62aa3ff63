"""Offices end with the body they belong to, where nothing else is said of their end (decision 35)."""

from __future__ import annotations

from datetime import date

import pytest

from dondoc.engine.domain.model import Name, Relation, Unit
from dondoc.engine.domain.orgchart import with_their_bodies
from dondoc.engine.domain.terms import Level, RelationKind

FROM, DISTRICT, MINISTRY = date(2010, 1, 1), date(2025, 7, 1), date(2025, 3, 1)
NAME = Name("Cơ quan", "office", "CQ", FROM, None)


def unit(name: str, until: date | None = None) -> Unit:
    """A unit of a district."""
    return Unit(name, "ban-tham-muu", Level.DISTRICT, (NAME,), FROM, until)


def tied(name: str, body: str, kind: RelationKind = RelationKind.STAFF_OF, until: date | None = None) -> Relation:
    """An office that works for a body."""
    return Relation(name, body, kind, None, FROM, until)


ENDED = unit("committee", DISTRICT)
CASES = [
    pytest.param([ENDED], [tied("office", "committee")], DISTRICT, id="staff of a body that ended ends with it"),
    pytest.param(
        [ENDED], [tied("office", "committee", RelationKind.ORGAN_OF)], DISTRICT, id="and so does an organ of it"
    ),
    pytest.param([unit("committee")], [tied("office", "committee")], None, id="of a body that lives, it lives on"),
    pytest.param(
        [ENDED, unit("heir")],
        [tied("office", "committee", until=DISTRICT), tied("office", "heir")],
        None,
        id="moved to another body before, it lives on",
    ),
    pytest.param(
        [ENDED, unit("ministry", MINISTRY)],
        [tied("office", "committee"), tied("office", "ministry", RelationKind.ORGAN_OF)],
        DISTRICT,
        id="of two bodies the last one counts",
    ),
    pytest.param(
        [ENDED, unit("board")],
        [tied("board", "committee", RelationKind.ORGAN_OF), tied("office", "board")],
        DISTRICT,
        id="an office of an organ ends with the organ's body",
    ),
    pytest.param(
        [unit("other")],
        [tied("office", "other"), tied("other", "office")],
        None,
        id="two that work for each other",
    ),
    pytest.param([ENDED], [tied("office", "committee", RelationKind.GUIDED_BY)], None, id="guidance ends nobody"),
    pytest.param([], [tied("office", "nobody")], None, id="a body that nobody knows"),
]


@pytest.mark.parametrize(("others", "edges", "end"), CASES)
def test_an_office_without_an_end(others: list[Unit], edges: list[Relation], end: date | None) -> None:
    """It has the end of its body, and every other unit is as it was."""
    units = {one.id: one for one in (unit("office"), *others)}
    found = with_their_bodies(units, edges)
    assert found["office"].valid_to == end
    assert {name: one for name, one in found.items() if name in {"committee", "heir", "ministry"}} == {
        name: one for name, one in units.items() if name in {"committee", "heir", "ministry"}
    }


def test_an_end_of_its_own_stays() -> None:
    """Earlier or later than the body's."""
    early = unit("office", MINISTRY)
    units = {"office": early, "committee": ENDED}
    assert with_their_bodies(units, [tied("office", "committee")])["office"] == early
