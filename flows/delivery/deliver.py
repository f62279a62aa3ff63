"""Delivers what is due, with the fallbacks of refused letters and the retractions of expired ones."""

from __future__ import annotations

import asyncio
import os
import random
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.domain.model import ZONE
from dondoc.engine.errors import DonDocError, Remedy
from dondoc.engine.judge.excused import Excused
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import Engine
from dondoc.engine.store.night import nights
from dondoc.flows.config.settings import Journal
from dondoc.flows.delivery.endings import Endings
from dondoc.flows.observe import log
from dondoc.flows.shutdown import asked
from dondoc.notifications.delivery import outbox, relay
from dondoc.notifications.delivery.breaker import Halt
from dondoc.notifications.delivery.journal import Resolved, resolve
from dondoc.notifications.delivery.journal_mailbox import JournalUnreadable
from dondoc.notifications.delivery.relay import DeliveryReport
from dondoc.notifications.delivery.smtp_settings import SmtpSettings
from dondoc.notifications.letter import operator_letter
from dondoc.notifications.letter.build import admitted
from dondoc.notifications.letter.mime import LetterRefused


class JournalRefused(DonDocError):
    """The journal's address is outside the domains that letters may go to."""

    remedy = Remedy.USAGE


def deliver(
    engine: Engine,
    mail: MailPolicy,
    smtp: SmtpSettings,
    now: Callable[[], datetime],
    journal: Journal | None = None,
    *,
    in_hours: bool = False,
    excused: Excused | None = None,
) -> DeliveryReport:
    """Sends what is due by `now`; after SIGTERM it finishes the letters in hand.

    With `in_hours` it does the same when the sending hours of the mail policy are over, or have not begun. A
    journal is read before and after, to settle letters of unknown fate. `excused` are the waivers of today's rule
    files: a letter does not urge what was waived since its night. Raises `JournalRefused` and a
    `DatabaseFault`; every other failure is in the report.
    """
    if smtp.journal and not admitted(mail, smtp.journal):
        raise JournalRefused(
            f"journal_address: {smtp.journal} nằm ngoài allowed_domains của mail.yaml (outside allowed_domains)"
        )

    started = now()
    absent = _absent(engine, mail, started)
    before = _asked(engine, journal, started)
    owner = f"{socket.gethostname()}-{os.getpid()}-{random.getrandbits(32):08x}"
    chance = random.SystemRandom()
    callbacks = Endings(mail, now, excused).callbacks()
    with asked() as stop:

        def over() -> Halt | None:
            """Why no further letter may leave in this run."""
            if stop():
                return Halt.STOPPED
            return Halt.CLOSED if in_hours and now() not in mail.hours else None

        report = asyncio.run(relay.deliver(engine, smtp, now, owner, callbacks, chance.random, over, mail.rate))
    log.note(
        "delivery",
        sent=report.sent,
        deferred=report.deferred,
        refused=report.refused,
        unknown=report.unknown,
        expired=report.expired,
        remaining=report.remaining,
        halt=report.halt,
    )
    after = _asked(engine, journal, now())
    # Unknown in this run and found in the journal at once: such a letter is not reported as unknown.
    settled = sum(letter.dot_at is not None and letter.dot_at >= started for letter in after.arrived)
    return replace(
        report,
        unknown=report.unknown - settled,
        absent=absent,
        arrived=len(before.arrived) + len(after.arrived),
        again=len(before.again) + len(after.again),
        journal_fault=after.fault,
    )


@dataclass(frozen=True, slots=True)
class _JournalAnswer(Resolved):
    """What the journal settled, or in `fault` why it could not be read."""

    fault: str = ""


def _asked(engine: Engine, journal: Journal | None, now: datetime) -> _JournalAnswer:
    if journal is None:
        return _JournalAnswer()

    try:
        found = resolve(engine, journal.read, now, journal.grace)
    except JournalUnreadable as error:
        return _JournalAnswer(fault=str(error))
    return _JournalAnswer(found.arrived, found.again)


def _absent(engine: Engine, mail: MailPolicy, now: datetime) -> date | None:
    """Tonight's date if that night has not run by now; then also plans one letter to the operator about it.

    A night that never started cannot report that. None also before the very first night.
    """
    tonight = now.astimezone(ZONE).date()
    with audited(engine) as tx:
        latest = nights.latest(tx.conn)
        if latest is None or latest >= tonight:
            return None
        view = operator_letter.absent_night(tonight, latest, mail.operator)
        with suppress(LetterRefused):
            outbox.enqueue(tx, [operator_letter.planned(view, mail, tonight, now, operator_letter.ABSENT)])
    return tonight
