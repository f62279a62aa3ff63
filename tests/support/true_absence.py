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

from dondoc.engine.domain.terms import CaseStatus, TaskKind
from dondoc.engine.store.db import tables as t
from tests.support.account_reader import Line, WhyNot
from tests.support.letter_reader import days
from tests.support.town import cutoff
from tests.support.true_accounts import Stored
from tests.support.true_sources import brings, silent_sources

_D = r"(\d\d/\d\d/\d{4})"


def _known(row: Row[Any], stored: Stored) -> bool:
    on = cutoff(stored.facts.night)
    known: bool = row.recorded_at <= on and (row.superseded_at is None or row.superseded_at > on)
    return known


def all_handed_in(_said: WhyNot, line: Line, tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
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


def in_force(_said: WhyNot, line: Line, _tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
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


def alive(said: WhyNot, line: Line, _tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    """An office that is not there yet, or no more, and since or until when."""
    found = re.match(rf"cơ quan này chỉ có từ {_D}(?: đến {_D})?", line.said)
    if not found:
        return
    (unit,) = stored.facts.rows(select(t.unit).where(t.unit.c.id == said.office))
    heirs = line.said.partition("; nay là ")[2]
    asked = select(t.succession).where(t.succession.c.old_no == unit.no)
    mine = {
        stored.facts.units[row.new_no] for row in stored.facts.rows(asked) if row.effective <= stored.facts.night
    }
    if len(heirs.split(", ")) * bool(heirs) != len(mine) or not all(
        stored.names(one) & set(heirs.split(", ")) for one in mine
    ):
        yield f"{line.said}, true is {mine}"
    until = unit.valid_to - timedelta(days=1) if unit.valid_to else None
    if tuple(days(one)[0] if one else None for one in found.groups()) != (unit.valid_from, until):
        yield f"{line.said}, true is {unit.valid_from} to {until}"
    if unit.valid_from <= stored.facts.night and (until is None or stored.facts.night <= until):
        yield f"{line.said}: it is there"


def silent(_said: WhyNot, line: Line, tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    """A source that would bring the task is silent."""
    if not re.match(r"chưa thấy, nhưng nguồn dữ liệu .*im lặng quá lâu", line.said):
        return
    rule, kinds = stored.facts.book.rules[line.rule], {task.kind for task in tasks} | {TaskKind.REPORT}
    if not any(brings(source, rule, kind) for source in silent_sources(stored.facts) for kind in kinds):
        yield f"{line.said}: silent are {[one.id for one in silent_sources(stored.facts)]}"


def not_run(_said: WhyNot, line: Line, tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    """A night that did not run, or did before it was a breach; since when it is one."""
    begun = re.search(rf"quá hạn từ {_D}", line.said)
    if begun and tasks and days(begun.group(1))[0] - timedelta(days=1) not in {task.last_day for task in tasks}:
        yield f"{line.said}: the limits are {[task.last_day for task in tasks]}"
    ran = bool(stored.facts.rows(select(t.night).where(t.night.c.as_of == stored.facts.night)))
    if ("đêm này hệ thống không chạy" in line.said and ran) or (
        "đêm này đã chạy, lúc đó" in line.said and not ran
    ):
        yield f"{line.said}: that it ran is {ran}"


def undone(said: WhyNot, line: Line, _tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    """A notice that was retracted that day, of that letter."""
    found = re.match(rf"thư (\w+) hết hạn hoặc bị bỏ ngày {_D}, coi như chưa báo", line.said)
    if not found:
        return
    rows = stored.facts.rows(select(t.notice).where(t.notice.c.untold_on == days(found.group(2))[0]))
    mine = {row.letter[:8] for row in rows if stored.facts.units[row.reader_no] == said.office}
    if found.group(1) not in mine:
        yield f"{line.said}, true is {mine}"


def waiting(_said: WhyNot, line: Line, _tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    """A case that waits for an heir, or whose unit has ended."""
    if "chờ người xác nhận nơi kế thừa" in line.said and line.case:
        case = stored.case(line.case)
        ended = stored.facts.rows(select(t.unit).where(t.unit.c.no == case.unit_no))[0].valid_to
        if case.status is not CaseStatus.WAITING and (ended is None or ended > stored.facts.night):
            yield f"{line.said}: the case is {case.status}"


def unreached(said: WhyNot, line: Line, _tasks: Collection[Row[Any]], stored: Stored) -> Iterator[str]:
    """It was due, and had no letter of that night."""
    if line.said.startswith("đến lượt ở bước") and line.case:
        told = [row.reader_no for row in stored.notices(stored.case(line.case), stored.facts.night)]
        if said.office in {stored.facts.units[no] for no in told}:
            yield f"{line.said}: it was told"
