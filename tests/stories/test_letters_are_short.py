"""A letter about one matter is read at a glance: at most 120 words before its foot, of two paragraphs."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading
from dondoc.notifications.letter.operator_letter import OFFICE
from tests.support import letter_reader
from tests.support.demonstration import nights

WORDS = 120
FOOT = "-" * 72

Letters = list[tuple[str, letter_reader.Part, str, str]]


@pytest.fixture(scope="module")
def letters() -> Letters:
    """Every letter of the demonstration but the operator's: its office, what it says, its text, its subject."""
    engine = connect("sqlite://")
    list(nights(engine))
    found = []
    with reading(engine) as conn:
        for row in conn.execute(select(t.letter).where(t.letter.c.office != OFFICE)):
            mail = message_from_bytes(row.mime, policy=policy.default)
            body = mail.get_body(("plain",))
            assert body is not None
            text = body.get_content().replace("\r\n", "\n").partition("=" * 72)[0]
            found.append((row.office, letter_reader.letter(row.mime).first, text, str(mail["Subject"])))
    engine.dispose()
    return found


def counted(text: str, part: letter_reader.Part) -> int:
    """The words before the foot; a sentence that asks another office to pass the letter on is not its reader's."""
    said = " ".join(text.partition(FOOT)[0].split()).replace(part.forwarded, "")
    return sum(re.search(r"\w", word) is not None for word in said.split())


def is_single(part: letter_reader.Part) -> bool:
    """Whether it is about one matter of one unit, and its reader follows no others."""
    alone = part.counts is None or part.counted[1] == 1
    return len(part.rows) == 1 and part.rows[0].share is None and alone


def test_one_matter_takes_120_words(letters: Letters) -> None:
    """What is not recorded, of whom, by which limit; one ask and its day; what happens otherwise; the basis."""
    singles = [(office, part, text) for office, part, text, _ in letters if is_single(part)]
    assert len(singles) > 100
    assert [(counted(text, part), office) for office, part, text in singles if counted(text, part) > WORDS] == []
    assert all(part.counts is None and not part.tracked and part.by_unit is None for _, part, _ in singles)


def test_a_foot_has_two_paragraphs(letters: Letters) -> None:
    """What the letter is and who answers, and why it comes."""
    feet = {len(letter_reader.unwrapped(text.partition(FOOT)[2].strip().split("\n"))) for _, _, text, _ in letters}
    assert feet == {2}


def test_no_letter_lists_what_it_does_not_have(letters: Letters) -> None:
    """An empty section is no news."""
    assert [part.absent for _, part, _, _ in letters if part.absent] == []


def test_no_two_letters_to_one_office_have_one_subject(letters: Letters) -> None:
    """The same matter told again says so; who has both in one list knows which is which (decision 0085)."""
    seen = [(office, subject) for office, _, _, subject in letters]
    assert len(seen) == len({*seen})


def test_the_district_reads_in_october_of_may_in_one_line(letters: Letters) -> None:
    """What was reported on 07/05 and has not changed, beside what is new (decision 0086)."""
    said = [" ".join(text.split()) for office, _, text, _ in letters if office == "ln.ubnd_huyen"]
    assert ["đã nêu từ thư ngày 07/05/2015" in each for each in said] == [False, True]
