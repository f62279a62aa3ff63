"""What must hold after every recovery, asked of the database and of the mail server's own record."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from pathlib import Path

from sqlalchemy import Connection, func, select

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.db.tables import case_file, event, letter, notice, task, unit
from dondoc.flows.records.audit import audit
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.journal_mailbox import Maildir

_OPERATOR = "dondoc.operator"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A mail that the server took: for whom, and what its bytes were."""

    message_id: str
    recipient: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the letters, counted, and every promise that was broken, in words."""

    letters: int
    accepted: int
    unknown: int
    dead: int
    expired: int
    settled: int
    broken: tuple[str, ...]


def record(folder: Path) -> list[Accepted]:
    """What the server has on record."""
    path = folder / "accepted"
    return [Accepted(**json.loads(line)) for line in path.read_text().splitlines()] if path.exists() else []


def taken_by(mails: Path) -> list[Accepted]:
    """What a `Mailsink` keeps under the folder `mails`; its names hold no address, so the letter says for whom."""
    found = []
    for path in sorted(mails.glob("*/*.eml")):
        raw = path.read_bytes()
        head = BytesHeaderParser().parsebytes(raw)
        found.append(Accepted(head["Message-ID"], parseaddr(head["To"])[1], hashlib.sha256(raw).hexdigest()))
    return found


def examine(conn: Connection, accepted: list[Accepted]) -> Outcome:
    """Every promise about letters, at rest: no process runs, and the last delivery was undisturbed."""
    rows = {row.message_id: row for row in conn.execute(select(letter))}
    taken = Counter(mail.message_id for mail in accepted)
    states = Counter(row.state for row in rows.values())
    passed_on = {row.fallback_of for row in rows.values()}
    told = set(conn.scalars(select(notice.c.letter).where(notice.c.untold_on.is_(None))))
    broken = [f"accepted {n} times: {message}" for message, n in taken.items() if n > 1]
    broken += [f"at the server, and not planned: {message}" for message in taken if message not in rows]
    for mail in accepted:
        row = rows.get(mail.message_id)
        if row is not None and (mail.sha256, mail.recipient) != (row.mime_sha256, row.recipient):
            broken.append(f"other bytes or reader than stored: {mail.message_id}")
    for message, row in rows.items():
        if row.state is LetterState.SENT and not taken[message]:
            broken.append(f"sent, and never accepted: {message}")
        if taken[message] and row.state not in (LetterState.SENT, LetterState.UNKNOWN):
            broken.append(f"accepted, and {row.state}: {message}")
        if row.state in (LetterState.LEASED, LetterState.DATA_SENT, LetterState.READY):
            broken.append(f"at rest, and {row.state}: {message}")
        # Only what a journal gave back days later, when a later letter had come.
        if row.state is LetterState.EXPIRED and not (row.journaled and row.id not in told):
            broken.append(f"expired, and told or never in doubt: {message}")
        if row.state is LetterState.DEAD and row.id not in passed_on and outbox.original(conn, row.id) in told:
            broken.append(f"dead, passed on to nobody, and told: {message}")
    broken += [f"told, and nothing left: {key}" for key in told if not outbox.alive(conn, key)]
    broken += _unlettered(conn)
    broken += [flaw.text() for flaw in audit(conn).flaws]
    journal = event.c.detail.contains('"by":"journal"', autoescape=True)
    settled = conn.scalar(select(func.count()).select_from(event).where(journal))
    return Outcome(
        len(rows),
        len(accepted),
        states[LetterState.UNKNOWN],
        states[LetterState.DEAD],
        states[LetterState.EXPIRED],
        settled or 0,
        tuple(broken),
    )


def silent(conn: Connection, journal: Path) -> Iterator[str]:
    """Letters that lie in the journal and are of unknown fate all the same, though the server had taken both."""
    kept = Maildir(journal)([row.message_id for row in outbox.doubtful(conn)], datetime.fromtimestamp(86_400, UTC))
    yield from (f"in the journal, and unknown: {message}" for message in kept)


def _unlettered(conn: Connection) -> Iterator[str]:
    """Nobody is told without a letter, and no letter stands for nothing."""
    stored = {row.id: row for row in conn.execute(select(letter.c.id, letter.c.office, letter.c.fallback_of))}
    told = set(conn.scalars(select(notice.c.letter)))
    yield from (f"told, and no letter: {one}" for one in told if one not in stored)
    for row in stored.values():
        if row.id not in told and row.office != _OPERATOR and row.fallback_of is None:
            yield f"a letter, and nobody told: {row.office}"


def ladder(conn: Connection) -> dict[str, object]:
    """Where every case stands and who was told what on which night: the same after any number of crashes."""
    cases = conn.execute(
        select(
            case_file.c.code,
            case_file.c.status,
            case_file.c.reached,
            case_file.c.breach,
            case_file.c.opened_on,
            case_file.c.closed_on,
            case_file.c.next_on,
        ).order_by(case_file.c.code)
    )
    notices = conn.execute(
        select(notice.c.night, unit.c.id, task.c.subject, notice.c.section, notice.c.step)
        .join(unit, unit.c.no == notice.c.reader_no)
        .join(task, task.c.id == notice.c.task_id)
    )
    return {"cases": [tuple(row) for row in cases], "told": sorted(str(tuple(row)) for row in notices)}


def differences(conn: Connection, expected: dict[str, object], stands: dict[str, object]) -> Iterator[str]:
    """What differs from an undisturbed run, in words.

    Whoever did not get a letter that its journal gave back too late is told again, on another night and perhaps as
    of something new: of him and that task the undisturbed run says nothing.
    """
    if stands["cases"] != expected["cases"]:
        yield "cases differ from an undisturbed run"
    again = conn.execute(
        select(unit.c.id, task.c.subject)
        .join(notice, unit.c.no == notice.c.reader_no)
        .join(task, task.c.id == notice.c.task_id)
        .where(notice.c.untold_on.is_not(None))
    )
    apart = [f"{reader!r}, {subject!r}" for reader, subject in again]
    before, after = (
        Counter(line for line in told["told"] if not any(pair in line for pair in apart))  # type: ignore[attr-defined]
        for told in (expected, stands)
    )
    if before != after:
        yield f"told differ from an undisturbed run: missing {before - after}, too many {after - before}"
