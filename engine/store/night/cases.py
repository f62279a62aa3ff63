"""Cases in SQL: those that a night must read, and what it writes of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, insert, or_, select, update
from sqlalchemy import case as choose

from dondoc.engine.cases.night import NextNumbers
from dondoc.engine.cases.waived_case import WaiverNotified
from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.model import Answers, Case, Ladder, LadderStep, Notice, Notified, Task
from dondoc.engine.domain.terms import CaseStatus, Section, Tone
from dondoc.engine.store.audit_log.covered_rows import digests, log_written, rows_logged
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import insert_many, update_many
from dondoc.engine.store.night.findings import Names, bearers_of, settled_by, settled_value, slices
from dondoc.engine.store.night.interner import Interner


# There are few ladders, and each case of a whole country stores one.
@lru_cache(maxsize=256)
def ladder_text(ladder: Ladder) -> str:
    """A ladder as the JSON text that a case stores."""
    return json.dumps(
        {
            "id": ladder.id,
            "steps": [[step.at, step.to, step.copy, step.tone] for step in ladder.steps],
            "repeat": [ladder.repeat_every, ladder.repeat_times],
            **({"answers": asdict(ladder.answers)} if ladder.answers != Answers() else {}),
        },
        ensure_ascii=False,
    )


def ladder_value(text: str) -> Ladder:
    """The ladder in a case's JSON text."""
    raw = json.loads(text)
    steps = tuple(LadderStep(at, tuple(to), tuple(copy), Tone(tone)) for at, to, copy, tone in raw["steps"])
    every, times = raw["repeat"]
    return Ladder(raw["id"], steps, every, times, Answers(**raw.get("answers", {})))


def cases_before(night: date) -> Select[Any]:
    """The cases that existed before a night, as they were then: columns of `case_file`."""
    kept = t.case_before.alias()
    first = (
        select(func.min(kept.c.night))
        .where(kept.c.case_id == t.case_file.c.id, kept.c.night >= night)
        .scalar_subquery()
    )
    was = t.case_before
    columns = [
        choose((was.c.case_id.is_not(None), was.c[column.name]), else_=column).label(column.name)
        if column.name in was.c
        else column
        for column in t.case_file.c
    ]
    kept_then = and_(was.c.case_id == t.case_file.c.id, was.c.night == first)
    return (
        select(*columns).select_from(t.case_file.outerjoin(was, kept_then)).where(t.case_file.c.opened_on < night)
    )


def live(
    conn: Connection, names: Names, read: Mapping[int, Task] = MappingProxyType({}), code: str | None = None
) -> list[Case]:
    """Every open case, and every closed one whose readers must still get the good news, in order of id.

    Also a closed one that an office has opened again since. Their tasks are taken from `read` where it has them.
    With `code` only the one that has it.
    """
    reopened = _reopened(conn)
    again = [case for case, (said_on, closed_on) in reopened.items() if closed_on and closed_on <= said_on]
    wanted = t.is_live() | t.case_file.c.id.in_(again) if again else t.is_live()
    return _chosen(conn, names, wanted if code is None else and_(wanted, t.case_file.c.code == code), read)


def closed_by_code(conn: Connection, names: Names, code: str) -> Case | None:
    """The closed case of a code, with what its readers know; None: there is none."""
    mine = func.lower(t.case_file.c.code) == code.lower()
    found = _chosen(conn, names, and_(mine, t.case_file.c.status == CaseStatus.CLOSED), {})
    return found[0] if found else None


def _chosen(conn: Connection, names: Names, wanted: ColumnElement[bool], read: Mapping[int, Task]) -> list[Case]:
    notified = _notified(conn, names, wanted)
    ladders: dict[str, Ladder] = {}
    cases = []
    missing = set(conn.scalars(select(t.case_file.c.task_id).where(wanted))) - read.keys()
    tasks = {**read, **dict(_tasks(conn, names, missing))}
    for row in conn.execute(select(t.case_file).where(wanted).order_by(t.case_file.c.id)):
        if row.ladder not in ladders:
            ladders[row.ladder] = ladder_value(row.ladder)
        last, earlier = _by_round(notified.get(row.id, {}), row.round)
        cases.append(case_value(row, tasks[row.task_id], ladders[row.ladder], last, earlier))
    return cases


