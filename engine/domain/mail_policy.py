"""How letters leave: `mail.yaml` as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from enum import StrEnum

from dondoc.engine.domain.model import ZONE, Text


class LetterRhythm(StrEnum):
    """How often the operator has a letter on mornings that need nobody; any other morning has one."""

    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Brake:
    """Limits that no ordinary night exceeds; the letters of a night that does are held. None: no limit.

    `new_cases` and `letters` are per night. `units` is the percentage of the units with tasks under rules in force
    that may be in breach, checked from 20 units on. `stale_sources` is how many sources may be stale.
    """

    new_cases: int | None = None
    letters: int | None = None
    units: Decimal | None = None
    stale_sources: int | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """The most letters that an office should get within `days` consecutive days; exceeding it holds none back."""

    per_office: int
    days: int


@dataclass(frozen=True, slots=True)
class Rate:
    """How many letters may leave in a minute, in all and to one domain; 0: as many as the server takes."""

    per_minute: int = 0
    per_domain: int = 0


@dataclass(frozen=True, slots=True)
class SendingHours:
    """From when until when letters leave, each day in Vietnam's time zone: [opens, closes)."""

    opens: time = time(6, 30)
    closes: time = time(17)

    def __contains__(self, at: datetime) -> bool:
        return self.opens <= at.astimezone(ZONE).time() < self.closes


NO_RATE = Rate()
USUAL_HOURS = SendingHours()


@dataclass(frozen=True, slots=True)
class MailPolicy:
    """How letters leave: the sender, the domains allowed, how much a letter holds, when, how fast, until when.

    `answers` is the mailbox in which answers to letters are read; empty: each letter's own desk reads them.
    `operator_letter` is how often `operator` is written to on quiet mornings. `expires_hours` counts from the
    first hour at which a letter may leave; 0: the end of the third working day.
    """

    sender: str
    sender_name: Text
    message_domain: str
    allowed_domains: tuple[str, ...]
    operator: str
    operator_letter: LetterRhythm = LetterRhythm.DAILY
    full_rows: int = 15
    compact_rows: int = 30
    max_bytes: int = 95_000
    expires_hours: int = 0
    hours: SendingHours = USUAL_HOURS
    rate: Rate = NO_RATE
    brake: Brake = Brake()
    budget: Budget | None = None
    answers: str = ""
