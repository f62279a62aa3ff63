"""Whom a finished letter names as owing something, and whose it was before, held against the store."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import select

from dondoc.engine.store.db import tables as t
from tests.support.letter_reader import Row
from tests.support.stored_heirs import Carried
from tests.support.told_letters import Told, by_row, wrong

_NOW = re.compile(r"(?:(?<=: )|(?<=, )|^)([^,:]*?) \(nay là ([^)]*)\)")


def untrue(one: Told) -> list[str]:
    """Every row that names a former unit that is none, or leaves one out."""
    return by_row(one, _of_cases, _of_a_reminder)


def _of_cases(one: Told, row: Row) -> Iterator[str]:
    """The row of one case names all its units; one of several marks each that took something over."""
    f = t.case_file
    cases = one.facts.rows(select(f.c.task_id).where(f.c.code.in_(row.named)))
    said, carried = row.lines.get("unit", ""), [one.facts.carried[case.task_id] for case in cases]
    if not said or len(cases) < len(row.codes):
        return
    if len(carried) == 1 and row.share is None:
        yield wrong(one, f"{row.title}: {said!r}: heirs", _is_owing(one, carried[0], said), True)
    elif not re.search("khác|danh sách", said) and (
        len(cases) == 1 or "Số liệu này cũng" not in row.lines.get("because", "")
    ):
        named = sum(len(each.units) for each in carried if each.former)
        yield wrong(one, f"{row.title}: {said!r}: heirs", len(_NOW.findall(said)), named)


def _of_a_reminder(one: Told, row: Row) -> Iterator[str]:
    """What has no case yet is owed by units of a demand of that title."""
    said = row.lines.get("unit", "")
    if not said or any(row.codes) or row.share is not None:
        return
    titles = {rule.no: one.facts.book.rules.get(rule.id) for rule in one.facts.rows(select(t.rule))}
    alike = [no for no, rule in titles.items() if rule and row.title.startswith(rule.title.vi)]
    open_ = t.task.c.last_day >= one.facts.night
    tasks = one.facts.rows(select(t.task.c.id).where(t.task.c.rule_no.in_(alike), open_))
    carried = [one.facts.carried[task.id] for task in tasks]
    if carried and not any(_is_owing(one, each, said) for each in carried):
        yield f"{one.facts.night} {one.office}: {row.title}: {said!r}: nobody owes it so"


def _is_owing(one: Told, carried: Carried, said: str) -> bool:
    """Whether a text names the units of a demand, and in front of them those that had it before."""
    found = re.fullmatch(r"(?:(.*) \(nay là )?(.*?)\)?", said) if carried.former else None
    before, now = (found.group(1), found.group(2)) if found else ("", said)
    return _names(one, carried.former, before or "") and _names(one, carried.units, now)


def _names(one: Told, units: frozenset[str], said: str) -> bool:
    """Whether a text is the names of these units with semicolons between, in any order."""
    named = said.split("; ") if said else []
    called = {unit: one.facts.called(unit, None) for unit in units}
    return len(named) == len(units) and all(any(name in called[unit] for name in named) for unit in units)
