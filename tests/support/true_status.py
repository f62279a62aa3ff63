"""What `status` says, held against the rows of nights, cases, letters and pulls, and the clock.

Each check yields a line for each thing that is not so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.terms import CaseStatus, LetterState, NightState
from dondoc.engine.store.db import tables as t
from tests.support.letter_reader import number
from tests.support.status_reader import DayBefore, Status, Warned
from tests.support.stored_facts import Facts
from tests.support.town import cutoff
from tests.support.true_accounts import STATES

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_D = r"(\d\d/\d\d/\d{4})"
_N = r"(\d[\d.,]*)"
_WAITS = {"đã qua hết các bước": CaseStatus.EXHAUSTED, "chờ xác nhận nơi kế thừa": CaseStatus.WAITING}
_LOST = (LetterState.DEAD, LetterState.EXPIRED, LetterState.DROPPED)
_TO_GO = (LetterState.READY, LetterState.LEASED, LetterState.DATA_SENT, LetterState.HELD)


@dataclass(frozen=True)
class Watch:
    """When `status` is asked, in which hours letters leave, which sources there are, and the heartbeat if any."""

    now: datetime
    sources: Sequence[str] = ()
    heartbeat: bool | None = None
    opens: time = time(6, 30)
    closes: time = time(17)

    @property
    def due(self) -> date:
        """The night that must have run: each begins at 02:00 and has two hours."""
        return (self.now.astimezone(ZONE) - 4 * _HOUR).date()

    @property
    def yesterday(self) -> date:
        """The day before."""
        return self.now.astimezone(ZONE).date() - _DAY


def untrue_status(said: Status, facts: Facts, watch: Watch) -> Iterator[str]:
    """The latest night, the cases by status, the letters by state, what is wrong, and what became of yesterday."""
    (night,) = facts.rows(select(t.night).where(t.night.c.as_of == facts.night))
    if (said.night, said.state) != (facts.night, night.state):
        yield f"night {said.night} {said.state}, true is {facts.night} {night.state}"
    cases = Counter(row.status for row in facts.rows(select(t.case_file.c.status)))
    live = sum(cases.values()) - cases[CaseStatus.CLOSED]
    if (said.live, said.closed) != (live, cases[CaseStatus.CLOSED]):
        yield f"cases {said.live} and {said.closed}, true is {live} and {cases[CaseStatus.CLOSED]}"
    for word, status in _WAITS.items():
        if said.waits.get(word, 0) != cases[status]:
            yield f"{word} {said.waits.get(word, 0)}, true is {cases[status]}"
    yield from _untrue_letters(said, facts)
    yield from _untrue_instants(said, facts)
    letters = facts.rows(select(t.letter))
    yield from _untrue_warnings(said, facts, letters, watch)
    since = cutoff(watch.due - _DAY)
    yield from untrue_day(said.yesterday, facts, watch, ran=facts.night >= watch.due, since=since)


def _untrue_letters(said: Status, facts: Facts) -> Iterator[str]:
    letters = Counter(row.state for row in facts.rows(select(t.letter.c.state)))
    if len(dict(said.letters)) != len(said.letters):
        yield f"one word for two counts: {said.letters}"
    for word, states in STATES.items():
        true = sum(letters[LetterState(state)] for state in states)
        if dict(said.letters).get(word, 0) != true:
            yield f"letters {word} {dict(said.letters).get(word, 0)}, true is {true}"


def _untrue_instants(said: Status, facts: Facts) -> Iterator[str]:
    """When the night ran is when the log took it down; a letter left when the server took it."""
    e, entry = t.event, t.log_entry
    mine = (e.c.night == facts.night) & (e.c.kind == "night-judged")
    asked = select(func.max(entry.c.at).label("at")).join_from(entry, e, e.c.entry == entry.c.number).where(mine)
    taken = select(func.max(t.letter.c.dot_at).label("at")).where(t.letter.c.state == LetterState.SENT)
    for what, text, query in (("ran", said.ran, asked), ("left", said.left, taken)):
        (row,) = facts.rows(query)
        true = f"{row.at.astimezone(cutoff(facts.night).tzinfo):%H giờ %M ngày %d/%m/%Y}" if row.at else ""
        if text != true:
            yield f"{what} {text}, true is {true}"


# What each warning says of numbers, days and hours, in both languages.
_SAYS = {
    "night-missing": (rf"THIẾU {_N} đêm, từ đêm {_D}", rf"{_N} nights? missing, from {_D}"),
    "night-ahead": (rf"ĐÊM Ở TƯƠNG LAI: {_D} đã chạy, nay mới tới đêm {_D}", rf".*: {_D} was judged, it is {_D}"),
    "night-degraded": (rf"đêm {_D} chạy chưa đủ", rf"the night of {_D} is degraded"),
    "letters-late": (rf"{_N} thư đến giờ mà chưa đi()", rf"{_N} letters? due and not sent()"),
    "letters-expiring": (
        rf"{_N} thư sẽ hết hạn, sớm nhất (\d\d:\d\d {_D})",
        rf"{_N} letters? will expire, the first at (\d\d:\d\d {_D})",
    ),
    "letters-expired": (rf"{_N} thư đã quá hạn gửi", rf"{_N} letters? past their time"),
    "delivery-broken-off": (rf"{_N} thư đang gửi dở", rf"a delivery broke off with {_N} letters? in hand"),
    "letters-held": (rf"{_N} thư của đêm {_D} đang tạm giữ", rf"{_N} letters? of the night of {_D} held"),
    "letters-unknown": (rf"{_N} thư chưa rõ đã tới hay chưa", rf"{_N} letters? of unknown fate"),
    "letters-dead": (rf"{_N} thư bị trả lại, không nơi nào chuyển giúp: ", rf"{_N} letters? refused"),
}


def _untrue_warnings(said: Status, facts: Facts, letters: Sequence[Row[Any]], watch: Watch) -> Iterator[str]:
    """Each with its numbers, and no other; what a server said, it said of all letters of the line or so many."""
    true = sorted(_warnings(facts, letters, watch))
    for which in (0, 1):
        told = sorted((one.code, *_told(one, which)) for one in said.warnings)
        if told != true:
            yield f"warnings {told}, true is {true}"
    for one in said.warnings:
        if one.code == "letters-late":
            yield from _untrue_reply(one, [row for row in letters if _late(row, watch)])


def _told(one: Warned, which: int) -> tuple[str, ...]:
    found = re.match(_SAYS[one.code][which], (one.what, one.english)[which])
    assert found, one
    return tuple(group.replace(",", ".").lstrip("0") for group in found.groups())


def _untrue_reply(one: Warned, late: Sequence[Row[Any]]) -> Iterator[str]:
    replies = Counter(row.reply for row in late)
    found = re.match(rf"{_N} thư đến giờ mà chưa đi(?:; máy chủ trả lời {_N} thư)?(?:: (.*))?: dondoc", one.what)
    assert found, one
    if found.group(3) is None:
        if set(replies) != {""}:
            yield f"{one.what}: a server said {replies}"
    elif replies[found.group(3)] != number(found.group(2) or found.group(1)):
        yield f"{one.what}: a server said {replies}"


def _warnings(facts: Facts, letters: Sequence[Row[Any]], watch: Watch) -> Iterator[tuple[str, ...]]:
    """Each thing that is wrong, by its code, with what its line says of it."""
    (night,) = facts.rows(select(t.night).where(t.night.c.as_of == facts.night))
    tonight = (watch.now.astimezone(ZONE) - 2 * _HOUR).date()
    if facts.night > tonight + _DAY:
        yield "night-ahead", f"{facts.night:%d/%m/%Y}".lstrip("0"), f"{tonight:%d/%m/%Y}".lstrip("0")
    if facts.night < watch.due:
        first = facts.night + _DAY
        yield "night-missing", str((watch.due - facts.night).days), f"{first:%d/%m/%Y}".lstrip("0")
    if night.state == NightState.DEGRADED:
        yield "night-degraded", f"{facts.night:%d/%m/%Y}".lstrip("0")
    ready = [row for row in letters if row.state == LetterState.READY]
    for code, rows in (
        ("letters-expired", [row for row in ready if row.expires_at <= watch.now]),
        ("delivery-broken-off", [row for row in letters if _left_behind(row, watch.now)]),
        ("letters-unknown", [row for row in letters if row.state == LetterState.UNKNOWN]),
        ("letters-dead", [row for row in letters if _unheard(row, letters, watch)]),
    ):
        if rows:
            yield code, str(len(rows))
    late = [row for row in letters if _late(row, watch)]
    if late:
        yield "letters-late", str(len(late)), ""
    ends = [row.expires_at for row in ready if row.attempt and watch.now < row.expires_at <= watch.now + _DAY]
    if ends:
        at = min(ends).astimezone(ZONE)
        yield "letters-expiring", str(len(ends)), f"{at:%H:%M %d/%m/%Y}".lstrip("0"), f"{at:%d/%m/%Y}".lstrip("0")
    for on, n in Counter(row.night for row in letters if row.state == LetterState.HELD).items():
        yield "letters-held", str(n), f"{on:%d/%m/%Y}".lstrip("0")


def _late(row: Row[Any], watch: Watch) -> bool:
    """Whether a letter can still leave, and could have left for an hour in today's hours."""
    here = watch.now.astimezone(ZONE)
    opened = datetime.combine(here.date(), watch.opens, ZONE)
    return (
        row.state == LetterState.READY
        and row.expires_at > watch.now
        and watch.opens <= here.time() < watch.closes
        and watch.now - max(row.next_at, opened) >= _HOUR
    )


