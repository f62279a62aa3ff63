"""The outcomes of one attempt to send a letter, and which answer of a server means which. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """How far an attempt had come; `DATA_SENT`: the end of mail data (the final dot) may be out."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    DATA_SENT = "dot"


@dataclass(frozen=True, slots=True)
class Sent:
    """The server accepted the letter; `text` is its answer."""

    text: str
    code: int = 250


@dataclass(frozen=True, slots=True)
class Deferred:
    """Try later; `code` is None when no server said so. `whole_connection`: no other letter would get through."""

    phase: Phase
    code: int | None
    text: str
    whole_connection: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Refused for good: this letter, or this mailbox. `code` is None when no server said so."""

    phase: Phase
    code: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The end of mail data was sent and no answer came: the server may or may not have accepted the letter."""

    phase: Phase
    text: str


@dataclass(frozen=True, slots=True)
class Misconfigured:
    """Our settings are wrong (certificate, password, encryption, sender): fix them before any letter leaves."""

    text: str


Outcome = Sent | Deferred | Refused | Unknown | Misconfigured

_CLOSING = 421
# Encryption or authentication is required or failed: RFC 3207 (4), RFC 4954 (6).
_CREDENTIALS = frozenset({530, 534, 535, 538})
_TOO_BIG_CODES = frozenset({523, 552})
_TOO_BIG = re.compile(r"\b5\.(?:2\.3|3\.4)\b")
_ENHANCED = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_LONGEST_TEXT = 500


def answered(phase: Phase, code: int, text: str) -> Outcome:
    """The outcome of the last answer of an attempt, in the phase that it ended (RFC 5321, 4.2.1)."""
    # The server closes the connection, whatever the letter.
    if code == _CLOSING:
        return Deferred(phase, code, text, whole_connection=True)
    if code in _CREDENTIALS:
        return Misconfigured(f"{code} {text}")
    match code // 100:
        case 4:
            return Deferred(phase, code, text, whole_connection=phase is Phase.CONNECT)
        # A refused session or sender (MAIL) is our own setting and would refuse every letter: none is dead.
        case 5 if phase is Phase.CONNECT or (phase is Phase.MAIL and not _too_big(code, text)):
            return Misconfigured(f"{code} {text}")
        case 5:
            return Refused(phase, code, text)
        case 2 if phase is Phase.DATA_SENT:
            return Sent(text, code)
        # Any other answer does not belong to the command: client and server are out of step.
        case _:
            return interrupted(phase, f"{code} {text}")


def interrupted(phase: Phase, text: str) -> Outcome:
    """The outcome of a lost connection or a timeout: deferred before the end of mail data, unknown after it."""
    if phase is Phase.DATA_SENT:
        return Unknown(phase, text)
    return Deferred(phase, None, text, whole_connection=phase is Phase.CONNECT)


def _too_big(code: int, text: str) -> bool:
    return code in _TOO_BIG_CODES or _TOO_BIG.search(text) is not None


def enhanced(text: str) -> str | None:
    """The enhanced status code in a server's answer (RFC 3463), if it gives one."""
    found = _ENHANCED.search(text)
    return found.group() if found else None


def printable(text: str) -> str:
    """A server's answer as one line that can be stored and shown: no control characters, at most 500 long."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_LONGEST_TEXT]
