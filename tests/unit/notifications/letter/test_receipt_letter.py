"""A receipt says what became of an answer, how to correct it, and that a program wrote it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy

import pytest

from dondoc.engine.domain.answers import AnswerState, MailAnswer
from dondoc.engine.domain.model import Mailbox, Text
from dondoc.engine.domain.terms import MailboxRole
from dondoc.notifications.letter.mime import LetterRefused
from dondoc.notifications.letter.receipt_letter import receipt
from dondoc.notifications.replies.grammar import Doubt
from dondoc.notifications.replies.phrases import Meaning
from dondoc.notifications.wording.receipts import DOUBTS, MEANINGS
from tests.support.town import at, rules

NOW = at("2026-05-05T09:00")
BOX = Mailbox("x.ubnd_xa", MailboxRole.REGISTRY, "vt@example.vn", "vi,en", date(2015, 1, 1))
MAIL = replace(rules().mail, answers="traloi@example.vn")
ANSWER = MailAnswer(
    7,
    "a" * 64,
    "x.ubnd_xa",
    "LN15-0003",
    "",
    date(2026, 5, 5),
    AnswerState.WAITING,
    meaning="done",
    document="1/BC",
)
SENTENCE = Text("UBND xã trả lời đã biết", "the commune acknowledged")
TABLE = {
    "recorded": (
        {"state": AnswerState.RECORDED, "act": 3},
        (
            "Đã ghi nhận trả lời: LN15-0003",
            "có hiệu lực từ đêm tới: UBND xã trả lời đã biết",
            "«rút lại 3»",
            "take back 3",
        ),
    ),
    "recorded before": (
        {"state": AnswerState.REPEATED, "act": 3},
        ("Đã ghi nhận trả lời", "không đổi gì", "«rút lại 3»", "nothing changes"),
    ),
    "refused": (
        {"state": AnswerState.REFUSED, "why": "promise-passed"},
        (
            "Chưa ghi nhận trả lời",
            "Chưa ghi nhận được: UBND xã trả lời đã biết",
            "Thí dụ: «đã biết»",
            "For example",
        ),
    ),
    "refused, where the operator is told an option": (
        {"state": AnswerState.REFUSED, "why": "without-document"},
        ("Chưa ghi nhận trả lời", "Cho lùi hạn cần số văn bản.", "Thí dụ", "needs the number of its document"),
    ),
    "in doubt": (
        {"why": "question"},
        ("Chưa ghi nhận trả lời", "thư là một câu hỏi. Người vận hành sẽ xem", "Thí dụ", "it asks a question"),
    ),
}


@pytest.mark.parametrize("what", TABLE)
def test_a_receipt_of_an_answer_that_is(what: str) -> None:
    """Subject, sentence, correction, and English where the mailbox reads it."""
    changed, (subject, *said) = TABLE[what]
    made = receipt(replace(ANSWER, **changed), SENTENCE, Text("UBND xã", "The commune"), BOX, MAIL, NOW)  # type: ignore[arg-type]
    mail = message_from_bytes(made.mime, policy=policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    text = " ".join(body.get_content().split())
    assert mail["Subject"].startswith(subject)
    assert [words for words in said if words not in text] == []
    assert "--" not in text.replace("-" * 72, "")
    assert (mail["Auto-Submitted"], mail["Reply-To"], mail["To"]) == ("auto-generated", MAIL.answers, BOX.address)
    assert (made.next_at, made.recipient) == (NOW, BOX.address)


def test_no_receipt_leaves_the_allowed_domains() -> None:
    """Whatever the chart says."""
    with pytest.raises(LetterRefused):
        receipt(ANSWER, SENTENCE, Text("x", "x"), replace(BOX, address="vt@elsewhere.com"), MAIL, NOW)


def test_every_meaning_and_every_doubt_has_words() -> None:
    """A code is never printed to an office."""
    assert {one.value for one in Meaning} == set(MEANINGS)
    assert {one.value for one in Doubt} <= set(DOUBTS)
