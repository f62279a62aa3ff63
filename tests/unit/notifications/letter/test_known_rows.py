"""A matter that the reader knows from an earlier letter is one line of a later one (decision 0086)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Basis
from dondoc.engine.domain.terms import Outcome, Section
from dondoc.notifications.digest import Direction
from dondoc.notifications.letter.compose import compose
from dondoc.notifications.letter.view import LanguagePart
from tests.support.sample_digests import digest, entry, level
from tests.support.sample_letters import FLOOD

BEFORE = (date(2015, 5, 7), date(2015, 5, 21))
KNOWN: dict[str, Any] = {
    "section": Section.STILL,
    "news": False,
    "told": BEFORE,
    "last_notified": BEFORE[-1],
    "codes": ("LN15-0001",),
}


def composed(direction: Direction, **changed: Any) -> LanguagePart:
    """A letter with a new matter and another one, which the reader knows but for what is changed."""
    made = digest(entry(codes=("LN15-0002",)), entry(**{**KNOWN, **changed}))
    return compose(replace(made, direction=direction)).parts[0]


@pytest.mark.parametrize("direction", [Direction.UP, Direction.UP_PARTY, Direction.SIDEWAYS, Direction.COPY])
def test_whoever_follows_others_reads_it_in_one_line(direction: Direction) -> None:
    """Title, document, unit, limit, and since when the reader knows; what is new stays whole."""
    new, still = composed(direction).sections
    assert (len(new.cards), len(new.lines)) == (1, 0)
    assert (len(still.cards), len(still.lines)) == (0, 1)
    assert still.lines[0].brief.endswith("; trước ngày 20/04/2015; đã nêu từ thư ngày 07/05/2015")
    assert still.lines[0].code == "LN15-0001"


def test_what_a_superior_is_told_again_is_one_line_of_its_letter() -> None:
    """Though it makes the letter leave, alone or beside something new (decision 20)."""
    (_, still) = composed(Direction.UP, news=True).sections
    assert (len(still.cards), len(still.lines)) == (0, 1)
    many = entry(**{**KNOWN, "news": True}, units=("Bảo Đài", "Bảo Sơn"), of_units=24)
    alone = digest(many, direction=Direction.UP, units_counted=24)
    part = compose(alone).parts[0]
    (still,) = part.sections
    assert (len(still.cards), len(still.lines)) == (0, 1)
    assert part.headline.startswith("Báo cáo lại lần 2, từ thư ngày 21/05/2015: thêm ")


@pytest.mark.parametrize(
    ("direction", "changed"),
    [
        (Direction.OWN, {}),
        (Direction.UP, {"section": Section.WORSE}),
        (Direction.SIDEWAYS, {"news": True}),
        (Direction.UP, {"told": ()}),
        (Direction.UP, {"waived": FLOOD}),
        (Direction.UP, {"withdrawn": date(2015, 5, 28)}),
        (Direction.UP, {"older": (Text("tháng 3/2015", "March 2015"),)}),
    ],
    ids=[
        "the unit's own",
        "it is worse",
        "it asks to follow it up",
        "never told",
        "waived",
        "corrected",
        "it stands for older periods",
    ],
)
def test_whatever_else_there_is_to_say_of_it_keeps_it_whole(direction: Direction, changed: dict[str, Any]) -> None:
    """One line would leave it out."""
    cards = [card for section in composed(direction, **changed).sections for card in section.cards]
    assert len(cards) == 2


def test_a_figure_is_said_whole_each_time() -> None:
    """It may have moved without being worse."""
    made = digest(entry(codes=("LN15-0002",)), level(**KNOWN))
    part = compose(replace(made, direction=Direction.UP)).parts[0]
    assert [line for section in part.sections for line in section.lines] == []


@pytest.mark.parametrize(
    ("basis", "said"), [(Basis.TEXT, ""), (Basis.ASSUMED, "; theo giả định"), (Basis.EXAMPLE, "; tham số ví dụ")]
)
def test_what_stands_in_no_document_is_marked(basis: Basis, said: str) -> None:
    """The line names the document, and with it would name as its demand what a rule assumes."""
    (_, still) = composed(Direction.UP, basis=basis).sections
    (line,) = still.lines
    assert f"UBND-LĐTBXH{said}; UBND xã Bảo Đài" in line.brief


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome.LATE, "mới xong việc của 01 đơn vị (Bảo Sơn)"),
        (Outcome.EXTENDED, "mới xong việc của 01 đơn vị (Bảo Sơn)"),
        (Outcome.RESUMED, ""),
        (Outcome.WITHDRAWN, ""),
        (Outcome.EXCUSED, ""),
        (Outcome.LAPSED, ""),
    ],
)
def test_done_is_only_what_was_recorded_at_last(outcome: Outcome, said: str) -> None:
    """A missed period stays missed though a later one was met, and what is waived or withdrawn was not done."""
    ended = entry(section=Section.RESOLVED, outcome=outcome, units=("Bảo Sơn",), bearers=("b",), told=BEFORE)
    made = digest(entry(units=("Bảo Đài",), bearers=("a",), told=BEFORE, section=Section.WORSE), ended)
    view = compose(replace(made, direction=Direction.UP))
    assert " ".join(view.parts[0].changes) == (f"Từ thư trước: {said}." if said else "")
    assert ("01 mới xong" in view.subject) is bool(said)
