"""The life of a letter, as values: its identity, its states and the transitions between them.

Instants are aware. docs/images/letter-states.svg draws the states; a test compares it with `TRANSITIONS`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from dondoc.engine.domain.terms import LetterState

TRANSITIONS: Mapping[LetterState, frozenset[LetterState]] = {
    LetterState.HELD: frozenset({LetterState.READY, LetterState.DROPPED}),
    LetterState.READY: frozenset({LetterState.LEASED, LetterState.EXPIRED}),
    LetterState.LEASED: frozenset(
        {LetterState.READY, LetterState.DATA_SENT, LetterState.DEAD, LetterState.DROPPED}
    ),
    LetterState.DATA_SENT: frozenset({LetterState.SENT, LetterState.READY, LetterState.DEAD, LetterState.UNKNOWN}),
    LetterState.UNKNOWN: frozenset({LetterState.READY, LetterState.SENT}),
    LetterState.SENT: frozenset({LetterState.DEAD}),
    LetterState.DEAD: frozenset({LetterState.READY}),
    LetterState.EXPIRED: frozenset(),
    LetterState.DROPPED: frozenset(),
}
WAITING_FOR_OPERATOR = frozenset({LetterState.HELD, LetterState.UNKNOWN, LetterState.DEAD})


def sources(to: LetterState, among: frozenset[LetterState]) -> frozenset[LetterState]:
    """Which of the states `among` lead to `to`; raises ValueError when none does."""
    found = frozenset(state for state in among if to in TRANSITIONS[state])
    if not found:
        raise ValueError(f"no letter becomes {to} from {', '.join(sorted(among))}")
    return found


_SHORTEST = timedelta(seconds=60)
_LONGEST = timedelta(hours=4)
_LAST_TRY = timedelta(minutes=30)  # before it expires: two runs of a quarter of an hour
_DOUBLINGS = 8  # 60 s * 2^8 is past the longest


def next_attempt(
    attempt: int, now: datetime, jitter: float, *, patient: bool = False, expires_at: datetime | None = None
) -> datetime:
    """When to try again after `attempt` failures: now + jitter * min(4 h, 60 s * 2^attempt), jitter in [0, 1].

    Full jitter spreads letters that failed together over that time. `patient`: what has to pass first takes hours,
    so between 2 and 4 h from now. Never so late that a letter is not tried once more before `expires_at`.
    """
    longest: timedelta = min(_LONGEST, _SHORTEST * 2 ** min(attempt, _DOUBLINGS))
    again = now + (1 + jitter) * _LONGEST / 2 if patient else now + jitter * longest
    last = expires_at - _LAST_TRY if expires_at is not None else again
    return min(again, last) if last > now else again


# Parts of receipts start here, beyond those of letters and of what takes a letter's place.
RECEIPTS_FROM = 100_000


def letter_id(night: date, office: str, part: int) -> str:
    """The same id for the same night, reader and part: 32 hex digits, from no clock and nothing random."""
    return hashlib.sha256(f"{night.isoformat()}|{office}|{part}".encode()).hexdigest()[:32]


def message_id(letter: str, domain: str) -> str:
    """The Message-ID of a letter, the same on every attempt (RFC 5322, 3.6.4)."""
    return f"<{letter}@{domain}>"


def bounce_address(letter: str, domain: str) -> str:
    """The envelope sender, which names its letter: non-delivery reports go there, and say by it whose they are."""
    return f"bounce+{letter}@{domain}"


_LONGEST_LINE = 998  # without its CRLF: RFC 5322, 2.1.1


@dataclass(frozen=True, slots=True)
class PlannedLetter:
    """A finished letter for one mailbox, to be sent from `next_at` (inclusive) until `expires_at` (exclusive).

    `mime` is 7-bit and every line of it ends in CRLF; anything else raises ValueError, because a server
    would change it in transit, and a bare line end can smuggle in a second mail.
    """

    night: date
    office: str
    part: int
    message_id: str
    envelope_from: str
    recipient: str
    mime: bytes = field(repr=False)
    planned_at: datetime
    next_at: datetime
    expires_at: datetime
    held: bool = False
    fallback_of: str | None = None

    def __post_init__(self) -> None:
        raw = self.mime
        if not raw.endswith(b"\r\n") or not raw.isascii():
            raise ValueError(f"letter for {self.office}: not 7-bit text whose every line ends in CRLF")
        bare = not raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n") or b"\0" in raw
        if bare or max(map(len, raw.split(b"\r\n"))) > _LONGEST_LINE:
            raise ValueError(
                f"letter for {self.office}: a bare CR, LF or NUL, or a line over {_LONGEST_LINE} bytes"
            )

    @property
    def id(self) -> str:
        """Its key in the outbox."""
        return letter_id(self.night, self.office, self.part)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that `owner` may send until its lease ends; `lease_token` proves it. `attempt` counts from 1."""

    id: str
    night: date
    office: str
    part: int
    envelope_from: str
    recipient: str
    mime: bytes = field(repr=False)
    attempt: int
    expires_at: datetime
    owner: str
    lease_token: int


@dataclass(frozen=True, slots=True)
class DataSent:
    """A letter whose end of mail data was sent at `dot_at`, to its recipient and to the journal."""

    id: str
    message_id: str
    dot_at: datetime


@dataclass(frozen=True, slots=True)
class LetterStatus:
    """Where a letter stands, without its bytes; `reply` is the last answer a server gave to it."""

    id: str
    night: date
    office: str
    part: int
    message_id: str
    recipient: str
    state: LetterState
    attempt: int
    next_at: datetime
    dot_at: datetime | None
    expires_at: datetime
    reply: str
    last_code: int | None
    last_enhanced: str | None
    fallback_of: str | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an attempt ended: the state it leads to and the answer in `text` (`code` None: no server gave it).

    `next_at` is set for `ready` only. `counted` False: not the letter's failure, so no attempt is counted.
    """

    state: LetterState
    phase: str
    code: int | None
    enhanced: str | None
    text: str
    started_at: datetime
    ended_at: datetime
    next_at: datetime | None = None
    counted: bool = True


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A letter refused for good, as its fallback is planned from; `text` is the server's reason.

    `passable`: its mailbox refused it, so that another may take it; else its bytes are refused wherever they go.
    """

    letter: Claimed
    code: int | None
    enhanced: str | None
    text: str
    passable: bool = True


@dataclass(frozen=True, slots=True)
class Recovered:
    """How many letters were left by a relay that died: `ready` to be sent again, or of `unknown` fate."""

    ready: int
    unknown: int