def _left_behind(row: Row[Any], now: datetime) -> bool:
    return row.state in (LetterState.LEASED, LetterState.DATA_SENT) and row.lease_until <= now


def _unheard(row: Row[Any], letters: Sequence[Row[Any]], watch: Watch) -> bool:
    """Whether a letter of the last two weeks was refused, its substitutes too, and the office got no later one."""
    return (
        row.state == LetterState.DEAD
        and row.fallback_of is None
        and row.night >= watch.yesterday - 13 * _DAY
        and not _may_arrive(row, letters)
        and not any(
            one.office == row.office and one.night > row.night and one.state == LetterState.SENT for one in letters
        )
    )


def _may_arrive(row: Row[Any], letters: Sequence[Row[Any]]) -> bool:
    """Whether a letter or one of its substitutes has left, may have, or still can."""
    if row.state not in _LOST:
        return True
    return any(_may_arrive(one, letters) for one in letters if one.fallback_of == row.id)


def untrue_day(said: DayBefore | None, facts: Facts, watch: Watch, *, ran: bool, since: datetime) -> Iterator[str]:
    """The night that was due, the letters due by yesterday, the sources, the heartbeat; all kept, or not.

    `ran`: that night has run; a source was to be pulled `since` an instant.
    """
    if said is None:
        yield "nothing is said of yesterday"
        return
    day, letters = watch.yesterday, facts.rows(select(t.letter))
    mine = [row for row in letters if row.night == day]
    left = sum(row.state == LetterState.SENT for row in mine)
    due = [
        row
        for row in letters
        if row.state in _TO_GO and row.night <= day
        if row.attempt > 0 or row.next_at.astimezone(ZONE).date() <= day
    ]
    # A server has answered these, and they have more than a day to come back.
    later = [row for row in due if row.state != LetterState.HELD and row.last_code]
    put_off = sum(row.expires_at > watch.now + _DAY for row in later)
    waiting = len(due) - put_off
    unclear = sum(row.state == LetterState.UNKNOWN for row in mine)
    gone = (LetterState.DEAD, LetterState.EXPIRED)
    lost = unclear + sum(row.state in gone and not _may_arrive(row, letters) for row in mine)
    missing = tuple(one for one in watch.sources if not _pulled(facts, one, since))
    true = DayBefore(
        day,
        ran and not (waiting or lost or missing) and watch.heartbeat is not False,
        ran,
        (left + put_off + waiting + lost, left, put_off, waiting, lost),
        unclear > 0,
        (len(watch.sources) - len(missing), len(watch.sources)) if watch.sources else None,
        missing,
        watch.heartbeat,
    )
    if said != true:
        yield f"{said}, true is {true}"


def _pulled(facts: Facts, source: str, since: datetime) -> bool:
    """Whether the latest pull of a source met no fault, and came since an instant."""
    p = t.pull
    rows = facts.rows(select(p).where(p.c.source == source).order_by(p.c.id.desc()).limit(1))
    return any(row.at >= since and '"faults": []' in row.said for row in rows)
