"""What the log says of the imports that a night's letter has to tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, select

from dondoc.engine.domain.terms import SheetKind
from dondoc.engine.store.db.tables import event, night

_WHO_HEARS = frozenset({SheetKind.MAILBOXES, SheetKind.RELATIONS})


@dataclass(frozen=True, slots=True)
class LoggedImport:
    """One file that was imported: its kind, how many rows it added and corrected, its codes that no rule read.

    `first`: no night had told anybody before it.
    """

    file: str
    kind: SheetKind
    added: int
    corrected: int
    codes: tuple[str, ...]
    first: bool

    @property
    def changes_readers(self) -> bool:
        """Whether it may have changed who hears; before the first night everything is new."""
        return self.kind in _WHO_HEARS and not self.first


def imports_since_last_letter(conn: Connection) -> list[LoggedImport]:
    """The imports and pulls since the last night that told anybody, in order."""
    last = select(func.max(night.c.as_of)).where(night.c.telling).scalar_subquery()
    judged = event.c.kind == "night-judged", event.c.night == last
    since = conn.scalar(select(func.max(event.c.entry)).where(*judged))
    imported = and_(event.c.kind == "imported", event.c.night.is_(None), event.c.entry > (since or 0))
    rows = conn.scalars(select(event.c.detail).where(imported).order_by(event.c.entry, event.c.position))
    return [_read(json.loads(said), first=since is None) for said in rows]


def _read(said: Mapping[str, Any], *, first: bool) -> LoggedImport:
    kind, counts = SheetKind(said["kind"]), (int(said["added"]), int(said["corrected"]))
    return LoggedImport(said["file"], kind, *counts, tuple(said.get("codes", "").split()), first)
