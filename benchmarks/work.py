"""A year of invented work for every commune, poured into the tables: what is open, and what is long closed.

recurring   reports, broadcasts, visits and inspections of the year, about one in twenty missing
assigned    tasks that were given: 5 in 100 overdue, three of four of these by some days, the others by up to a
            month; 1 due tonight, 2 due within a week, the others in time
readings    fifteen months of ten figures, about one in twenty beyond its limit
history     as many assigned tasks again, done within the year: reports, closed cases, notices and letters
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from country import DAY, EVE, FIRST_NIGHT, SECOND_NIGHT, Size, rows_of
from sqlalchemy import Connection, Engine, Table, select

from dondoc.engine.domain.model import SCALE
from dondoc.engine.domain.periods import Period, PeriodKind, periods_between, previous
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import CaseStatus, LetterState, Outcome, Scope, Section, TaskKind
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.night.cases import ladder_text

_YEAR = date(2026, 1, 1)
_LAPSES = 0.05
_GIVEN = date(2026, 1, 5)
_MONTHS = tuple(periods_between(PeriodKind.CALENDAR_MONTH, date(2025, 8, 1), date(2026, 10, 31)))
_LETTERS_A_UNIT = 12

Line = Sequence[Any]

# What Python's own adapter did; it is on its way out.
sqlite3.register_adapter(date, date.isoformat)


def pour(conn: Connection, table: Table, columns: Sequence[str], rows: Iterable[Line]) -> None:
    """Many rows by the driver's own fast way; dates and instants are text, booleans 0 and 1."""
    raw = conn.connection.driver_connection
    names = ", ".join(columns)
    assert raw is not None
    if conn.dialect.name == "sqlite":
        raw.executemany(f"insert into {table.name} ({names}) values ({', '.join('?' * len(columns))})", rows)
        return
    with raw.cursor() as cursor, cursor.copy(f"copy {table.name} ({names}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)


def instant(day: date, hour: int = 3) -> str:
    """An instant of that day as both databases store it: in UTC."""
    return f"{day} {hour:02d}:00:00.000000"


@dataclass(slots=True)
class Work:
    """The invented work of so many communes; the same seed makes the same work."""

    size: Size
    communes: list[tuple[int, int]]
    chance: Random = field(default_factory=lambda: Random(2026))

    def lapses(self, share: float = _LAPSES) -> bool:
        """Whether this time somebody does not do what is asked."""
        return self.chance.random() < share


def work_of(engine: Engine, size: Size) -> Work:
    """The work of the communes that stand in the database."""
    with engine.connect() as conn:
        units = {row.id: row.no for row in conn.execute(select(t.unit.c.id, t.unit.c.no))}
    return Work(size, list(rows_of(units, size)))


def recurring(conn: Connection, work: Work) -> None:
    """A year of reports and activities up to the eve, and all readings."""
    reports: list[tuple[str, int, str, date, str]] = []
    acts: list[Line] = []
    for unit, _ in work.communes:
        reports += _reports(work, unit)
        acts += _acts(work, unit)
    pour(
        conn,
        t.submission,
        ("ref", "unit_no", "report", "submitted_on", "document", "task_ref", "recorded_at", "revision"),
        ((*line, "Báo cáo mẫu", subject, instant(line[-1]), 0) for *line, subject in reports),
    )
    pour(conn, t.activity, ("ref", "unit_no", "activity", "done_on", "quantity", "recorded_at"), acts)
    columns = [
        "ref",
        "unit_no",
        "indicator",
        "period_kind",
        "period",
        "first_day",
        "last_day",
        "previous",
        "value",
        "recorded_at",
    ]
    pour(conn, t.reading, columns, _readings(work))


def _periods(kind: PeriodKind) -> Iterator[Period]:
    return periods_between(kind, _YEAR, date(2026, 12, 31))


def _reports(work: Work, unit: int) -> Iterator[tuple[str, int, str, date, str]]:
    due = [(f"child-{word}", period, period.last.replace(day=by)) for word, kind, by in (
        ("monthly", PeriodKind.CALENDAR_MONTH, 18),
        ("quarterly", PeriodKind.CALENDAR_QUARTER, 20),
        ("half-yearly", PeriodKind.CALENDAR_HALF, 15),
    ) for period in _periods(kind)]  # fmt: skip
    survey = date(2026, 10, 30)
    due.append(("child-survey", Period(_YEAR, survey, survey.isoformat()), survey))
    for report, period, last in due:
        if last < EVE and not work.lapses():
            day = last - work.chance.randint(1, 9) * DAY
            yield f"{unit}-{report}-{period.key}", unit, report, day, period.key


def _acts(work: Work, unit: int) -> Iterator[Line]:
    month, quarter = PeriodKind.CALENDAR_MONTH, PeriodKind.CALENDAR_QUARTER
    for activity, kind, times in (("broadcast", month, 2), ("home-visit", month, 1), ("inspection", quarter, 1)):
        for period in _periods(kind):
            for n in range(times):
                day = period.first + work.chance.randint(0, 27) * DAY
                if day < EVE and not work.lapses(_LAPSES / times):
                    yield f"{unit}-{activity}-{period.key}-{n}", unit, activity, day, 1, instant(day)


def _readings(work: Work) -> Iterator[Line]:
    kind = PeriodKind.CALENDAR_MONTH
    for unit, _ in work.communes:
        for n in range(1, 6):
            risen = 50
            for month in _MONTHS:
                level = 4 if work.lapses() else work.chance.randint(0, 2)
                risen = risen * 3 // 2 if work.lapses() else max(20, risen - work.chance.randint(0, 3))
                for name, value in ((f"mau-level-{n}", level), (f"mau-rise-{n}", risen)):
                    yield (
                        f"{unit}-{name}-{month.key}",
                        *(unit, name, kind.value, month.key, month.first, month.last),
                        *(previous(kind, month).key, value * SCALE, instant(month.last + 5 * DAY)),
                    )


_TASK = (
    *("rule_no", "unit_no", "subject", "kind", "counts", "need", "scope", "last_day", "issued_on", "recorded_at"),
    *("done_on", "done_recorded_at", "finished_on", "ended", "title", "title_en", "exclusive", "monitor_no"),
)


def assigned(conn: Connection, work: Work, book: RuleBook, rules: Mapping[str, int]) -> None:
    """The open tasks that were given before the first night."""
    rule = rules["mau-2026/assigned-work"]
    pour(conn, t.task, _TASK, _open(work, rule, _standing(book)))
    _mirror(conn, "finished_on is null")


def _standing(book: RuleBook) -> list[int]:
    """By how many days a task can be late and not climb on the second night, on which little is to be new."""
    calendar, steps = book.calendars["vn"], set(book.ladders["document"].positions())
    late = range(1, 31)
    return [days for days in late if calendar.count(FIRST_NIGHT - (days - 1) * DAY, SECOND_NIGHT) not in steps]


def _open(work: Work, rule: int, late: Sequence[int]) -> Iterator[Line]:
    recent = [days for days in late if days < 7]
    for unit, monitor in work.communes:
        for n in range(work.size.assigned):
            drawn = work.chance.random()
            days = (
                -work.chance.choice(late if work.lapses(0.25) else recent) if drawn < _LAPSES
                else 0 if drawn < 0.06
                else work.chance.randint(1, 7) if drawn < 0.08
                else work.chance.randint(15, 200)
            )  # fmt: skip
            yield _given(rule, unit, f"mau-{unit}-{n}", FIRST_NIGHT + days * DAY, monitor, None)


def _given(rule: int, unit: int, ref: str, last: date, monitor: int, done: date | None) -> Line:
    ended = "" if done is None else "on-time" if done <= last else "late"
    return (
        *(rule, unit, ref, TaskKind.ASSIGNED.value, "child-work", 0, Scope.EACH.value, last, _GIVEN),
        *(instant(_GIVEN), done, instant(done) if done else None, done + DAY if done else None, ended),
        *(f"Việc mẫu {ref}", f"Sample work {ref}", 0, monitor),
    )


def history(conn: Connection, work: Work, book: RuleBook, rules: Mapping[str, int]) -> None:
    """A year of tasks done, one in twenty late: closed cases with three notices, in letters sent long ago."""
    rule = rules["mau-2026/assigned-work"]
    start = conn.execute(select(t.task.c.id).order_by(t.task.c.id.desc()).limit(1)).scalar() or 0
    pour(conn, t.task, _TASK, _done(work, rule))
    _mirror(conn, "finished_on is not null")
    late = conn.execute(
        select(t.task.c.id, t.task.c.unit_no, t.task.c.monitor_no, t.task.c.last_day, t.task.c.done_on)
        .where(t.task.c.id > start, t.task.c.ended == "late")
        .order_by(t.task.c.id)
    ).all()
    ladder = ladder_text(book.ladders["document"])
    pour(
        conn,
        t.case_file,
        (
            *("id", "code", "task_id", "round", "status", "breach", "opened_on", "reached", "floor"),
            *("outcome", "closed_on", "closing_told", "ladder"),
        ),
        (
            (
                *(n, f"MAU26-{n:04d}", row.id, 1, CaseStatus.CLOSED.value, row.last_day + DAY, row.last_day + DAY),
                *(2, 0, Outcome.LATE.value, row.done_on + DAY, 1, ladder),
            )
            for n, row in enumerate(late, 1)
        ),
    )
    pour(
        conn,
        t.notice,
        ("night", "letter", "reader_no", "task_id", "case_id", "round", "section", "step"),
        (
            (row.last_day + DAY, f"old-{row.unit_no}-{n % _LETTERS_A_UNIT}", reader, row.id, n, 1, section, step)
            for n, row in enumerate(late, 1)
            for reader, section, step in (
                (row.unit_no, Section.NEW.value, 1),
                (row.monitor_no, Section.WORSE.value, 2),
                (row.unit_no, Section.RESOLVED.value, 2),
            )
        ),
    )
    pour(conn, t.letter, _LETTER, (_sent(unit, n) for unit, _ in work.communes for n in range(_LETTERS_A_UNIT)))


_LETTER = (
    *("id", "night", "office", "part", "message_id", "envelope_from", "recipient", "mime", "mime_sha256", "size"),
    *("state", "attempt", "next_at", "lease_token", "reply", "expires_at", "planned_at", "journaled"),
)


def _sent(unit: int, n: int) -> Line:
    identity, day = f"old-{unit}-{n}", _GIVEN + n * 21 * DAY
    return (
        *(
            identity,
            day,
            f"old-{unit}",
            n,
            f"<{identity}@example.vn>",
            "a@example.vn",
            "b@example.vn",
            b"old",
            "0",
            3,
        ),
        *(LetterState.SENT.value, 1, instant(day), 1, "", instant(day + DAY), instant(day), 0),
    )


def _done(work: Work, rule: int) -> Iterator[Line]:
    for unit, monitor in work.communes:
        for n in range(work.size.assigned):
            last = EVE - work.chance.randint(20, 340) * DAY
            done = last + (work.chance.randint(3, 10) if work.lapses() else -work.chance.randint(0, 10)) * DAY
            yield _given(rule, unit, f"cu-{unit}-{n}", last, monitor, done)


def _mirror(conn: Connection, which: str) -> None:
    """The assignment that each task came of, and the report that settled it, as imports would have left them."""
    fresh = f"kind = 'assigned' and {which}"
    conn.exec_driver_sql(
        "insert into assignment (ref, unit_no, counts, last_day, exclusive, issued_on, title, title_en, "
        "monitor_no, recorded_at, task_id) select subject, unit_no, counts, last_day, exclusive, issued_on, "
        f"title, title_en, monitor_no, recorded_at, id from task where {fresh}"
    )
    conn.exec_driver_sql(
        "insert into submission (ref, unit_no, report, submitted_on, task_ref, recorded_at, task_id) select "
        f"subject, unit_no, counts, done_on, subject, done_recorded_at, id from task where {fresh} "
        "and done_on is not null"
    )


def next_day(conn: Connection) -> None:
    """What comes in between the nights: what is due tonight but for a few, and 1 % of what is overdue."""
    tonight = f"last_day = '{FIRST_NIGHT}' and id <> id / 20 * 20"
    overdue = f"last_day < '{FIRST_NIGHT}' and id = id / 100 * 100"
    monthly = f"kind = 'report' and last_day = '{FIRST_NIGHT}' and id <> id / 100 * 100"
    conn.exec_driver_sql(
        "insert into submission (ref, unit_no, report, submitted_on, task_ref, recorded_at) select "
        f"'moi-' || id, unit_no, counts, '{FIRST_NIGHT}', subject, '{instant(FIRST_NIGHT)}' from task "
        f"where finished_on is null and ((kind = 'assigned' and ({tonight} or {overdue})) or ({monthly}))"
    )
