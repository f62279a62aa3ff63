"""Checks that the stored data agree with the log: nights, cases, every letter to the byte, every covered row."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection, LargeBinary, String, cast, select, type_coerce

from dondoc.engine.domain.terms import IN_HAND, CaseStatus, LetterState
from dondoc.engine.store.audit_log.hash_chain import Flaw
from dondoc.engine.store.audit_log.logged import PLANNED, WITHDRAWN
from dondoc.engine.store.audit_log.row_agreement import row_differences
from dondoc.engine.store.db.tables import case_file, event, letter, night

_ROWS = 500


def differences(conn: Connection) -> Iterator[Flaw]:
    """Everything stored that differs from the log: first nights, then cases, then letters, then covered rows."""
    yield from _nights(conn)
    yield from _cases(conn)
    yield from _letters(conn)
    yield from row_differences(conn)


def _events_of(conn: Connection, *kinds: str) -> Iterator[tuple[int, str, str, int | None, dict[str, str]]]:
    """The events of these kinds, in order, each as (entry, night, kind, task, detail).

    Skips events that cannot be read, which the proof of the log reports, and those of nights that were taken back
    afterwards.
    """
    taken_back = _taken_back(conn)
    query = (
        select(
            event.c.entry,
            type_coerce(event.c.night, String).label("night"),
            event.c.kind,
            event.c.task_id,
            event.c.detail,
        )
        .where(event.c.kind.in_(kinds))
        .order_by(event.c.entry, event.c.position)
    )
    for row in conn.execute(query, execution_options={"yield_per": _ROWS}):
        detail = _detail(row.detail)
        on = str(row.night or "")
        if detail is not None and not any(row.entry < entry and on >= first for entry, first in taken_back):
            yield row.entry, on, row.kind, row.task_id, detail


def _taken_back(conn: Connection) -> list[tuple[int, str]]:
    """By entry of the log, from which night on it took nights back."""
    rows = conn.execute(select(event.c.entry, event.c.detail).where(event.c.kind == WITHDRAWN))
    read = ((entry, _detail(text)) for entry, text in rows)
    return [(entry, str(detail["from"])) for entry, detail in read if detail is not None and "from" in detail]


def _detail(text: object) -> dict[str, str] | None:
    """The details of an event; None where they cannot be read."""
    try:
        found = json.loads(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _nights(conn: Connection) -> Iterator[Flaw]:
    """Nights that differ from their event in the log."""
    logged = {on: (number, detail) for number, on, _, _, detail in _events_of(conn, "night-judged")}
    stored = {str(row.as_of): row for row in conn.execute(select(night))}
    for on in sorted(logged.keys() | stored.keys()):
        number, detail = logged.get(on, (0, {}))
        row = stored.get(on)
        seen = (row.state.value, row.rules_sha256) if row is not None else None
        if seen != ((detail.get("state"), detail.get("rules_sha256")) if detail else None):
            yield Flaw(number, on, "đêm không như trong sổ", "the night is not as it was logged")


def _cases(conn: Connection) -> Iterator[Flaw]:
    """Cases of tasks of which another number was opened or closed than the log records."""
    opened: Counter[int] = Counter()
    closed: Counter[int] = Counter()
    last: dict[int, tuple[int, str]] = {}
    for number, on, kind, task, _ in _events_of(conn, "case-opened", "case-closed", "case-reopened"):
        if task is not None:
            opened[task] += kind == "case-opened"
            # A case that goes on is open again: its closing counts no more.
            closed[task] += {"case-closed": 1, "case-reopened": -1}.get(kind, 0)
            last[task] = number, on
    codes: dict[int, str] = {}
    query = select(case_file.c.task_id, case_file.c.code, case_file.c.status)
    for row in conn.execute(query, execution_options={"yield_per": _ROWS}):
        opened[row.task_id] -= 1
        closed[row.task_id] -= row.status is CaseStatus.CLOSED
        codes[row.task_id] = row.code
    for task in sorted(task for task in opened.keys() | closed.keys() if opened[task] or closed[task]):
        number, on = last.get(task, (0, ""))
        which = codes.get(task, f"task {task}")
        yield Flaw(number, on, f"hồ sơ {which} không như trong sổ", f"case {which} is not as it was logged")


@dataclass(frozen=True, slots=True)
class _Logged:
    """The last event of a letter in the log."""

    number: int
    night: str
    state: str
    sha256: str
    to_sha256: str


def _letters(conn: Connection) -> Iterator[Flaw]:
    """Letters without the bytes they were planned with, or in another state than the log last recorded."""
    logged = _logged(conn)
    raw = cast(letter.c.mime, LargeBinary).label("mime")
    columns = (letter.c.id, letter.c.night, letter.c.state, letter.c.recipient, raw, letter.c.mime_sha256)
    for row in conn.execute(select(*columns), execution_options={"yield_per": _ROWS}):
        last = logged.pop(row.id, None)
        state = LetterState.READY if row.state in IN_HAND else row.state
        bytes_sha256 = hashlib.sha256(row.mime).hexdigest()
        if last is None:
            yield Flaw(0, str(row.night), f"thư {row.id} không có trong sổ", f"letter {row.id} was never logged")
        elif {bytes_sha256, row.mime_sha256} != {last.sha256}:
            yield _differs(last, row.id, "nội dung", "other bytes")
        # Letters of an older program were logged without their recipient.
        elif last.to_sha256 not in ("", hashlib.sha256(row.recipient.encode()).hexdigest()):
            yield _differs(last, row.id, "hộp thư nhận", "to another recipient")
        elif state != last.state:
            yield _differs(last, row.id, f"trạng thái {state}", f"in state {state}")
    for key, last in logged.items():
        yield _differs(last, key, "không còn", "gone")


def _differs(last: _Logged, key: str, vi: str, en: str) -> Flaw:
    return Flaw(last.number, last.night, f"thư {key} không như trong sổ: {vi}", f"letter {key} is {en}")


def _logged(conn: Connection) -> dict[str, _Logged]:
    found: dict[str, _Logged] = {}
    for number, on, kind, _, detail in _events_of(conn, PLANNED, *(f"letter-{state}" for state in LetterState)):
        key = detail.get("letter", "")
        if kind == PLANNED:
            found[key] = _Logged(
                number, on, detail.get("state", ""), detail.get("sha256", ""), detail.get("to_sha256", "")
            )
        elif key in found:
            found[key] = replace(found[key], number=number, night=on, state=kind.removeprefix("letter-"))
    return found
