"""Letters that a server took and could not deliver: refused for good after all, by a report about them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import select, update

from dondoc.engine.domain.model import Event
from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.db.tables import letter
from dondoc.notifications.delivery.answers import About, Phase, about, enhanced
from dondoc.notifications.lifecycle import Claimed, DeadLetter

# Servers give up after five days; what is reported later than that, weekends and a holiday included, is odd.
_REPORTED_WITHIN = timedelta(days=14)
# What is of these is true of the letter wherever it goes, or of every letter of ours.
_NOT_OF_THE_MAILBOX = (About.LETTER, About.US, About.PACE)
_LOGGED = 200


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
    columns = [letter.c[each.name] for each in fields(Claimed)]
    left = letter.c.state.in_((LetterState.SENT, LetterState.UNKNOWN)), letter.c.dot_at > now - _REPORTED_WITHIN
    row = tx.conn.execute(select(*columns, letter.c.state).where(letter.c.id == key, *left)).one_or_none()
    if row is None or (report.recipients and row.recipient.casefold() not in report.recipients):
        return None
    status = enhanced(report.text)
    values = {"state": LetterState.DEAD, "reply": report.text, "last_code": report.code, "last_enhanced": status}
    if tx.conn.execute(update(letter).where(letter.c.id == key, *left).values(values)).rowcount != 1:
        return None
    mine = Claimed(*row[:-1])
    # What comes back had arrived at a server.
    if row.state is LetterState.UNKNOWN:
        tx.log(mine.night, [Event("letter-sent", None, {"letter": key, "by": "report"})])
    words = re.sub(re.escape(mine.recipient), "…", report.text, flags=re.IGNORECASE)[:_LOGGED]
    detail = {"letter": key, "by": "report", "code": str(report.code), "words": words}
    tx.log(mine.night, [Event("letter-dead", None, detail)])
    whose = about(Phase.RCPT, report.code, report.text)
    passable = whose not in _NOT_OF_THE_MAILBOX and bool(mine.mime)
    return DeadLetter(mine, report.code, status, report.text, passable)
