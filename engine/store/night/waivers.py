"""Waivers as the nights have read them: `waivers.yaml` has today's, a night judged again asks what it had then.

Every night compares the file with what the night before it had read (decision 0075): it records what it sees for
the first time, what it sees changed, and that it misses something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, true, update

from dondoc.engine.domain.model import Event, Text
from dondoc.engine.domain.rulebook import Waiver
from dondoc.engine.store.audit_log.covered_rows import rows_logged
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.matching.known_rows import visible
from dondoc.engine.store.night.findings import Names
from dondoc.engine.store.night.prepared import Prepared

# What one waiver is about: the rule, the unit and the first day; everything else of it may change.
_About = tuple[str, str, str]


def known(conn: Connection, names: Names, cutoff: datetime) -> tuple[Waiver, ...]:
    """The waivers that the night with this cut-off had read, in the order of their recording.

    Where one stands in the file is not kept: their `place` is empty.
    """
    query = select(t.waiver).where(visible(t.waiver, cutoff)).order_by(t.waiver.c.no)
    return tuple(_waiver(row, names) for row in conn.execute(query))


def record(tx: AuditedTransaction, night: Prepared) -> None:
    """Records what a night has read otherwise than the night before it, and logs that.

    A row is superseded where something else stands in its place or nothing does.
    """
    names = night.names
    before = {_about(one): one for one in known(tx.conn, names, night.cutoff)}
    now = {_about(one): one for one in night.book.waivers if one.rule in night.book.rules}
    changed = [about for about, one in now.items() if about in before and not _says_the_same(before[about], one)]
    missed, seen = [about for about in before if about not in now], [about for about in now if about not in before]
    if not (changed or missed or seen):
        return
    rules, units = {rule: no for no, rule in names.rules.items()}, names.units.of
    with rows_logged(tx, night.as_of, (t.waiver, true())):
        _supersede(tx.conn, [before[about] for about in (*changed, *missed)], rules, units, night.cutoff)
        rows = [_row(now[about], rules, units, night.cutoff) for about in (*seen, *changed)]
        if rows:
            tx.conn.execute(insert(t.waiver), rows)
    tx.log(
        night.as_of,
        [
            *_events("waiver-seen", (now[about] for about in seen)),
            *(_changed(before[about], now[about]) for about in changed),
            *_events("waiver-missed", (before[about] for about in missed)),
        ],
    )


def _about(waiver: Waiver) -> _About:
    return waiver.rule, waiver.unit, waiver.first.isoformat()


def _says_the_same(one: Waiver, other: Waiver) -> bool:
    """Whether two waivers say the same, wherever they stand."""
    return replace(one, place="") == replace(other, place="")


def _supersede(
    conn: Connection, gone: Iterable[Waiver], rules: Mapping[str, int], units: Mapping[str, int], cutoff: datetime
) -> None:
    for one in gone:
        conn.execute(
            update(t.waiver)
            .where(
                t.waiver.c.rule_no == rules[one.rule],
                t.waiver.c.unit_no == units[one.unit],
                t.waiver.c.first_day == one.first,
                t.waiver.c.superseded_at.is_(None),
            )
            .values(superseded_at=cutoff)
        )


def _row(
    one: Waiver, rules: Mapping[str, int], units: Mapping[str, int], cutoff: datetime
) -> Mapping[str, object]:
    return {
        "rule_no": rules[one.rule],
        "unit_no": units[one.unit],
        "granted_by_no": units[one.granted_by],
        "reason": one.reason.vi,
        "reason_en": one.reason.en,
        "legal_basis": one.legal_basis.vi,
        "legal_basis_en": one.legal_basis.en,
        "first_day": one.first,
        "last_day": one.until,
        "recorded_at": cutoff,
    }


def _waiver(row: Row[Any], names: Names) -> Waiver:
    return Waiver(
        names.rules[row.rule_no],
        names.units.ids[row.unit_no],
        names.units.ids[row.granted_by_no],
        Text(row.reason, row.reason_en),
        Text(row.legal_basis, row.legal_basis_en),
        row.first_day,
        row.last_day,
        "",
    )


def _events(kind: str, waivers: Iterable[Waiver]) -> Iterator[Event]:
    yield from (Event(kind, None, _detail(one)) for one in waivers)


def _changed(before: Waiver, now: Waiver) -> Event:
    return Event("waiver-changed", None, {**_detail(now), "until_before": before.until.isoformat()})


def _detail(one: Waiver) -> Mapping[str, str]:
    return {
        "rule": one.rule,
        "unit": one.unit,
        "granted_by": one.granted_by,
        "from": one.first.isoformat(),
        "until": one.until.isoformat(),
    }
