"""What letters say of figures that are back within their limits, held against the cases that stay open.

Each check takes a letter with its facts and yields a line for each thing that is not so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select

from dondoc.engine.domain.rulebook import Threshold
from dondoc.engine.domain.terms import CaseStatus, Outcome, TaskKind
from dondoc.engine.store.db import tables as t
from tests.support.told_letters import Told

_OVER = re.compile(r"Hết cảnh báo: (?:(\d+) chỉ tiêu )?")
_ONE_OF_SEVERAL = "Kết thúc một mức cảnh báo: "
_BUT = re.compile(r"nhưng (?:vẫn|chưa trở lại)|, but (?:still|not yet)")
# An indicator of a unit.
Watched = tuple[str, int]


def untrue(one: Told) -> list[str]:
    """An alert is over only where no other limit on the figure is open for the reader; else it is said."""
    over, left = _recovered(one)
    return [f"{one.facts.night} {one.office}: {line}" for line in _of_the_letter(one, over, left)]


def _of_the_letter(one: Told, over: set[Watched], left: set[Watched]) -> Iterator[str]:
    subject, said = one.letter.subject, _OVER.match(one.letter.subject)
    if said and not over:
        yield f"{subject}: {left} are open under another limit"
    if said and said.group(1) and int(said.group(1)) > len(over):
        yield f"{subject}: it is over for {over} alone"
    if subject.startswith(_ONE_OF_SEVERAL) and not left:
        yield f"{subject}: no other limit is open"
    for part in one.letter.parts:
        if subject.startswith(_ONE_OF_SEVERAL) and not _BUT.search(part.headline):
            yield f"{part.headline}: another limit is open for {left}"
        if _BUT.search(part.headline) and not left:
            yield f"{part.headline}: no other limit is open"


def _recovered(one: Told) -> tuple[set[Watched], set[Watched]]:
    """The figures that the letter tells of as back within a limit: under no other open limit, and the others."""
    f, k, r = t.case_file, t.task, t.rule
    named = {code for row in one.part.rows for code in row.named}
    asked = select(f.c.code, f.c.status, f.c.outcome, f.c.closed_on, k.c.unit_no, r.c.id.label("rule"))
    joined = asked.join_from(f, k, k.c.id == f.c.task_id).join(r, r.c.no == k.c.rule_no)
    cleared: set[Watched] = set()
    opened: dict[Watched, set[str]] = defaultdict(set)
    for case in one.facts.rows(joined.where(f.c.code.in_(named), k.c.kind == TaskKind.LEVEL)):
        condition = one.facts.book.rules[case.rule].condition
        if not isinstance(condition, Threshold):
            continue
        watched = (condition.indicator, case.unit_no)
        if case.status is not CaseStatus.CLOSED:
            opened[watched].add(case.code)
        elif case.outcome is Outcome.CLEARED:
            cleared.add(watched)
    return cleared - set(opened), cleared & set(opened)
