"""The one act that an office means by its words, Vietnamese or English; or a doubt, with what they may mean.

Certain is what has one meaning and all that belongs to it, and nothing that makes it conditional, asked or denied.
Whatever is not certain is a person's to decide: an office that is misunderstood is worse off than one that waits.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dondoc.notifications.replies import phrases
from dondoc.notifications.replies.days import WrittenDay, days_in
from dondoc.notifications.replies.folding import folded
from dondoc.notifications.replies.phrases import Meaning


class Doubt(StrEnum):
    """Why an answer is not certain."""

    NOTHING_SAID = "nothing-said"
    TOO_LONG = "too-long"
    NOT_UNDERSTOOD = "not-understood"
    SEVERAL_MEANINGS = "several-meanings"
    QUESTION = "question"
    CONDITION = "condition"
    DENIED = "denied"
    NO_REASON = "no-reason"
    NO_DAY = "no-day"
    SEVERAL_DAYS = "several-days"
    NEEDLESS_DAY = "needless-day"
    NO_SUCH_DAY = "no-such-day"
    NO_DOCUMENT = "no-document"
    NO_NUMBER = "no-number"


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood: certain where `doubt` is None, else a proposal (`meaning` None: not even that).

    `until` is the day asked for, granted or promised; `document` the number of a document; `on` the day it bears,
    or on which something was handed in; `words` are the sender's own on one line, where the act prints them;
    `about` is the number of the act that is taken back.
    """

    meaning: Meaning | None
    doubt: Doubt | None
    until: date | None = None
    document: str = ""
    on: date | None = None
    words: str = ""
    about: int | None = None


_LONGEST = 3_000
_DAY = timedelta(days=1)
# With these meanings the sender's own words are on record, and letters print them.
_IN_WORDS = (Meaning.EXPLAINED, Meaning.ASKED)
_WITH_A_DAY = (Meaning.EXPLAINED, Meaning.ASKED, Meaning.GRANTED)


def understood(text: str, said_on: date) -> Understood:
    """What an answer says, of which `text` is the sender's own, said on a day."""
    said = _without_courtesies(unicodedata.normalize("NFC", text))
    if not said:
        return Understood(None, Doubt.NOTHING_SAID)
    plain = folded(said)
    found = phrases.meanings(plain)
    if not found:
        return Understood(None, Doubt.TOO_LONG if len(said) > _LONGEST else Doubt.NOT_UNDERSTOOD)
    meaning, match = next(iter(found.items()))
    read = _Read(said, plain, meaning, match, tuple(days_in(said, said_on)))
    doubt = _doubt(read, several=len(found) > 1) or read.lacks()
    return Understood(
        meaning,
        doubt,
        read.until,
        read.document,
        read.on,
        " ".join(said.split()) if meaning in _IN_WORDS else "",
        read.about,
    )


def _without_courtesies(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    kept = (line for line in lines if line and not phrases.COURTESY.fullmatch(folded(line)))
    return "\n".join(kept)[: _LONGEST + 1]


@dataclass(frozen=True, slots=True)
class _Read:
    """Words of one meaning, where it stands in them, and the days that they name."""

    said: str
    plain: str
    meaning: Meaning
    match: re.Match[str]
    days: tuple[WrittenDay, ...]

    @property
    def document(self) -> str:
        """The number of the first document named, as it was written."""
        return self._number[1] if self._number else ""

    @property
    def _number(self) -> re.Match[str] | None:
        return phrases.DOCUMENT.search(self.said)

    @property
    def on(self) -> date | None:
        """The day of that document, or of what was done."""
        of_document = [one.day for one in self.days if self._is_of_a_document(one)]
        if self.meaning is Meaning.DONE and not of_document:
            of_document = [one.day for one in self.days]
        return of_document[0] if of_document else None

    @property
    def until(self) -> date | None:
        """The day that is promised, asked for or granted; None: there is none, or it is not clear which."""
        if self.meaning not in _WITH_A_DAY or len(self.limits) != 1:
            return None
        (limit,) = self.limits
        before = phrases.BEFORE.search(self.plain[: limit.start])
        return limit.day - _DAY if limit.day and before else limit.day

    @property
    def limits(self) -> tuple[WrittenDay, ...]:
        """The days that may be meant: behind a promise, and rather one that is introduced as an end."""
        others = [one for one in self.days if not self._is_of_a_document(one)]
        if self.meaning is Meaning.EXPLAINED:
            promise = phrases.PROMISE.search(self.plain)
            others = [one for one in others if promise and one.start >= promise.start()]
        ends = [one for one in others if phrases.UNTIL.search(self.plain[: one.start])]
        return tuple(ends or others)

    @property
    def about(self) -> int | None:
        """The number of the act that is taken back."""
        if self.meaning is not Meaning.TAKEN_BACK:
            return None
        numbers = {int(one[1]) for one in phrases.NUMBER.finditer(self.plain, self.match.end())}
        return numbers.pop() if len(numbers) == 1 else None

    def _is_of_a_document(self, day: WrittenDay) -> bool:
        return phrases.OF_A_DOCUMENT.search(self.plain[: day.start]) is not None

    def lacks(self) -> Doubt | None:
        """What belongs to the meaning and is not said, or is said twice."""
        if any(one.day is None for one in self.days):
            return Doubt.NO_SUCH_DAY
        match self.meaning:
            case Meaning.DONE:
                return None if self.document else Doubt.NO_DOCUMENT
            case Meaning.KNOWN:
                return Doubt.NEEDLESS_DAY if self.limits else None
            case Meaning.TAKEN_BACK:
                return None if self.about is not None else Doubt.NO_NUMBER
            case Meaning.EXPLAINED if not phrases.REASON.search(self.plain):
                return Doubt.NO_REASON
            case Meaning.EXPLAINED | Meaning.ASKED | Meaning.GRANTED:
                if not self.limits:
                    return Doubt.NO_DAY
                return Doubt.SEVERAL_DAYS if len({one.day for one in self.limits}) > 1 else None
            case _:
                return None


def _doubt(read: _Read, *, several: bool) -> Doubt | None:
    """What makes words doubtful whatever they mean."""
    plain, start = read.plain, read.match.start()
    if len(read.said) > _LONGEST:
        return Doubt.TOO_LONG
    if several:
        return Doubt.SEVERAL_MEANINGS
    if phrases.QUESTION.search(plain):
        return Doubt.QUESTION
    if phrases.DENYING.search(plain[:start]):
        return Doubt.DENIED
    sentence = plain[max(map(plain[:start].rfind, phrases.STOPS)) + 1 :]
    end = min(
        (at for stop in phrases.STOPS if (at := sentence.find(stop, read.match.end() - start)) >= 0), default=None
    )
    return Doubt.CONDITION if phrases.CONDITION.search(sentence[:end]) else None
