"""Checks that the stored data agree with the log: nights, cases, every letter to the byte, every covered row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, LargeBinary, cast, select

from dondoc.engine.domain.terms import IN_HAND, LetterState
from dondoc.engine.store.audit_log.hash_chain import Flaw
from dondoc.engine.store.audit_log.logged import BOARD_FAILED, PLANNED, read_back
from dondoc.engine.store.audit_log.removals import CASES_FOLDED, missing_cases, missing_sha256, unexplained
from dondoc.engine.store.audit_log.row_agreement import row_differences
from dondoc.engine.store.db.tables import case_file, letter, night

_ROWS = 500


def differences(conn: Connection) -> Iterator[Flaw]:
    """Everything stored that differs from the log: nights, cases, letters, covered rows, and what is missing."""
    yield from _nights(conn)
    yield from _cases(conn)
    yield from _letters(conn)
    yield from row_differences(conn)
    yield from unexplained(conn)


def _nights(conn: Connection) -> Iterator[Flaw]:
    """Nights that differ from their event in the log."""
    logged: dict[str, tuple[int, Mapping[str, str]]] = {}
    for one in read_back(conn, "night-judged", BOARD_FAILED):
        # What failed after a night has changed how it ended, and nothing else of it.
        before = logged.get(one.night, (0, {}))[1] if one.kind == BOARD_FAILED else {}
        logged[one.night] = one.entry, {**before, **one.detail}
    stored = {str(row.as_of): row for row in conn.execute(select(night))}
    for on in sorted(logged.keys() | stored.keys()):
        number, detail = logged.get(on, (0, {}))
        row = stored.get(on)
        seen = (row.state.value, row.rules_sha256) if row is not None else None
        if seen != ((detail.get("state"), detail.get("rules_sha256")) if detail else None):
            yield Flaw(number, on, "đêm không như trong sổ", "the night is not as it was logged")


def _cases(conn: Connection) -> Iterator[Flaw]:
    """Cases of tasks of which another number was opened or closed than the log records."""
    missing = missing_cases(conn)
    if not missing:
        return
    folded = [one.detail.get("missing_sha256") for one in read_back(conn, CASES_FOLDED)][-1:]
    # What was folded stays missing; a later loss beside it changes the hash, and all of it is named.
    if folded == [missing_sha256(missing)]:
        return
    last = {
        one.task: (one.entry, one.night)
        for one in read_back(conn, "case-opened", "case-closed", "case-reopened")
        if one.task in missing
    }
    codes = dict(conn.execute(select(case_file.c.task_id, case_file.c.code)).tuples().all())
    for task in missing:
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
        # Whether a body or a mailbox may be missing is said of all letters of its night (`removals`).
        elif {bytes_sha256 if row.mime else last.sha256, row.mime_sha256} != {last.sha256}:
            yield _differs(last, row.id, "nội dung", "other bytes")
        # Letters of an older program were logged without their recipient.
        elif row.recipient and last.to_sha256 not in ("", hashlib.sha256(row.recipient.encode()).hexdigest()):
            yield _differs(last, row.id, "hộp thư nhận", "to another recipient")
        elif state != last.state:
            yield _differs(last, row.id, f"trạng thái {state}", f"in state {state}")
    for key, last in logged.items():
        yield _differs(last, key, "không còn", "gone")


def _differs(last: _Logged, key: str, vi: str, en: str) -> Flaw:
    return Flaw(last.number, last.night, f"thư {key} không như trong sổ: {vi}", f"letter {key} is {en}")


def _logged(conn: Connection) -> dict[str, _Logged]:
    found: dict[str, _Logged] = {}
    for one in read_back(conn, PLANNED, *(f"letter-{state}" for state in LetterState)):
        detail, where = one.detail, (one.entry, one.night)
        key = detail.get("letter", "")
        if one.kind == PLANNED:
            found[key] = _Logged(
                *where, detail.get("state", ""), detail.get("sha256", ""), detail.get("to_sha256", "")
            )
        elif key in found:
            found[key] = replace(
                found[key], number=one.entry, night=one.night, state=one.kind.removeprefix("letter-")
            )
    return found
