"""What the operator's letter says of deliveries and sources, held against the log of letters and rows of pulls.

Where a letter stood is folded from the events of the log, and not read from the row that letters are sent from.
Each check yields a line for each thing that is not so.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import func, select

from dondoc.engine.store.db import tables as t
from dondoc.notifications.letter import operator_letter
from tests.support.letter_reader import Letter, Row, days, number
from tests.support.stored_facts import Facts
from tests.support.town import cutoff
from tests.support.true_sources import silent_sources

_DAY = r"\d\d/\d\d/\d{4}"
_N = r"(\d[\d.]*)"
RECEIPTS = 100_000
# How the line says what became of letters, and where such a letter stands.
_BECAME = {"còn chờ": "waiting", "chưa rõ": "unknown", "bị trả lại": "dead", "hết hạn gửi": "expired"}
_ASKED = {
    "ran": "Đêm có chạy không?",
    "delivered": "Thư đã đi được bao nhiêu?",
    "returned": "Hộp thư nào trả thư lại?",
    "in_doubt": "Thư nào chưa rõ đã tới hay chưa?",
    "sources": "Nguồn dữ liệu có đủ không?",
    "leaving": "Thư nào sắp gửi?",
}


@dataclass(frozen=True)
class Logged:
    """A letter as the log has it before a night's own end: when it was planned and last moved, and to what."""

    id: str
    office: str
    part: int
    night: date
    planned: int
    state: str
    moved: int
    fallback_of: str | None


def untrue_morning(said: Letter, facts: Facts) -> Iterator[str]:
    """Every line of the morning that is not so."""
    rows = {row.title: _whole(row) for row in said.first.rows}
    log = logged(facts)
    offices = [one for one in log.values() if one.office != operator_letter.OFFICE]
    since = _last_letter(log, facts.night)
    yield from _untrue_nights(rows[_ASKED["ran"]], facts, since)
    yield from _untrue_delivered(said, rows, facts, since, offices)
    yield from _untrue_returned(rows.get(_ASKED["returned"]), facts, offices)
    yield from _untrue_doubts(rows.get(_ASKED["in_doubt"]), facts, offices)
    yield from _untrue_sources(rows.get(_ASKED["sources"]), facts)
    yield from _untrue_leaving(said, rows[_ASKED["leaving"]], facts, offices)


def _whole(row: Row) -> str:
    """All that a row says after its question; where a line is nearly full the mark behind it reads as its end."""
    return "; ".join(filter(None, (f"{row.brief} {row.badge}".strip(), ", ".join(row.codes))))


def logged(facts: Facts) -> dict[str, Logged]:
    """The letters by id, as the log had them when the night ended."""
    e, found = t.event.c, dict[str, Logged]()
    mine = facts.rows(
        select(func.min(e.entry).label("n")).where(e.night == facts.night, e.kind == "night-judged")
    )[0].n
    told = select(e.entry, e.night, e.kind, e.detail).where(e.kind.like("letter-%"), e.entry <= mine)
    for row in facts.rows(told.order_by(e.entry, e.position)):
        detail, kind = json.loads(row.detail), row.kind.removeprefix("letter-")
        if kind == "planned":
            found[detail["letter"]] = Logged(
                detail["letter"],
                detail["office"],
                int(detail["part"]),
                row.night,
                row.entry,
                detail["state"],
                0,
                detail.get("fallback_of"),
            )
        elif detail.get("letter") in found:
            found[detail["letter"]] = replace(found[detail["letter"]], state=kind, moved=row.entry)
    # What the night itself plans for the operator is the letter that is read.
    own = [key for key, one in found.items() if (one.office, one.night) == (operator_letter.OFFICE, facts.night)]
    return {key: one for key, one in found.items() if key not in own}


def _last_letter(log: dict[str, Logged], night: date) -> Logged | None:
    """The operator's last letter about a night before this one, of those that did or can arrive."""
    nightly = [
        one
        for one in log.values()
        if (one.office, one.part) == (operator_letter.OFFICE, 1)
        and one.night < night
        and one.state not in ("dead", "expired", "dropped")
    ]
    return max(nightly, key=lambda one: one.night, default=None)


def _untrue_nights(said: str, facts: Facts, since: Logged | None) -> Iterator[str]:
    """How many nights ran since the last letter, where it was more than the one that is told."""
    told = re.search(rf"từ thư ngày ({_DAY}) đã chạy {_N} đêm", said)
    ran = [row.as_of for row in facts.rows(select(t.night.c.as_of).where(t.night.c.as_of <= facts.night))]
    true = (since.night, sum(night > since.night for night in ran)) if since else None
    if true is None or true[1] == 1:
        if told:
            yield f"{told.group()}: true is {true}"
    elif not told or (days(told.group(1))[0], number(told.group(2))) != true:
        yield f"{said}: true is {true}"


