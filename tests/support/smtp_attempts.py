"""One letter sent to a server that plays a script, and what came of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

from dondoc.notifications.delivery.outcome import Outcome
from dondoc.notifications.delivery.smtp import Sender
from dondoc.notifications.delivery.smtp_settings import SmtpSettings, Tls
from dondoc.notifications.lifecycle import Claimed
from tests.support.planned_letters import claimed
from tests.support.scripted_server import Scripted, serving

HERE = "127.0.0.1"
QUICK = SmtpSettings(
    HERE,
    0,
    Tls.PLAIN,
    hello_name="dondoc.example",
    connect_seconds=0.3,
    command_seconds=0.3,
    data_seconds=0.3,
    body_seconds=0.3,
    dot_seconds=0.3,
)


@dataclass(slots=True)
class Marks:
    """How often the dot was announced, and what the relay answers to that, after `seconds`."""

    yes: bool = True
    seconds: float = 0
    made: int = 0

    async def __call__(self) -> bool:
        """Announce the dot."""
        self.made += 1
        await asyncio.sleep(self.seconds)
        return self.yes


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one letter, and what the server saw of it."""

    outcome: Outcome
    marks: int
    server: Scripted = field(repr=False)


def attempt(
    script: Scripted, settings: SmtpSettings = QUICK, letter: Claimed | None = None, *, marked: bool = True
) -> Tried:
    """Send one letter to the scripted server."""

    async def go() -> Tried:
        # What a server says in the body must have time to arrive before the dot leaves.
        marks = Marks(yes=marked, seconds=0.2 if "BODY" in script.answers else 0)
        async with serving(script) as port, Sender(replace(settings, port=port)) as sender:
            return Tried(await sender.send(letter or claimed(), marks), marks.made, script)

    return asyncio.run(go())


async def sent_to(settings: SmtpSettings) -> Outcome:
    """Send one letter to whoever listens there."""
    async with Sender(settings) as sender:
        return await sender.send(claimed(), Marks())
