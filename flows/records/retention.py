"""`dondoc retain`: what is older than its time goes, and the log says what went."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as midnight
from typing import Any

from dondoc.engine.domain.model import ZONE, Text
from dondoc.engine.errors import DonDocError
from dondoc.engine.store.audit_log.events import AuditedTransaction, audited
from dondoc.engine.store.db.database import Connection, Engine, compact, night_lock, reading
from dondoc.engine.store.db.faults import NightRunning
from dondoc.engine.store.db.schema_version import begun
from dondoc.engine.store.retention import cases, history, letters
from dondoc.engine.store.retention.removed import Kept, Removal
from dondoc.flows.config import settings
from dondoc.flows.config.settings import Keeping, Settings
from dondoc.flows.records.audit import audit, by_number

# How soon a weekly run that met a night looks again.
_AGAIN = timedelta(minutes=1)
_ALL_KEPT = Text(
    "Mọi loại đều giữ mãi; không bỏ gì. (Everything is kept for good.)",
    "Everything is kept for good: nothing goes.",
)
_NAMES = {
    Kept.LETTERS: ("nội dung thư", "bodies of letters"),
    Kept.ATTEMPTS: ("lần gửi", "attempts to send"),
    Kept.HISTORY: ("dòng đã được thay", "replaced rows"),
    Kept.CASES: ("hồ sơ đã đóng, gộp vào thống kê", "closed cases, folded into statistics"),
}
_LOOK: Mapping[Kept, Callable[[Connection, date], Removal]] = {
    Kept.LETTERS: letters.old_bodies,
    Kept.ATTEMPTS: letters.old_attempts,
    Kept.HISTORY: history.old_history,
    Kept.CASES: cases.old_cases,
}
_REMOVE: Mapping[Kept, Callable[[AuditedTransaction, date], int]] = {
    Kept.LETTERS: lambda tx, before: letters.empty(tx, letters.with_bodies(before)),
    Kept.ATTEMPTS: letters.remove_attempts,
    Kept.HISTORY: history.remove_history,
    Kept.CASES: cases.fold_cases,
}


class RetentionRefused(DonDocError):
    """What is stored does not agree with the log, so that nothing may be removed from it."""


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """What went, or (`tried`) what would go: one row for each kind that is not kept for good."""

    removals: tuple[Removal, ...]
    tried: bool

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {"tried": self.tried, "removals": [asdict(one) for one in self.removals]}

    def text(self) -> Text:
        """For people: a line for each kind."""
        verb, en = ("Sẽ bỏ", "would go") if self.tried else ("Đã bỏ", "removed")
        lines = [
            Text(
                f"{verb} {one.rows} {_NAMES[one.kind][0]}{_size(one)}, trước ngày {one.before:%d/%m/%Y}. "
                f"({_NAMES[one.kind][1]}, {en})",
                f"{one.rows} {_NAMES[one.kind][1]}{_size(one)}, before {one.before:%d/%m/%Y}: {en}.",
            )
            for one in self.removals
        ]
        return Text.join("\n", lines) if lines else _ALL_KEPT


def _size(one: Removal) -> str:
    return f" ({one.size:,} byte)".replace(",", ".") if one.kind is Kept.LETTERS else ""


def retain(environment: Mapping[str, str], now: datetime, *, dry_run: bool = False) -> RetentionReport:
    """Removes what is older than the settings say, in one transaction; with `dry_run` only counts it.

    Raises `RetentionRefused` where the log is not whole or what is stored differs from it, `NightRunning` while a
    night runs, `SchemaOlder`, and the faults of a database, such as of a role that may not delete.
    """
    given = settings.load(environment)
    if given.database_missing():
        return RetentionReport((), dry_run)
    with settings.opened(replace(given, database=given.keeping.database)) as engine:
        if not begun(engine):
            return RetentionReport((), dry_run)
        return _retained(engine, given, now, dry_run=dry_run)


def retain_in_turn(
    environment: Mapping[str, str], clock: Callable[[], datetime], sleep: Callable[[float], None] = time.sleep
) -> RetentionReport:
    """The same for a weekly run: it waits for a night that runs, until the end of the day.

    Raises `NightRunning` only then; without the wait what it met would put it off by a week.
    """
    ends = datetime.combine(clock().astimezone(ZONE).date() + timedelta(days=1), midnight(), ZONE)
    while True:
        try:
            return retain(environment, clock())
        except NightRunning:
            if clock() + _AGAIN >= ends:
                raise
        sleep(_AGAIN.total_seconds())


def _retained(engine: Engine, given: Settings, now: datetime, *, dry_run: bool) -> RetentionReport:
    days = _days(given.keeping, now.astimezone(ZONE).date())
    if dry_run:
        return RetentionReport(_found(engine, days), tried=True)
    # A night reads what it began with until its end.
    with night_lock(engine):
        return removed(engine, days)


def removed(engine: Engine, days: Mapping[Kept, date]) -> RetentionReport:
    """Removes what is older than these days; the caller makes sure that no night runs."""
    found = _found(engine, days)
    if any(one.rows for one in found):
        refuse_disagreement(engine)
        with audited(engine) as tx:
            gone = {kind: _REMOVE[kind](tx, before) for kind, before in days.items()}
        found = tuple(replace(one, rows=gone[one.kind]) for one in found)
    # Also after a run that was killed between the two.
    compact(engine)
    return RetentionReport(found, tried=False)


def overdue(engine: Engine, keeping: Keeping, at: datetime) -> tuple[Removal, ...]:
    """What was older than its time at an instant and is still there."""
    return _found(engine, _days(keeping, at.astimezone(ZONE).date()))


def _days(keeping: Keeping, today: date) -> dict[Kept, date]:
    """By kind that is not kept for good, the first day that stays."""
    return {Kept(kind): today - timedelta(days=days) for kind, days in keeping.times.items()}


def _found(engine: Engine, days: Mapping[Kept, date]) -> tuple[Removal, ...]:
    with reading(engine) as conn:
        return tuple(_LOOK[kind](conn, before) for kind, before in days.items())


def refuse_disagreement(engine: Engine) -> None:
    """Raises `RetentionRefused` if something was changed or removed beside the log: nobody could tell later."""
    with reading(engine) as conn:
        flaws = by_number(audit(conn).flaws)
    if flaws:
        raise RetentionRefused(
            f"không bỏ gì: dữ liệu không như sổ nhật ký, {len(flaws)} chỗ, đầu tiên: {flaws[0].text()}. "
            "Xem dondoc audit verify. (Nothing was removed: what is stored is not as it was logged; see dondoc "
            "audit verify.)"
        )