def _tasks(conn: Connection, names: Names, wanted: Iterable[int]) -> Iterator[tuple[int, Task]]:
    bearers = bearers_of(conn, names.units)
    for ids in slices(wanted):
        for row in conn.execute(select(t.task, *settled_by()).where(t.task.c.id.in_(ids))):
            yield row.id, settled_value(row, names, bearers)


def _by_round(
    notified: Mapping[int, Mapping[str, Notified]], current: int
) -> tuple[Mapping[str, Notified], Mapping[str, Notified]]:
    """Who was notified in the current round, and who only in earlier ones."""
    now = notified.get(current, {})
    before = {office: last for number in sorted(notified) for office, last in notified[number].items()}
    return now, {office: last for office, last in before.items() if office not in now}


def case_value(
    row: Row[Any],
    task: Task,
    ladder: Ladder,
    notified: Mapping[str, Notified],
    earlier: Mapping[str, Notified] | None = None,
) -> Case:
    """A row of `case_file` as a value."""
    return Case(
        task=task,
        ladder=ladder,
        breach=row.breach,
        opened_on=row.opened_on,
        id=row.id,
        code=row.code,
        round=row.round,
        status=row.status,
        reached=row.reached,
        floor=row.floor,
        notified=notified,
        value=row.value,
        outcome=row.outcome,
        closed_on=row.closed_on,
        closing_notified=row.closing_told,
        next_on=row.next_on,
        waived_until=row.waived_until,
        last_day=row.last_day,
        steps_from=row.steps_from,
        asked=row.asked,
        earlier=earlier or {},
    )


def _reopened(conn: Connection) -> Mapping[int, tuple[date, date | None]]:
    """By case that an office has opened again: the day on which it said so last, and when the case closed last."""
    rows = conn.execute(
        select(t.act.c.case_id, func.max(t.act.c.said_on), t.case_file.c.closed_on)
        .join(t.case_file, t.case_file.c.id == t.act.c.case_id)
        .where(t.act.c.kind == ActKind.REOPENED)
        .group_by(t.act.c.case_id, t.case_file.c.closed_on)
    )
    return {case: (said_on, closed_on) for case, said_on, closed_on in rows}


def _notified(
    conn: Connection, names: Names, wanted: ColumnElement[bool]
) -> Mapping[int, Mapping[int, dict[str, Notified]]]:
    """By case and then by round, what each reader of the cases wanted was last notified of.

    Notices that were retracted do not count. A reader that already had the good news is left out: it goes out once
    (decision 41), except of a case that was opened again after that.
    """
    reopened = _reopened(conn)
    said = t.notice.c
    rows = conn.execute(
        select(said.case_id, said.round, said.reader_no, said.section, said.step, said.night, said.value)
        .where(
            t.notice.c.case_id.in_(select(t.case_file.c.id).where(wanted)),
            t.notice.c.untold_on.is_(None),
            t.notice.c.waived_until.is_(None),
        )
        .order_by(t.notice.c.night, t.notice.c.id)
    )
    found: dict[int, dict[int, dict[str, Notified]]] = defaultdict(lambda: defaultdict(dict))
    same: Interner[Notified] = Interner()
    for case, round_, reader_no, section, step, night, value in rows:
        reader = names.units.ids[reader_no]
        if section is Section.RESOLVED and case in reopened and night <= reopened[case][0]:
            continue
        if section is Section.RESOLVED:
            for known in found[case].values():
                known.pop(reader, None)
        else:
            found[case][round_][reader] = same[Notified(step, night, value)]
    return found


def reminded(conn: Connection, tasks: Iterable[int]) -> dict[int, frozenset[int]]:
    """By task, the offsets of the reminders already sent, for these tasks."""
    found: dict[int, set[int]] = defaultdict(set)
    for ids in slices(tasks):
        # The reminders of a limit that has moved since are none of the new one.
        since_moved = or_(t.task.c.moved_on.is_(None), t.notice.c.night >= t.task.c.moved_on)
        for row in conn.execute(
            select(t.notice.c.task_id, t.notice.c.reminder)
            .join(t.task, t.task.c.id == t.notice.c.task_id)
            .where(
                t.notice.c.task_id.in_(ids),
                t.notice.c.reminder.is_not(None),
                t.notice.c.untold_on.is_(None),
                since_moved,
            )
        ):
            found[row.task_id].add(row.reminder)
    return {task: frozenset(offsets) for task, offsets in found.items()}


