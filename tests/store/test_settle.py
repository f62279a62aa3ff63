"""Which demand a submission settles: decision 12 in rows, and the same on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select, true

from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import OnDate, Overdue, RuleBook
from dondoc.engine.domain.terms import VOID, TaskKind
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, writing
from dondoc.engine.store.db.schema_version import create_tables
from dondoc.engine.store.night import nights, orgchart
from dondoc.engine.store.night import settle_submissions as settling
from dondoc.engine.store.night.prepared import Night
from dondoc.engine.store.night.settle_submissions import Settleable, choose
from tests.support import worlds
from tests.support.worlds import at, day, unit

ISSUED = day("2015-03-26")
ROUND_1, ROUND_2 = day("2015-04-19"), day("2015-10-29")


def rounds() -> list[Settleable]:
    """The two rounds of one report."""
    return [
        Settleable(n, f"d/round-{n}@{last}", ISSUED, last) for n, last in enumerate((ROUND_1, ROUND_2), start=1)
    ]


@pytest.mark.parametrize(
    ("on", "names", "chosen"),
    [
        pytest.param("2015-04-10", "", 1, id="in time for round 1"),
        pytest.param("2015-04-19", "", 1, id="on its last day"),
        pytest.param("2015-05-03", "", 1, id="late for round 1, though in time for round 2"),
        pytest.param("2015-07-24", "", 1, id="half-way, a day nearer to round 1"),
        pytest.param("2015-07-25", "", 2, id="half-way, a day nearer to round 2"),
        pytest.param("2015-11-05", "", 2, id="both overdue: the nearest"),
        pytest.param("2015-05-03", "d/round-2@2015-10-29", 2, id="it names round 2"),
        pytest.param("2015-05-03", "2015-10-29", 2, id="it names round 2 by its subject alone"),
        pytest.param("2015-05-03", "29/10/2015", 2, id="it names round 2 by its last day"),
        pytest.param("2015-05-03", "hạn 30/10/2015", 2, id="it names round 2 by the day that letters print"),
        pytest.param("2015-05-03", "2016-10-29", None, id="it names one that is not there yet: it waits"),
        pytest.param("2015-03-25", "", None, id="before the directive was issued it settles nothing"),
        pytest.param("2015-03-26", "", 1, id="on the day of issue it does"),
    ],
)
def test_submission_is_counted_for_one_demand(on: str, names: str, chosen: int | None) -> None:
    """The named one, else the nearest."""
    found = choose(day(on), names, rounds())
    assert (found.id if found else None) == chosen


def test_of_two_equally_near_the_earlier() -> None:
    """Ten days after one last day and ten days before the next."""
    demands = [Settleable(n, f"d/r@{n}", ISSUED, day(last)) for n, last in ((1, "2015-05-01"), (2, "2015-05-21"))]
    assert choose(day("2015-05-11"), "", demands) is demands[0]
    assert choose(day("2015-05-12"), "", demands) is demands[1]


def test_of_two_due_on_one_day_each_report_settles_another() -> None:
    """An heir of two units owes two; a third report revises the first."""
    demands = [Settleable(n, f"d/r{n}@x", ISSUED, ROUND_1) for n in (1, 2)]
    for n in (1, 2):
        found = choose(day("2015-04-10"), "", demands)
        assert found is demands[n - 1]
        found.place = at("2015-04-10T10:00"), day("2015-04-10"), f"{n}"
    assert choose(day("2015-04-10"), "", demands) is demands[0]


def test_no_demand_at_all_lets_it_wait() -> None:
    """A report nobody asked for yet."""
    assert choose(day("2015-05-03"), "", []) is None


def book() -> RuleBook:
    """Two rounds of one report of one unit."""
    made = [
        worlds.rule(f"d/round-{n}", Overdue("report", None, OnDate(last, exclusive=False), ()), "u.a")
        for n, last in enumerate((ROUND_1, ROUND_2), start=1)
    ]
    return worlds.book(made, [worlds.directive("d", since=ISSUED)])


Rows = Sequence[tuple[str, str, str]]


def settled(engine: Engine, rows: Rows, cutoffs: Sequence[str]) -> dict[str, date | None]:
    """When each round was done, after nights with these cut-offs; a row is ref, day handed in, recorded at."""
    chart = OrgChart({"u.a": unit("u.a")}, ())
    with writing(engine) as conn:
        worlds.settle_in(conn, "u.a")
        for ref, on, recorded in rows:
            taken = worlds.take(
                conn, "submissions", worlds.submission(ref, "u.a", "report", day(on), at(recorded))
            )
            assert not taken.refused
        for cutoff in cutoffs:
            instant = at(cutoff)
            nights.prepare(conn, book(), chart, Night(instant.date(), instant))
        rows_ = conn.execute(select(t.task.c.subject, t.task.c.done_on, t.task.c.ended)).all()
    return {f"{row.subject} {row.ended}".strip(): row.done_on for row in rows_}


def test_two_reports_settle_two_rounds(database: Engine) -> None:
    """The first is late for round 1, the second in time for round 2."""
    rows = [("1", "2015-05-03", "2015-05-03T10:00"), ("2", "2015-10-20", "2015-10-20T10:00")]
    assert settled(database, rows, ["2015-10-21T02:00"]) == {
        "2015-04-19 late": day("2015-05-03"),
        "2015-10-29 on-time": day("2015-10-20"),
    }


def test_report_recorded_after_the_cut_off_settles_nothing(database: Engine) -> None:
    """Invariant 11: it is not known that night, and is the next."""
    rows = [("1", "2015-04-18", "2015-04-22T10:00")]
    assert settled(database, rows, ["2015-04-22T02:00"]) == {"2015-04-19": None}


def test_corrected_report_frees_its_demand_and_settles_anew(database: Engine) -> None:
    """The day it was handed in is put right after a night has counted it."""
    rows = [("1", "2015-04-18", "2015-04-18T10:00"), ("1", "2015-04-21", "2015-04-25T10:00")]
    before, after = "2015-04-20T02:00", "2015-04-26T02:00"
    assert settled(database, rows, [before, after]) == {"2015-04-19 late": day("2015-04-21")}


def test_correction_is_not_known_before_it_was_recorded(database: Engine) -> None:
    """A catch-up of the night before it counts the first version."""
    rows = [("1", "2015-04-18", "2015-04-18T10:00"), ("1", "2015-04-21", "2015-04-25T10:00")]
    assert settled(database, rows, ["2015-04-20T02:00"]) == {"2015-04-19 on-time": day("2015-04-18")}


def test_one_that_was_recorded_earlier_takes_its_place_when_it_is_known(database: Engine) -> None:
    """Of two on one day the first recorded settles it, also where a source brings that one a night later."""
    rows = [("late", "2015-04-18", "2015-04-18T15:00"), ("early", "2015-04-18", "2015-04-18T10:00")]
    chart = OrgChart({"u.a": unit("u.a")}, ())
    with writing(database) as conn:
        worlds.settle_in(conn, "u.a")
        for row, cutoff in zip(rows, ("2015-04-20T02:00", "2015-04-21T02:00"), strict=True):
            ref, on, recorded = row
            one = worlds.submission(ref, "u.a", "report", day(on), at(recorded))
            assert not worlds.take(conn, "submissions", one).refused
            nights.prepare(conn, book(), chart, Night(at(cutoff).date(), at(cutoff)))
        s = t.submission.c
        revised = dict(conn.execute(select(s.ref, s.revision).where(s.task_id.is_not(None))).tuples().all())
        settler = conn.scalar(select(s.ref).join(t.task, t.task.c.submission_id == s.id))
    assert revised == {"late": True, "early": False}
    assert settler == "early"


DAYS = st.dates(day("2015-03-20"), day("2015-12-20"))


def run(days: Sequence[date]) -> list[bool]:
    """Which rounds are settled after submissions of these days."""
    demands = rounds()
    found = [choose(one, "", demands) for one in days]
    return [demand in found for demand in demands]


@given(st.lists(DAYS, max_size=6))
def test_each_submission_settles_at_most_one_demand(days: list[date]) -> None:
    """Invariant 11: what is settled is never more than what was handed in."""
    assert sum(run(days)) <= len(days)


@given(st.lists(DAYS, max_size=5), st.integers(0, 5), st.dates(ISSUED, ROUND_1))
def test_one_more_submission_in_time_unsettles_nothing(days: list[date], where: int, more: date) -> None:
    """Invariant 10: a report on or before the last day, wherever it comes in the record, creates no finding."""
    without, with_ = run(days), run([*days[:where], more, *days[where:]])
    assert all(one <= other for one, other in zip(without, with_, strict=True))


def test_nights_one_by_one_and_one_catch_up_settle_the_same(sqlite: Engine, postgres: Engine) -> None:
    """Invariant 13, for what settles what; each way on its own database."""
    rows = [
        ("a", "2015-04-10", "2015-04-30T10:00"),
        ("b", "2015-04-28", "2015-04-28T10:00"),
        ("c", "2015-10-30", "2015-11-02T10:00"),
    ]
    nights_ = [f"2015-{month:02}-03T02:00" for month in range(4, 12)]
    assert settled(sqlite, rows, nights_) == settled(postgres, rows, nights_[-1:])


Owed = tuple[str, date, bool, str]  # a unit, its last day, whether it is done, how it ended
HandedIn = tuple[str, date, str]  # a unit, the day, what it names

_UNITS = st.sampled_from(["u.a", "u.b"])
_LAST = st.dates(day("2013-01-01"), day("2016-06-01"))
_OWED = st.lists(
    st.tuples(_UNITS, _LAST, st.booleans(), st.sampled_from(["", "on-time", "late", VOID])), max_size=9
)
_HANDED_IN = st.lists(st.tuples(_UNITS, DAYS, st.sampled_from(["", "", "0", "1", "d/round-1@2"])), max_size=4)


@given(_OWED, _HANDED_IN, st.sampled_from([TaskKind.REPORT, TaskKind.ASSIGNED]))
def test_what_is_not_read_again_is_never_chosen(
    owed: list[Owed], handed_in: list[HandedIn], kind: TaskKind
) -> None:
    """Asked of the few demands that can matter, or of every one there ever was: the same is settled."""
    engine = connect("sqlite://")
    create_tables(engine)
    cutoff = at("2016-06-02T02:00")
    with writing(engine) as conn:
        for which in ("u.a", "u.b"):
            worlds.settle_in(conn, which)
        numbers = orgchart.numbers(conn).of
        rules = {"d/round-1": conn.execute(insert(t.rule).values(id="d/round-1")).inserted_primary_key[0]}
        common = {
            "kind": kind,
            "counts": "report",
            "issued_on": day("2013-01-01"),
            "recorded_at": at("2013-01-02T00:00"),
        }
        for n, (which, last, done, ended) in enumerate(owed):
            values = {
                "rule_no": rules["d/round-1"],
                "unit_no": numbers[which],
                "subject": f"{n}",
                "last_day": last,
            }
            conn.execute(insert(t.task).values(**values, **common, done_on=last if done else None, ended=ended))
        for n, (which, on, names) in enumerate(handed_in):
            row = {
                "ref": f"{n}",
                "unit_no": numbers[which],
                "report": "report",
                "submitted_on": on,
                "task_ref": names,
            }
            conn.execute(insert(t.submission).values(**row, recorded_at=at("2016-06-01T10:00")))
        found = []
        for every in (False, True):
            with pytest.MonkeyPatch.context() as patch, conn.begin_nested() as undo:
                if every:
                    patch.setattr(settling, "_asked", lambda _waiting, _heirs: [true()])
                settling.settle(conn, rules, Night(cutoff.date(), cutoff))
                found.append(
                    (
                        conn.execute(select(t.task.c.id, t.task.c.submission_id).order_by(t.task.c.id)).all(),
                        conn.execute(
                            select(t.submission.c.id, t.submission.c.task_id, t.submission.c.revision)
                        ).all(),
                    )
                )
                undo.rollback()
    engine.dispose()
    assert found[0] == found[1]
