"""Delivery: send what is due, settle each letter, report the result.

One run ends when nothing is due any more or when it halts; the letters it leaves stay in the outbox for the next
run.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar, assert_never

from dondoc.engine.domain.mail_policy import NO_RATE, Rate
from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.terms import IN_HAND, LetterState
from dondoc.engine.store.audit_log.events import AuditedTransaction, audited
from dondoc.engine.store.db.database import Connection, Engine
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.answers import About, Phase, enhanced
from dondoc.notifications.delivery.breaker import CircuitBreaker, Halt
from dondoc.notifications.delivery.outcome import (
    Deferred,
    Doubtful,
    Misconfigured,
    Outcome,
    Refused,
    Sent,
    Unknown,
)
from dondoc.notifications.delivery.pace import Pace
from dondoc.notifications.delivery.smtp import Sender
from dondoc.notifications.delivery.smtp_settings import SmtpSettings
from dondoc.notifications.lifecycle import Claimed, DeadLetter, LetterStatus, Settlement, next_attempt

_BATCH = 5
# Longer than a server may take to answer the end of mail data: 10 minutes (RFC 5321, 4.5.3.2.6).
_LEASE = timedelta(minutes=20)
_SHORTEST_PAUSE = timedelta(seconds=1)  # so that one run ends, however small the jitter
# How far back a letter that the server took is evidence for one that it refuses: no letter waits for longer.
_EVIDENCE = timedelta(days=14)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one run did, in letters. `remaining` wait, the first of them until `next_at`.

    `halt` is why it stopped early, `message` the same for the operator, with the server's answer. `absent` is the
    night that should have run by now and has not. Of the letters of unknown fate the journal contained `arrived`
    and did not contain `again`, which are sent again; `journal_fault` is why it could not be read.
    `answered` letters were withdrawn or made again, because of what came in or was waived since their night.
    `broken` names letters that are not as they were planned: they were not sent.
    """

    sent: int
    deferred: int
    refused: int
    unknown: int
    expired: int
    remaining: int
    next_at: datetime | None
    halt: Halt | None
    message: str
    absent: date | None = None
    arrived: int = 0
    again: int = 0
    broken: tuple[str, ...] = ()
    answered: int = 0
    journal_fault: str = ""

    @property
    def failed(self) -> bool:
        """Whether a person has to look: the server took nothing more, or refused letters that wait for nobody."""
        return self.halt not in (None, Halt.STOPPED, Halt.CLOSED) or self.refused > 0 or bool(self.broken)


@dataclass(frozen=True, slots=True)
class Callbacks:
    """What a delivery has done elsewhere in the transaction that settles a letter.

    `dead` plans the fallback of a letter refused for good, `expired` retracts the notices of one that is too old.
    `broken` says why a letter may not leave as it is stored; empty: it may. `overtaken` says whether it was
    answered or waived since its night, and has withdrawn it then.
    """

    dead: Callable[[AuditedTransaction, DeadLetter], None]
    expired: Callable[[AuditedTransaction, LetterStatus], None]
    broken: Callable[[Connection, Claimed], str] = lambda _conn, _letter: ""
    overtaken: Callable[[AuditedTransaction, Claimed], bool] = lambda _tx, _letter: False


async def deliver(
    engine: Engine,
    settings: SmtpSettings,
    now: Callable[[], datetime],
    owner: str,
    callbacks: Callbacks,
    jitter: Callable[[], float],
    over: Callable[[], Halt | None] = lambda: None,
    rate: Rate = NO_RATE,
) -> DeliveryReport:
    """Send what is due. `owner` names this run and no other; `jitter` gives numbers in [0, 1].

    When cancelled, or once `over` says why, it finishes the letters in hand and claims no more. Raises a
    DatabaseFault; letters in hand then become due when their lease ends.
    """
    run = _Run(engine, settings, now, owner, callbacks, jitter, over, Pace(rate))
    await run.all()
    return await run.report()


