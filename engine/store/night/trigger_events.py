"""The events after which reports are due, as recorded, and by which day the demand of each is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from dondoc.engine.domain.demand import BEHIND, TriggerEvent
from dondoc.engine.domain.rulebook import Derived, RuleBook
from dondoc.engine.domain.terms import VOID, TaskKind
from dondoc.engine.kinds import direct_kind
from dondoc.engine.store.db.tables import activity, rule, task
from dondoc.engine.store.matching.known_rows import visible
from dondoc.engine.store.night.findings import slices
from dondoc.engine.store.night.orgchart import UnitNumbers

# The longest counted period that a rule may give after an event.
_LONGEST = timedelta(days=366)
# A unit's number, an activity, and a day.
_Place = tuple[int, str, date]


def happenings(
    conn: Connection, book: RuleBook, as_of: date, cutoff: datetime, units: UnitNumbers
) -> list[TriggerEvent]:
    """The activities that start a counted period of a rule, as known by the cut-off.

    One whose day was corrected since its demand was made keeps that demand, under the day by which it is known.
    """
    triggers: dict[str, list[str]] = {}
    for entry in book.rules.values():
        event = None
        if not isinstance(condition := entry.condition, Derived):
            event = direct_kind(condition).trigger(condition)
        if event is not None:
            triggers.setdefault(event, []).append(entry.id)
    if not triggers:
        return []
    rows = conn.execute(
        select(*activity.c["ref", "unit_no", "activity", "done_on"], visible(activity, cutoff).label("stands"))
        .where(
            activity.c.activity.in_(sorted(triggers)),
            activity.c.done_on >= as_of - BEHIND - _LONGEST,
            activity.c.recorded_at <= cutoff,
        )
        .order_by(activity.c.recorded_at, activity.c.id)
    ).all()
    standing = [row for row in rows if row.stands]
    known = _known_as(conn, rows, standing, triggers)
    return [
        TriggerEvent(units.ids[row.unit_no], row.activity, row.done_on, known.get(_place(row))) for row in standing
    ]


def _place(row: Row[Any]) -> _Place:
    return row.unit_no, row.activity, row.done_on


def _known_as(
    conn: Connection,
    rows: Sequence[Row[Any]],
    standing: Sequence[Row[Any]],
    triggers: Mapping[str, Sequence[str]],
) -> dict[_Place, date]:
    """The days under which the demands of events whose day was corrected are there already."""
    before: dict[str, list[Row[Any]]] = {}
    for row in rows:
        before.setdefault(row.ref, []).append(row)
    corrected = [row for row in standing if len(before[row.ref]) > 1]
    if not corrected:
        return {}
    made = _made(conn, {row.unit_no for row in corrected}, triggers)
    found: dict[_Place, date] = {}
    # A day that stands in another record is that event's.
    taken = {_place(row) for row in standing}
    for row in corrected:
        for earlier in before[row.ref]:
            place = _place(earlier)
            if place in made and place not in taken and _place(row) not in made:
                found[_place(row)] = earlier.done_on
                taken.add(place)
                break
    return found


def _day(subject: str) -> date | None:
    try:
        return date.fromisoformat(subject)
    except ValueError:
        return None


def _made(conn: Connection, units: Iterable[int], triggers: Mapping[str, Sequence[str]]) -> set[_Place]:
    """The events of these units, by their days, of which there is a demand that is not void."""
    of_rule = {name: event for event, names in triggers.items() for name in names}
    found: set[_Place] = set()
    for some in slices(units):
        asked = select(task.c.unit_no, rule.c.id, task.c.subject).join_from(
            task, rule, rule.c.no == task.c.rule_no
        )
        mine = rule.c.id.in_(sorted(of_rule)), task.c.kind == TaskKind.REPORT, task.c.ended != VOID
        for unit_no, name, subject in conn.execute(asked.where(task.c.unit_no.in_(some), *mine)):
            # A rule that was edited may have tasks that are about a year or a day of its own.
            if (held := _day(subject)) is not None:
                found.add((unit_no, of_rule[name], held))
    return found
