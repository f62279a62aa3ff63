"""How retention stands: when something was last removed, and whether a role may remove anything."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, literal, select, text

from dondoc.engine.store.audit_log.removals import ATTEMPTS_REMOVED, CASES_FOLDED, HISTORY_REMOVED, LETTERS_EMPTIED
from dondoc.engine.store.db.tables import event, log_entry

# The role that deploy/postgresql-roles.sql makes for it.
ROLE = "dondoc_retention"
_BY_RETENTION = (LETTERS_EMPTIED, ATTEMPTS_REMOVED, HISTORY_REMOVED, CASES_FOLDED)


def last_removal(conn: Connection) -> datetime | None:
    """When `dondoc retain` last removed anything, as the log says; None: never, or there was nothing to remove."""
    latest = select(func.max(event.c.entry)).where(event.c.kind.in_(_BY_RETENTION)).scalar_subquery()
    at: datetime | None = conn.scalar(select(log_entry.c.at).where(log_entry.c.number == latest))
    return at


def may_remove(conn: Connection) -> bool:
    """Whether the role of this connection may remove what has a time; on SQLite everybody who may write."""
    if conn.dialect.name != "postgresql":
        return True
    return bool(conn.scalar(select(func.has_table_privilege(literal("delivery_attempt"), literal("DELETE")))))


def role_is_there(conn: Connection) -> bool:
    """Whether the database has the role that may remove; False on SQLite, which has none."""
    if conn.dialect.name != "postgresql":
        return False
    allowed = (
        "SELECT has_table_privilege(rolname, 'delivery_attempt', 'DELETE') FROM pg_roles WHERE rolname = :role"
    )
    return bool(conn.scalar(text(allowed), {"role": ROLE}))
