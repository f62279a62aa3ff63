"""The outbox: every letter that was planned, where it stands, and every attempt to send it.

A letter is written in the transaction that decided it, as final bytes, and those bytes are sent on every
attempt. Every function leaves the transaction to its caller; instants are aware. One that takes an audited
transaction logs the change itself, so that no caller can forget it; of an attempt only its end is logged.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from dondoc.engine.domain.model import Event
from dondoc.engine.domain.terms import IN_HAND, LetterState
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.db.tables import delivery_attempt, letter
from dondoc.notifications.lifecycle import (
    RECEIPTS_FROM,
    WAITING_FOR_OPERATOR,
    Claimed,
    DataSent,
    LetterStatus,
    PlannedLetter,
    Recovered,
    Settlement,
    sources,
)

_UNWELCOME = 400
_PERMANENT = 500  # the class of answers that are for good, RFC 5321 (4.2.1)
_WORDS = 200  # characters of a server's answer in the log; all of it is stored with the attempt

_ready = letter.c.state == LetterState.READY

_NEVER_LEFT = frozenset({LetterState.DEAD, LetterState.EXPIRED, LetterState.DROPPED})

_status = [letter.c[each.name] for each in fields(LetterStatus)]
# Listed as states that have not ended, so that an index by state helps: nearly all letters have ended.
_NOT_ENDED = tuple(
    state for state in LetterState if state not in (LetterState.SENT, LetterState.EXPIRED, LetterState.DROPPED)
)


# How many letters are stored at a time, so that the memory they need does not grow with the night.
_AT_ONCE = 10


# How long a dead letter that the operator sends again may be tried.
_SECOND_LIFE = timedelta(days=3)

# One later letter proves that the journal works; it may have lost some.
_WITNESSES = 20
# The letters whose state is asked for in one statement.
_ASKED = 5_000


def enqueue(tx: AuditedTransaction, letters: Iterable[PlannedLetter]) -> None:
    """Store planned letters and log each; one that is stored already is left unchanged."""
    dialect = postgresql if tx.conn.dialect.name == "postgresql" else sqlite
    once = dialect.insert(letter).on_conflict_do_nothing(index_elements=["id"]).returning(letter.c.id)
    rows = map(_row, letters)
    while some := list(islice(rows, _AT_ONCE)):
        stored = set(tx.conn.scalars(once, some))
        for row in some:
            if row["id"] in stored:
                stored.remove(row["id"])
                detail = {name: str(row[name]) for name in ("office", "part", "state")}
                again = {"fallback_of": row["fallback_of"]} if row["fallback_of"] else {}
                to = hashlib.sha256(row["recipient"].encode()).hexdigest()
                sealed = {"sha256": row["mime_sha256"], "to_sha256": to}
                _log(tx, row["night"], "planned", row["id"], detail | sealed | again)


def _log(tx: AuditedTransaction, night: date, kind: str, key: str, detail: Mapping[str, str]) -> None:
    tx.log(night, [Event(f"letter-{kind}", None, {"letter": key, **detail})])


def _row(planned: PlannedLetter) -> dict[str, Any]:
    row = {each.name: getattr(planned, each.name) for each in fields(planned) if each.name != "held"}
    return row | {
        "id": planned.id,
        "mime_sha256": hashlib.sha256(planned.mime).hexdigest(),
        "size": len(planned.mime),
        "state": LetterState.HELD if planned.held else LetterState.READY,
        "attempt": 0,
        "lease_token": 0,
        "reply": "",
    }


def claim(conn: Connection, owner: str, now: datetime, limit: int, lease: timedelta) -> list[Claimed]:
    """Take at most `limit` letters that are due, longest due first; commit before anything is sent.

    Two owners never get the same letter: PostgreSQL skips rows that another has locked, SQLite has one writer.
    """
    due = (
        select(letter.c.id)
        .where(_ready, letter.c.next_at <= now, letter.c.expires_at > now)
        .order_by(letter.c.next_at, letter.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = (
        update(letter)
        .where(letter.c.id.in_(select(due.c.id)), _ready)
        .values(
            state=LetterState.LEASED,
            owner=owner,
            lease_until=now + lease,
            lease_token=letter.c.lease_token + 1,
            attempt=letter.c.attempt + 1,
        )
        .returning(*(letter.c[each.name] for each in fields(Claimed)), letter.c.next_at)
    )
    rows = sorted(conn.execute(taken), key=lambda row: (row.next_at, row.id))
    return [Claimed(*row[:-1]) for row in rows]


def _still(mine: Claimed) -> ColumnElement[bool]:
    """The fencing condition: true of the row only while this claim holds its lease."""
    return (letter.c.id == mine.id) & (letter.c.owner == mine.owner) & (letter.c.lease_token == mine.lease_token)


def mark_data_end(
    conn: Connection, mine: Claimed, now: datetime, lease: timedelta, *, journaled: bool = False
) -> bool:
    """Record that the end of mail data is about to be sent; False: the lease was lost, send nothing more.

    `journaled`: the server has accepted the journal's mailbox as a second recipient.
    """
    marked = (
        update(letter)
        .where(_still(mine), letter.c.state == LetterState.LEASED)
        .values(state=LetterState.DATA_SENT, dot_at=now, lease_until=now + lease, journaled=journaled)
    )
    return conn.execute(marked).rowcount == 1


def settle(tx: AuditedTransaction, mine: Claimed, end: Settlement) -> bool:
    """Record how an attempt ended; False, with nothing changed, when the lease was lost meanwhile."""
    values: dict[str, Any] = {"state": end.state, "owner": None, "lease_until": None, "reply": end.text}
    values |= {"last_code": end.code, "last_enhanced": end.enhanced}
    if end.state is LetterState.READY:
        values |= {"dot_at": None, "next_at": end.next_at}
    # A failure that the letter did not cause must not lengthen its wait after the next one.
    if not end.counted:
        values["attempt"] = letter.c.attempt - 1
    allowed = letter.c.state.in_(sources(end.state, IN_HAND))
    if tx.conn.execute(update(letter).where(_still(mine), allowed).values(values)).rowcount != 1:
        return False
    answer = {"code": end.code, "enhanced": end.enhanced, "text": end.text, "phase": end.phase}
    when = {"started_at": end.started_at, "ended_at": end.ended_at}
    key = {"letter": mine.id, "lease_token": mine.lease_token, "attempt": mine.attempt}
    tx.conn.execute(insert(delivery_attempt).values(key | answer | when))
    # The log is never changed, so that it must not hold an address that may have to be forgotten.
    words = re.sub(re.escape(mine.recipient), "…", end.text, flags=re.IGNORECASE)[:_WORDS]
    said = {"by": "relay", "phase": end.phase, "code": str(end.code or ""), "words": words}
    _log(tx, mine.night, end.state, mine.id, said)
    return True


def withdraw(tx: AuditedTransaction, mine: Claimed) -> bool:
    """Drop a letter in hand that was overtaken before it left; False when the lease was lost meanwhile."""
    held = _still(mine) & letter.c.state.in_(sources(LetterState.DROPPED, IN_HAND))
    return bool(_moved(tx, held, {"state": LetterState.DROPPED, "owner": None, "lease_until": None}, "answered"))


def ever_sent(conn: Connection, key: str) -> bool:
    """Whether any of a letter's bytes were ever handed to a server; they never change from then on."""
    tried = exists().where(delivery_attempt.c.letter == key, delivery_attempt.c.phase.in_(("body", "dot")))
    return bool(conn.scalar(select(tried)))


