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
from enum import StrEnum
from functools import partial
from typing import TypeVar, assert_never

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.audit_log.events import AuditedTransaction, audited
from dondoc.engine.store.db.database import Engine
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.outcome import (
    Deferred,
    Misconfigured,
    Outcome,
    Phase,
    Refused,
    Sent,
    Unknown,
    enhanced,
)
from dondoc.notifications.delivery.smtp import Sender
from dondoc.notifications.delivery.smtp_settings import SmtpSettings
from dondoc.notifications.lifecycle import Claimed, DeadLetter, LetterStatus, Settlement, next_attempt

_BATCH = 5
# Longer than a server may take to answer the end of mail data: 10 minutes (RFC 5321, 4.5.3.2.6).
_LEASE = timedelta(minutes=20)
_SHORTEST_PAUSE = timedelta(seconds=1)  # so that one run ends, however small the jitter
_FAILURES_TO_HALT = 3
_BLOCKED_TO_HALT, _BLOCKED_SHARE = 3, 0.2

_T = TypeVar("_T")


class Halt(StrEnum):
    """Why a run stopped while letters were due."""

    UNREACHABLE = "unreachable"
    MISCONFIGURED = "misconfigured"
    BLOCKED = "blocked"
    SILENT = "silent"
    STOPPED = "stopped"


_HALTS = {
    Halt.UNREACHABLE: "Không kết nối được máy chủ thư; không mất thư nào, lần gửi sau sẽ gửi tiếp. Kiểm tra máy "
    "chủ và mạng. (The mail server cannot be reached; nothing is lost, the next delivery goes on.)",
    Halt.MISCONFIGURED: "Máy chủ thư không chấp nhận cấu hình của ta; không thư nào đi được cho tới khi sửa chứng "
    "thư, mật khẩu, mã hóa hoặc địa chỉ gửi. (The mail server does not accept our settings; nothing leaves until "
    "you fix the certificate, password, encryption or sender address.)",
    Halt.BLOCKED: "Máy chủ thư từ chối hàng loạt vì chính sách; đã tạm dừng. Hỏi quản trị máy chủ thư. (The mail "
    "server refuses many letters by policy; sending is paused. Ask its administrator.)",
    Halt.SILENT: "Máy chủ thư nhận kết nối rồi im lặng hoặc ngắt giữa chừng nhiều lần liền; đã tạm dừng để không "
    "thêm thư «chưa rõ». Kiểm tra máy chủ thư. (The mail server repeatedly stops answering or hangs up; sending "
    "is paused, so that no more letters become unknown. Check the mail server.)",
    Halt.STOPPED: "Đã dừng theo yêu cầu; thư đang cầm đã gửi xong, thư còn lại đợi lần gửi sau. (Stopped as "
    "asked: the letters in hand were finished, the others wait for the next delivery.)",
}


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one run did, in letters. `remaining` wait, the first of them until `next_at`.

    `halt` is why it stopped early, `message` the same for the operator, with the server's answer. `absent` is the
    night that should have run by now and has not. Of the letters of unknown fate the journal contained `arrived`
    and did not contain `again`, which are sent again; `journal_fault` is why it could not be read.
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
    journal_fault: str = ""


async def deliver(
    engine: Engine,
    settings: SmtpSettings,
    now: Callable[[], datetime],
    owner: str,
    on_dead: Callable[[AuditedTransaction, DeadLetter], None],
    on_expired: Callable[[AuditedTransaction, LetterStatus], None],
    jitter: Callable[[], float],
    stop: Callable[[], bool] = lambda: False,
) -> DeliveryReport:
    """Send what is due. `owner` names this run and no other; `jitter` gives numbers in [0, 1].

    `on_dead` plans the fallback of a refused letter, `on_expired` retracts the notices of one that is too old,
    each in the transaction that settles it. When cancelled, or once `stop` returns true, it finishes the letters
    in hand and claims no more. Raises a DatabaseFault; letters in hand then become due when their lease ends.
    """
    run = _Run(engine, settings, now, owner, on_dead, on_expired, jitter, stop)
    workers = [asyncio.create_task(run.work()) for _ in range(settings.connections)]
    try:
        await asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        run.stopping = True
        await asyncio.wait(workers)
    for worker in workers:
        worker.result()
    return await run.report()


