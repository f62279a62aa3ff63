"""Every kind of row for every kind of reader: whole sentences without a seam."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from dondoc.engine.domain.model import SCALE, Text
from dondoc.engine.domain.terms import Outcome, Section, TaskKind
from dondoc.notifications.digest import OPEN, Digest, Direction, Entry, Figure, NextAct
from dondoc.notifications.letter.compose import compose
from tests.support.sample_digests import EIGHT_COMMUNES, LUC_NAM, THREE_MONTHS, by_end_of, digest, entry

FIGURE = Figure(33 * SCALE, 30 * SCALE, Text("em", "children"), set_by=LUC_NAM, set_on=date(2015, 1, 15))
OUTCOMES = {
    TaskKind.QUOTA: (Outcome.RESUMED, Outcome.WITHDRAWN),
    TaskKind.LEVEL: (Outcome.CLEARED, Outcome.WITHDRAWN),
    TaskKind.STREAK: (Outcome.RESUMED, Outcome.WITHDRAWN),
    TaskKind.ROLLUP: (Outcome.CLEARED,),
}
PARTS = {TaskKind.STREAK: THREE_MONTHS, TaskKind.ROLLUP: EIGHT_COMMUNES}
# What joins pieces badly: two spaces, a space before a stop, two stops, an empty value's name.
SEAM = re.compile(r"  | [.,;:]|[.,;:]{2}|\.\s*\.|None|\(\s*\)|: \.")
# What must stand behind a full stop: the sentences that may follow an ask.
UNENDED = re.compile(r"[^.] (?:Nếu (?:đã|số)|Trân trọng|Các mục|Đã đôn đốc|If |Thank you|The other|Followed up)")


def rows(kind: TaskKind, section: Section) -> list[Entry]:
    """The rows of this kind that can stand in this section, with and without a next step."""
    outcomes = OUTCOMES.get(kind, (Outcome.LATE, Outcome.WITHDRAWN)) if section is Section.RESOLVED else (None,)
    made = []
    for outcome in outcomes:
        row = entry(kind=kind, section=section, outcome=outcome, period=Text("quý II/2015", "Q2 2015"))
        if kind is TaskKind.QUOTA:
            row = replace(row, count=0, need=1, older=(Text("quý I/2015", "Q1 2015"),))
        if kind is TaskKind.LEVEL:
            row = replace(row, figure=FIGURE, limit=None)
        if kind in PARTS:
            row = replace(row, parts=PARTS[kind], limit=None if kind is TaskKind.STREAK else row.limit)
            made += [
                replace(row, parts=None),
                replace(row, parts=replace(PARTS[kind], missed=0, periods=(), names=())),
            ]
        ended = section is Section.RESOLVED
        nothing = replace(
            row, next_on=None, next_act=None, next_to=(), answer_by=None, last_notified=date(2015, 4, 22)
        )
        made += [nothing] if ended else [row, nothing]
        if section is Section.ENDING:
            made.append(replace(row, next_act=NextAct.JUDGE, next_to=(), limit=by_end_of(date(2015, 5, 15))))
    return made


def letters(kind: TaskKind, section: Section, direction: Direction) -> list[Digest]:
    """One row, two rows, and one row of several units."""
    found = []
    for row in rows(kind, section):
        many = replace(row, units=("Bảo Đài", "Bảo Sơn"), of_units=24)
        found += [
            digest(*entries, direction=direction, units_counted=24, languages=("vi", "en"))
            for entries in ((row,), (row, row), (many,))
        ]
    return found


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("section", list(Section))
@pytest.mark.parametrize("kind", list(TaskKind))
def test_every_sentence_is_whole(kind: TaskKind, section: Section, direction: Direction) -> None:
    """Headline and ask end in one full stop, and nothing in the letter shows where it was put together."""
    for made in letters(kind, section, direction):
        view = compose(made)
        for part in view.parts:
            ask = f"{part.ask.who}{part.ask.what}{part.ask.when}{part.ask.then}"
            said = [part.headline, ask]
            said += [fact.text for one in part.sections for row in one.cards for fact in (*row.facts, *row.notes)]
            said += [row.basis.text for one in part.sections for row in one.cards]
            assert [text for text in said if SEAM.search(text)] == []
            assert [text for text in said if UNENDED.search(text)] == []
            assert all(text.endswith(".") and not text.endswith("..") for text in said[:2])
            assert part.headline[0].isupper() or part.headline[0].isdigit()
        assert not SEAM.search(view.subject.replace(": ", " "))


@pytest.mark.parametrize("direction", [Direction.UP, Direction.UP_PARTY])
@pytest.mark.parametrize("kind", list(TaskKind))
@pytest.mark.parametrize("section", OPEN)
def test_a_superior_is_never_asked_to_do_the_units_work(
    kind: TaskKind, section: Section, direction: Direction
) -> None:
    """Up, the only verbs are to consider and to guide."""
    for made in letters(kind, section, direction):
        ask = compose(made).parts[0].ask
        said = f"{ask.who}{ask.what}"
        assert "có ý kiến chỉ đạo" in said or "Kính xin ý kiến chỉ đạo" in said
        assert not re.search(r"\b(gửi|cập nhật|hoàn thành|rà soát)\b", said)