@dataclass(slots=True)
class _Run:
    """One run's workers, its counters and its circuit breaker."""

    engine: Engine
    settings: SmtpSettings
    now: Callable[[], datetime]
    owner: str
    callbacks: Callbacks
    jitter: Callable[[], float]
    over: Callable[[], Halt | None]
    pace: Pace
    stopping: bool = False
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)
    tally: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    proven: asyncio.Event = field(default_factory=asyncio.Event)

    async def all(self) -> None:
        """Every worker; the first begins alone, and the others join it once the server has taken a letter."""
        self.breaker = await self._stored(self._begin)
        workers = [asyncio.create_task(self._work(first=n == 0)) for n in range(self.settings.connections)]
        try:
            await asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            self.stopping = True
            self.proven.set()
            await asyncio.wait(workers)
        for worker in workers:
            worker.result()

    def _begin(self, tx: AuditedTransaction) -> CircuitBreaker:
        since = self.now().astimezone(ZONE).date() - _EVIDENCE
        accepted_at = outbox.accepted_at(tx.conn, since)
        return CircuitBreaker(accepted_at, outbox.refused_since(tx.conn, since, accepted_at))

    async def _work(self, *, first: bool) -> None:
        """One worker: one connection, one letter at a time."""
        try:
            if not first:
                await self.proven.wait()
            async with Sender(self.settings) as sender:
                while (batch := await self._stored(self._claim)) is not None:
                    for mine in batch:
                        await self._deliver(sender, mine)
        finally:
            self.proven.set()

    async def _stored(self, step: Callable[[AuditedTransaction], _T]) -> _T:
        """One transaction in a thread, so that waiting for a lock does not block the event loop."""

        def transaction() -> _T:
            with audited(self.engine) as tx:
                return step(tx)

        async with self.turn:
            return await asyncio.to_thread(transaction)

    def _over(self) -> bool:
        """Whether this run may start no further letter."""
        if self.breaker.halt is None and (why := self.over()):
            self.breaker.stop(why, "")
        return self.stopping or self.breaker.halt is not None

    def _claim(self, tx: AuditedTransaction) -> list[Claimed] | None:
        """The next letters of this worker that may leave, perhaps none of them; None: nothing more is due."""
        now = self.now()
        self.tally[LetterState.UNKNOWN] += outbox.recover(tx, now).unknown
        for letter in outbox.expire(tx, now):
            self.tally[LetterState.EXPIRED] += 1
            self.callbacks.expired(tx, letter)
        if self._over():
            return None
        # Alone until the server has taken a letter, so that a fault of ours touches one letter only.
        batch = outbox.claim(tx.conn, self.owner, now, _BATCH if self.proven.is_set() else 1, _LEASE)
        return [mine for mine in batch if self._may_leave(tx, mine, now)] if batch else None

    def _may_leave(self, tx: AuditedTransaction, mine: Claimed, now: datetime) -> bool:
        """Whether a letter is the one that was planned, and still needed.

        One that was changed is put back, and a person has to look.
        """
        why = self.callbacks.broken(tx.conn, mine)
        if why:
            self.broken.append(f"{mine.id[:12]}: {why}")
            again = next_attempt(mine.attempt, now, self.jitter(), patient=True, expires_at=mine.expires_at)
            outbox.settle(
                tx, mine, Settlement(LetterState.READY, Phase.CONNECT, None, None, why, now, now, next_at=again)
            )
            return False
        if self.callbacks.overtaken(tx, mine):
            self.tally[LetterState.DROPPED] += 1
            return False
        return True

    async def _deliver(self, sender: Sender, mine: Claimed) -> None:
        await self.pace.wait(mine.recipient)
        started = self.now()
        # A letter claimed before the halt goes back untried, and the attempt is not counted against it.
        if self._over():
            outcome: Outcome = Deferred(Phase.CONNECT, None, "not tried", whole_connection=True)
            await self._stored(partial(self._settle, mine, outcome, started, started))
            return
        outcome = await sender.send(mine, lambda: self._stored(partial(self._mark, mine, sender.journaled)))
        # With a lost lease another run settles the letter, and this outcome counts for nothing.
        state = await self._stored(partial(self._settle, mine, outcome, started, self.now()))
        if state is not None:
            self.tally[state] += 1
            self.breaker.watch(outcome, self.now(), believed=state is LetterState.DEAD)
            if self.breaker.accepted_now:
                self.proven.set()

    def _mark(self, mine: Claimed, journaled: bool, tx: AuditedTransaction) -> bool:  # noqa: FBT001 - bound by position
        return outbox.mark_data_end(tx.conn, mine, self.now(), _LEASE, journaled=journaled)

    def _settle(
        self, mine: Claimed, outcome: Outcome, started: datetime, ended: datetime, tx: AuditedTransaction
    ) -> LetterState | None:
        """Stores how an attempt ended; returns the letter's state, or None when its lease was lost."""
        believed = isinstance(outcome, Refused | Doubtful) and self.breaker.believes(
            outcome, outbox.first_refused_at(tx.conn, mine.id)
        )
        end = self._settlement(mine, outcome, started, ended, believed=believed)
        if not outbox.settle(tx, mine, end):
            return None
        # In the transaction of the refusal, so that no letter is dead without its fallback.
        if end.state is LetterState.DEAD:
            passable = not (isinstance(outcome, Refused) and outcome.about is About.LETTER)
            self.callbacks.dead(tx, DeadLetter(mine, end.code, end.enhanced, end.text, passable))
        return end.state

    def _settlement(
        self, mine: Claimed, outcome: Outcome, started: datetime, ended: datetime, *, believed: bool
    ) -> Settlement:
        """The settlement of an outcome; a refusal that is not `believed` is tried again."""
        end = partial(Settlement, started_at=started, ended_at=ended)

        def again(*, patient: bool) -> datetime:
            wait = next_attempt(mine.attempt, ended, self.jitter(), patient=patient, expires_at=mine.expires_at)
            return max(wait, ended + _SHORTEST_PAUSE)

        match outcome:
            case Sent(text, code):
                return end(LetterState.SENT, Phase.DATA_SENT, code, enhanced(text), text)
            case Unknown(phase, text):
                return end(LetterState.UNKNOWN, phase, None, None, text)
            case Refused(phase, code, text) | Doubtful(phase, code, text) if believed:
                return end(LetterState.DEAD, phase, code, enhanced(text), text)
            case Refused(phase, code, text) | Doubtful(phase, code, text):
                state, when = LetterState.READY, again(patient=True)
                return end(state, phase, code, enhanced(text), text, next_at=when)
            case Deferred(phase, code, text, whole_connection, patient):
                state, when = LetterState.READY, again(patient=patient)
                return end(state, phase, code, enhanced(text), text, next_at=when, counted=not whole_connection)
            case Misconfigured(text, letters):
                # Due at once when the settings are right again. What may be true of this letter alone lets the
                # others go first, or it would end every run.
                when = again(patient=True) if letters else ended
                return end(LetterState.READY, Phase.CONNECT, None, None, text, next_at=when, counted=False)
            case _:
                assert_never(outcome)

    async def report(self) -> DeliveryReport:
        waiting, next_at = await self._stored(lambda tx: (outbox.counts(tx.conn), outbox.due_at(tx.conn)))
        return DeliveryReport(
            sent=self.tally[LetterState.SENT],
            deferred=self.tally[LetterState.READY],
            refused=self.tally[LetterState.DEAD],
            unknown=self.tally[LetterState.UNKNOWN],
            expired=self.tally[LetterState.EXPIRED],
            # With those that a killed run still holds: they are sent again when their lease ends.
            remaining=sum(waiting[state] for state in (LetterState.READY, *IN_HAND)),
            next_at=next_at,
            halt=self.breaker.reason(),
            message=self.breaker.message(),
            broken=tuple(self.broken),
            answered=self.tally[LetterState.DROPPED],
        )
