"""What the operator's letter says is to be looked at in the data, held against the rows of the store and the log.

Figures by other periods, units without a name, imports that change who hears, codes that no rule reads. Each check
yields a line for each thing that is not so.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from dondoc.engine.domain.rulebook import AfterEvent, Overdue, Quota, RuleBook, Threshold
from dondoc.engine.domain.terms import TaskKind
from dondoc.engine.store.db import tables as t
from tests.support.letter_reader import number
from tests.support.stored_facts import Facts
from tests.support.town import cutoff
from tests.support.true_figures import KINDS

_SHEETS = {
    "loại nhiệm vụ": "tasks",
    "loại báo cáo": "submissions",
    "hoạt động": "activities",
    "chỉ tiêu": "readings",
}
_WHO_HEARS = ("mailboxes", "relations")


def untrue_items(said: Sequence[str], facts: Facts, *, whole: bool) -> Iterator[str]:
    """Each item so, and where the letter lists them all (`whole`) none missing."""
    for check in (_other_periods, _nameless, _changed_readers, _unknown_codes):
        yield from check(said, facts, whole=whole)


def _listed(text: str) -> tuple[list[str], int]:
    """The names of an item, the first of them, and how many more there are."""
    rest = re.search(r" và (\d+) mục khác$", text)
    return (text[: rest.start()] if rest else text).split(", "), int(rest.group(1)) if rest else 0


def _other_periods(said: Sequence[str], facts: Facts, *, whole: bool) -> Iterator[str]:
    """Units that miss a figure of the rule's period, and sent some of its time by other periods."""
    true = _beside(facts)
    told: set[str] = set()
    for text in said:
        found = re.match(
            r"Quy tắc (\S+) hỏi số liệu theo (.+?), (\d[\d.]*) đơn vị lại có số liệu theo kỳ khác, nên "
            r"không bị coi là thiếu số liệu: (.*)",
            text,
        )
        if not found:
            continue
        rule, (names, more) = found.group(1), _listed(found.group(4))
        told.add(rule)
        units = true.get(rule, set())
        condition = facts.book.root_of(rule).condition
        assert isinstance(condition, Threshold)
        if KINDS[found.group(2)] != condition.per:
            yield f"{text}: the rule asks by {condition.per}"
        if number(found.group(3)) != len(units) or len(names) + more != len(units):
            yield f"{text}, true is {units}"
        called = {name for unit in units for name in facts.called(unit, facts.night)}
        if not set(names) <= called:
            yield f"{text}: {set(names) - called} did not"
    if whole and told != set(true):
        yield f"figures by other periods are told of {told}, true is {true}"


def _beside(facts: Facts) -> Mapping[str, set[str]]:
    """By rule, the units with an overdue figure of which only others of the same time are there."""
    rules, on = {row.no: row.id for row in facts.rows(select(t.rule))}, cutoff(facts.night)
    known = [
        row
        for row in facts.rows(select(t.reading))
        if row.recorded_at <= on and (row.superseded_at is None or row.superseded_at > on)
    ]
    found: dict[str, set[str]] = defaultdict(set)
    k = t.task.c
    for task in facts.rows(select(t.task).where(k.kind == TaskKind.READING, k.last_day < facts.night)):
        rule = rules.get(task.rule_no)
        if rule not in facts.book.rules or task.ended == "void" or not facts.book.followed(rule, facts.night):
            continue
        limit = facts.book.root_of(rule).condition
        assert isinstance(limit, Threshold)
        mine = [row for row in known if (row.unit_no, row.indicator) == (task.unit_no, limit.indicator)]
        of_time = [row for row in mine if row.first_day <= task.final_day and row.last_day >= task.first_day]
        kinds = {row.period_kind for row in of_time}
        exact = any((row.first_day, row.last_day) == (task.first_day, task.final_day) for row in mine)
        if kinds - {limit.per} and not exact and not task.finished_on:
            found[rule].add(facts.units[task.unit_no])
    return found


def _nameless(said: Sequence[str], facts: Facts, *, whole: bool) -> Iterator[str]:
    """Who hears, or is written about, on a night on which it has no name, and how it is called instead."""
    true = _without_name(facts)
    told = False
    for text in said:
        found = re.match(r"(\d[\d.]*) đơn vị trong thư đêm nay không có tên vào ngày đó: (.*)", text)
        if not found:
            continue
        told = True
        names, more = re.findall(r"(\S+), gọi là «(.*?)»", found.group(2)), _listed(found.group(2))[1]
        if number(found.group(1)) != len(true) or len(names) + more != len(true):
            yield f"{text}, true is {true}"
        for unit, name in names:
            if unit not in true or name not in facts.called(unit, None) | {unit}:
                yield f"{text}: {unit} has a name, or not this one"
    if whole and true and not told:
        yield f"{true} have no name, and the operator is not told"


