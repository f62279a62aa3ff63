"""Delivers what is due, with everything that a refused or an expired letter entails."""

from __future__ import annotations

import asyncio
import os
import random
import socket
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from engine.model import ZONE, Event
from engine.rules import MailPolicy
from engine.store import cases as stored
from engine.store import nights, people
from notifications import outbox, relay
from notifications.fallback import fallback
from notifications.lifecycle import DeadLetter, LetterStatus
from notifications.mailserver import SmtpSettings
from notifications.relay import DeliveryReport


def deliver(engine: Engine, mail: MailPolicy, smtp: SmtpSettings, now: Callable[[], datetime]) -> DeliveryReport:
    """Sends what is due by `now`. Raises a `faults.DatabaseFault`; every other trouble is in the report."""

    def dead(conn: Connection, letter: DeadLetter) -> None:
        """A letter refused for good goes to whoever can pass it on, in the transaction that settles it."""
        chart = people.chart(conn, now())
        planned = fallback(letter, chart, mail, now())
        if planned is not None:
            outbox.enqueue(conn, [planned])
        _log(conn, letter.letter.night, "letter-dead", letter.letter.id, letter.text)

    def expired(conn: Connection, letter: LetterStatus) -> None:
        """Readers of a letter that never left have heard nothing: the next night tells them."""
        stored.untell(conn, letter.id, now().astimezone(ZONE).date())
        _log(conn, letter.night, "letter-expired", letter.id, letter.reply)

    owner = f"{socket.gethostname()}-{os.getpid()}-{random.getrandbits(32):08x}"
    chance = random.SystemRandom()
    return asyncio.run(relay.deliver(engine, smtp, now, owner, dead, expired, chance.random))


def _log(conn: Connection, night: date, kind: str, letter: str, words: str) -> None:
    entry = Event(kind, None, {"letter": letter, "words": words[:200]})
    nights.write_events(conn, night, [entry])
