"""Where a process is killed: named points inside a night and a delivery, hit for the k-th time.

The product knows nothing of them: they are wrapped around its functions in the process that is to die.
"""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiosmtplib.protocol
from sqlalchemy import Connection, Engine, event, update

from dondoc.engine.domain.terms import IN_HAND, LetterState
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.db.tables import letter
from dondoc.engine.store.night import nights
from dondoc.flows.night import steps
from dondoc.notifications.delivery import outbox
from dondoc.notifications.lifecycle import Recovered

# (module, function): a point before it and one after it.
NIGHT = {
    "prepare": (steps, "prepare"),
    "decide": (steps, "decide"),
    "assess": (steps, "assess"),
    "notify": (steps, "notify"),
    "keep": (steps, "keep"),
    "enqueue": (outbox, "enqueue"),
    "audit": (steps, "audit"),
    "report": (steps, "report"),
    "night": (nights, "write_night"),
}
DELIVERY = {
    "recover": (outbox, "recover"),
    "claim": (outbox, "claim"),
    "mark": (outbox, "mark_data_end"),
    "settle": (outbox, "settle"),
    "enqueue": (outbox, "enqueue"),
}
_EDGES = ("before", "after")
NIGHT_POINTS = (*(f"{edge} {name}" for name in NIGHT for edge in _EDGES), "before commit", "statement")
DELIVERY_POINTS = (
    *(f"{edge} {name}" for name in DELIVERY for edge in _EDGES),
    *(f"{edge} {what}" for what in ("mail", "data", "body", "dot") for edge in _EDGES),
    "before commit",
    "statement",
)


@dataclass(slots=True)
class Fuse:
    """Kills its own process at the `k`-th hit of `point`, as an out-of-memory killer would: no goodbye."""

    point: str
    k: int

    def hit(self, point: str) -> None:
        """Counts, and burns when it is time."""
        if point == self.point:
            self.k -= 1
            if self.k <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


def lay(fuse: Fuse) -> None:
    """Wraps the product's functions in this process, for the rest of its life."""
    for name, (module, function) in {**NIGHT, **DELIVERY}.items():
        setattr(module, function, _around(getattr(module, function), name, fuse))
    event.listen(Engine, "commit", lambda _: fuse.hit("before commit"))
    event.listen(Engine, "before_cursor_execute", lambda *_: fuse.hit("statement"))
    protocol = aiosmtplib.protocol.SMTPProtocol
    protocol.write = _writing(protocol.write, fuse)  # type: ignore[method-assign]


def _around(function: Callable[..., Any], name: str, fuse: Fuse) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapped(*words: Any, **more: Any) -> Any:
        fuse.hit(f"before {name}")
        found = function(*words, **more)
        fuse.hit(f"after {name}")
        return found

    return wrapped


def _writing(write: Callable[..., None], fuse: Fuse) -> Callable[..., None]:
    """Around what goes over the wire: the commands that matter, the body, and the one dot."""

    def wrapped(self: Any, data: bytes) -> None:
        name = _on_the_wire(data)
        fuse.hit(f"before {name}")
        write(self, data)
        fuse.hit(f"after {name}")

    return wrapped


def _on_the_wire(data: bytes) -> str:
    if data == b".\r\n":
        return "dot"
    if data.startswith(b"MAIL"):
        return "mail"
    if data.startswith(b"DATA"):
        return "data"
    return "body" if b"\r\nMessage-ID:" in data else "other"


# What a broken product would do; the harness must see the harm of each.
def no_marker(_conn: Connection, *_words: Any, **_more: Any) -> bool:
    """Lets the dot leave without having written down that it does."""
    return True


def blind_recovery(tx: AuditedTransaction, now: datetime) -> Recovered:
    """Sends again whatever a vanished relay left behind, dot or no dot."""
    left = letter.c.state.in_(IN_HAND) & (letter.c.lease_until <= now)
    values = {"state": LetterState.READY, "owner": None, "lease_until": None}
    return Recovered(tx.conn.execute(update(letter).where(left).values(values)).rowcount, 0)


BROKEN = {
    "no dot marker": (outbox, "mark_data_end", no_marker),
    "sent again blindly": (outbox, "recover", blind_recovery),
}