@dataclass(slots=True)
class _Run:
    """One run's workers, its counters and its circuit breaker."""

    engine: Engine
    settings: SmtpSettings
    now: Callable[[], datetime]
    owner: str
    on_dead: Callable[[AuditedTransaction, DeadLetter], None]
    on_expired: Callable[[AuditedTransaction, LetterStatus], None]
    jitter: Callable[[], float]
    stop: Callable[[], bool]
    stopping: bool = False
    halt: Halt | None = None
    failures: int = 0
    silences: int = 0
    blocked: int = 0
    words: str = ""
    tally: Counter[str] = field(default_factory=Counter)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def work(self) -> None:
        """One worker: one connection, one letter at a time."""
        async with Sender(self.settings) as sender:
            while batch := await self._stored(self._claim):
                for mine in batch:
                    await self._deliver(sender, mine)

    async def _stored(self, step: Callable[[AuditedTransaction], _T]) -> _T:
        """One transaction in a thread, so that waiting for a lock does not block the event loop."""

        def transaction() -> _T:
            with audited(self.engine) as tx:
                return step(tx)

        async with self.turn:
            return await asyncio.to_thread(transaction)

    def _over(self) -> bool:
        """Whether this run may start no further letter."""
        if self.halt is None and self.stop():
            self.halt, self.words = Halt.STOPPED, "SIGTERM"
        return self.stopping or self.halt is not None

    def _claim(self, tx: AuditedTransaction) -> list[Claimed]:
        now = self.now()
        self.tally[LetterState.UNKNOWN] += outbox.recover(tx, now).unknown
        for letter in outbox.expire(tx, now):
            self.tally[LetterState.EXPIRED] += 1
            self.on_expired(tx, letter)
        if self._over():
            return []
        return outbox.claim(tx.conn, self.owner, now, _BATCH, _LEASE)

    async def _deliver(self, sender: Sender, mine: Claimed) -> None:
        started = self.now()
        # A letter claimed before the halt goes back untried, and the attempt is not counted against it.
        if self._over():
            outcome: Outcome = Deferred(Phase.CONNECT, None, "not tried", whole_connection=True)
            await self._stored(partial(self._settle, mine, _settlement(outcome, started, started, started)))
            return
        outcome = await sender.send(mine, lambda: self._stored(partial(self._mark, mine, sender.journaled)))
        ended = self.now()
        again = max(next_attempt(mine.attempt, ended, self.jitter()), ended + _SHORTEST_PAUSE)
        end = _settlement(outcome, started, ended, again)
        # With a lost lease another run settles the letter, and this outcome counts for nothing.
        if await self._stored(partial(self._settle, mine, end)):
            self.tally[end.state] += 1
            self._watch(outcome)

    def _mark(self, mine: Claimed, journaled: bool, tx: AuditedTransaction) -> bool:  # noqa: FBT001 - bound by position
        return outbox.mark_data_end(tx.conn, mine, self.now(), _LEASE, journaled=journaled)

    def _settle(self, mine: Claimed, end: Settlement, tx: AuditedTransaction) -> bool:
        kept = outbox.settle(tx, mine, end)
        # In the transaction of the refusal, so that no letter is dead without its fallback.
        if kept and end.state is LetterState.DEAD:
            self.on_dead(tx, DeadLetter(mine, end.code, end.enhanced, end.text))
        return kept

    def _watch(self, outcome: Outcome) -> None:
        """Halt when the letters are not the cause: no server, our own settings, many refusals by policy."""
        match outcome:
            case Misconfigured(text):
                # Every further letter would fail in the same way.
                self.halt, self.words = Halt.MISCONFIGURED, text
            case Deferred(text=text, whole_connection=True):
                self.failures, self.words = self.failures + 1, text
                if self.failures >= _FAILURES_TO_HALT and self.halt is None:
                    self.halt = Halt.UNREACHABLE
            case Deferred(text=text, code=None) | Unknown(text=text):
                # A silence costs minutes a letter and, after the end of mail data, leaves its fate unknown.
                self.silences += 1
                if self.silences >= _FAILURES_TO_HALT and self.halt is None:
                    self.halt, self.words = Halt.SILENT, text
            case Sent() | Refused() | Deferred():
                self.failures = self.silences = 0
            case _:
                assert_never(outcome)
        # 5.7.x is a security or policy status (RFC 3463): a server that blocks us refuses every letter.
        if isinstance(outcome, Refused) and (enhanced(outcome.text) or "").startswith("5.7."):
            self.blocked += 1
            if self.blocked >= max(_BLOCKED_TO_HALT, _BLOCKED_SHARE * self.tally.total()) and self.halt is None:
                self.halt, self.words = Halt.BLOCKED, outcome.text

    async def report(self) -> DeliveryReport:
        # Too few letters for a halt, but the last attempts all failed to connect.
        halt = self.halt or (Halt.UNREACHABLE if self.failures else None)
        remaining, next_at = await self._stored(lambda tx: (outbox.counts(tx.conn), outbox.due_at(tx.conn)))
        return DeliveryReport(
            sent=self.tally[LetterState.SENT],
            deferred=self.tally[LetterState.READY],
            refused=self.tally[LetterState.DEAD],
            unknown=self.tally[LetterState.UNKNOWN],
            expired=self.tally[LetterState.EXPIRED],
            remaining=remaining[LetterState.READY],
            next_at=next_at,
            halt=halt,
            message=f"{_HALTS[halt]} [{self.words}]" if halt else "",
        )


def _settlement(outcome: Outcome, started: datetime, ended: datetime, again: datetime) -> Settlement:
    """The settlement of an outcome; a deferred letter is due at `again`, at once if our settings were wrong."""
    end = partial(Settlement, started_at=started, ended_at=ended)
    match outcome:
        case Sent(text, code):
            return end(LetterState.SENT, Phase.DATA_SENT, code, enhanced(text), text)
        case Deferred(phase, code, text, whole_connection):
            state = LetterState.READY
            return end(state, phase, code, enhanced(text), text, next_at=again, counted=not whole_connection)
        case Refused(phase, code, text):
            return end(LetterState.DEAD, phase, code, enhanced(text), text)
        case Unknown(phase, text):
            return end(LetterState.UNKNOWN, phase, None, None, text)
        case Misconfigured(text):
            return end(LetterState.READY, Phase.CONNECT, None, None, text, next_at=ended, counted=False)
