"""The letter to the operator, held against the rows of the store and the cases as they were before its night.

Each check yields a line for each thing that is not so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, Row, func, select

from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Threshold
from dondoc.engine.domain.terms import CaseStatus, LetterState, NightState, Outcome, TaskKind
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.notifications.letter import operator_letter
from tests.support.letter_reader import Letter, days, letter, number
from tests.support.stored_facts import Facts
from tests.support.town import cutoff
from tests.support.true_accounts import Stored
from tests.support.true_items import untrue_items
from tests.support.true_mornings import RECEIPTS, untrue_morning
from tests.support.true_sources import brings, rules_ended_unseen, rules_followed, silent_sources, untrue_source

_DAY = r"\d\d/\d\d/\d{4}"
_DIRECT = (TaskKind.REPORT, TaskKind.ASSIGNED, TaskKind.QUOTA, TaskKind.READING)
# How a letter says that the night went, by its state.
_WENT = {
    NightState.OK: "đã chạy xong",
    NightState.DEGRADED: "đã chạy xong nhưng có việc cần xem",
    NightState.HELD: "đã chạy xong, thư đang tạm giữ",
}


@dataclass(frozen=True)
class Before:
    """The round and the step of every case before a night."""

    steps: Mapping[int, tuple[int, int]]


def before(engine: Engine) -> Before:
    """The cases as they stand."""
    case = t.case_file.c
    with reading(engine) as conn:
        rows = conn.execute(select(case.id, case.round, case.reached)).all()
    return Before({row.id: (row.round, row.reached) for row in rows})


def untrue_operator(facts: Facts, earlier: Before | None = None) -> Iterator[str]:
    """The letter of the night: its numbers, its action items, the cases that wait, the head of the log.

    Which cases climbed is told by the cases `earlier`, or else by what the log says of the night.
    """
    to_the_operator = (t.letter.c.office == operator_letter.OFFICE) & (t.letter.c.night == facts.night)
    for row in facts.rows(select(t.letter.c.mime).where(to_the_operator)):
        yield from untrue(letter(row.mime), facts, earlier)


def untrue(said: Letter, facts: Facts, earlier: Before | None = None) -> Iterator[str]:
    """What a letter to the operator says and that is not so."""
    text = " ".join(row.brief + row.badge for row in said.first.rows)
    yield from _untrue_state(said, text, facts)
    yield from _untrue_cases(text, facts, earlier)
    yield from _untrue_judged(text, facts)
    yield from untrue_morning(said, facts)
    yield from _untrue_log(said, facts)
    yield from _untrue_to_do(said, facts)
    yield from _untrue_waiting(said, facts)


def _untrue_state(said: Letter, text: str, facts: Facts) -> Iterator[str]:
    (night,) = facts.rows(select(t.night).where(t.night.c.as_of == facts.night))
    told = re.match(rf"Đêm ({_DAY}) (.*?);", said.first.headline)
    assert told, said.first.headline
    if (days(told.group(1))[0], told.group(2)) != (facts.night, _WENT[night.state]):
        yield f"{told.group()}, true is {night.state}"
    look = "; có việc cần xem" if night.state is not NightState.OK else ""
    if not re.search(rf"Có, cho ngày {facts.night:%d/%m/%Y}{look}(?!; có việc)", text):
        yield f"{text}: the night is {night.state}"
    if (": tạm giữ thư" in said.subject) != (night.state is NightState.HELD):
        yield f"{said.subject}: the night is {night.state}"


def _untrue_cases(text: str, facts: Facts, earlier: Before | None) -> Iterator[str]:
    """How many cases opened, reached a higher step, and closed."""
    moved = re.search(r"Mở mới (\d[\d.]*), lên bước (\d[\d.]*), đóng (\d[\d.]*)", text)
    assert moved, text
    night, cases = facts.night, facts.rows(select(t.case_file))
    true = (
        sum(case.opened_on == night for case in cases),
        sum(_climbed(case, earlier) for case in cases) if earlier else _logged(facts, "case-climbed"),
        sum(case.closed_on == night for case in cases),
    )
    if tuple(map(number, moved.groups())) != true:
        yield f"{moved.group()}, true is {true}"


def _climbed(case: Row[Any], earlier: Before) -> bool:
    """Whether a case that was there stands at a higher step; under a limit that moved, at any."""
    if case.id not in earlier.steps:
        return False
    round_, reached = earlier.steps[case.id]
    climbed: bool = case.reached > (reached if case.round == round_ else 0)
    return climbed


def _logged(facts: Facts, kind: str) -> int:
    """How many events of a kind the log has of the night."""
    return len(facts.rows(select(t.event.c.entry).where(t.event.c.night == facts.night, t.event.c.kind == kind)))


def _untrue_judged(text: str, facts: Facts) -> Iterator[str]:
    """Facts are the demands and figures of the rules that are followed up; findings, what is amiss in them."""
    told = re.search(r"(\d[\d.]*) dữ kiện; (\d[\d.]*) phát hiện", text)
    assert told, text
    if number(told.group(1)) != (true := _demands(facts) + _figures(facts)):
        yield f"{told.group()}, true is {true} facts"
    cases = facts.rows(select(t.case_file))
    # A period that was missed stays a finding on the night on which a later one makes it good.
    resumed = sum((case.outcome, case.closed_on) == (Outcome.RESUMED, facts.night) for case in cases)
    amiss = sum(case.status is not CaseStatus.CLOSED for case in cases) + resumed - _unjudged(facts)
    amiss += _lapsed_unseen(facts)
    if number(told.group(2)) != amiss:
        yield f"{told.group()}, true is {amiss} findings"


def _lapsed_unseen(facts: Facts) -> int:
    """The cases that lapse on a night that judges in the place of the last one: they were found amiss on it."""
    rules, unseen = {row.no: row.id for row in facts.rows(select(t.rule))}, rules_ended_unseen(facts)
    f, k = t.case_file, t.task
    asked = select(k.c.rule_no).join_from(f, k, f.c.task_id == k.c.id)
    lapsed = facts.rows(asked.where(f.c.outcome == Outcome.LAPSED, f.c.closed_on == facts.night))
    return sum(rules.get(row.rule_no) in unseen for row in lapsed)


def _demands(facts: Facts) -> int:
    rules, followed, k = {row.no: row.id for row in facts.rows(select(t.rule))}, rules_followed(facts), t.task.c
    return sum(
        rules.get(row.rule_no) in followed and (row.finished_on is None or row.finished_on >= facts.night)
        for row in facts.rows(select(t.task).where(k.kind.in_(_DIRECT), k.recorded_at <= cutoff(facts.night)))
    )


def _figures(facts: Facts) -> int:
    """A figure is one fact for each way in which rules look at it: by which periods, and against what."""
    on, found = cutoff(facts.night), set()
    watching = [facts.book.rules[rule].condition for rule in rules_followed(facts)]
    for row in facts.rows(select(t.reading).where(t.reading.c.recorded_at <= on)):
        if row.superseded_at is not None and row.superseded_at <= on:
            continue
        for limit in watching:
            if not isinstance(limit, Threshold) or limit.indicator != row.indicator:
                continue
            if limit.per in (PeriodKind.READING, row.period_kind):
                found.add((row.id, limit.per, limit.rise.against if limit.rise else None))
    return len(found)


def _unjudged(facts: Facts) -> int:
    """The open cases of which a silent source leaves unknown how they stand."""
    rules, silent = {row.no: row.id for row in facts.rows(select(t.rule))}, silent_sources(facts)
    asked = select(t.task.c.rule_no, t.task.c.kind).join_from(
        t.case_file, t.task, t.task.c.id == t.case_file.c.task_id
    )
    open_ = facts.rows(asked.where(t.case_file.c.status != CaseStatus.CLOSED))
    return sum(
        any(brings(source, facts.book.rules[rules[case.rule_no]], case.kind) for source in silent)
        for case in open_
    )


def _untrue_log(said: Letter, facts: Facts) -> Iterator[str]:
    """The head of the log is the entry before the night's own."""
    told = re.match(r"trước đêm này có (\d[\d.]*) mục, mã mục cuối ([0-9a-f ]*);", said.first.footer["Sổ nhật ký"])
    assert told, said.first.footer
    e = t.event.c
    mine = facts.rows(
        select(func.min(e.entry).label("first")).where(e.night == facts.night, e.kind == "night-judged")
    )[0].first
    (true,) = facts.rows(select(t.log_entry).where(t.log_entry.c.number == mine - 1)) or [None]
    if (number(told.group(1)), told.group(2).replace(" ", "")) != (
        (true.number, true.hash) if true else (0, "0" * 64)
    ):
        yield f"{told.group()}, true is {true}"


