"""The lists behind `dondoc sources` and `dondoc pull`: the state of each source, and the results of pulling it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dondoc.engine.domain.data_sources import Queries
from dondoc.engine.domain.model import ZONE
from dondoc.engine.judge.staleness import SourceStatus
from dondoc.engine.rulefile import load as load_rules
from dondoc.engine.store.db.database import night_lock
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.engine.store.intake import pulls
from dondoc.flows.config import settings
from dondoc.flows.data import pull as pulling
from dondoc.flows.data.pull import Clock, Pulled
from dondoc.notifications.wording.numbers import count


@dataclass(frozen=True, slots=True)
class SourceListing:
    """The state of one source at an instant."""

    status: SourceStatus
    stale: bool

    @property
    def well(self) -> bool:
        """Whether it is fresh and without faults."""
        return not self.stale and not self.status.faults

    def as_json(self) -> dict[str, Any]:
        """For programs; instants with their zone."""
        status = self.status
        return {
            "source": status.source.id,
            "title": status.source.title.vi,
            "place": status.source.place,
            "heard_at": status.at,
            "rows": status.rows,
            "fresh_until": status.until,
            "stale": self.stale,
            "tried_at": status.tried,
            "rejected": status.rejected,
            "given_back": list(status.given_back),
            "faults": [{"vi": fault.vi, "en": fault.en} for fault in status.faults],
        }

    def lines(self) -> Iterator[str]:
        """For people."""
        status = self.status
        state = "IM LẶNG QUÁ LÂU (stale)" if self.stale else "còn mới (fresh)"
        yield f"{status.source.id} · {status.source.title.vi}: {state}"
        if status.at is None or status.until is None:
            yield "  chưa có dữ liệu lần nào (no data yet)"
        else:
            yield (
                f"  có dữ liệu lần cuối {_at(status.at)}, {count(status.rows)} dòng; dùng được đến "
                f"{_at(status.until)} (latest data, fresh until)"
            )
        if status.tried is not None and status.tried != status.at:
            yield f"  lần lấy gần nhất {_at(status.tried)}: không có dòng nào (last pull: no row)"
        if status.rejected:
            yield f"  {count(status.rejected)} dòng không được nhận: {', '.join(status.given_back)} (rejected)"
        for fault in status.faults:
            yield f"  ! {fault.both()}"


def _at(when: datetime) -> str:
    return f"{when.astimezone(ZONE):%H:%M %d/%m/%Y}"


def listing(environment: Mapping[str, str], now: datetime) -> tuple[SourceListing, ...]:
    """Every source of the rules and its state at `now`. Raises `RulesRefused` and `CalendarUncovered`."""
    given = settings.load(environment)
    book = load_rules(given.rules)
    with settings.read_only(given) as conn:
        known = pulls.source_statuses(conn, book.sources, book.calendars)
    return tuple(SourceListing(status, status.stale(now)) for status in known)


def pull(environment: Mapping[str, str], now: Clock) -> Iterator[Pulled]:
    """Pulls every source now, one after the other. Raises `NightRunning` while a night does the same."""
    given = settings.load(environment)
    book = load_rules(given.rules)
    with settings.opened(given) as engine, night_lock(engine):
        upgrade(engine)
        yield from pulling.pull(engine, book, environment, now)


def said(made: Pulled) -> Iterator[str]:
    """The result of pulling one source, for people."""
    pull_ = made.summed()
    refused = f", từ chối {pull_.rejected}" if pull_.rejected else ""
    yield (
        f"{made.source.id} · {made.source.title.vi}: thêm {pull_.added}, sửa {pull_.corrected}, giữ nguyên "
        f"{pull_.unchanged}{refused}"
    )
    for path in pull_.given_back:
        yield f"  các dòng không được nhận nằm ở {path}: sửa rồi nạp (dondoc import)"
    for report in made.reports:
        for file in report.files:
            for line, remark in file.remarks:
                yield f"  {file.name}:{line}: {remark.vi} ({remark.en})"
    if not pull_.rows and not pull_.faults:
        empty = "câu lệnh không cho dòng nào" if isinstance(made.source.origin, Queries) else "không có tệp mới"
        yield f"  {empty} (no new data)"
    for name in made.left:
        yield f"  {name}: còn đang được ghi, để lần sau (still being written)"
    for fault in made.faults:
        yield f"  ! {fault.both()}"