def waivers_notified(conn: Connection, names: Names) -> dict[int, frozenset[WaiverNotified]]:
    """By case that is not closed, what its readers were notified of about its waivers."""
    rows = conn.execute(
        select(t.notice.c.case_id, t.notice.c.reader_no, t.notice.c.section, t.notice.c.waived_until)
        .join(t.case_file, t.case_file.c.id == t.notice.c.case_id)
        .where(
            t.notice.c.waived_until.is_not(None),
            t.notice.c.untold_on.is_(None),
            t.case_file.c.status != CaseStatus.CLOSED,
        )
    )
    found: dict[int, set[WaiverNotified]] = defaultdict(set)
    for row in rows:
        found[row.case_id].add((names.units.ids[row.reader_no], row.section, row.waived_until))
    return {case: frozenset(notified) for case, notified in found.items()}


def counts(conn: Connection) -> dict[CaseStatus, int]:
    """The number of cases in each status, 0 included."""
    counted = conn.execute(select(t.case_file.c.status, func.count()).group_by(t.case_file.c.status))
    return dict.fromkeys(CaseStatus, 0) | dict(counted.tuples().all())


def stranded(conn: Connection, as_of: date) -> tuple[str, ...]:
    """The codes of live cases without a next date after `as_of` (invariant 18)."""
    nowhere = or_(t.case_file.c.next_on.is_(None), t.case_file.c.next_on <= as_of)
    return tuple(conn.scalars(select(t.case_file.c.code).where(t.is_live(), nowhere).order_by(t.case_file.c.code)))


def unlettered(conn: Connection, as_of: date) -> int:
    """The number of notices of a night whose letter is not stored."""
    stored = exists().where(t.letter.c.id == t.notice.c.letter)
    query = select(func.count()).select_from(t.notice).where(t.notice.c.night == as_of, ~stored)
    return conn.scalar(query) or 0


def next_numbers(conn: Connection) -> NextNumbers:
    """The numbers of the next cases to open."""
    top = conn.scalar(select(func.max(t.case_file.c.id))) or 0
    used: dict[str, int] = {}
    for (code,) in conn.execute(select(t.case_file.c.code)):
        prefix, _, number = code.rpartition("-")
        used[prefix] = max(used.get(prefix, 0), int(number))
    return NextNumbers(top + 1, {prefix: number + 1 for prefix, number in used.items()})


def _row(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "code": case.code,
        "task_id": case.task.id,
        "round": case.round,
        "status": case.status,
        "breach": case.breach,
        "opened_on": case.opened_on,
        "reached": case.reached,
        "floor": case.floor,
        "value": case.value,
        "outcome": case.outcome,
        "closed_on": case.closed_on,
        "closing_told": case.closing_notified,
        "next_on": case.next_on,
        "waived_until": case.waived_until,
        "last_day": case.last_day,
        "steps_from": case.steps_from,
        "asked": case.asked,
        "ladder": ladder_text(case.ladder),
    }


# The columns of a case that a night may change.
_MOVING = {
    name: attrgetter(name)
    for name in (
        *("round", "status", "breach", "reached", "floor", "value", "outcome"),
        *("closed_on", "next_on", "waived_until", "last_day", "steps_from", "asked"),
    )
} | {"closing_told": attrgetter("closing_notified")}


def save(tx: AuditedTransaction, before: Mapping[int, Case], after: Sequence[Case], as_of: date) -> None:
    """Writes new and changed cases, and how the changed ones were before; does not touch the others.

    Logs the digests of these rows; the caller logs the events of these changes.
    """
    conn = tx.conn
    changed = [case for case in after if _moved(before.get(case.id or 0), case)]
    stood = _digests(conn, changed, changing=True)
    opened = [case for case in after if case.id not in before]
    insert_many(conn, t.case_file, map(_row, opened))
    insert_many(
        conn,
        t.case_before,
        ({"case_id": case.id, "night": as_of, **_moving(before[case.id or 0])} for case in changed),
    )
    update_many(conn, t.case_file, ({"id": case.id, **_moving(case)} for case in changed))
    log_written(tx, as_of, t.case_file, stood, _digests(conn, [*changed, *opened]))


def _digests(conn: Connection, cases: Iterable[Case], *, changing: bool = False) -> dict[str, str]:
    found: dict[str, str] = {}
    for ids in slices(case.id or 0 for case in cases):
        found |= digests(conn, t.case_file, t.case_file.c.id.in_(ids), changing=changing)
    return found