def _untrue_to_do(said: Letter, facts: Facts) -> Iterator[str]:
    """As many items as the box, the head and the subject say, each of them true."""
    section = said.first.section("CẦN LÀM")
    items = (len(section.rows) + section.more) if section else 0
    if section and section.size != items:
        yield f"{section.size} items, its rows are {items}"
    for found in re.findall(r"(\d+) việc cần xử lý|Cần làm (\d+) việc", f"{said.subject} {said.first.ask}"):
        if int("".join(found)) != items:
            yield f"{found} items, its rows are {items}"
    if not items and "Không có việc cần làm" not in said.first.ask:
        yield f"{said.first.ask}: there is nothing to do"
    for row in section.rows if section else ():
        yield from _untrue_item(f"{row.title}", facts)
    titles = [row.title for row in section.rows] if section else []
    yield from untrue_items(titles, facts, whole=not (section and section.more))
    boxes, named = _without_mailbox(facts), " ".join(row.title for row in section.rows) if section else ""
    missing = [unit for unit in boxes if f"({unit})" not in named]
    if section and not section.more and missing:
        yield f"{missing} were told without a mailbox, and the operator is not told"


def _without_mailbox(facts: Facts) -> set[str]:
    """Who was told something tonight, and has no mailbox of its own."""
    n = t.notice
    told = facts.rows(select(n.c.reader_no).where(n.c.night == facts.night))
    return {facts.units[row.reader_no] for row in told} - _have_mailbox(facts)


