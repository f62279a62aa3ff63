"""What the log says was removed, and whether that is all that is missing.

A removal leaves an event in the log, which says how much of what went, and where it can, a hash of what is missing
since. What is missing beyond that was removed by somebody else.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import ColumnElement, Connection, Table, func, select

from dondoc.engine.domain.terms import CaseStatus, LetterState, SheetKind
from dondoc.engine.store.audit_log.hash_chain import Flaw
from dondoc.engine.store.audit_log.logged import read_back
from dondoc.engine.store.db import tables as t

LETTERS_EMPTIED = "letters-emptied"
ATTEMPTS_REMOVED = "attempts-removed"
HISTORY_REMOVED = "history-removed"
CASES_FOLDED = "cases-folded"
READERS_BLANKED = "letters-readers-blanked"
FORGOTTEN = "forgotten"

_FACTS: Mapping[SheetKind, Table] = {
    SheetKind.TASKS: t.assignment,
    SheetKind.SUBMISSIONS: t.submission,
    SheetKind.ACTIVITIES: t.activity,
    SheetKind.READINGS: t.reading,
}
_ROWS = 500

# By task, how many more cases of it were opened, and closed, than are stored; and where it stands in the log.
Missing = Mapping[int, tuple[int, int]]


def missing_cases(conn: Connection) -> Missing:
    """The tasks of which another number of cases is stored than the log opened and closed."""
    opened: Counter[int] = Counter()
    closed: Counter[int] = Counter()
    for one in read_back(conn, "case-opened", "case-closed", "case-reopened"):
        if one.task is not None:
            opened[one.task] += one.kind == "case-opened"
            # A case that goes on is open again: its closing counts no more.
            closed[one.task] += {"case-closed": 1, "case-reopened": -1}.get(one.kind, 0)
    query = select(t.case_file.c.task_id, t.case_file.c.status)
    for row in conn.execute(query, execution_options={"yield_per": _ROWS}):
        opened[row.task_id] -= 1
        closed[row.task_id] -= row.status is CaseStatus.CLOSED
    tasks = opened.keys() | closed.keys()
    return {task: (opened[task], closed[task]) for task in sorted(tasks) if opened[task] or closed[task]}


def missing_sha256(missing: Missing) -> str:
    """The hash of what is missing: a line for each task."""
    lines = (f"{task} {opened} {closed}\n" for task, (opened, closed) in sorted(missing.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def letters_sha256(ids: Iterable[str]) -> str:
    """The hash of letters that lack something: their ids, in order."""
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()


def irretrievable_before(conn: Connection) -> date | None:
    """The first night that can still be judged again as it was known; None: every one that is stored."""
    said = read_back(conn, HISTORY_REMOVED, CASES_FOLDED)
    return max((date.fromisoformat(one.detail["before"]) for one in said), default=None)


def unexplained(conn: Connection) -> Iterator[Flaw]:
    """What is missing and was not removed as the log says; of cases `agreement` says it."""
    yield from _bodies(conn)
    yield from _readers(conn)
    yield from _attempts(conn)
    yield from _facts(conn)


def _bodies(conn: Connection) -> Iterator[Flaw]:
    """Nights of which other letters have no body than the log says."""
    said = ("không còn nội dung", "without a body")
    yield from _of_nights(conn, LETTERS_EMPTIED, func.length(t.letter.c.mime) == 0, said)


def _readers(conn: Connection) -> Iterator[Flaw]:
    """Nights of which other letters have no mailbox than the log says."""
    said = ("không còn hộp thư nhận", "without a mailbox")
    yield from _of_nights(conn, READERS_BLANKED, t.letter.c.recipient == "", said)


def _of_nights(conn: Connection, kind: str, lacking: ColumnElement[bool], said: tuple[str, str]) -> Iterator[Flaw]:
    logged = {one.night: one for one in read_back(conn, kind)}
    without: dict[str, list[str]] = {}
    for key, night in conn.execute(select(t.letter.c.id, t.letter.c.night).where(lacking)):
        without.setdefault(str(night), []).append(key)
    for night in sorted(logged.keys() | without.keys()):
        last, ids = logged.get(night), without.get(night, [])
        if letters_sha256(ids) != (last.detail.get("sha256", "") if last else ""):
            vi, en = f"{len(ids)} thư {said[0]}, khác với sổ", f"{len(ids)} letters {said[1]}, unlike the log"
            yield Flaw(last.entry if last else 0, night, vi, en)


def _attempts(conn: Connection) -> Iterator[Flaw]:
    """Nights with fewer attempts than the log says were made and not removed."""
    left: Counter[str] = Counter()
    entry: dict[str, int] = {}
    ends = tuple(f"letter-{state}" for state in LetterState)
    for one in read_back(conn, ATTEMPTS_REMOVED, *ends):
        if one.kind == ATTEMPTS_REMOVED:
            left[one.night] -= int(one.detail.get("attempts", 0))
        elif one.detail.get("by") == "relay":
            left[one.night] += 1
        entry[one.night] = one.entry
    stored = select(t.letter.c.night, func.count()).select_from(t.delivery_attempt.join(t.letter))
    for night, number in conn.execute(stored.group_by(t.letter.c.night)):
        left[str(night)] -= number
    for night, number in sorted(left.items()):
        if number > 0:
            yield Flaw(entry[night], night, f"thiếu {number} lần gửi", f"{number} attempts are missing")


def _facts(conn: Connection) -> Iterator[Flaw]:
    """Tables of facts with fewer rows than were imported and not removed."""
    left: Counter[str] = Counter()
    entry = 0
    tables = {kind.value: table.name for kind, table in _FACTS.items()}
    for one in read_back(conn, "imported", HISTORY_REMOVED):
        detail = one.detail
        if one.kind == HISTORY_REMOVED:
            left[detail.get("table", "")] -= int(detail.get("rows", 0))
        elif (table := tables.get(detail.get("kind", ""))) is not None:
            left[table] += int(detail.get("added", 0)) + int(detail.get("corrected", 0))
        entry = one.entry
    for stored in _FACTS.values():
        missing = left[stored.name] - (conn.scalar(select(func.count()).select_from(stored)) or 0)
        if missing > 0:
            vi, en = f"thiếu {missing} dòng {stored.name}", f"{missing} rows of {stored.name} are missing"
            yield Flaw(entry, "", vi, en)
