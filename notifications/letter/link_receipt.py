"""The receipt of what somebody said by a link of a letter: to the office, which can take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dondoc.engine.domain.acts import Act
from dondoc.engine.domain.answers import ACT_RECEIPTS_FROM
from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.domain.model import ZONE, Text
from dondoc.notifications.letter.build import finished
from dondoc.notifications.letter.receipt_letter import ReceiptWords
from dondoc.notifications.letter.render import render
from dondoc.notifications.letter.view import AnswerLink, LetterView
from dondoc.notifications.lifecycle import PlannedLetter
from dondoc.notifications.wording import labels, link_receipts, receipts, web_pages

# Behind the address of the page: the form that takes the act back, in the language of a part.
_FORM = {"vi": "/taken-back?about={number}", "en": "/taken-back?about={number}&lang=en"}


@dataclass(frozen=True, slots=True)
class SaidByLink:
    """An act of a case that came by a link, recorded at an instant; `sentence` is it in words.

    `page` is where its office answers of the case (empty: there are no pages any more), `until` the last day on
    which it may be taken back whatever has become of it (None: such an act is not taken back).
    """

    act: Act
    case: str
    at: datetime
    sentence: Text
    page: str
    until: date | None


def link_receipt(
    said: SaidByLink, office: Text, box: str, languages: Sequence[str], mail: MailPolicy, now: datetime
) -> PlannedLetter:
    """The receipt for the mailbox `box` of an office of this name, due at once; one for each act.

    Raises `LetterRefused` when the mailbox is outside the allowed domains.
    """
    words = ReceiptWords(
        link_receipts.headline(said.sentence),
        link_receipts.ask(said.until),
        link_receipts.SECTION,
        ("done", receipts.KEPT),
        link_receipts.received(said.at.astimezone(ZONE)),
        link_receipts.correction(said.act, said.until, page=bool(said.page)),
        link_receipts.AUTOMATIC,
        _links(said) if said.page and said.until else {},
    )
    parts = tuple(words.part(language, office, now) for language in languages)
    view = LetterView(link_receipts.subject(said.case), parts[0].headline, parts)
    return finished(
        render(view, mail.max_bytes),
        mail,
        said.act.recorded_on,
        now,
        said.act.office,
        box,
        reply_to=mail.answers or mail.operator,
        part=ACT_RECEIPTS_FROM + said.act.number,
        sent_at=now,
        due_at=now,
    )


def _links(said: SaidByLink) -> dict[str, AnswerLink]:
    button = web_pages.take_back(said.act.number)
    return {
        language: AnswerLink(
            labels.ANSWER.in_(language),
            button.in_(language),
            said.page + form.format(number=said.act.number),
        )
        for language, form in _FORM.items()
    }