def _without_name(facts: Facts) -> set[str]:
    """The readers of the night's notices and the bearers of their tasks that live and have no name then."""
    n, k, u = t.notice, t.task, t.unit
    rows = facts.rows(
        select(n.c.reader_no, k.c.id, k.c.unit_no)
        .join_from(n, k, k.c.id == n.c.task_id)
        .where(n.c.night == facts.night)
    )
    seen = {facts.units[row.reader_no] for row in rows}
    seen |= {unit for row in rows for unit in facts.carried[row.id].units}
    alive = {
        row.id
        for row in facts.rows(select(u))
        if row.valid_from <= facts.night and (row.valid_to is None or facts.night < row.valid_to)
    }
    return {unit for unit in seen & alive if not facts.called(unit, facts.night) - {unit}}


def _imports(facts: Facts) -> list[Mapping[str, Any]]:
    """What the log says of the imports between the last night that told anybody and this one."""
    e = t.event
    judged = select(e.c.entry, e.c.night).where(e.c.kind == "night-judged")
    nights = {row.night: row.entry for row in facts.rows(judged)}
    telling = [row.as_of for row in facts.rows(select(t.night).where(t.night.c.telling))]
    since = max((nights[on] for on in telling if on < facts.night and on in nights), default=None)
    if since is None:
        return []
    until = nights.get(facts.night, facts.rows(select(func.max(e.c.entry).label("n")))[0].n)
    asked = (
        select(e.c.detail).where(e.c.kind == "imported", e.c.entry > since, e.c.entry < until).order_by(e.c.entry)
    )
    return [json.loads(row.detail) for row in facts.rows(asked)]


def _changed_readers(said: Sequence[str], facts: Facts, *, whole: bool) -> Iterator[str]:
    """Mailboxes and relations that were added or corrected, by file."""
    true = [
        f"{one['file']} (+{one['added']}, ~{one['corrected']})"
        for one in _imports(facts)
        if one["kind"] in _WHO_HEARS and int(one["added"]) + int(one["corrected"])
    ]
    told = [
        found.group(1)
        for text in said
        if (found := re.match(r"Hộp thư hoặc quan hệ đã nạp từ đêm trước, .*có thể đã đổi: (.*)", text))
    ]
    for text in told:
        files, more = re.findall(r"[^,(]+ \(\+\d+, ~\d+\)", text), _listed(text)[1]
        if [one.strip() for one in files] != true[: len(files)] or len(files) + more != len(true):
            yield f"{text}, true is {true}"
    if whole and true and not told:
        yield f"{true} may change who hears, and the operator is not told"


def _unknown_codes(said: Sequence[str], facts: Facts, *, whole: bool) -> Iterator[str]:
    """A code that has come and that no rule reads; the one that is guessed is known."""
    told: set[tuple[str, str]] = set()
    for text in said:
        found = re.match(r"Không quy tắc nào dùng (.+?) «(.*?)»(?:; có phải «(.*?)»\?)?", text)
        if not found:
            continue
        sheet, code, near = _SHEETS[found.group(1)], found.group(2), found.group(3)
        told.add((sheet, code))
        if code in _read(facts.book)[sheet] or not _came(facts, sheet, code):
            yield f"{text}: a rule reads it, or it never came"
        if near and near not in _read(facts.book)[sheet]:
            yield f"{text}: no rule reads {near}"
    true = {
        (one["kind"], code)
        for one in _imports(facts)
        for code in one.get("codes", "").split()
        if code not in _read(facts.book)[one["kind"]]
    }
    if whole and not true <= told:
        yield f"no rule reads {true}, told is {told}"


def _came(facts: Facts, sheet: str, code: str) -> bool:
    """Whether a row with the code is stored; of an assigned task the log alone keeps its kind."""
    columns = {
        "submissions": t.submission.c.report,
        "activities": t.activity.c.activity,
        "readings": t.reading.c.indicator,
    }
    return sheet not in columns or bool(facts.rows(select(columns[sheet]).where(columns[sheet] == code).limit(1)))


def _read(book: RuleBook) -> Mapping[str, set[str]]:
    """By sheet, every code that a condition names."""
    found: dict[str, set[str]] = {sheet: set() for sheet in _SHEETS.values()}
    for rule in book.rules.values():
        match rule.condition:
            case Overdue(report=report, task=task, due=due):
                found["submissions"] |= {report} if report else set()
                found["tasks"] |= {task} if task else set()
                found["activities"] |= {due.event} if isinstance(due, AfterEvent) else set()
            case Quota(activity=activity):
                found["activities"].add(activity)
            case Threshold(indicator=indicator):
                found["readings"].add(indicator)
    found["readings"] |= set(book.indicators)
    return found
