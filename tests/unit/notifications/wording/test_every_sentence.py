"""Every kind of row for every kind of reader: whole sentences without a seam."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dondoc.engine.domain.model import SCALE, Text
from dondoc.engine.domain.rulebook import Basis
from dondoc.engine.domain.terms import Outcome, Section, TaskKind
from dondoc.notifications.digest import OPEN, Digest, Direction, Entry, Figure, NextAct, Setting
from dondoc.notifications.letter.attachment import row_list
from dondoc.notifications.letter.compose import compose
from dondoc.notifications.wording import listing
from tests.support.sample_digests import EIGHT_COMMUNES, LUC_NAM, THREE_MONTHS, by_end_of, digest, entry, in_full

GOLDEN = Path(__file__).parent / "sentences.txt"
FIGURE = Figure(33 * SCALE, 30 * SCALE, Text("em", "children"), set_by=LUC_NAM, set_on=date(2015, 1, 15))
OUTCOMES = {
    TaskKind.QUOTA: (Outcome.RESUMED, Outcome.WITHDRAWN),
    TaskKind.LEVEL: (Outcome.CLEARED, Outcome.WITHDRAWN),
    TaskKind.STREAK: (Outcome.RESUMED, Outcome.WITHDRAWN),
    TaskKind.ROLLUP: (Outcome.CLEARED,),
}
PARTS = {TaskKind.STREAK: THREE_MONTHS, TaskKind.ROLLUP: EIGHT_COMMUNES}
# What the attached list has beside the words of a row.
MEASURED = (listing.WORKDAYS_LATE, listing.DAYS_LATE, listing.FIGURE, listing.LEVEL, listing.MEASURED_IN)
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
        for part in in_full(made):
            ask = f"{part.ask.who}{part.ask.what}{part.ask.when}{part.ask.then}"
            said = [part.headline, ask]
            said += [fact.text for one in part.sections for row in one.cards for fact in (*row.facts, *row.notes)]
            said += [row.basis.text for one in part.sections for row in one.cards]
            assert [text for text in said if SEAM.search(text)] == []
            assert [text for text in said if UNENDED.search(text)] == []
            assert all(text.endswith(".") and not text.endswith("..") for text in said[:2])
            assert part.headline[0].isupper() or part.headline[0].isdigit()
        assert not SEAM.search(compose(made).subject.replace(": ", " "))


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


@pytest.mark.parametrize("kind", list(TaskKind))
def test_a_superior_reads_once_how_often_the_unit_was_written_to(kind: TaskKind) -> None:
    """In the reason, or on a line of its own where the reason says what was counted."""
    row = replace(rows(kind, Section.NEW)[0], earlier=(date(2015, 4, 13),), parts=PARTS.get(kind))
    card = compose(digest(row, direction=Direction.UP)).parts[0].sections[0].cards[0]
    assert sum(note.text.count("13/04/2015") for note in card.notes) == 1


def variants(kind: TaskKind, section: Section) -> Iterator[Entry]:
    """The rows above, and those that differ by what else is known of them."""
    made = rows(kind, section)
    yield from made
    yield replace(made[0], earlier=(date(2015, 4, 13), date(2015, 4, 21)), period=None)
    yield replace(made[0], basis=Basis.EXAMPLE, short=Text("phát thanh", "broadcasts"), reports_to=None, via=None)
    yield replace(made[0], setting=Setting(LUC_NAM, date(2015, 2, 2)), figure=None, count=None)
    if made[0].figure is not None:
        percent = replace(FIGURE, value=26_100_000, limit=25_000_000, unit=Text("%", "%"))
        floor = replace(percent, below=True, limit=27_000_000)
        rise = replace(FIGURE, base=16 * SCALE, limit=None, rise_percent="20")
        moved = (replace(FIGURE, base=base * SCALE) for base in (16, 33, 40))
        hardly = replace(FIGURE, value=29 * SCALE, clear=25 * SCALE)
        for figure in (percent, floor, rise, replace(rise, value=14 * SCALE), *moved, hardly):
            yield replace(made[0], figure=figure)
    if kind in PARTS:
        # The parts of a rule about assigned tasks are counted as reports.
        for base in (base for base in TaskKind if base is not TaskKind.ASSIGNED):
            yield replace(made[0], parts=replace(PARTS[kind], kind=base))


def sentences() -> Iterator[str]:
    """Every text of a letter about one kind, under the first kind, section and reader that it is written for."""
    seen: set[str] = set()
    for kind in TaskKind:
        for section in Section:
            for direction in (Direction.OWN, Direction.SIDEWAYS, Direction.UP_PARTY):
                first, *others = variants(kind, section)
                many = replace(first, units=("Bảo Đài", "Bảo Sơn"), of_units=24)
                said: list[str] = []
                for entries in ((first,), (first, first), (many,), *((row,) for row in others)):
                    said += texts(digest(*entries, direction=direction, units_counted=24))
                new = [text for text in dict.fromkeys(said) if text not in seen]
                seen.update(new)
                if new:
                    yield from (f"== {kind}, {section}, {direction}", *new, "")


def texts(made: Digest) -> Iterator[str]:
    """The texts of a letter that its rows decide, in both languages."""
    yield compose(made).subject
    for part in in_full(made):
        yield part.headline
        yield f"{part.ask.who}{part.ask.what}{part.ask.when}{part.ask.then}"
        for row in (row for section in part.sections for row in section.cards):
            yield from (row.title, row.badge.line if row.badge else "", row.basis.text)
            yield from (f"{fact.label}: {fact.text}" for fact in (*row.facts, *row.notes))
    listed = row_list(made)
    for row in listed.rows:
        cells = {column.head.partition("\n")[0]: cell for column, cell in zip(listed.columns, row, strict=True)}
        yield " | ".join("" if cells.get(head.vi) is None else str(cells[head.vi]) for head in MEASURED)


def test_every_sentence_is_the_approved_one(*, update_golden: bool) -> None:
    """A change of wording is a change of the golden file; each sentence stands there once."""
    said = "\n".join(sentences())
    if update_golden:
        GOLDEN.write_text(said, encoding="utf-8")
    assert said == GOLDEN.read_text(encoding="utf-8")
