"""What letters say of waivers: whole sentences to every reader, and the right row in front."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Outcome, Section, TaskKind
from dondoc.notifications.digest import Direction, Entry, NextAct
from dondoc.notifications.letter.compose import compose, leads
from tests.support.sample_digests import digest, entry, in_full
from tests.support.sample_letters import FLOOD
from tests.unit.notifications.wording.test_every_sentence import FIGURE, SEAM, UNENDED

KINDS = (TaskKind.REPORT, TaskKind.ASSIGNED, TaskKind.QUOTA, TaskKind.READING, TaskKind.LEVEL)


def waived(kind: TaskKind, section: Section, *, notified: bool = True) -> Entry:
    """A row of a waived case, whose waiver is news tonight or not."""
    row = entry(
        kind=kind,
        section=section,
        period=Text("quý II/2015", "Q2 2015"),
        next_on=date(2015, 5, 18),
        next_act=NextAct.RESUME,
        next_to=(),
        waived=replace(FLOOD, notified=notified),
    )
    if kind is TaskKind.QUOTA:
        return replace(row, count=0, need=1)
    return replace(row, figure=FIGURE, limit=None) if kind is TaskKind.LEVEL else row


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("section", [Section.STILL, Section.ENDING])
@pytest.mark.parametrize("kind", KINDS)
def test_every_sentence_about_a_waiver_is_whole(kind: TaskKind, section: Section, direction: Direction) -> None:
    """Subject, headline, ask and notes, in both languages, for one unit and for several."""
    one = waived(kind, section)
    for row in (one, replace(one, units=("Bảo Đài", "Bảo Sơn"), of_units=24)):
        made = digest(row, direction=direction, units_counted=24, waived=1)
        subject = compose(made).subject
        assert "tạm dừng nhắc" in subject.casefold()
        assert not SEAM.search(subject.replace(": ", " "))
        for part in in_full(made):
            ask = f"{part.ask.who}{part.ask.what}{part.ask.when}{part.ask.then}"
            (card,) = part.sections[0].cards
            said = [part.headline, ask, *(fact.text for fact in (*card.facts, *card.notes))]
            assert [text for text in said if SEAM.search(text) or UNENDED.search(text)] == []
            assert all(text.endswith(".") for text in said[:2])


def test_a_waiver_asks_nothing_and_its_end_asks_by_its_last_day() -> None:
    """While it holds no answer is needed; the day asked for at its end is its last, not the limit gone by."""
    granted = compose(digest(waived(TaskKind.REPORT, Section.STILL))).parts[0].ask
    assert "chưa cần trả lời" in granted.what
    row = replace(waived(TaskKind.REPORT, Section.ENDING), answer_by=FLOOD.until)
    assert "15/05/2015" in compose(digest(row)).parts[0].ask.when


NEWS = {
    "before what is open as it was": ([entry(section=Section.STILL, step=4)], Section.STILL),
    "behind what is new": ([entry(section=Section.NEW)], Section.NEW),
}


@pytest.mark.parametrize(("others", "first"), NEWS.values(), ids=NEWS)
def test_a_waiver_that_is_news_leads(others: list[Entry], first: Section) -> None:
    """The row the letter is about, though it stands in the section of what is known."""
    granted = waived(TaskKind.REPORT, Section.STILL)
    (lead,) = leads(digest(granted, *others))
    assert lead.section is first
    assert lead.stands_still is (first is Section.STILL)


def test_a_row_that_is_only_known_to_be_waived_leads_nothing() -> None:
    """Good news beside it leads, and so does a reminder."""
    known = waived(TaskKind.REPORT, Section.STILL, notified=False)
    for news in (entry(section=Section.RESOLVED, outcome=Outcome.LATE), entry(section=Section.ENDING)):
        assert leads(digest(known, news)) == (news,)


def test_counts_name_what_is_waived_apart() -> None:
    """Beside the four, never among them; nothing is said where nothing is waived."""
    rows = entry(), entry(section=Section.STILL)
    tally = compose(digest(*rows, waived=2)).parts[0].tally
    assert tally is not None
    assert tally.caption.endswith("; ngoài ra tạm dừng nhắc 02 việc")
    without = compose(digest(*rows)).parts[0].tally
    assert without is not None
    assert "tạm dừng nhắc" not in without.caption
    assert [one.label for one in tally.counts] == [one.label for one in without.counts]