def _have_mailbox(facts: Facts) -> set[str]:
    on = facts.night
    return {
        facts.units[row.unit_no]
        for row in facts.rows(select(t.mailbox))
        if row.valid_from <= on and (row.valid_to is None or on < row.valid_to)
    }


def _is_unreached(office: str, facts: Facts) -> bool:
    """Whether no mailbox takes its letters, not one above it either, and a case is its own or of a unit below."""
    have = _have_mailbox(facts)
    if office in have or any(office in facts.ranked_below(body) for body in have):
        return False
    f = t.case_file
    open_ = f.c.status != CaseStatus.CLOSED
    owing = {
        unit
        for case in facts.rows(select(f.c.task_id).where(open_ | (f.c.closed_on == facts.night)))
        for unit in facts.carried[case.task_id].units
    }
    return not owing.isdisjoint({office} | facts.below(office))


def _untrue_item(said: str, facts: Facts) -> Iterator[str]:
    """One item: letters that have not left by their state, offices without a mailbox, ended units."""
    unsettled = re.match(
        r"(\d[\d.]*) thư (đến giờ mà chưa gửi được|đang tạm giữ|chưa rõ|bị trả lại|đang gửi dở)", said
    )
    if unsettled:
        states = {
            "đến giờ mà chưa gửi được": {LetterState.READY},
            "đang tạm giữ": {LetterState.HELD},
            "chưa rõ": {LetterState.UNKNOWN},
            "bị trả lại": {LetterState.DEAD},
            "đang gửi dở": {LetterState.LEASED, LetterState.DATA_SENT},
        }[unsettled.group(2)]
        rows = facts.rows(select(t.letter).where(t.letter.c.state.in_(states), t.letter.c.night < facts.night))
        left = facts.rows(select(t.letter).where(t.letter.c.state == LetterState.SENT))
        # Of refused letters those of two weeks count after which no other has left to the same office.
        old = facts.night - timedelta(days=14)
        rows = [
            row for row in rows if row.state != LetterState.DEAD or (row.night >= old and not _later(row, left))
        ]
        if number(unsettled.group(1)) != len(rows):
            yield f"{unsettled.group()}, true is {len(rows)}"
        true = {(row.office, row.night) for row in rows}
        for office, on in re.findall(rf"(\S+) đêm ({_DAY})", said):
            if (office, days(on)[0]) not in true:
                yield f"{office} {on}: it has no such letter"
    yield from untrue_source(said, facts)
    box = re.match(r".* \((\S+)\) (và các cấp trên đều )?không có hộp thư", said)
    if box and not (
        _is_unreached(box.group(1), facts) if box.group(2) else box.group(1) in _without_mailbox(facts)
    ):
        yield f"{said}: it has one, or was told nothing"
    ended = re.match(rf"(?:\S+): (.*) đã kết thúc ngày ({_DAY})", said)
    if ended:
        stored = Stored(facts)
        units = facts.rows(select(t.unit).where(t.unit.c.valid_to.is_not(None)))
        last = days(ended.group(2))[0].toordinal() + 1
        if not any(
            row.valid_to.toordinal() == last and ended.group(1) in _ever(facts, row.no, stored) for row in units
        ):
            yield f"{said}: no such end"


