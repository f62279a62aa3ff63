"""Which office answers about which case: what was written, what the letter told, who shares a mailbox."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from dondoc.engine.domain.answers import AnsweredLetter
from dondoc.flows.replies.tying import Tie, Untied, codes_in, tied, without_codes
from dondoc.notifications.wording.receipts import DOUBTS

XA, HUYEN = "x.ubnd_xa", "x.ubnd_huyen"


@dataclass(frozen=True)
class Comes:
    """An answer: whose mailbox it comes from, what the letter told, and the codes in words and subject."""

    offices: tuple[str, ...] = (XA,)
    told: dict[str, tuple[str, ...]] | None = None
    words: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()


TABLE = {
    "to a letter of one case": (Comes(told={"A26-0001": (XA,)}), Tie(XA, "A26-0001")),
    "to a letter of two cases of its own": (
        Comes(told={"A26-0001": (XA,), "A26-0002": (XA,)}, subject=("A26-0001",)),
        Tie(XA, "", Untied.SEVERAL_CASES),
    ),
    "to a letter of two cases, with a code": (
        Comes(told={"A26-0001": (XA,), "A26-0002": (XA,)}, words=("A26-0002",)),
        Tie(XA, "A26-0002"),
    ),
    "to a letter that told it of one, and others of another": (
        Comes(told={"A26-0001": (XA,), "A26-0002": (HUYEN,)}),
        Tie(XA, "A26-0001"),
    ),
    "with another code than its letter's": (
        Comes(told={"A26-0001": (XA,)}, words=("A26-0009",)),
        Tie(XA, "A26-0009"),
    ),
    "with two codes": (Comes(words=("A26-0001", "A26-0002")), Tie(XA, "", Untied.SEVERAL_CASES)),
    "to no letter, with a code in the subject": (Comes(subject=("A26-0001",)), Tie(XA, "A26-0001")),
    "to no letter and without a code": (Comes(), Tie(XA, "", Untied.NO_CASE)),
    "to another office's letter": (Comes(told={"A26-0001": (HUYEN,)}), Tie(XA, "A26-0001")),
    "from a stranger": (Comes(offices=(), words=("A26-0001",)), Tie("", "", Untied.SENDER_UNKNOWN)),
    "from a mailbox of two, of which the letter told one": (
        Comes(offices=(HUYEN, XA), told={"A26-0001": (XA,)}),
        Tie(XA, "A26-0001"),
    ),
    "from a mailbox of two that the letter told both": (
        Comes(offices=(HUYEN, XA), told={"A26-0001": (HUYEN, XA)}),
        Tie("", "A26-0001", Untied.SEVERAL_OFFICES),
    ),
    "from a mailbox of two, with a code alone": (
        Comes(offices=(HUYEN, XA), words=("A26-0001",)),
        Tie("", "A26-0001", Untied.SEVERAL_OFFICES),
    ),
}


@pytest.mark.parametrize("what", TABLE)
def test_an_answer(what: str) -> None:
    """Each row of the table."""
    comes, tie = TABLE[what]
    letter = AnsweredLetter("letter", receipt=False, told=comes.told) if comes.told is not None else None
    assert tied(comes.offices, letter, comes.words, comes.subject) == tie


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("LN15-0003: xin gia hạn đến 30/5", "xin gia hạn đến 30/5"),
        ("Xin gia hạn (ln15-0003) đến 30/5", "Xin gia hạn đến 30/5"),
        ("Theo 123/BC-2026, mưa lũ", "Theo 123/BC-2026, mưa lũ"),
    ],
)
def test_words_go_on_record_without_the_code_of_their_case(text: str, said: str) -> None:
    """Letters print them beside it."""
    assert without_codes(text) == said


def test_codes_are_found_in_any_letters_and_nothing_else_is_one() -> None:
    """Not the number of a document, nor part of a longer word; twenty at most."""
    assert codes_in("ln15-0003: đã biết; LN15-0003, (dl23-12345). 123/BC-2026, XLN15-0003-a, A26-12") == (
        "LN15-0003",
        "DL23-12345",
    )
    assert len(codes_in(" ".join(f"A26-{number:04}" for number in range(50)))) == 20


def test_every_reason_has_words() -> None:
    """The operator's list and the receipt print them."""
    assert {one.value for one in Untied} <= set(DOUBTS)