def recover(tx: AuditedTransaction, now: datetime) -> Recovered:
    """Take back letters whose lease has ended: sent again, or unknown after the end of mail data."""

    def moved(before: LetterState, after: LetterState) -> int:
        ended = (letter.c.state == before) & (letter.c.lease_until <= now)
        values = {"state": after, "owner": None, "lease_until": None}
        return len(_moved(tx, ended, values, "lease-over"))

    return Recovered(
        moved(LetterState.LEASED, LetterState.READY), moved(LetterState.DATA_SENT, LetterState.UNKNOWN)
    )


def expire(tx: AuditedTransaction, now: datetime) -> list[LetterStatus]:
    """Give up letters at or past `expires_at`; the caller retracts their notices in this transaction."""
    return _moved(tx, _ready & (letter.c.expires_at <= now), {"state": LetterState.EXPIRED}, "age")


def decide(tx: AuditedTransaction, ids: Collection[str], to: LetterState, now: datetime) -> list[LetterStatus]:
    """Apply an operator's decision to held, unknown and dead letters; returns those moved, others stay.

    To `ready`: released, or to be sent again, due at once; a dead one is not too old for some days from now. To
    `sent`: it was found delivered. To `dropped`: a held letter is given up, and the caller retracts its notices.
    Any other state raises ValueError.
    """
    allowed = letter.c.state.in_(sources(to, WAITING_FOR_OPERATOR))
    values: dict[str, Any] = {"state": to}
    if to is LetterState.READY:
        dead, later = letter.c.state == LetterState.DEAD, letter.c.expires_at < now + _SECOND_LIFE
        until = case((and_(dead, later), now + _SECOND_LIFE), else_=letter.c.expires_at)
        values |= {"next_at": now, "dot_at": None, "expires_at": until}
    return _moved(tx, letter.c.id.in_(ids) & allowed, values, "operator")


