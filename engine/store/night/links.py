"""Links of letters in SQL: those that were revoked, and what the log says of those that were refused."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select

from dondoc.engine.domain.model import Event
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.db import tables as t

REVOKED, REFUSED = "link-revoked", "link-refused"


def revoked_through(conn: Connection, code: str, office: str) -> date | None:
    """The last night whose letters' links for an office and a case were revoked; None: none were."""
    mine = t.link_revocation.c.code == code, t.link_revocation.c.office == office
    last: date | None = conn.scalar(select(func.max(t.link_revocation.c.through)).where(*mine))
    return last


def revoke(tx: AuditedTransaction, code: str, office: str, through: date, now: datetime) -> None:
    """Revokes the links for an office and a case in letters of a night up to `through`, and logs it."""
    given = {"code": code, "office": office, "through": through, "recorded_at": now}
    tx.conn.execute(insert(t.link_revocation).values(given))
    tx.log(None, [Event(REVOKED, None, {"case": code, "office": office, "through": through.isoformat()})])


def refuse(tx: AuditedTransaction, why: str, code: str = "", office: str = "") -> None:
    """Logs that somebody tried to say something by a link that does not hold; who wrote the link wrote no case."""
    named = {"case": code, "office": office} if code else {}
    tx.log(None, [Event(REFUSED, None, {"why": why, **named})])


def closed_on(conn: Connection, code: str) -> date | None:
    """The day on which a case was closed; None: it is open, or there is none of that code."""
    return conn.scalar(select(t.case_file.c.closed_on).where(t.case_file.c.code == code))
