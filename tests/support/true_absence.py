"""The reasons of `why-not` that rest on what is there or is missing, held against the rows of the store.

Each check takes an answer, one of its lines and the facts of its night, and yields a line for each thing that is
not so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from dondoc.engine.domain.rulebook import Threshold
from dondoc.engine.domain.terms import CaseStatus, TaskKind
from dondoc.engine.store.db import tables as t
from tests.support.account_reader import Line, WhyNot
from tests.support.letter_reader import days
from tests.support.town import cutoff
from tests.support.true_accounts import Stored
from tests.support.true_sources import brings, silent_sources

_D = r"(\d\d/\d\d/\d{4})"


def untrue(said: WhyNot, line: Line, tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    """What a line says of data that is not so; `tasks` are those that it may mean."""
    for check in (
        _all_handed_in,
        _no_figure,
        _within,
        _in_force,
        _silent,
        _not_run,
        _undone,
        _waiting,
        _unreached,
    ):
        yield from check(said, line, tasks, stored)


def _known(row: Row[Any], stored: Stored) -> bool:
    on = cutoff(stored.facts.night)
    known: bool = row.recorded_at <= on and (row.superseded_at is None or row.superseded_at > on)
    return known


def _all_handed_in(_said: WhyNot, line: Line, tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    """Each unit that is named has handed something in."""
    if line.said != "đều đã nộp":
        return
    s = t.submission
    rows = stored.facts.rows(select(s).where(s.c.task_id.in_([task.id for task in tasks])))
    done = {row.task_id for row in rows if _known(row, stored)}
    units = {stored.facts.units[task.unit_no] for task in tasks if task.id in done}
    missing = [name for name in line.units if not stored.called({name}) & units]
    if missing:
        yield f"{line.said}: {missing} have not"


def _figures(said: WhyNot, line: Line, stored: Stored) -> list[Row[Any]]:
    """The figures of the rule's indicator that its units have."""
    condition = stored.facts.book.rules[line.rule].condition
    assert isinstance(condition, Threshold)
    units = stored.called(set(line.units)) if line.units else {said.office}
    rows = stored.facts.rows(select(t.reading).where(t.reading.c.indicator == condition.indicator))
    return [row for row in rows if stored.facts.units[row.unit_no] in units and _known(row, stored)]


def _no_figure(said: WhyNot, line: Line, _tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    if line.said == "chưa có số liệu nào được ghi nhận" and (found := _figures(said, line, stored)):
        yield f"{line.said}: there is {found[0].period} of {found[0].ref}"
    if line.said == "đã có số liệu của kỳ này" and not _figures(said, line, stored):
        yield f"{line.said}: there is none"


def _within(said: WhyNot, line: Line, _tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    """The figure is stored, and on the side of its limit that the words say."""
    found = re.fullmatch(
        r"(?:.*: )?([\d.,]+)[^,]*, (?:không (vượt|dưới) ngưỡng .*|bằng đúng ngưỡng; .*)", line.said
    )
    if not found:
        return
    condition = stored.facts.book.rules[line.rule].condition
    assert isinstance(condition, Threshold)
    value = float(found.group(1).replace(".", "").replace(",", "."))
    if all(abs(row.value / 10_000_000 - value) > 1e-6 for row in _figures(said, line, stored)):
        yield f"{line.said}: no such figure"
    bound = condition.above if condition.above is not None else condition.below
    if bound is None:
        return
    beyond = value > float(bound) if condition.above is not None else value < float(bound)
    if beyond or (value == float(bound)) != ("bằng đúng" in line.said):
        yield f"{line.said}: the limit is {bound}"
    if found.group(2) and (found.group(2) == "vượt") != (condition.above is not None):
        yield f"{line.said}: the limit is {condition}"


def _in_force(_said: WhyNot, line: Line, _tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    """Silent is the service before a directive is in force, and after it was followed up."""
    if "hệ thống im lặng" not in line.said:
        return
    rule, papers = stored.facts.book.rules[line.rule], []
    while rule is not None:
        papers.append(stored.facts.book.directives[rule.directive])
        rule = stored.facts.book.base_of(rule.id)
    said, night = tuple(days(line.said)), stored.facts.night
    if line.said.startswith("văn bản có hiệu lực từ"):
        true = [(one.in_force_from,) for one in papers if night < one.in_force_from]
    else:
        ended = [one for one in papers if one.followed_until is not None and night > one.followed_until]
        true = [(one.in_force_until, one.followed_until) for one in ended]
    if said not in true:
        yield f"{line.said}, true is {true}"


def _alive(said: WhyNot, line: Line, _tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    """An office that is not there yet, or no more, and since or until when."""
    found = re.match(rf"cơ quan này chỉ có từ {_D}(?: đến {_D})?", line.said)
    if not found:
        return
    (unit,) = stored.facts.rows(select(t.unit).where(t.unit.c.id == said.office))
    until = unit.valid_to - timedelta(days=1) if unit.valid_to else None
    if tuple(days(one)[0] if one else None for one in found.groups()) != (unit.valid_from, until):
        yield f"{line.said}, true is {unit.valid_from} to {until}"
    if unit.valid_from <= stored.facts.night and (until is None or stored.facts.night <= until):
        yield f"{line.said}: it is there"


def _silent(_said: WhyNot, line: Line, tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    if not re.match(r"chưa thấy, nhưng nguồn dữ liệu .*im lặng quá lâu", line.said):
        return
    rule, kinds = stored.facts.book.rules[line.rule], {task.kind for task in tasks} | {TaskKind.REPORT}
    if not any(brings(source, rule, kind) for source in silent_sources(stored.facts) for kind in kinds):
        yield f"{line.said}: silent are {[one.id for one in silent_sources(stored.facts)]}"


def _not_run(_said: WhyNot, line: Line, _tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    ran = bool(stored.facts.rows(select(t.night).where(t.night.c.as_of == stored.facts.night)))
    if ("đêm này hệ thống không chạy" in line.said and ran) or (
        "đêm này đã chạy, lúc đó" in line.said and not ran
    ):
        yield f"{line.said}: that it ran is {ran}"


def _undone(said: WhyNot, line: Line, _tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    found = re.match(rf"thư (\w+) hết hạn hoặc bị bỏ ngày {_D}, coi như chưa báo", line.said)
    if not found:
        return
    rows = stored.facts.rows(select(t.notice).where(t.notice.c.untold_on == days(found.group(2))[0]))
    mine = {row.letter[:8] for row in rows if stored.facts.units[row.reader_no] == said.office}
    if found.group(1) not in mine:
        yield f"{line.said}, true is {mine}"


def _waiting(_said: WhyNot, line: Line, _tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    if "chờ người xác nhận nơi kế thừa" in line.said and line.case:
        case = stored.case(line.case)
        ended = stored.facts.rows(select(t.unit).where(t.unit.c.no == case.unit_no))[0].valid_to
        if case.status is not CaseStatus.WAITING and (ended is None or ended > stored.facts.night):
            yield f"{line.said}: the case is {case.status}"


def _unreached(said: WhyNot, line: Line, _tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    if line.said.startswith("đến lượt ở bước") and line.case:
        told = [row.reader_no for row in stored.notices(stored.case(line.case), stored.facts.night)]
        if said.office in {stored.facts.units[no] for no in told}:
            yield f"{line.said}: it was told"
