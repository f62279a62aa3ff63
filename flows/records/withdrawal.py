"""`dondoc withdraw`: a row of facts that never was is withdrawn, on a basis."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.terms import SheetKind
from dondoc.engine.sources.reading.personal_data import identifier
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import Engine
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.engine.store.intake.withdrawal import fact
from dondoc.engine.store.intake.withdrawal import withdraw as stored
from dondoc.flows.config import settings
from dondoc.flows.lookup import CallRefused


def withdraw(environment: Mapping[str, str], kind: SheetKind, ref: str, basis: str, now: datetime) -> str:
    """Withdraws a row of the configured database; the unit that it was of.

    Raises `CallRefused` for a row that there is not, that is withdrawn already, and for a basis that says nothing
    or names a person's number or address.
    """
    with settings.opened(settings.load(environment)) as engine:
        upgrade(engine)
        return withdrawn(engine, kind, ref, basis, now)


def withdrawn(engine: Engine, kind: SheetKind, ref: str, basis: str, now: datetime) -> str:
    """Like `withdraw`, in an open database."""
    if not basis.strip() or identifier(basis) is not None:
        raise CallRefused(
            "--basis: ghi căn cứ, như số văn bản, không ghi số điện thoại, số giấy tờ hay địa chỉ thư, vì sổ "
            "nhật ký giữ mãi (give the basis, such as the number of a document, and nothing that identifies a "
            "person, because the log keeps it for good)"
        )
    with audited(engine) as tx:
        standing = fact(tx.conn, kind, ref)
        if standing is None:
            raise CallRefused(
                f"«{ref}»: trong {kind} không có dòng nào mang ref này (no row of {kind} has that ref)"
            )
        if standing.withdrawn_at is not None:
            moment = standing.withdrawn_at.astimezone(ZONE)
            raise CallRefused(
                f"«{ref}» đã được rút lúc {moment:%H:%M ngày %d/%m/%Y} (was withdrawn at {moment:%d/%m/%Y %H:%M})"
            )
        stored(tx, kind, ref, standing, " ".join(basis.split()), now)
    return standing.unit
