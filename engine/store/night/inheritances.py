"""Decisions on who inherits from ended units: written once, superseded by another one, never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from dondoc.engine.domain.inheritance import Inheritance, Inheritances
from dondoc.engine.store.audit_log.covered_rows import rows_logged
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.matching.known_rows import visible
from dondoc.engine.store.night.findings import local_date
from dondoc.engine.store.night.orgchart import UnitNumbers


def known(conn: Connection, units: UnitNumbers, rules: Mapping[str, int], cutoff: datetime) -> Inheritances:
    """Every decision in effect at the cut-off. `rules` gives the number of each rule id in the store."""
    heirs: dict[int, list[str]] = defaultdict(list)
    for row in conn.execute(select(t.inheritance_heir)):
        heirs[row.inheritance_no].append(units.ids[row.unit_no])
    names = {no: rule for rule, no in rules.items()}
    rows = conn.execute(select(t.inheritance).where(visible(t.inheritance, cutoff)).order_by(t.inheritance.c.no))
    return Inheritances(
        tuple(
            Inheritance(
                units.ids[row.unit_no],
                tuple(sorted(heirs[row.no])),
                row.basis,
                units.ids[row.by_no],
                local_date(row.recorded_at),
                names.get(row.rule_no, ""),
                row.subject,
                row.scope,
            )
            for row in rows
        )
    )


def decide(
    tx: AuditedTransaction, decided: Inheritance, units: UnitNumbers, rules: Mapping[str, int], now: datetime
) -> bool:
    """Stores a decision, which supersedes the one before it; False: that one already says the same.

    Logs the digests of its rows; the caller logs a stored decision.
    """
    conn = tx.conn
    rule = rules[decided.rule] if decided.rule else None
    mine = (
        t.inheritance.c.unit_no == units.of[decided.unit],
        t.inheritance.c.rule_no.is_(None) if rule is None else t.inheritance.c.rule_no == rule,
        t.inheritance.c.subject == decided.subject,
        t.inheritance.c.superseded_at.is_(None),
    )
    for one in known(conn, units, rules, now).decided:
        same = (one.rule, one.unit, one.subject) == (decided.rule, decided.unit, decided.subject)
        if same and _said(one) == _said(decided):
            return False
    decisions = t.inheritance.c.unit_no == units.of[decided.unit]
    heirs_of = t.inheritance_heir.c.inheritance_no.in_(select(t.inheritance.c.no).where(decisions))
    with rows_logged(tx, None, (t.inheritance, decisions), (t.inheritance_heir, heirs_of)):
        conn.execute(update(t.inheritance).where(*mine).values(superseded_at=now))
        (number,) = conn.execute(
            insert(t.inheritance)
            .values(
                unit_no=units.of[decided.unit],
                rule_no=rule,
                subject=decided.subject,
                scope=decided.scope,
                basis=decided.basis,
                by_no=units.of[decided.decided_by],
                recorded_at=now,
            )
            .returning(t.inheritance.c.no)
        ).one()
        heirs = [{"inheritance_no": number, "unit_no": units.of[heir]} for heir in decided.heirs]
        if heirs:
            conn.execute(insert(t.inheritance_heir), heirs)
    return True


def _said(one: Inheritance) -> tuple[object, ...]:
    return one.heirs, one.scope, one.basis, one.decided_by
