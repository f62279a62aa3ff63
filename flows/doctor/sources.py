"""The sources of data: whether each is fresh, according to the stored results; none is called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from dondoc.engine.domain.data_sources import DropFolder
from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import DonDocError, RulesRefused
from dondoc.engine.file_faults import FileFault, fault_of, shown, unwritable
from dondoc.engine.judge.staleness import SourceStatus
from dondoc.engine.rulefile import load
from dondoc.engine.sources.pull.drop_folder import REFUSED, TAKEN
from dondoc.engine.sources.reading.files import is_linked
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.db.schema_version import behind
from dondoc.engine.store.intake import pulls
from dondoc.flows.config.settings import Settings, opened
from dondoc.flows.data.pull import REJECTS
from dondoc.flows.doctor.diagnosis import Diagnosis, Topic, good, look

_REMEDY = "xem dondoc sources, sửa nguồn, rồi dondoc pull (list them, fix the source, pull it)"


def sources(given: Settings, now: datetime) -> Iterator[Diagnosis]:
    """One result per source; none while the rules or the database cannot be read, which other checks report."""
    with suppress(RulesRefused, OSError):
        book = load(given.rules)
        with suppress(DonDocError):
            for status in _heard(given, book):
                yield _answer(status, now)
        yield from _folders(book)


def _folders(book: RuleBook) -> Iterator[Diagnosis]:
    """What would keep a pull from reading the drop folders, or from writing into them and into `var/tu-choi`."""
    if book.sources:
        yield from _said("var/tu-choi", unwritable(REJECTS), "")
    for source in book.sources:
        if isinstance(source.origin, DropFolder):
            folder = Path(source.origin.path)
            try:
                links = [shown(path.name) for path in sorted(folder.iterdir()) if is_linked(path)]
                linked = [folder / into for into in (TAKEN, REFUSED) if (folder / into).is_symlink()]
            except OSError as error:
                yield from _said(source.id, fault_of(error, folder), "")
                continue
            links += [shown(path.name) for path in linked]
            yield from _said(source.id, unwritable(folder), ", ".join(links))


def _said(name: str, fault: FileFault | None, links: str) -> Iterator[Diagnosis]:
    if fault is not None:
        yield look(Topic.SOURCES, f"{name}: {fault}", "cấp quyền rồi dondoc pull (grant the right, then pull)")
    if links:
        yield look(
            Topic.SOURCES,
            f"{name}: có liên kết, sẽ bị bỏ qua (links, which are skipped): {links}",
            "thay bằng tệp, thư mục thật, hoặc xóa đi (put the file or folder itself there, or remove it)",
        )


def _heard(given: Settings, book: RuleBook) -> tuple[SourceStatus, ...]:
    if not book.sources or given.database_missing():
        return tuple(map(SourceStatus, book.sources))
    with opened(given) as engine:
        if behind(engine):
            return ()
        with reading(engine) as conn:
            return pulls.source_statuses(conn, book.sources, book.calendars)


def _answer(status: SourceStatus, now: datetime) -> Diagnosis:
    until = "chưa có dữ liệu lần nào (no data yet)"
    if status.until is not None:
        until = f"dùng được đến {status.until.astimezone(ZONE):%H:%M %d/%m/%Y} (fresh until)"
    said = f"{status.source.id}: {until}"
    if status.stale(now):
        return look(Topic.SOURCES, f"{said}, im lặng quá lâu (stale)" if status.until else said, _REMEDY)
    if status.faults:
        return look(Topic.SOURCES, f"{said}; {status.faults[0].vi}", _REMEDY)
    return good(Topic.SOURCES, said)
