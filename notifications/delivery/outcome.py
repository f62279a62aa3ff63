"""What becomes of one attempt to send a letter, and which answer of a server means what. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """How far an attempt had come: `dot` from the moment the final dot may have left."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    DATA_SENT = "dot"


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took the letter; `text` is its receipt."""

    text: str
    code: int = 250


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now; `code` is None when no server said it. `whole_connection`: no other letter would get through."""

    phase: Phase
    code: int | None
    text: str
    whole_connection: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Never: this letter, or this mailbox. `code` is None when no server said it."""

    phase: Phase
    code: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The dot left and no answer came: accepted or not, nobody knows."""

    phase: Phase
    text: str


@dataclass(frozen=True, slots=True)
class Misconfigured:
    """Our settings are wrong (certificate, password, encryption, sender): nothing leaves until they are right."""

    text: str


Outcome = Sent | Deferred | Refused | Unknown | Misconfigured

_CLOSING = 421
# Encryption or a password is demanded, or was not good enough: RFC 3207 (4), RFC 4954 (6).
_CREDENTIALS = frozenset({530, 534, 535, 538})
_TOO_BIG_CODES = frozenset({523, 552})
_TOO_BIG = re.compile(r"\b5\.(?:2\.3|3\.4)\b")
_ENHANCED = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_LONGEST_TEXT = 500


def answered(phase: Phase, code: int, text: str) -> Outcome:
    """What an answer means that was not the one hoped for (RFC 5321, 4.2.1).

    A refused sender (MAIL) or session is our own setting and would refuse every letter, so no letter dies of
    it. An answer that fits no pattern means that we and the server have lost each other.
    """
    if code == _CLOSING:
        return Deferred(phase, code, text, whole_connection=True)
    if code in _CREDENTIALS:
        return Misconfigured(f"{code} {text}")
    match code // 100:
        case 4:
            return Deferred(phase, code, text, whole_connection=phase is Phase.CONNECT)
        case 5 if phase is Phase.CONNECT or (phase is Phase.MAIL and not _too_big(code, text)):
            return Misconfigured(f"{code} {text}")
        case 5:
            return Refused(phase, code, text)
        case 2 if phase is Phase.DATA_SENT:
            return Sent(text, code)
        case _:
            return interrupted(phase, f"{code} {text}")


def interrupted(phase: Phase, text: str) -> Outcome:
    """What a lost connection or a silence means: safe before the dot, undecidable after it."""
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
    """A server's words as one line that can be stored and shown: no control characters, at most 500 long."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_LONGEST_TEXT]
