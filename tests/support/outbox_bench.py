"""An outbox and a relay on a test's bench."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Engine

from dondoc.engine.domain.mail_policy import NO_RATE, Rate
from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.audit_log.events import AuditedTransaction, audited
from dondoc.engine.store.db.database import reading
from dondoc.notifications.delivery.outbox import counts, enqueue
from dondoc.notifications.delivery.relay import Callbacks, DeliveryReport, deliver
from dondoc.notifications.delivery.smtp_settings import SmtpSettings, Tls
from dondoc.notifications.lifecycle import DeadLetter, LetterStatus
from tests.support.planned_letters import DUE, planned
from tests.support.scripted_server import Scripted, serving

LOCAL = SmtpSettings(
    "127.0.0.1", 0, Tls.PLAIN, hello_name="dondoc.example", connect_seconds=2, command_seconds=2, dot_seconds=0.3
)


@dataclass(slots=True)
class Bench:
    """An outbox and what delivery calls back."""

    engine: Engine
    at: datetime = DUE
    dead: list[DeadLetter] = field(default_factory=list)
    expired: list[LetterStatus] = field(default_factory=list)
    on_dead: Callable[[AuditedTransaction, DeadLetter], None] | None = None
    jitter: float = 1.0
    rate: Rate = NO_RATE

    def plan(self, number: int, **more: object) -> None:
        """Letters for so many invented offices."""
        with audited(self.engine) as tx:
            enqueue(
                tx,
                [planned(f"office.{n}", recipient=f"o{n}@example.org", **more) for n in range(number)],  # type: ignore[arg-type]
            )

    def buried(self, tx: AuditedTransaction, dead: DeadLetter) -> None:
        """Remember a dead letter, and do with it what the test wants."""
        self.dead.append(dead)
        if self.on_dead is not None:
            self.on_dead(tx, dead)

    async def run(self, settings: SmtpSettings) -> DeliveryReport:
        """One delivery by a clock that stands still, waiting the longest pause unless `jitter` says otherwise."""
        return await deliver(
            self.engine,
            settings,
            lambda: self.at,
            "test",
            Callbacks(self.buried, lambda _, status: self.expired.append(status)),
            lambda: self.jitter,
            rate=self.rate,
        )

    def run_against(self, script: Scripted, **more: object) -> DeliveryReport:
        """One delivery to a scripted server."""

        async def go() -> DeliveryReport:
            async with serving(script) as port:
                return await self.run(replace(LOCAL, port=port, **more))  # type: ignore[arg-type]

        return asyncio.run(go())

    def states(self) -> dict[LetterState, int]:
        """How many letters stand where, the empty states left out."""
        with reading(self.engine) as conn:
            return {state: number for state, number in counts(conn).items() if number}
