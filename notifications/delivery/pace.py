"""How fast letters leave: at most so many a minute, in all and to one domain."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

from dondoc.engine.domain.mail_policy import Rate

_MINUTE = 60.0


@dataclass(slots=True)
class Pace:
    """Turns given out evenly over a minute, in seconds of the event loop's clock."""

    rate: Rate
    _next: float = 0.0
    _next_of: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    async def wait(self, recipient: str) -> None:
        """Waits for the turn of a letter to this address."""
        now = asyncio.get_running_loop().time()
        domain = recipient.rpartition("@")[2].casefold()
        turn = max(now, self._next, self._next_of[domain])
        # Taken before the wait, so that two workers never get the same turn.
        if self.rate.per_minute:
            self._next = turn + _MINUTE / self.rate.per_minute
        if self.rate.per_domain:
            self._next_of[domain] = turn + _MINUTE / self.rate.per_domain
        if turn > now:
            await asyncio.sleep(turn - now)
