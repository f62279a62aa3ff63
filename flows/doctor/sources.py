"""The sources of data: whether each was heard lately enough, asked of what was written down; none is called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import DonDocError, RulesRefused
from dondoc.engine.judge.staleness import Heard
from dondoc.engine.rulefile import load
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.db.schema import behind
from dondoc.engine.store.intake import pulls
from dondoc.flows.config.settings import Settings, opened
from dondoc.flows.doctor.answer import Answer, Topic, good, look

_REMEDY = "xem dondoc sources, sửa nguồn, rồi dondoc pull (see them, mend the source, bring it in)"


def sources(given: Settings, now: datetime) -> Iterator[Answer]:
    """One answer for each source; nothing while the rules or the database cannot be read, which others say."""
    with suppress(RulesRefused, OSError):
        book = load(given.rules)
        with suppress(DonDocError):
            for heard in _heard(given, book):
                yield _answer(heard, now)


def _heard(given: Settings, book: RuleBook) -> tuple[Heard, ...]:
    if not book.feeds or given.database_missing():
        return tuple(map(Heard, book.feeds))
    with opened(given) as engine:
        if behind(engine):
            return ()
        with reading(engine) as conn:
            return pulls.heard(conn, book.feeds, book.calendars)


def _answer(heard: Heard, now: datetime) -> Answer:
    until = "chưa có dữ liệu lần nào (never heard)"
    if heard.until is not None:
        until = f"dùng được đến {heard.until.astimezone(ZONE):%H:%M %d/%m/%Y} (good until)"
    said = f"{heard.feed.id}: {until}"
    if heard.stale(now):
        return look(Topic.SOURCES, f"{said}, im lặng quá lâu (stale)" if heard.until else said, _REMEDY)
    if heard.faults:
        return look(Topic.SOURCES, f"{said}; {heard.faults[0].vi}", _REMEDY)
    return good(Topic.SOURCES, said)