def _later(refused: Row[Any], left: Sequence[Row[Any]]) -> bool:
    return any(row.office == refused.office and row.night > refused.night and row.part < RECEIPTS for row in left)


def _ever(facts: Facts, no: int, stored: Stored) -> frozenset[str]:
    rows = facts.rows(select(t.unit_name.c.name).where(t.unit_name.c.unit_no == no))
    return stored.names(facts.units[no]) | {row.name for row in rows}


def _untrue_waiting(said: Letter, facts: Facts) -> Iterator[str]:
    """The cases past their last step and those that wait for an heir: how many of which directive, by code."""
    f, k, r = t.case_file, t.task, t.rule
    asked = select(f.c.code, f.c.status, r.c.id.label("rule")).join_from(f, k, k.c.id == f.c.task_id)
    waiting = asked.join(r, r.c.no == k.c.rule_no).where(f.c.status.in_(_WAITING.values()))
    true: dict[tuple[str, CaseStatus], set[str]] = defaultdict(set)
    for row in facts.rows(waiting):
        paper = facts.book.directives[facts.book.rules[row.rule].directive]
        true[paper.number or paper.title.vi, row.status].add(row.code)
    section = said.first.section("HỒ SƠ CHỜ XEM XÉT")
    printed: dict[tuple[str, CaseStatus], tuple[int, set[str]]] = {}
    for one in section.rows if section else ():
        found = re.fullmatch(r"(.*): (\d[\d.]*) hồ sơ (.*)", one.title)
        assert found, one.title
        codes = set(re.findall(r"[A-Z]+\d*-\d{4,}", one.brief))
        printed[found.group(1), _WAITING[found.group(3)]] = number(found.group(2)), codes
    if section and section.more:
        return
    if {key: n for key, (n, _) in printed.items()} != {key: len(codes) for key, codes in true.items()}:
        yield f"waiting {printed}, true is {dict(true)}"
    for key, (_, codes) in printed.items():
        if not codes <= true.get(key, set()):
            yield f"waiting {codes}, true is {true.get(key)}"


_WAITING = {
    "đã qua hết các bước đôn đốc": CaseStatus.EXHAUSTED,
    "đơn vị đã kết thúc, chờ xác nhận nơi kế thừa": CaseStatus.WAITING,
}
