"""The outcomes of one attempt to send a letter, and which answer of a server leads to which. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dondoc.notifications.delivery.answers import About, Phase, about


@dataclass(frozen=True, slots=True)
class Sent:
    """The server accepted the letter; `text` is its answer."""

    text: str
    code: int = 250


@dataclass(frozen=True, slots=True)
class Deferred:
    """Try later; `code` is None when no server said so. `whole_connection`: no other letter would get through.

    `patient`: the mailbox has to be emptied first, so that trying again soon is of no use.
    """

    phase: Phase
    code: int | None
    text: str
    whole_connection: bool = False
    patient: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Refused for good: this mailbox (`recipient`) or these bytes (`letter`). `code` None: no server said so."""

    phase: Phase
    code: int | None
    text: str
    about: Literal[About.RECIPIENT, About.LETTER] = About.RECIPIENT


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Refused without a word on whom: believed once the server has taken another letter after it."""

    phase: Phase
    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The end of mail data was sent and no answer came: the server may or may not have accepted the letter."""

    phase: Phase
    text: str


@dataclass(frozen=True, slots=True)
class Misconfigured:
    """Our settings are wrong (certificate, password, encryption, sender): fix them before any letter leaves.

    `letters`: said when a letter was offered, so that it may be true of this one only.
    """

    text: str
    letters: bool = False


Outcome = Sent | Deferred | Refused | Doubtful | Unknown | Misconfigured

_CLOSING = 421
_LONGEST_TEXT = 500


def answered(phase: Phase, code: int, text: str) -> Outcome:
    """The outcome of the last answer of an attempt, in the phase that it ended (RFC 5321, 4.2.1)."""
    # The server closes the connection, whatever the letter.
    if code == _CLOSING:
        return Deferred(phase, code, text, whole_connection=True)
    match code // 100:
        case 4 | 5:
            return _unwelcome(phase, code, text)
        case 2 if phase is Phase.DATA_SENT:
            return Sent(text, code)
        # Any other answer does not belong to the command: client and server are out of step.
        case _:
            return interrupted(phase, f"{code} {text}")


def _unwelcome(phase: Phase, code: int, text: str) -> Outcome:
    match about(phase, code, text):
        case About.US:
            return Misconfigured(f"{code} {text}", letters=phase not in (Phase.CONNECT, Phase.MAIL))
        case About.RECIPIENT | About.LETTER as whom:
            return Refused(phase, code, text, whom)
        case About.FULL:
            return Deferred(phase, code, text, patient=True)
        case About.MOMENT:
            return Deferred(phase, code, text)
        case About.PACE:
            return Deferred(phase, code, text, whole_connection=True)
        case About.UNCLEAR:
            return Doubtful(phase, code, text)


def interrupted(phase: Phase, text: str) -> Outcome:
    """The outcome of a lost connection or a timeout: deferred before the end of mail data, unknown after it."""
    if phase is Phase.DATA_SENT:
        return Unknown(phase, text)
    return Deferred(phase, None, text, whole_connection=phase is Phase.CONNECT)


def printable(text: str) -> str:
    """A server's answer as one line that can be stored and shown: no control characters, at most 500 long."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_LONGEST_TEXT]
