"""A letter of which a part was answered before it left: the same letter, and on top what has come in since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email import message_from_bytes, policy

from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.domain.model import ZONE, Text
from dondoc.notifications.letter.build import finished
from dondoc.notifications.letter.noted_letter import with_note
from dondoc.notifications.lifecycle import Claimed, PlannedLetter

# Parts of overtaken letters start here: above a letter's own parts, below those of fallbacks.
FIRST_PART = 50
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Answered:
    """A matter of the letter of which something came in: its unit's name, its case (empty: none), its last day."""

    unit: Text
    code: str
    last_day: date | None

    def in_(self, language: str) -> str:
        """For a list: the unit, and which matter of it."""
        name = self.unit.in_(language)
        if self.code:
            return f"{name} ({self.code})"
        if self.last_day is None:
            return name
        due = {"vi": "việc hạn", "en": "due on"}[language]
        return f"{name} ({due} {self.last_day:%d/%m/%Y})"


def overtaken(letter: Claimed, answered: Sequence[Answered], mail: MailPolicy, now: datetime) -> PlannedLetter:
    """The letter that leaves in the place of one of which some matters, not all, were answered since its night.

    Raises `LetterRefused` as `finished` does.
    """
    parsed = message_from_bytes(letter.mime, policy=policy.default)
    note = _note(answered, now, "vi")
    html = parsed.get_body(("html",))
    if html is not None and 'lang="en"' in html.get_content():
        note = f"{note} ({_note(answered, now, 'en')})"
    return finished(
        with_note(letter.mime, note),
        mail,
        letter.night,
        now,
        letter.office,
        letter.recipient,
        reply_to=str(parsed["Reply-To"] or mail.operator),
        part=letter.part + FIRST_PART,
        fallback_of=letter.id,
    )


def _note(answered: Sequence[Answered], now: datetime, language: str) -> str:
    names = "; ".join(one.in_(language) for one in answered[:_NAMED])
    rest, at = len(answered) - _NAMED, now.astimezone(ZONE)
    if language == "vi":
        more = f" và {rest:02d} việc khác" if rest > 0 else ""
        return (
            f"Sau khi lập thư này, đến {at:%H:%M} ngày {at:%d/%m/%Y}, hệ thống đã nhận thêm kết quả của: "
            f"{names}{more}. Nếu kết quả đã đủ, những mục đó trong thư không còn phải thực hiện; đêm tới xét lại."
        )
    more = f" and {rest} more" if rest > 0 else ""
    return (
        f"After this letter was written, by {at:%H:%M} on {at:%d/%m/%Y}, results came in of: {names}{more}. "
        "Where they are complete nothing more is asked of these items; the next night judges them again."
    )
