"""The lists behind `dondoc sources` and `dondoc pull`: the state of each source, and the results of pulling it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dondoc.engine.domain.data_sources import Queries
from dondoc.engine.domain.model import ZONE, Text
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

    def lines(self) -> Iterator[Text]:
        """For people."""
        status = self.status
        state = Text("IM LẶNG QUÁ LÂU (stale)", "STALE") if self.stale else Text("còn mới (fresh)", "fresh")
        title = status.source.title
        yield Text.format("{source} · {title}: {state}", source=status.source.id, title=title, state=state)
        if status.at is None or status.until is None:
            yield Text("  chưa có dữ liệu lần nào (no data yet)", "  no data yet")
        else:
            at, until, rows = _at(status.at), _at(status.until), count(status.rows)
            yield Text(
                f"  có dữ liệu lần cuối {at}, {rows} dòng; dùng được đến {until} (latest data, fresh until)",
                f"  latest data {at}, {rows} rows; fresh until {until}",
            )
        if status.tried is not None and status.tried != status.at:
            tried = _at(status.tried)
            yield Text(
                f"  lần lấy gần nhất {tried}: không có dòng nào (last pull: no row)",
                f"  last pull {tried}: no row",
            )
        if status.rejected:
            rejected, where = count(status.rejected), ", ".join(status.given_back)
            yield Text(
                f"  {rejected} dòng không được nhận: {where} (rejected)", f"  {rejected} rows rejected: {where}"
            )
        for fault in status.faults:
            yield _fault(fault)


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


def _fault(fault: Text) -> Text:
    return Text.format("  ! {fault}", fault=fault.beside())


def said(made: Pulled) -> Iterator[Text]:
    """The result of pulling one source, for people."""
    pull_ = made.summed()
    refused, refused_en = "", ""
    if pull_.rejected:
        refused, refused_en = f", từ chối {pull_.rejected}", f", {pull_.rejected} rejected"
    counts = Text(
        f"thêm {pull_.added}, sửa {pull_.corrected}, giữ nguyên {pull_.unchanged}{refused}",
        f"{pull_.added} added, {pull_.corrected} corrected, {pull_.unchanged} unchanged{refused_en}",
    )
    yield Text.format("{source} · {title}: {n}", source=made.source.id, title=made.source.title, n=counts)
    for path in pull_.given_back:
        yield Text(
            f"  các dòng không được nhận nằm ở {path}: sửa rồi nạp (dondoc import)",
            f"  the rejected rows are in {path}: correct them there, then dondoc import",
        )
    for report in made.reports:
        for file in report.files:
            for line, remark in file.remarks:
                yield Text.format("  {file}:{line}: {said}", file=file.name, line=line, said=remark.beside())
    if not pull_.rows and not pull_.faults:
        empty = "câu lệnh không cho dòng nào" if isinstance(made.source.origin, Queries) else "không có tệp mới"
        yield Text(f"  {empty} (no new data)", "  no new data")
    for name in made.left:
        yield Text(
            f"  {name}: còn đang được ghi, để lần sau (still being written)", f"  {name}: still being written"
        )
    yield from map(_fault, made.faults)
