"""How often one place may ask: so many times at once, and so many more with time. Pure; the caller has a clock."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Allowance:
    """Lets through `burst` requests of each key at once, and `per_minute` more each minute.

    Remembers at most `most` keys; the one not seen for longest is forgotten first.
    """

    burst: int
    per_minute: float
    most: int = 10_000
    _left: OrderedDict[str, tuple[float, datetime]] = field(default_factory=OrderedDict, init=False)

    def takes(self, key: str, now: datetime) -> bool:
        """Whether the request of a key is let through; one that is not costs nothing."""
        left, before = self._left.pop(key, (float(self.burst), now))
        minutes = max((now - before).total_seconds() / 60, 0)
        left = min(left + minutes * self.per_minute, self.burst)
        allowed = left >= 1
        self._left[key] = (left - 1 if allowed else left), now
        while len(self._left) > self.most:
            self._left.popitem(last=False)
        return allowed
