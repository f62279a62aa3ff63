"""A receipt: the short letter to an office that says what was understood of its answer, and how to correct it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dondoc.engine.domain.answers import MailAnswer
from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.domain.model import ZONE, Mailbox, Text
from dondoc.notifications.letter.build import finished
from dondoc.notifications.letter.render import render
from dondoc.notifications.letter.view import (
    AnswerLink,
    Ask,
    Badge,
    CompactRow,
    LabelledText,
    LanguagePart,
    LetterView,
    SectionView,
)
from dondoc.notifications.lifecycle import RECEIPTS_FROM, PlannedLetter
from dondoc.notifications.wording import labels, receipts


def receipt(
    answer: MailAnswer, sentence: Text, office: Text, box: Mailbox, mail: MailPolicy, now: datetime
) -> PlannedLetter:
    """The receipt of an answer, due at once, for a mailbox of the office that wrote it.

    `sentence` is the recorded act in words, or why it is not on record. Raises `LetterRefused` when the mailbox is
    outside the allowed domains. Like every letter it says that a program wrote it, so that none answers it.
    """
    parts = tuple(_part(language, answer, sentence, office, now) for language in box.languages.split(","))
    view = LetterView(receipts.subject(answer), parts[0].headline, parts)
    return finished(
        render(view, mail.max_bytes),
        mail,
        now.astimezone(ZONE).date(),
        now,
        answer.office,
        box.address,
        reply_to=mail.answers or mail.operator,
        part=RECEIPTS_FROM + answer.number,
        sent_at=now,
        due_at=now,
    )


def _part(language: str, answer: MailAnswer, sentence: Text, office: Text, now: datetime) -> LanguagePart:
    tone, verdict = ("done", receipts.KEPT) if answer.act is not None else ("soon", receipts.NOT_KEPT)
    said = ReceiptWords(
        receipts.headline(answer, sentence),
        receipts.ask(answer),
        receipts.SECTION,
        (tone, verdict),
        receipts.received(answer.said_on),
        receipts.correction(answer),
        receipts.AUTOMATIC,
    )
    return said.part(language, office, now)


@dataclass(frozen=True, slots=True)
class ReceiptWords:
    """What a receipt says: what is on record, what may be done about it, and how; `verdict` is that of its badge.

    `links` lead to a page, each in the language of a part (empty: none).
    """

    headline: Text
    ask: tuple[Text, Text]
    section: Text
    verdict: tuple[str, Text]
    received: Text
    correction: Text
    automatic: Text
    links: Mapping[str, AnswerLink] = field(default_factory=dict)

    def part(self, language: str, office: Text, now: datetime) -> LanguagePart:
        """The receipt in a language, to an office of this name."""

        def say(text: Text) -> str:
            return text.in_(language)

        tone, verdict = self.verdict
        badge = Badge(tone, say(verdict), "", "", "", say(verdict))
        links = (self.links[language],) if language in self.links else ()
        row = CompactRow(say(self.received), say(self.correction), badge, "", links)
        who, what = self.ask
        return LanguagePart(
            language=language,
            brand=say(labels.BRAND),
            tagline=say(labels.TAGLINE),
            night=say(labels.instant(now.astimezone(ZONE))),
            makeup="",
            dear=say(labels.DEAR),
            addressee=say(office),
            forwarded="",
            headline=say(self.headline),
            ask=Ask(say(who), say(what), "", "."),
            tally=None,
            sections=(SectionView(say(self.section), "calm", "", "", (), (row,), ""),),
            by_unit=None,
            tracked="",
            footer=(LabelledText("", say(self.automatic)),),
        )
