"""Bringing rows in: the same row changes nothing, a correction supersedes, a row at fault is refused alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import OnDate, Overdue, RuleBook, Selector
from dondoc.engine.domain.terms import Level, Line, RelationKind, TaskKind
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.db.schema_version import in_memory
from dondoc.engine.store.intake.rows import IntakeResult
from dondoc.engine.store.matching.evaluate import Decisions, decide_all
from dondoc.engine.store.matching.matches import Matches
from dondoc.engine.store.night import nights
from dondoc.engine.store.night.prepared import Night
from dondoc.engine.store.recall.copies import copy_before
from tests.support import worlds
from tests.support.worlds import at, day, unit

JULY, AUGUST = day("2019-07-10"), day("2019-08-10")
EARLY, LATE, LATER = at("2019-08-01T10:00"), at("2019-08-05T10:00"), at("2019-08-09T10:00")
QUARTER = (day("2019-04-01"), day("2019-06-30"))


@pytest.fixture
def store(database: Engine) -> Engine:
    """A store that knows two units."""
    with writing(database) as conn:
        worlds.settle_in(conn, "u.a", "u.b")
    return database


def take(store: Engine, sheet: str, *rows: Mapping[str, Any]) -> IntakeResult:
    """Imports rows in a transaction of their own."""
    with writing(store) as conn:
        return worlds.take(conn, sheet, *rows)


LIFE = {"kind": "ubnd", "level": Level.COMMUNE, "from": worlds.SINCE, "until": None}
ROWS = {
    "tasks": (worlds.assigned("1", "u.a", AUGUST, EARLY), "title", "Việc khác"),
    "submissions": (worlds.submission("1", "u.a", "r", JULY, EARLY), "submitted_on", AUGUST),
    "activities": (worlds.activity("1", "u.a", "a", JULY, EARLY), "quantity", 3),
    "readings": (worlds.reading("1", "u.a", "i", *QUARTER, 30_000_000, EARLY), "value", 10_000_001),
}


TABLES = {"tasks": t.assignment, "submissions": t.submission, "activities": t.activity, "readings": t.reading}


@pytest.mark.parametrize("sheet", ROWS)
def test_same_row_twice_changes_nothing(store: Engine, sheet: str) -> None:
    """In one sheet, in the next one, and in a third."""
    row = ROWS[sheet][0]
    assert take(store, sheet, row, row) == IntakeResult(1, 0, 1, ())
    assert take(store, sheet, row) == IntakeResult(0, 0, 1, ())
    with reading(store) as conn:
        assert conn.scalar(select(func.count()).select_from(TABLES[sheet])) == 1


@pytest.mark.parametrize("sheet", ROWS)
def test_correction_supersedes_and_both_are_kept(database: Engine, sheet: str) -> None:
    """The first version ends at the instant the second was recorded; a third supersedes the second."""
    store = database
    take(store, "units", *({"id": id_, **LIFE} for id_ in ("u.a", "u.b")))
    row, column, value = ROWS[sheet]
    take(store, sheet, row)
    assert take(store, sheet, row | {column: value, "recorded_at": LATE}) == IntakeResult(0, 1, 0, ())
    assert take(store, sheet, row | {"recorded_at": LATER}) == IntakeResult(0, 1, 0, ())
    table = TABLES[sheet]
    with reading(store) as conn:
        kept = conn.execute(select(table).order_by(table.c.id)).mappings().all()
    assert [version["superseded_at"] for version in kept] == [LATE, LATER, None]
    assert [version[column] for version in kept] == [row[column], value, row[column]]


@pytest.mark.parametrize("recorded", [EARLY, at("2019-07-31T10:00")], ids=["as old", "older"])
@pytest.mark.parametrize("sheet", ROWS)
def test_another_row_of_the_same_ref_that_is_no_later_is_refused(
    store: Engine, sheet: str, recorded: datetime
) -> None:
    """Nobody could say which one is right."""
    row, column, value = ROWS[sheet]
    take(store, sheet, row)
    taken = take(store, sheet, row | {column: value, "recorded_at": recorded})
    assert (taken.added, taken.corrected, taken.unchanged) == (0, 0, 0)
    (refused,) = taken.refused
    assert (refused.line, refused.column, refused.value) == (2, "ref", "1")
    assert "recorded_at muộn hơn" in refused.vi
    assert "later recorded_at" in refused.en


@pytest.mark.parametrize("known", [False, True], ids=["new", "already known"])
def test_two_versions_in_one_sheet_leave_one_current(store: Engine, known: bool) -> None:  # noqa: FBT001 - a column
    """The second of them is refused aloud, so that no fact ever counts twice."""
    row = worlds.activity("1", "u.a", "a", JULY, EARLY)
    if known:
        take(store, "activities", row)
    taken = take(
        store,
        "activities",
        row | {"quantity": 2, "recorded_at": LATE},
        row | {"quantity": 3, "recorded_at": LATER},
    )
    assert [refused.line for refused in taken.refused] == [3]
    with reading(store) as conn:
        current = conn.scalars(select(t.activity.c.quantity).where(t.activity.c.superseded_at.is_(None))).all()
    assert current == [2]


def test_second_reading_of_a_period_under_another_ref_is_refused(store: Engine) -> None:
    """One figure for each unit, indicator and period; another one is a correction and bears the same ref."""
    first = worlds.reading("1", "u.a", "i", *QUARTER, 30_000_000, EARLY)
    other = worlds.reading("2", "u.a", "i", *QUARTER, 40_000_000, LATE)
    assert (
        take(store, "readings", first, other | {"unit": "u.b"}, other | {"indicator": "j", "ref": "3"}).added == 3
    )
    taken = take(store, "readings", other | {"ref": "4"})
    (refused,) = taken.refused
    assert (refused.line, refused.column, refused.value) == (2, "ref", "4")
    assert "ref «1»" in refused.vi
    assert "under ref '1'" in refused.en
    assert take(store, "readings", first | {"value": 5, "recorded_at": LATE}).corrected == 1


@pytest.mark.parametrize(
    ("sheet", "row", "column"),
    [
        ("submissions", worlds.submission("1", "u.x", "r", JULY, EARLY), "unit"),
        ("tasks", worlds.assigned("1", "u.a", JULY, EARLY, monitor="u.x"), "monitor"),
        (
            "relations",
            {
                "unit": "u.a",
                "other": "u.x",
                "kind": "led_by",
                "line": None,
                "basis": "",
                "from": JULY,
                "until": None,
            },
            "other",
        ),
        ("successions", {"old": "u.x", "new": "u.a", "scope": "all", "effective": JULY, "basis": ""}, "old"),
    ],
)
def test_unknown_unit_refuses_its_row_alone(store: Engine, sheet: str, row: dict[str, Any], column: str) -> None:
    """The row is named by line, column and value; the rows around it are taken."""
    good = row | {column: "u.b", **({"ref": "2"} if "ref" in row else {})}
    taken = take(store, sheet, row, good)
    assert taken.added == 1
    (refused,) = taken.refused
    assert (refused.line, refused.column, refused.value) == (2, column, "u.x")
    assert "units.csv" in refused.vi
    assert "units.csv" in refused.en


def test_chart_rows_take_over_new_values(store: Engine) -> None:
    """A unit known by its id gets its end; `until` is the last day in the file and the day after in the table."""
    row = {"id": "u.a", "kind": "ubnd", "level": Level.COMMUNE, "from": worlds.SINCE, "until": day("2025-06-30")}
    assert take(store, "units", row) == IntakeResult(0, 1, 0, ())
    with reading(store) as conn:
        assert conn.scalar(select(t.unit.c.valid_to).where(t.unit.c.id == "u.a")) == day("2025-07-01")
    clash = take(store, "units", row | {"until": None}, row | {"kind": "so"})
    assert (clash.corrected, [refused.line for refused in clash.refused]) == (1, [3])


def test_before_and_by_give_the_last_day(store: Engine) -> None:
    """An imported task due before a day ends the day before."""
    take(
        store,
        "tasks",
        worlds.assigned("1", "u.a", AUGUST, EARLY),
        worlds.assigned("2", "u.a", AUGUST, EARLY, due_kind="before"),
    )
    with reading(store) as conn:
        known = t.assignment.c
        rows = conn.execute(select(known.last_day, known.exclusive).order_by(known.id)).all()
    assert [tuple(row) for row in rows] == [(AUGUST, False), (day("2019-08-09"), True)]


def on_assigned(since: str = "2019-01-01") -> RuleBook:
    """One rule on assigned tasks, of a directive in force since a day."""
    made = worlds.rule("d/r", Overdue(None, "assigned", None, ()), applies_to=Selector(kind="ubnd"))
    once = worlds.rule("e/r", Overdue("r", None, OnDate(day("2030-01-01"), exclusive=False), ()), "u.a")
    return worlds.book([made, once], [worlds.directive("d", since=day(since))])


def judged(store: Engine, as_of: str, since: str = "2019-01-01") -> Decisions:
    """A night of that rule."""
    book, cutoff = on_assigned(since), at(f"{as_of}T02:00")
    chart = OrgChart({"u.a": unit("u.a"), "u.b": unit("u.b")}, ())
    with writing(store) as conn:
        ready = nights.prepare(conn, book, chart, Night(day(as_of), cutoff))
        decided = decide_all(conn, ready.shapes, ready.rules, cutoff)
        nights.retire_tasks(conn, ready)
        return decided


def test_task_recorded_after_the_cut_off_is_not_judged(store: Engine) -> None:
    """Invariant 11: an assigned task that nobody had recorded that night is no finding of that night."""
    take(store, "tasks", worlds.assigned("1", "u.a", day("2019-08-03"), at("2019-08-05T10:00")))
    assert judged(store, "2019-08-05").hits == Matches()
    assert [hit.rule for hit in judged(store, "2019-08-06").hits] == ["overdue"]


def test_a_corrected_limit_counts_from_the_night_that_knows_it(database: Engine) -> None:
    """Both versions are kept: nights before the correction, made up or asked again, go by the limit of then."""
    take(database, "units", *({"id": id_, **LIFE} for id_ in ("u.a", "u.b")))
    first = worlds.assigned("1", "u.a", day("2019-08-03"), EARLY)
    take(database, "tasks", first)
    take(database, "tasks", first | {"due": AUGUST, "title": "Việc khác", "recorded_at": LATE})
    assert [hit.rule for hit in judged(database, "2019-08-05").hits] == ["overdue"]
    assert judged(database, "2019-08-06").hits == Matches()
    assert [hit.rule for hit in judged(database, "2019-08-11").hits] == ["overdue"]
    with reading(database) as conn:
        (row,) = conn.execute(select(t.task).where(t.task.c.kind == TaskKind.ASSIGNED))
        with in_memory() as then:
            with writing(then) as target:
                copy_before(conn, target, day("2019-08-05"), at("2019-08-05T02:00"), on_assigned())
            again = judged(then, "2019-08-05")
            with reading(then) as made:
                (known,) = made.execute(select(t.task.c.id, t.task.c.title, t.task.c.last_day))
    assert (row.title, row.last_day, row.recorded_at) == ("Việc khác", AUGUST, EARLY)
    assert tuple(known) == (row.id, first["title"], day("2019-08-03"))
    assert [hit.rule for hit in again.hits] == ["overdue"]


def test_a_task_that_nobody_corrected_is_made_once(store: Engine) -> None:
    """However many nights look at it."""
    take(store, "tasks", worlds.assigned("1", "u.a", AUGUST, EARLY), worlds.assigned("2", "u.b", AUGUST, LATER))
    for night in ("2019-08-02", "2019-08-03", "2019-08-10", "2019-08-11"):
        judged(store, night)
    with reading(store) as conn:
        given = conn.execute(select(t.assignment.c.ref, t.assignment.c.task_id).order_by(t.assignment.c.ref)).all()
        tasks = conn.execute(
            select(t.task.c.subject, t.task.c.id).where(t.task.c.kind == TaskKind.ASSIGNED).order_by(t.task.c.id)
        ).all()
    assert given == tasks
    assert len(tasks) == 2


def test_task_waits_for_a_directive_that_comes_into_force(store: Engine) -> None:
    """A task imported before its directive binds is judged once it does."""
    take(store, "tasks", worlds.assigned("1", "u.a", day("2019-08-03"), EARLY))
    assert judged(store, "2019-08-05", since="2019-08-06").hits == Matches()
    assert [hit.rule for hit in judged(store, "2019-08-06", since="2019-08-06").hits] == ["overdue"]


def test_imported_tasks_are_of_their_kind(store: Engine) -> None:
    """They are assigned work, known by their ref, whatever report bears the same name."""
    take(store, "tasks", worlds.assigned("1", "u.a", AUGUST, EARLY))
    assert take(store, "tasks", worlds.assigned("1", "u.a", AUGUST, EARLY)).unchanged == 1
    judged(store, "2019-08-02")
    with reading(store) as conn:
        kinds = conn.execute(select(t.task.c.kind, t.task.c.subject).where(t.task.c.counts == "assigned")).all()
    assert [tuple(row) for row in kinds] == [(TaskKind.ASSIGNED, "1")]


def test_a_unit_reports_from_its_first_day_to_its_last(store: Engine) -> None:
    """Both included; the day before and the day after are another unit's."""
    take(store, "units", {"id": "u.new", **LIFE, "from": day("2015-01-01"), "until": day("2015-12-31")})
    recorded = worlds.at("2016-02-01T10:00")
    days = ("2014-12-31", "2015-01-01", "2015-12-31", "2016-01-01")
    rows = [worlds.submission(on, "u.new", "r", day(on), recorded) for on in days]
    assert [one.value for one in take(store, "submissions", *rows).refused] == ["2014-12-31", "2016-01-01"]


def test_of_two_relations_that_contradict_each_other_the_later_row_is_refused(store: Engine) -> None:
    """Each of two communes above the other: the first stays, as if the second had never been written."""
    since = {
        "kind": RelationKind.PARENT,
        "line": Line.GOVERNMENT,
        "from": worlds.SINCE,
        "until": None,
        "basis": "",
    }
    rows = ({"unit": "u.a", "other": "u.b", **since}, {"unit": "u.b", "other": "u.a", **since})
    found = take(store, "relations", *rows)
    assert (found.added, [one.line for one in found.refused]) == (1, [3])
    with reading(store) as conn:
        assert conn.scalar(select(func.count()).select_from(t.relation)) == 1
