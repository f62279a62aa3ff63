"""Letters that a server took and could not deliver: refused for good after all, by a report about them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.answers import About, Phase, about, enhanced
from dondoc.notifications.lifecycle import DeadLetter

# Servers give up after five days; what is reported later than that, weekends and a holiday included, is odd.
_REPORTED_WITHIN = timedelta(days=14)
# What is of these is true of the letter wherever it goes, or of every letter of ours.
_NOT_OF_THE_MAILBOX = (About.LETTER, About.US, About.PACE)


@dataclass(frozen=True, slots=True)
class Report:
    """What a server says of a letter: the mailboxes that it names (empty: none), its code and its words."""

    recipients: Collection[str]
    code: int
    text: str


def returned(tx: AuditedTransaction, key: str, report: Report, now: datetime) -> DeadLetter | None:
    """Makes a letter that had left one that was refused for good, and logs it.

    None, with nothing changed: it is not stored, never left or has come back already, left more than two weeks
    ago, or the report is about another mailbox, to which its reader passes letters on. The caller plans its
    substitute.
    """
    mine = outbox.left_since(tx.conn, key, now - _REPORTED_WITHIN)
    if mine is None or (report.recipients and mine.recipient.casefold() not in report.recipients):
        return None
    status = enhanced(report.text)
    if not outbox.came_back(tx, mine, report.code, status, report.text):
        return None
    whose = about(Phase.RCPT, report.code, report.text)
    passable = whose not in _NOT_OF_THE_MAILBOX and bool(mine.mime)
    return DeadLetter(mine, report.code, status, report.text, passable)
