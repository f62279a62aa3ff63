"""What somebody with the database in his hands may do to the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Engine, text

from dondoc.engine.domain.model import Event
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.audit_log.hash_chain import Flaw, prove
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.db.tables import event, log_entry

_GUARDS = [f"{table.name}_no_{act}" for table in (log_entry, event) for act in ("update", "delete", "replace")]


def unguarded(engine: Engine) -> None:
    """The guards are gone, as for one who owns the tables."""
    with writing(engine) as conn:
        if engine.dialect.name == "sqlite":
            for guard in _GUARDS:
                conn.execute(text(f"DROP TRIGGER {guard}"))
        else:
            for table in (log_entry, event):
                conn.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER ALL"))


def logged(engine: Engine, sizes: Sequence[int]) -> None:
    """One entry of so many events for each number; every event is unlike every other."""
    for number, size in enumerate(sizes, 1):
        with audited(engine) as tx:
            night = date(2015, 4, number) if number % 3 else None
            notified = [Event("case-opened", 10 * number + n, {"n": f"{number}.{n} «đ»"}) for n in range(size)]
            tx.log(night, notified)


def does(engine: Engine, *statements: str) -> None:
    """Statements in one transaction."""
    with writing(engine) as conn:
        for statement in statements:
            conn.exec_driver_sql(statement.replace("%", "%%") if engine.dialect.name != "sqlite" else statement)


def flaws(engine: Engine) -> tuple[Flaw, ...]:
    """What the check finds."""
    with reading(engine) as conn:
        return prove(conn).flaws
