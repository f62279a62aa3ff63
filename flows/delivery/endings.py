"""What else changes when a letter ends, in the same transaction: fallbacks, retractions, letters made again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.domain.model import ZONE
from dondoc.engine.judge.excused import Excused
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.night import cases as stored
from dondoc.engine.store.night import orgchart
from dondoc.flows.delivery import recheck
from dondoc.flows.delivery.seals import Seals
from dondoc.flows.observe import log
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.relay import Callbacks
from dondoc.notifications.letter.fallback_letter import fallback
from dondoc.notifications.lifecycle import Claimed, DeadLetter, LetterStatus


@dataclass(frozen=True, slots=True)
class Endings:
    """The callbacks of one delivery, by its mail policy, its clock and the waivers of today's rule files."""

    mail: MailPolicy
    now: Callable[[], datetime]
    excused: Excused | None = None

    def callbacks(self) -> Callbacks:
        """As the relay takes them."""
        return Callbacks(self.dead, self._expired, Seals(self.mail).broken, self._overtaken)

    def dead(self, tx: AuditedTransaction, letter: DeadLetter) -> None:
        """Plans the fallback of a letter refused for good, at once or by a report that came back."""
        now = self.now()
        planned = fallback(letter, orgchart.chart(tx.conn, now), self.mail, now) if letter.passable else None
        if planned is not None:
            outbox.enqueue(tx, [planned])
        self._untell(tx, letter.letter.id)
        log.note("letter-dead", night=letter.letter.night, letter=letter.letter.id)

    def _expired(self, tx: AuditedTransaction, letter: LetterStatus) -> None:
        """The end of a letter that was never sent."""
        self._untell(tx, letter.id)
        log.note("letter-expired", night=letter.night, letter=letter.id)

    def _overtaken(self, tx: AuditedTransaction, letter: Claimed) -> bool:
        """Whether a letter was answered or waived before it left: withdrawn, or another made in its place."""
        instead = recheck.overtaken(tx.conn, letter, self.mail, self.excused, self.now())
        if instead is None or not outbox.withdraw(tx, letter):
            return False
        outbox.enqueue(tx, instead)
        self._untell(tx, letter.id)
        log.note("letter-answered", night=letter.night, letter=letter.id, again=len(instead))
        return True

    def _untell(self, tx: AuditedTransaction, letter: str) -> None:
        """Retracts the notices of a letter of which nothing left, no fallback either: the next night notifies."""
        first = outbox.original(tx.conn, letter)
        if not outbox.alive(tx.conn, first):
            stored.retract(tx, first, self.now().astimezone(ZONE).date())
