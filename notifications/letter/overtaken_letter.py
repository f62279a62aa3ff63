"""A letter of which a part was done, waived or promised before it left: the same, and on top what has changed."""

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
class NamedMatter:
    """A matter of the letter: its unit's name, its case (empty: none) and its last day.

    It is waived until the end of the day `waived`, or for its whole period (`whole`); `promised` is the day that
    its unit has promised, or that it was granted.
    """

    unit: Text
    code: str
    last_day: date | None
    waived: date | None = None
    whole: bool = False
    promised: date | None = None

    def in_(self, language: str) -> str:
        """For a list: the unit, which matter of it, and until when it is waived."""
        said = self._which(language)
        if self.whole:
            return f"{said}, {_WHOLE[language]}"
        until = self.waived or self.promised
        return said if until is None else f"{said}, {_UNTIL[language]} {until:%d/%m/%Y}"

    def _which(self, language: str) -> str:
        name = self.unit.in_(language)
        if self.code:
            return f"{name} ({self.code})"
        if self.last_day is None:
            return name
        return f"{name} ({_DUE[language]} {self.last_day:%d/%m/%Y})"


_DUE = {"vi": "việc hạn", "en": "due on"}
_UNTIL = {"vi": "đến hết ngày", "en": "until the end of"}
_WHOLE = {"vi": "được miễn trọn kỳ", "en": "for its whole period"}


@dataclass(frozen=True, slots=True)
class Overtaken:
    """What has changed since a letter was written: matters of which something came in, was waived or promised.

    `reopened` are those that it calls done.
    """

    answered: Sequence[NamedMatter]
    waived: Sequence[NamedMatter]
    promised: Sequence[NamedMatter] = ()
    reopened: Sequence[NamedMatter] = ()


def overtaken(letter: Claimed, since: Overtaken, mail: MailPolicy, now: datetime) -> PlannedLetter:
    """The letter that leaves in the place of one of which some matters, not all, were done, waived or promised.

    Raises `LetterRefused` as `finished` does.
    """
    parsed = message_from_bytes(letter.mime, policy=policy.default)
    note = _note(since, now, "vi")
    html = parsed.get_body(("html",))
    if html is not None and 'lang="en"' in html.get_content():
        note = f"{note} ({_note(since, now, 'en')})"
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


def _note(since: Overtaken, now: datetime, language: str) -> str:
    at = now.astimezone(ZONE)
    changed = (since.answered, since.waived, since.promised, since.reopened)
    answered, waived, promised, reopened = named = [_names(some, language) for some in changed]
    if language == "vi":
        known = f"Sau khi lập thư này, đến {at:%H:%M} ngày {at:%d/%m/%Y}, "
        came = (
            f"hệ thống đã nhận thêm kết quả của: {answered}. Nếu kết quả đã đủ, những mục đó trong thư không còn "
            "phải thực hiện; đêm tới xét lại."
        )
        granted = (
            f"đã được tạm miễn: {waived}. Những mục đó trong thư chưa phải thực hiện trong thời gian được miễn."
        )
        until = (
            f"đã có giải trình với ngày hẹn hoặc được lùi hạn: {promised}. Những mục đó trong thư chưa đôn đốc "
            "cho đến ngày ấy."
        )
        again = f"hồ sơ đã được mở lại: {reopened}. Thư này nêu là đã xong, nay chưa xong; đêm tới báo lại."
    else:
        known = f"After this letter was written, by {at:%H:%M} on {at:%d/%m/%Y}, "
        came = (
            f"results came in of: {answered}. Where they are complete nothing more is asked of these items; the "
            "next night judges them again."
        )
        granted = f"a waiver was granted to: {waived}. Nothing is asked of these items while they are waived."
        until = f"a day was promised or granted for: {promised}. These items are not followed up before that day."
        again = (
            f"opened again: {reopened}. This letter calls these items done; the next night tells how they stand."
        )
    said = zip((came, granted, until, again), named, strict=True)
    return " ".join(f"{known}{sentence}" for sentence, some in said if some)


def _names(matters: Sequence[NamedMatter], language: str) -> str:
    names, rest = "; ".join(one.in_(language) for one in matters[:_NAMED]), len(matters) - _NAMED
    more = {"vi": f" và {rest:02d} việc khác", "en": f" and {rest} more"}
    return f"{names}{more[language]}" if rest > 0 else names
