"""Answers that came by mail, as what was understood of each and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# Parts of the letters that are receipts of acts start here: each is this and the number of its act.
ACT_RECEIPTS_FROM = 1_000_000_000


class AnswerState(StrEnum):
    """What became of an answer.

    `recorded`: it is an act. `repeated`: the act was on record before. `refused`: the gate did not accept the act.
    `waiting`: a person has to decide; `confirmed` or `dismissed`: a person has.
    """

    RECORDED = "recorded"
    REPEATED = "repeated"
    REFUSED = "refused"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class MailAnswer:
    """One answer; its mail is known by the SHA-256 of its bytes.

    `office` and `case` are empty where they are not certain. `letter` is the id of the letter that it answers,
    `receipt` that of the letter that it was answered with; empty: none. `said_on` is a local day
    (Asia/Ho_Chi_Minh). `why` is the code of a doubt or refusal. `meaning`, `until`, `document`, `words`, `about`
    and `done_on` (the day of handing in) are what was understood, or is proposed. `text` is what its sender wrote,
    without personal data, for as long as it waits. `files` are its attachments: name, size in bytes and SHA-256 of
    each. `act` is the number of the act that it became.
    """

    number: int
    sha256: str
    office: str
    case: str
    letter: str
    said_on: date
    state: AnswerState
    why: str = ""
    meaning: str = ""
    until: date | None = None
    document: str = ""
    words: str = ""
    about: int | None = None
    done_on: date | None = None
    text: str = ""
    files: tuple[tuple[str, int, str], ...] = ()
    act: int | None = None
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class AnsweredLetter:
    """A letter that an answer refers to: its id, whether it was a receipt, and by case which offices it told."""

    id: str
    receipt: bool
    told: dict[str, tuple[str, ...]]
