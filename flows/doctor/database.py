"""The database: whether it answers, its schema, its clock compared with ours, and its latest night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.terms import NightState
from dondoc.engine.store.db.database import Engine, server_time, writing
from dondoc.engine.store.db.faults import DatabaseFault, place
from dondoc.engine.store.db.schema_version import SchemaNewer, behind
from dondoc.engine.store.night import nights, orgchart
from dondoc.engine.store.night.nights import NightRow
from dondoc.flows.config.settings import Settings, opened
from dondoc.flows.doctor.diagnosis import Diagnosis, Topic, failed, good, look, wrong
from dondoc.flows.night.steps import as_of_for

# With a larger difference a night could miss rows that another machine recorded before its cut-off.
_APART = timedelta(seconds=30)
# A night that has not ended an hour after it began, at 03:00, is missed.
_DONE_BY = timedelta(hours=1)


def database(given: Settings, now: datetime) -> Iterator[Diagnosis]:
    """The checks in order, as far as each result allows the next one."""
    if given.database_missing():
        yield look(
            Topic.DATABASE,
            f"{given.database}: chưa có (not there yet)",
            "dondoc import sẽ tạo; nếu đã từng chạy thì sai đường dẫn (the import creates it; "
            "if nights have run before, the path is wrong)",
        )
        return
    try:
        with opened(given) as engine:
            yield from _asked(engine, now)
    except (DatabaseFault, SchemaNewer) as fault:
        yield failed(Topic.SCHEMA if isinstance(fault, SchemaNewer) else Topic.DATABASE, fault)


def _asked(engine: Engine, now: datetime) -> Iterator[Diagnosis]:
    # For SQLite this takes the write lock, so that a read-only file fails here.
    with writing(engine):
        pass
    yield good(Topic.DATABASE, f"{place(engine)}: trả lời (answers)")
    if behind(engine):
        yield look(
            Topic.SCHEMA,
            "cũ hơn chương trình (older than the program)",
            "dondoc pull, hoặc đêm tới, sẽ nâng cấp (either upgrades the database)",
        )
        return
    with writing(engine) as conn:
        nights.refuse_read_only(conn)
        there = server_time(conn)
        latest = nights.latest(conn)
        row = nights.judged(conn, latest) if latest else None
        units = bool(orgchart.numbers(conn).of)
    yield good(Topic.SCHEMA, "đúng phiên bản, ghi được (current, and may be written)")
    yield _clock(now, there, latest)
    yield _night(now, row, units=units)


def _clock(now: datetime, there: datetime | None, latest: date | None) -> Diagnosis:
    if latest is not None and as_of_for(now) < latest:
        return wrong(
            Topic.CLOCK,
            f"máy đang ở ngày {as_of_for(now):%d/%m/%Y}, trước đêm đã chạy {latest:%d/%m/%Y} "
            "(the clock of this machine is before the latest night)",
            "đồng hồ sai thì chỉnh và bật đồng bộ giờ: timedatectl set-ntp true; đồng hồ đúng thì đêm ấy ở tương "
            f"lai, rút lại bằng dondoc backup --before {latest} TỆP rồi dondoc restore (set the clock and keep it "
            "set; if it is right, take that night back)",
        )
    if there is not None and abs(there.astimezone(UTC) - now) > _APART:
        return wrong(
            Topic.CLOCK,
            f"lệch {abs(there.astimezone(UTC) - now).total_seconds():.0f} giây so với máy cơ sở dữ liệu "
            "(seconds apart from the database's machine)",
            "bật đồng bộ giờ ở cả hai máy: timedatectl set-ntp true (keep both clocks set)",
        )
    here = f"{now.astimezone(ZONE):%H:%M:%S}"
    return good(Topic.CLOCK, f"{here} giờ Việt Nam ({here}, Vietnamese time)")


def _night(now: datetime, row: NightRow | None, *, units: bool) -> Diagnosis:
    """The latest night, and whether it is the one that should have run by now."""
    if row is None and not units:
        return good(Topic.NIGHT, "chưa có đêm nào (none yet)")
    if row is None:
        return look(
            Topic.NIGHT,
            "chưa có đêm nào (none yet)",
            "dữ liệu có từ trước thì đêm đầu là dondoc nightly --plain --baseline: mở hồ sơ, không gửi thư; đêm "
            "thường gửi thư về mọi việc đã quá hạn (on old data the first night is a baseline: no letters)",
        )
    said = f"{row.as_of:%d/%m/%Y}, {row.state}"
    due = as_of_for(now - _DONE_BY)
    if row.as_of < due:
        return look(
            Topic.NIGHT,
            f"{said}; thiếu {(due - row.as_of).days} đêm ({(due - row.as_of).days} nights missing)",
            "xem dịch vụ lập lịch, rồi chạy dondoc nightly: các đêm lỡ được chạy bù (check the scheduler, then "
            "run it: it catches up missed nights)",
        )
    if row.state is not NightState.OK:
        return look(Topic.NIGHT, said, "xem dondoc status (see it)")
    return good(Topic.NIGHT, said)