def _moving(case: Case) -> dict[str, Any]:
    return {column: of(case) for column, of in _MOVING.items()}


def _moved(before: Case | None, after: Case) -> bool:
    return before is not None and any(of(before) != of(after) for of in _MOVING.values())


def finish(conn: Connection, ended: Mapping[int, str], as_of: date) -> None:
    """Marks tasks as finished, with how they ended ("" keeps what is stored)."""
    update_many(conn, t.task, ({"id": task, "finished_on": as_of} for task in sorted(ended)))
    update_many(conn, t.task, ({"id": task, "ended": how} for task, how in sorted(ended.items()) if how))


def write_notices(
    tx: AuditedTransaction, notices: Iterable[Notice], names: Names, as_of: date, letters: Mapping[str, str]
) -> None:
    """Stores the notices of readers that have a letter in `letters`; a reader without one was not notified."""
    with rows_logged(tx, as_of, (t.notice, t.notice.c.night == as_of)):
        insert_many(
            tx.conn,
            t.notice,
            (
                {
                    "night": as_of,
                    "letter": letters[notice.reader],
                    "reader_no": names.units.of[notice.reader],
                    "task_id": notice.finding.task.id,
                    "case_id": notice.case.id if notice.case else None,
                    "round": notice.case.round if notice.case else 0,
                    "section": notice.section,
                    "step": notice.step,
                    "reminder": notice.finding.offset if notice.case is None else None,
                    "waived_until": notice.waived_until,
                    "value": notice.case.value if notice.case else None,
                }
                for notice in notices
                if notice.reader in letters
            ),
        )


def retract(tx: AuditedTransaction, letter: str, as_of: date) -> None:
    """Retracts the notices of a letter that never left, so that its readers are notified again (decision 46).

    The end of the letter is the event that is logged.
    """
    conn = tx.conn
    mine = (t.notice.c.letter == letter) & t.notice.c.untold_on.is_(None)
    good_news = select(t.notice.c.case_id).where(mine, t.notice.c.section == Section.RESOLVED)
    _remember(conn, good_news)
    with _logged_of(tx, as_of, letter, good_news):
        conn.execute(update(t.case_file).where(t.case_file.c.id.in_(good_news)).values(closing_told=False))
        conn.execute(update(t.notice).where(mine).values(untold_on=as_of))


def reinstate(tx: AuditedTransaction, letter: str) -> date | None:
    """Takes a retraction back, because the letter is sent again after all.

    Returns None, or the night that has notified the readers again since, and then changes nothing.
    """
    conn = tx.conn
    retracted = (t.notice.c.letter == letter) & t.notice.c.untold_on.is_not(None)
    untold: date | None = conn.scalar(select(func.max(t.notice.c.untold_on)).where(retracted))
    latest: date | None = conn.scalar(select(func.max(t.night.c.as_of)))
    if untold is not None and latest is not None and latest > untold:
        return latest
    good_news = select(t.notice.c.case_id).where(retracted, t.notice.c.section == Section.RESOLVED)
    _remember(conn, good_news)
    with _logged_of(tx, untold, letter, good_news):
        conn.execute(update(t.case_file).where(t.case_file.c.id.in_(good_news)).values(closing_told=True))
        conn.execute(update(t.notice).where(retracted).values(untold_on=None))
    return None


def _logged_of(
    tx: AuditedTransaction, day: date | None, letter: str, cases: Select[Any]
) -> AbstractContextManager[None]:
    """Logs what changes of a letter's notices and of these cases, which are read before."""
    mine = t.case_file.c.id.in_(tx.conn.scalars(cases).all())
    return rows_logged(tx, day, (t.notice, t.notice.c.letter == letter), (t.case_file, mine), changing=True)


def _remember(conn: Connection, cases: Select[Any]) -> None:
    """Keeps how these cases were before the latest night, unless that night has kept it: they change after it."""
    night, kept = select(func.max(t.night.c.as_of)).scalar_subquery(), t.case_before.alias()
    there = exists().where(kept.c.case_id == t.case_file.c.id, kept.c.night == night)
    rows = select(t.case_file.c.id, night, *(t.case_file.c[name] for name in _MOVING))
    conn.execute(
        insert(t.case_before).from_select(
            ["case_id", "night", *_MOVING], rows.where(t.case_file.c.id.in_(cases), ~there)
        )
    )
