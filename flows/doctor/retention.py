"""What is kept for a time: whether it is removed when that is over, and whether a role may do it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from dondoc.engine.domain.model import ZONE
from dondoc.engine.store.db.database import Engine, reading
from dondoc.engine.store.db.faults import DatabaseFault
from dondoc.engine.store.db.schema_version import SchemaNewer, begun, behind
from dondoc.engine.store.retention.state import ROLE, last_removal, may_remove, role_is_there
from dondoc.flows.config.settings import Settings, opened
from dondoc.flows.doctor.diagnosis import Diagnosis, Topic, good, look
from dondoc.flows.records.retention import overdue

_TOPIC = Topic.RETENTION
# It is removed once a week, on a Sunday evening.
_LATE = timedelta(days=8)
_NO_ROLE = (
    "chạy deploy/postgresql-roles.sql, rồi đặt DONDOC_RETENTION_DATABASE với vai trò ấy cho dondoc retain "
    "(run that file, and give dondoc retain an address with that role)"
)
_RUN_IT = (
    "chạy dondoc retain và đọc thông báo, rồi xem dondoc-retain.timer hoặc dondoc serve (run it, read what it "
    "says, then look at what should run it every week)"
)
_GIVE_ROLE = (
    f"dondoc retain cần DONDOC_RETENTION_DATABASE với vai trò {ROLE}; xem dondoc-retain.timer (it needs an "
    "address with that role: look at the timer)"
)


def retention(given: Settings, now: datetime) -> Iterator[Diagnosis]:
    """One line, where there is a database of this version; another check says what else is wrong with it."""
    if given.database_missing():
        return
    if not given.keeping.times:
        yield good(_TOPIC, "mọi loại đều giữ mãi (everything is kept for good)")
        return
    try:
        with opened(replace(given, database=given.keeping.database)) as engine:
            if begun(engine) and not behind(engine):
                yield _asked(engine, given, now)
    except (DatabaseFault, SchemaNewer) as fault:
        if given.keeping.own_role:
            yield look(_TOPIC, str(fault), "sửa DONDOC_RETENTION_DATABASE (correct that address)")


def _asked(engine: Engine, given: Settings, now: datetime) -> Diagnosis:
    late = sum(one.rows for one in overdue(engine, given.keeping, now - _LATE))
    with reading(engine) as conn:
        last, may, role = last_removal(conn), may_remove(conn), role_is_there(conn)
    said = "chưa bỏ gì (nothing yet)"
    if last is not None:
        said = (
            f"lần bỏ gần nhất {last.astimezone(ZONE):%d/%m/%Y} (last removed on {last.astimezone(ZONE):%d/%m/%Y})"
        )
    if late:
        return look(
            _TOPIC,
            f"{said}; {late} dòng quá hạn giữ hơn một tuần ({late} rows a week or more too old)",
            _RUN_IT if may else _GIVE_ROLE,
        )
    if not (may or role):
        return look(_TOPIC, f"{said}; không vai trò nào được xóa (no role may remove anything)", _NO_ROLE)
    return good(_TOPIC, f"{said}; không gì quá hạn giữ (nothing is older than its time)")
