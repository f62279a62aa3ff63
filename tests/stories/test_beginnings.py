"""Night by night, a first night, a baseline and a pack added later: they end alike, and none tells more (0039)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import EveryPeriod, Overdue, Quota, RuleBook
from dondoc.engine.domain.terms import CaseStatus, Outcome, Scope
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.db.schema_version import in_memory
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night.steps import cutoff_of
from dondoc.flows.whatif.sandbox import Sandbox
from tests.support import worlds
from tests.support.how_many import how_many
from tests.support.worlds import at, day

DAY = timedelta(days=1)
UNIT, ABOVE = "u.a", "u.above"
WEEK = WorkCalendar("week", day("2022-01-01"), day("2029-12-31"), {}, {})
FIRST, LAST = day("2026-01-05"), day("2026-04-10")
RULES = {
    "d/broadcast": Quota("broadcast", 1, PeriodKind.CALENDAR_MONTH, Scope.EACH),
    "d/report": Overdue("month", None, EveryPeriod(PeriodKind.CALENDAR_MONTH, 25)),
}


def _book(*names: str) -> RuleBook:
    made = [worlds.rule(name, RULES[name], UNIT) for name in names]
    return worlds.book(made, [worlds.directive("d", since=day("2026-01-01"))], calendar=WEEK)


@dataclass(frozen=True)
class End:
    """How a store stands after its last night: open cases, how cases closed and tasks ended, and who was told."""

    open: frozenset[tuple[str, str]]
    closed: Mapping[tuple[str, str], Outcome]
    ended: Mapping[tuple[str, str], str]
    told: frozenset[tuple[str, str, str]]


def _end(box: Sandbox) -> End:
    with reading(box.engine) as conn:
        names = {row.no: row.id for row in conn.execute(select(t.rule))}
        cases = conn.execute(
            select(t.task.c.rule_no, t.task.c.subject, t.case_file.c.status, t.case_file.c.outcome).join_from(
                t.case_file, t.task
            )
        ).all()
        tasks = conn.execute(select(t.task.c.rule_no, t.task.c.subject, t.task.c.ended)).all()
        told = conn.execute(
            select(t.task.c.rule_no, t.task.c.subject, t.unit.c.id)
            .join_from(t.notice, t.task)
            .join(t.unit, t.unit.c.no == t.notice.c.reader_no)
        ).all()
    return End(
        frozenset((names[row.rule_no], row.subject) for row in cases if row.status is not CaseStatus.CLOSED),
        {(names[row.rule_no], row.subject): row.outcome for row in cases if row.status is CaseStatus.CLOSED},
        {(names[row.rule_no], row.subject): row.ended for row in tasks if row.ended},
        frozenset((names[row.rule_no], row.subject, row.id) for row in told),
    )


def _played(facts: Sequence[date], reports: Sequence[date], plan: Sequence[tuple[RuleBook, Night]]) -> End:
    with in_memory() as engine:
        box = Sandbox(engine, plan[0][0])
        for n, unit in enumerate((UNIT, ABOVE), 2):
            row = {"id": unit, "kind": "ubnd", "level": "commune" if n == 2 else "district"}
            assert not box.brings("units", [(n, {**row, "from": worlds.SINCE, "until": None})], worlds.NOW).refused
        held = [worlds.activity(f"A{n}", UNIT, "broadcast", on, at(f"{on}T10:00")) for n, on in enumerate(facts)]
        box.brings("activities", list(enumerate(held, 2)), worlds.NOW)
        sent = [worlds.submission(f"S{n}", UNIT, "month", on, at(f"{on}T10:00")) for n, on in enumerate(reports)]
        box.brings("submissions", list(enumerate(sent, 2)), worlds.NOW)
        for book, night in plan:
            box.book, box.previous = book, night.previous
            box.night(night.as_of, notifying=night.notifying, baseline=night.baseline)
        return _end(box)


def _night(on: date, previous: date | None = None, *, baseline: bool = False) -> Night:
    return Night(on, cutoff_of(on), baseline=baseline, previous=previous or on - DAY)


def _each(book: RuleBook, first: date) -> list[tuple[RuleBook, Night]]:
    return [(book, _night(first + n * DAY)) for n in range((LAST - first).days + 1)]


_days = st.lists(st.dates(FIRST, LAST - DAY), max_size=5, unique=True)


def _compare(facts: Sequence[date], reports: Sequence[date]) -> None:
    """A monthly broadcast and a monthly report, done on whichever days: compared on the night of 10/4."""
    whole, one = _book(*RULES), _book("d/report")
    by_night = _played(facts, reports, _each(whole, FIRST))
    begun = {
        "first": _played(facts, reports, [(whole, _night(LAST))]),
        "baseline": _played(facts, reports, [(whole, _night(LAST, baseline=True))]),
        "added later": _played(facts, reports, [*_each(one, LAST - 9 * DAY)[:-1], (whole, _night(LAST))]),
    }
    for how, end in begun.items():
        assert end.open == by_night.open, how
        assert end.ended == by_night.ended, how
        assert {key: outcome for key, outcome in by_night.closed.items() if key in end.closed} == end.closed, how
        assert end.told <= by_night.told, how


@settings(max_examples=2, suppress_health_check=[HealthCheck.too_slow])
@given(_days, _days)
def test_however_it_begins_it_ends_alike_and_tells_no_more(facts: Sequence[date], reports: Sequence[date]) -> None:
    """A few worlds in the quick suite."""
    _compare(facts, reports)


@pytest.mark.long
@settings(max_examples=how_many(60), suppress_health_check=[HealthCheck.too_slow])
@given(_days, _days)
def test_more_beginnings(facts: Sequence[date], reports: Sequence[date]) -> None:
    """Many worlds."""
    _compare(facts, reports)


def test_a_missed_month_that_was_made_good_opens_no_ladder_on_a_first_night() -> None:
    """Broadcasts in January and March: in April February is a closed case of which nobody is told."""
    facts = [day("2026-01-10"), day("2026-03-10")]
    end = _played(facts, [], [(_book("d/broadcast"), _night(LAST))])
    assert end.open == frozenset()
    assert end.closed == {("d/broadcast", "2026-02"): Outcome.RESUMED}
    assert end.told == frozenset()


def test_a_month_found_missed_after_later_ones_were_met_is_told_to_nobody() -> None:
    """February turns out in April to have had none: a month since was met, so nothing is owed any more."""
    days = [day(f"2026-0{month}-10") for month in (1, 2, 3)]
    with in_memory() as engine:
        box = Sandbox(engine, _book("d/broadcast"))
        unit = {"id": UNIT, "kind": "ubnd", "level": "commune", "from": worlds.SINCE, "until": None}
        box.brings("units", [(2, unit)], worlds.NOW)
        rows = [worlds.activity(f"A{n}", UNIT, "broadcast", on, at(f"{on}T10:00")) for n, on in enumerate(days)]
        box.brings("activities", list(enumerate(rows, 2)), worlds.NOW)
        for _, night in _each(box.book, FIRST)[:-2]:
            box.night(night.as_of)
        moved = worlds.activity("A1", UNIT, "broadcast", day("2026-04-02"), at("2026-04-08T10:00"))
        assert not box.brings("activities", [(2, moved)], worlds.NOW).refused
        box.night(LAST)
        end = _end(box)
    assert end.closed == {("d/broadcast", "2026-02"): Outcome.RESUMED}
    assert end.told == frozenset()
