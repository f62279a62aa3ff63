"""What became of the letters to offices since the last letter to the operator, and which still wait.

Reads of a letter only where it stands, never its mailbox, its bytes or a server's words, so that whoever may see
no more can ask as well.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, func, select

from dondoc.engine.domain.terms import IN_HAND, LetterState
from dondoc.engine.store.db.tables import event, letter
from dondoc.notifications.delivery import outbox
from dondoc.notifications.morning import Delivery, LetterFate

_ENDS = (LetterState.SENT, LetterState.UNKNOWN, LetterState.DEAD, LetterState.EXPIRED)
# The events that say how an attempt or a letter ended; of several the last one counts.
_SAID = tuple(f"letter-{state}" for state in LetterState)
_NEVER_READ = (LetterState.DEAD, LetterState.EXPIRED, LetterState.DROPPED)
_ON_ITS_WAY = (LetterState.READY, *IN_HAND)
_OPEN = (*_ON_ITS_WAY, LetterState.HELD, LetterState.UNKNOWN)
# For so long a mailbox that refused a letter is named, unless a later letter to its office has left.
_REMEMBERED = timedelta(days=14)
_AT_ONCE = 500


def delivery(conn: Connection, operator: tuple[str, int], night: date, at: datetime) -> Delivery:
    """What became of the letters to offices by `at`, since the operator's last letter of a night before `night`.

    `operator` is the office id and the part of that letter. The time since is counted by the entries of the audit
    log and not by a clock: what ends after one letter to the operator is counted in the next, and in no other.
    """
    office, part = operator
    since = _last_letter(conn, office, part, night)
    ended = Counter(_ended(conn, office, _entry_of(conn, office, part, since) if since else 0))
    open_ = conn.execute(_open(office)).all()
    going = [one for one in open_ if one.state in _ON_ITS_WAY]
    held = Counter(one.night for one in open_ if one.state is LetterState.HELD)
    leaving = Counter(one.night == night for one in going if one.expires_at > at)
    return Delivery(
        since,
        ended[LetterState.SENT],
        ended[LetterState.UNKNOWN],
        ended[LetterState.DEAD],
        ended[LetterState.EXPIRED],
        sum(one.lease_token > 0 or one.next_at <= at for one in going),
        leaving[True],
        leaving[False],
        tuple(sorted(held.items())),
        tuple(LetterFate(one.id, one.office, one.night) for one in open_ if one.state is LetterState.UNKNOWN),
        tuple(_returned(conn, office, night)),
    )


def _last_letter(conn: Connection, office: str, part: int, before: date) -> date | None:
    """The night of the operator's last letter that was delivered or can be."""
    mine = (letter.c.office == office) & (letter.c.part == part) & letter.c.state.not_in(_NEVER_READ)
    found: date | None = conn.scalar(select(func.max(letter.c.night)).where(mine, letter.c.night < before))
    return found


def _entry_of(conn: Connection, office: str, part: int, night: date) -> int:
    """The entry of the audit log that planned a letter; what it did itself is not counted again."""
    planned = select(event.c.entry, event.c.detail).where(event.c.night == night, event.c.kind == "letter-planned")
    for row in conn.execute(planned.order_by(event.c.entry.desc())):
        detail = json.loads(row.detail)
        if (detail["office"], detail["part"]) == (office, str(part)):
            return int(row.entry)
    return 0


def _ended(conn: Connection, operator: str, after: int) -> Iterator[LetterState]:
    """Where the letters stand that ended after an entry of the log, one for each."""
    said = select(event.c.detail).where(event.c.entry > after, event.c.kind.in_(_SAID))
    ids = iter(dict.fromkeys(json.loads(detail)["letter"] for detail in conn.scalars(said)))
    again = letter.alias()
    # Of no column more than whoever may see where letters stand.
    substitute = select(again.c.id).where(again.c.fallback_of.is_not(None), again.c.fallback_of == letter.c.id)
    passed_on = substitute.exists()
    mine = (letter.c.office != operator) & letter.c.state.in_(_ENDS)
    while some := list(islice(ids, _AT_ONCE)):
        # What a substitute carries is counted as the substitute.
        counted = letter.c.id.in_(some) & mine & ((letter.c.state != LetterState.DEAD) | ~passed_on)
        yield from conn.scalars(select(letter.c.state).where(counted))


def _open(operator: str) -> Select[Any]:
    """The letters to offices that have not ended, by night and office; refused ones have."""
    columns = (letter.c.id, letter.c.night, letter.c.office, letter.c.state)
    # The token has risen if it was ever tried; an attempt that failed for no fault of the letter's is not counted.
    when = (letter.c.lease_token, letter.c.next_at, letter.c.expires_at)
    mine = letter.c.state.in_(_OPEN) & (letter.c.office != operator)
    return select(*columns, *when).where(mine).order_by(letter.c.night, letter.c.office, letter.c.part)


def _returned(conn: Connection, operator: str, night: date) -> Iterator[LetterFate]:
    dead = (letter.c.state == LetterState.DEAD) & (letter.c.office != operator)
    lately = dead & (letter.c.night >= night - _REMEMBERED)
    rows = select(letter.c.id, letter.c.office, letter.c.night).where(lately)
    latest = {row.office: row for row in conn.execute(rows.order_by(letter.c.night, letter.c.part))}
    for office, row in sorted(latest.items()):
        # The mailbox was put right, and a later night told its readers again.
        if not outbox.written_since(conn, office, row.night):
            yield LetterFate(row.id, office, row.night, outbox.alive(conn, row.id))