def doubtful(conn: Connection) -> tuple[DataSent, ...]:
    """Letters of unknown fate that were sent to the journal too, oldest first."""
    return _data_sent(conn, letter.c.state == LetterState.UNKNOWN)


def witnesses(conn: Connection, since: datetime) -> tuple[DataSent, ...]:
    """The latest letters that the server accepted after `since`, which the journal must therefore contain."""
    taken = (letter.c.state == LetterState.SENT) & (letter.c.dot_at > since) & letter.c.journaled
    latest = select(letter.c.id).where(taken).order_by(letter.c.dot_at.desc()).limit(_WITNESSES)
    return _data_sent(conn, letter.c.id.in_(latest))


def _data_sent(conn: Connection, which: ColumnElement[bool]) -> tuple[DataSent, ...]:
    query = select(letter.c.id, letter.c.message_id, letter.c.dot_at).where(which, letter.c.journaled)
    return tuple(DataSent(*row) for row in conn.execute(query.order_by(letter.c.dot_at, letter.c.id)))


def resolve(tx: AuditedTransaction, seen: DataSent, to: LetterState, now: datetime) -> list[LetterStatus]:
    """Settle a letter of unknown fate by the journal; empty when its row has changed since it was read.

    To `sent`: the journal contains it. To `ready`: it does not, and the letter is sent again, due at once.
    """
    values: dict[str, Any] = {"state": to}
    if to is LetterState.READY:
        values |= {"next_at": now, "dot_at": None}
    still = (letter.c.id == seen.id) & (letter.c.dot_at == seen.dot_at)
    allowed = letter.c.state.in_(sources(to, frozenset({LetterState.UNKNOWN})))
    return _moved(tx, still & allowed, values, "journal")


def _moved(
    tx: AuditedTransaction, which: ColumnElement[bool], values: dict[str, Any], by: str
) -> list[LetterStatus]:
    rows = tx.conn.execute(update(letter).where(which).values(values).returning(*_status))
    moved = sorted(
        (LetterStatus(*row) for row in rows), key=lambda status: (status.night, status.office, status.part)
    )
    for status in moved:
        _log(tx, status.night, status.state, status.id, {"by": by})
    return moved


_LEFT = (LetterState.SENT, LetterState.UNKNOWN)


def left_since(conn: Connection, key: str, since: datetime) -> Claimed | None:
    """A letter that has left, or may have, after an instant; None: it has not."""
    columns = [letter.c[each.name] for each in fields(Claimed)]
    mine = letter.c.id == key, letter.c.state.in_(_LEFT), letter.c.dot_at > since
    row = conn.execute(select(*columns).where(*mine)).one_or_none()
    return Claimed(*row) if row is not None else None


def came_back(tx: AuditedTransaction, mine: Claimed, code: int, status: str | None, text: str) -> bool:
    """Refuse a letter that had left, by a report with these codes and words; False: it has come back before."""
    values = {"state": LetterState.DEAD, "reply": text, "last_code": code, "last_enhanced": status}
    # What comes back had arrived at a server.
    unknown = letter.c.id == mine.id, letter.c.state == LetterState.UNKNOWN
    _moved(tx, and_(*unknown), {"state": LetterState.SENT}, "report")
    had_left = letter.c.id == mine.id, letter.c.state.in_(sources(LetterState.DEAD, frozenset(_LEFT)))
    return bool(_moved(tx, and_(*had_left), values, "report"))


def lease_over(conn: Connection, now: datetime) -> int:
    """How many letters are in the hands of a relay whose lease has ended: it was killed."""
    over = letter.c.state.in_(list(IN_HAND)) & (letter.c.lease_until <= now)
    return conn.scalar(select(func.count()).where(over)) or 0


def counts(conn: Connection, night: date | None = None) -> dict[LetterState, int]:
    """How many letters are in each state, of one night or of all; every state has a key, also with 0."""
    query = select(letter.c.state, func.count()).group_by(letter.c.state)
    if night is not None:
        query = query.where(letter.c.night == night)
    return dict.fromkeys(LetterState, 0) | dict(conn.execute(query).tuples().all())


def listing(conn: Connection, states: Collection[LetterState], night: date | None = None) -> list[LetterStatus]:
    """Letters in these states, of one night or of all, by night, office and part."""
    query = select(*_status).where(letter.c.state.in_(states))
    if night is not None:
        query = query.where(letter.c.night == night)
    rows = conn.execute(query.order_by(letter.c.night, letter.c.office, letter.c.part))
    return [LetterStatus(*row) for row in rows]