def _untrue_delivered(
    letter: Letter, rows: dict[str, str], facts: Facts, since: Logged | None, offices: list[Logged]
) -> Iterator[str]:
    """How many of how many letters left, since which letter, and what became of the others."""
    said, true = rows[_ASKED["delivered"]], _became(facts, since, offices)
    first = re.match(rf"Từ (?:thư ngày ({_DAY})|trước tới nay): ", said)
    assert first, said
    if (days(first.group(1))[0] if first.group(1) else None) != (since.night if since else None):
        yield f"{said}: the last letter is {since}"
    told = {word: re.search(rf"{_N} {word}", said) for word in _BECAME}
    for word, found in told.items():
        if (number(found.group(1)) if found else 0) != true[_BECAME[word]]:
            yield f"{said}: {word}, true is {true}"
    left = re.compile(rf"{_N}/{_N} thư đã đi")
    for place in (said, letter.first.headline, letter.subject):
        counted = left.search(place)
        if counted and tuple(map(number, counted.groups())) != (true["sent"], sum(true.values())):
            yield f"{place}, true is {true}"
        if not counted and sum(true.values()):
            yield f"{place}: says nothing of {true}"
    need = (
        "Cần làm" if true["unknown"] or true["dead"] else "Xem lại" if true["waiting"] + true["expired"] else "Tốt"
    )
    if not said.endswith(need):
        yield f"{said}: needs {need}"


def _became(facts: Facts, since: Logged | None, offices: list[Logged]) -> Counter[str]:
    passed_on = {one.fallback_of for one in offices}
    became = Counter(
        one.state
        for one in offices
        if one.moved > (since.planned if since else 0)
        and one.state in ("sent", "unknown", "dead", "expired")
        and not (one.state == "dead" and one.id in passed_on)
    )
    # Every letter of an earlier night was due in that morning.
    became["waiting"] = sum(one.state == "ready" and one.night < facts.night for one in offices)
    return became


def _untrue_returned(said: str | None, facts: Facts, offices: list[Logged]) -> Iterator[str]:
    """The latest refused letter of each office within two weeks, unless a later one has left."""
    true = dict[str, date]()
    for one in offices:
        if one.state == "dead" and one.night >= facts.night - timedelta(days=14):
            later = (
                other.office == one.office
                and other.night > one.night
                and other.part < RECEIPTS
                and other.state == "sent"
                for other in offices
            )
            if not any(later):
                true[one.office] = max(one.night, true.get(one.office, one.night))
    yield from _untrue_names(said, facts, [(office, night) for office, night in true.items()])


def _untrue_doubts(said: str | None, facts: Facts, offices: list[Logged]) -> Iterator[str]:
    yield from _untrue_names(said, facts, [(one.office, one.night) for one in offices if one.state == "unknown"])


def _untrue_names(said: str | None, facts: Facts, true: list[tuple[str, date]]) -> Iterator[str]:
    """As many as there are, and each that is named with its day among them."""
    if said is None or not true:
        if (said is None) is bool(true):
            yield f"{said}, true is {true}"
        return
    told = re.match(rf"{_N}: ", said)
    if not told or number(told.group(1)) != len(true):
        yield f"{said}, true is {true}"
    names = {(name, night) for office, night in true for name in facts.called(office, None)}
    for name, on in re.findall(rf"(?:: |; )([^;:]*?), thư ngày ({_DAY})", said):
        if (name, days(on)[0]) not in names:
            yield f"{said}: {name} of {on} is none of {true}"


def _untrue_sources(said: str | None, facts: Facts) -> Iterator[str]:
    """A source is in order that is not silent, and was pulled since the night before without a fault."""
    if not facts.book.sources:
        if said is not None:
            yield f"{said}: there is no source"
        return
    silent, on = silent_sources(facts), cutoff(facts.night)
    well = 0
    for source in facts.book.sources:
        pulls = facts.rows(
            select(t.pull)
            .where(t.pull.c.source == source.id, t.pull.c.at <= on)
            .order_by(t.pull.c.id.desc())
            .limit(1)
        )
        pulled = pulls and pulls[0].at >= on - timedelta(days=1) and not json.loads(pulls[0].said)["faults"]
        well += bool(pulled) and source not in silent
    told = re.match(r"Đủ (\d+)/(\d+) nguồn", said or "")
    if not told or tuple(map(int, told.groups())) != (well, len(facts.book.sources)):
        yield f"{said}: true is {well} of {len(facts.book.sources)}"


def _untrue_leaving(letter: Letter, said: str, facts: Facts, offices: list[Logged]) -> Iterator[str]:
    """How many letters of the night wait, how many of earlier nights, how many are held."""
    mine, at = [one for one in offices if one.night == facts.night], cutoff(facts.night)
    ends = {row.id: row.expires_at for row in facts.rows(select(t.letter.c.id, t.letter.c.expires_at))}
    ready = sum(one.state == "ready" for one in mine)
    again = sum(one.state == "ready" and one.night < facts.night and ends[one.id] > at for one in offices)
    held = sum(one.state == "held" for one in offices)
    for words, true in (("thư chờ gửi từ 06:30", ready), ("thư của đêm trước", again), ("thư tạm giữ", held)):
        found = re.search(rf"{_N} {words}", said)
        if (number(found.group(1)) if found else 0) != true:
            yield f"{said}: {words}, true is {true}"
    for place in (letter.subject, letter.first.headline):
        found = re.search(rf"{_N} thư chờ gửi", place)
        if found and number(found.group(1)) != ready:
            yield f"{place}, true is {ready}"
