"""`dondoc case revoke`: the links of letters, by which an office answers of a case, hold no longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dondoc.engine.domain.model import Text
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.engine.store.night import links, nights, orgchart
from dondoc.engine.store.recall import cases
from dondoc.flows.config import settings
from dondoc.flows.lookup import CallRefused, refuse_unknown_office
from dondoc.notifications.wording.numbers import day


def revoke(environment: Mapping[str, str], code: str, office: str, now: datetime) -> Text:
    """Revokes an office's links for a case in all letters so far; its next letter brings another.

    Raises `CallRefused` for a case or office that is not known, and before the first night.
    """
    with settings.opened(settings.load(environment)) as engine:
        upgrade(engine)
        with audited(engine) as tx:
            code = code.upper()
            if cases.entry(tx.conn, code) is None:
                raise CallRefused(f"Không có hồ sơ nào mang mã «{code}». (No case has that code.)")
            refuse_unknown_office(office, orgchart.numbers(tx.conn).of)
            through = nights.latest(tx.conn)
            if through is None:
                raise CallRefused("Chưa có đêm nào, nên chưa có thư nào. (No night, and no letter yet.)")
            links.revoke(tx, code, office, through, now)
    return Text.format(
        "Liên kết của {office} về {code} trong các thư đến {night} không còn hiệu lực; thư sau có liên kết mới.",
        "The links of {office} for {code} in letters up to {night} hold no longer; the next letter has another.",
        office=office,
        code=code,
        night=day(through),
    )