def statuses(conn: Connection, ids: Collection[str]) -> dict[str, LetterStatus]:
    """The status of letters by id; an id that is not stored has no key."""
    rows = conn.execute(select(*_status).where(letter.c.id.in_(list(ids))))
    return {row.id: LetterStatus(*row) for row in rows}


def states(conn: Connection, ids: Collection[str]) -> dict[str, LetterState]:
    """The state of each of many letters by id; an id that is not stored has no key."""
    found: dict[str, LetterState] = {}
    waiting = iter(sorted(ids))
    while some := list(islice(waiting, _ASKED)):
        found |= conn.execute(select(letter.c.id, letter.c.state).where(letter.c.id.in_(some))).tuples().all()
    return found


def accepted_at(conn: Connection, since: date) -> datetime | None:
    """When the server last took a letter of a night from `since` on; None: none of these."""
    taken = select(func.max(letter.c.dot_at)).where(letter.c.night >= since, letter.c.state == LetterState.SENT)
    last: datetime | None = conn.scalar(taken)
    return last


def refused_since(conn: Connection, since: date, at: datetime | None) -> int:
    """How many letters of nights from `since` on were refused for good after the instant `at` (None: ever)."""
    dead = (letter.c.night >= since) & (letter.c.state == LetterState.DEAD)
    # One that came back later was taken at first, and says nothing of what the server takes now.
    answer = delivery_attempt.c.code
    query = select(func.count(letter.c.id.distinct())).join(delivery_attempt)
    query = query.where(dead, or_(answer.is_(None), answer >= _UNWELCOME))
    if at is not None:
        query = query.where(delivery_attempt.c.ended_at > at)
    return conn.scalar(query) or 0


def first_refused_at(conn: Connection, key: str) -> datetime | None:
    """When a server first answered one letter with a 5xx; None: never."""
    tried = delivery_attempt.c.letter == key
    refused = select(func.min(delivery_attempt.c.ended_at)).where(tried, delivery_attempt.c.code >= _PERMANENT)
    first: datetime | None = conn.scalar(refused)
    return first


def emptied(conn: Connection, ids: Collection[str]) -> list[str]:
    """Which of these letters have no body any more, because it was kept for its time."""
    gone = letter.c.id.in_(list(ids)) & (func.length(letter.c.mime) == 0)
    return list(conn.scalars(select(letter.c.id).where(gone).order_by(letter.c.id)))


def original(conn: Connection, key: str) -> str:
    """The letter whose notices a letter stands for: itself, or the one that it was first a fallback of."""
    before: str | None = conn.scalar(select(letter.c.fallback_of).where(letter.c.id == key))
    return key if before is None else original(conn, before)


def alive(conn: Connection, key: str) -> bool:
    """Whether a letter or one of its fallbacks has left, may have left, or still can."""
    state: LetterState = conn.execute(select(letter.c.state).where(letter.c.id == key)).scalar_one()
    if state not in _NEVER_LEFT:
        return True
    again = conn.scalars(select(letter.c.id).where(letter.c.fallback_of.is_not(None), letter.c.fallback_of == key))
    return any(alive(conn, one) for one in again.all())


def written_since(conn: Connection, office: str, night: date) -> bool:
    """Whether a letter of a later night to the same office has left; a receipt of an answer is none."""
    later = (letter.c.office == office) & (letter.c.night > night) & (letter.c.state == LetterState.SENT)
    told = later & (letter.c.part < RECEIPTS_FROM)
    return conn.scalar(select(letter.c.id).where(told).limit(1)) is not None


def overdue(conn: Connection, as_of: date, now: datetime) -> tuple[LetterStatus, ...]:
    """Letters of nights before `as_of` that are due and neither delivered, given up, nor passed on."""
    again = letter.alias()
    passed_on = and_(
        letter.c.state == LetterState.DEAD,
        exists().where(again.c.fallback_of.is_not(None), again.c.fallback_of == letter.c.id),
    )
    rows = conn.execute(
        select(*_status)
        .where(letter.c.night < as_of, letter.c.next_at <= now, letter.c.state.in_(_NOT_ENDED), ~passed_on)
        .order_by(letter.c.night, letter.c.office, letter.c.part)
    )
    return tuple(LetterStatus(*row) for row in rows)


def due_at(conn: Connection) -> datetime | None:
    """When the next letter is due (possibly in the past); None when none waits."""
    first: datetime | None = conn.scalar(select(func.min(letter.c.next_at)).where(_ready))
    return first
