"""How a finished letter says that a case ended by an edit of its rule or by a waiver, held against the store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import Row as StoredRow
from sqlalchemy import select

from dondoc.engine.domain.rulebook import Quota, Rule, Threshold
from dondoc.engine.domain.terms import Outcome
from dondoc.engine.store.db import tables as t
from tests.support.letter_reader import Row
from tests.support.stored_facts import period_days
from tests.support.told_letters import Told, by_row

_EDIT = re.compile(r"đã sửa từ (.+?) thành (.+?)(?=; |\.$|\. |\.\s| \(do |$)")
_NUMBER = re.compile(r"\d[\d.]*(?:,\d+)?")
_SCALE = 10_000_000


def untrue(one: Told) -> list[str]:
    """Every end that is told otherwise than it was."""
    return by_row(one, _of_a_waiver, _of_an_edit, _of_another_unit)


def _cases(one: Told, row: Row) -> list[StoredRow[Any]]:
    f, k = t.case_file, t.task
    asked = select(f.c["code", "outcome", "closed_on", "status", "asked"], f.c.id.label("case_id"), k).join_from(
        f, k, k.c.id == f.c.task_id
    )
    return one.facts.rows(asked.where(f.c.code.in_(row.named)))


def _text(row: Row) -> str:
    return " ".join((row.badge, row.brief, *row.lines.values()))


def _rule(one: Told, case: StoredRow[Any]) -> Rule | None:
    (row,) = one.facts.rows(select(t.rule.c.id).where(t.rule.c.no == case.rule_no))
    return one.facts.book.rules.get(row.id)


def _of_a_waiver(one: Told, row: Row) -> Iterator[str]:
    """What is said to be waived as a whole ended so, by leave of the office that is named; and the reverse."""
    said = _text(row)
    for case in _cases(one, row):
        excused = case.status == "closed" and case.outcome == Outcome.EXCUSED
        if excused != bool(re.search("cho phép không thực hiện|Được miễn trọn kỳ", said)):
            yield f"{one.facts.night} {one.office}: {case.code} ended {case.outcome}: {said}"
        rule = _rule(one, case)
        if not excused or rule is None or not row.lines:
            continue
        days, unit = period_days(one.facts.book, rule.id, case), one.facts.units[case.unit_no]
        offices = [
            waiver.granted_by
            for waiver in one.facts.book.waivers
            if (waiver.rule, waiver.unit) == (rule.id, unit) and days
            if waiver.first <= days[0] and days[1] <= waiver.until
        ]
        if not any(name in said for office in offices for name in one.names(office)):
            yield f"{one.facts.night} {one.office}: {case.code} was waived by {offices}: {said}"


def _of_another_unit(one: Told, row: Row) -> Iterator[str]:
    """What is said to have gone to another unit went there, by the act and the document that are named."""
    said = _text(row)
    for case in _cases(one, row):
        gone = case.status == "closed" and case.outcome == Outcome.REASSIGNED
        if gone != bool(re.search("Đã chuyển đơn vị khác|đã chuyển việc này cho", said)) and (
            gone or len(row.codes) == 1
        ):
            yield f"{one.facts.night} {one.office}: {case.code} ended {case.outcome}: {said}"
        if not gone or not row.lines:
            continue
        acts = one.facts.rows(select(t.act).where(t.act.c.case_id == case.case_id, t.act.c.kind == "reassigned"))
        for act in acts[-1:]:
            to = f"theo văn bản {act.document} ngày {act.dated:%d/%m/%Y}"
            names = [name for name in one.names(one.facts.units[act.to_no]) if f"việc này cho {name} {to}" in said]
            if not names:
                yield f"{one.facts.night} {one.office}: {case.code} went to {act.to_no}: {said}"


def _of_an_edit(one: Told, row: Row) -> Iterator[str]:
    """What is said to have been edited is so, from what the case was found by to what the rule asks now."""
    said = _text(row)
    for case in _cases(one, row):
        changed = case.status == "closed" and case.outcome == Outcome.CHANGED
        if changed and re.search("đính chính(?! [.])|đã được ghi nhận đủ", row.badge):
            yield f"{one.facts.night} {one.office}: {case.code} was changed by its rule: {said}"
        if not changed and "đã sửa từ" in said:
            yield f"{one.facts.night} {one.office}: {case.code} ended {case.outcome}: {said}"
        rule = _rule(one, case)
        if changed and rule is not None and row.lines and case.asked is not None and len(row.codes) == 1:
            yield from _untrue_edit(one, case.asked, rule, said)


def _untrue_edit(one: Told, asked: Any, rule: Rule, said: str) -> Iterator[str]:
    condition = rule.condition
    if isinstance(condition, Quota):
        true = {(Decimal(asked.level), Decimal(condition.at_least))}
    elif isinstance(condition, Threshold):
        true = set(_edits(asked, condition))
    else:
        return
    printed = {(_number(old), _number(new)) for old, new in _EDIT.findall(said)}
    if printed and printed != {pair for pair in true if pair[0] != pair[1]}:
        yield f"{one.facts.night} {one.office}: edited {printed}, true is {true}: {said}"


def _edits(asked: Any, condition: Threshold) -> Iterator[tuple[Decimal, Decimal]]:
    """Each number of a limit as it was and as it is; one that clears at its limit has no clearing value."""
    rise = condition.rise
    level = rise.percent if rise else condition.above if condition.above is not None else condition.below
    assert level is not None
    was = Decimal(asked.level) / _SCALE
    yield was, level
    if asked.times is not None:
        yield Decimal(asked.times), Decimal(condition.periods)
    clear = condition.clear if condition.clear is not None else level
    if asked.clear is not None and (Decimal(asked.clear) / _SCALE, clear) != (was, level):
        yield Decimal(asked.clear) / _SCALE, clear
    if rise is not None and asked.least is not None:
        yield Decimal(asked.least) / _SCALE, rise.at_least


def _number(text: str) -> Decimal:
    found = _NUMBER.search(text)
    return Decimal(found.group().replace(".", "").replace(",", ".")) if found else Decimal(-1)
