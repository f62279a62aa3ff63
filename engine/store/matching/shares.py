"""Shares of a night that others decide: ranges and the name of a snapshot go out, ids come back, never data.

All shares see one and the same data: the night exports the snapshot of its transaction, and a share is decided
inside it. So a worker that looks at another database, a restored copy or a standby decides nothing: it does not
know the snapshot. PostgreSQL only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from dondoc.engine.domain.model import Text
from dondoc.engine.errors import DonDocError, Remedy
from dondoc.engine.kinds.shapes import Shape
from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.db.faults import SnapshotUnknown, place
from dondoc.engine.store.matching.evaluate import Decisions, Range, decide, decide_apart, ranges

# Fewer ids than these are not worth the way to workers that stand ready (measured: docs/en/scale.md).
SHARE_FROM = 200_000
# What pg_export_snapshot gives; the statement that takes it has no parameters.
_SNAPSHOT = re.compile(r"[0-9A-F-]{3,60}")


@dataclass(frozen=True, slots=True)
class Share:
    """What one worker decides at once; it holds no address and no fact."""

    parts: tuple[Range, ...]
    rules: Mapping[str, int]
    cutoff: datetime
    snapshot: str

    def ids(self) -> int:
        """How many ids its ranges cover: an upper bound of the facts."""
        return sum(part.high - part.low for part in self.parts)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A share that nobody decided, and why."""

    share: Share
    why: Text


class NoWorkers(DonDocError):
    """Nobody could be asked to decide anything; `why` says who was looked for, and what helps."""

    remedy: ClassVar[Remedy] = Remedy.LATER

    def __init__(self, why: Text) -> None:
        self.why = why
        super().__init__(why.both())


class RemoteExecutor(Protocol):
    """Where shares are decided, if not in the night's own process."""

    def __call__(self, cut: Callable[[int], Sequence[Share]], /) -> Iterable[Decisions | Unanswered]:
        """Calls `cut` once, with the number of shares wanted, and gives what became of every share.

        Raises `NoWorkers`, only before the first is given.
        """


def decide_shared(
    conn: Connection,
    shapes: Iterable[Shape],
    rules: Mapping[str, int],
    cutoff: datetime,
    executor: RemoteExecutor,
    *,
    url: str,
) -> Decisions:
    """Decides every shape elsewhere; little is decided here, and what came back in a process apart.

    `conn` is in a `reading` transaction, which must outlast the shares: its snapshot is theirs.
    """
    parts = list(ranges(conn, shapes, rules))
    if sum(part.high - part.low for part in parts) < SHARE_FROM:
        return decide(conn, parts, rules, cutoff)
    snapshot: str = conn.execute(select(func.pg_export_snapshot())).scalar_one()
    whole, left = Decisions(), list[Range]()

    def cut(wanted: int) -> list[Share]:
        count = max(1, min(wanted, len(parts)))
        return [Share(tuple(parts[n::count]), dict(rules), cutoff, snapshot) for n in range(count)]

    try:
        for found in executor(cut):
            if isinstance(found, Unanswered):
                whole.came_back.append(found.why)
                left += found.share.parts
            else:
                whole.add(found)
    except NoWorkers as nobody:
        whole.came_back.append(nobody.why)
        left = parts
    if left:
        whole.add(decide_apart(url, left, dict(rules), cutoff))
    return whole


def decide_share(url: str, share: Share) -> Decisions:
    """What a worker does with a share, on the database that it knows itself.

    Raises `SnapshotUnknown` where that is not the night's own, or the night is over.
    """
    engine = connect(url)
    try:
        with reading(engine) as conn:
            if not _SNAPSHOT.fullmatch(share.snapshot):
                raise SnapshotUnknown(place(engine), repr(share.snapshot))
            try:
                conn.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{share.snapshot}'")
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise
                raise SnapshotUnknown(place(engine), str(error.orig).strip()) from error
            return decide(conn, share.parts, share.rules, share.cutoff)
    finally:
        engine.dispose()
