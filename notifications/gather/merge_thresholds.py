"""Rules that watch one indicator of one unit share one row: the severest, which names the others (decision 38).

Their cases stay apart: each opens, climbs and closes independently, and each brings its own good news.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from dondoc.engine.domain.model import Notice
from dondoc.engine.domain.rulebook import Rule, RuleBook, Threshold
from dondoc.engine.domain.terms import Section, TaskKind
from dondoc.notifications.digest import OPEN


@dataclass(frozen=True, slots=True)
class NoticeGroup:
    """The notices of one row: its own, and those of the milder limits it names."""

    notice: Notice
    milder: tuple[Notice, ...] = ()


def rows(book: RuleBook, notices: Iterable[Notice], news: Container[tuple[str, int]]) -> list[NoticeGroup]:
    """One row for each notice, but one for all notices of the same figure being beyond several limits.

    A shared row stands in the section of its most urgent notice and carries the relations of all of them; whether
    it is a copy those say that made the letter leave. `news` has these, by reader and task.
    """
    apart: list[NoticeGroup] = []
    shared: dict[tuple[object, ...], list[Notice]] = defaultdict(list)
    for notice in notices:
        task, watched = notice.finding.task, _watched(book.rules[notice.finding.task.rule])
        # Good news stays apart: each of the cases closes independently.
        if watched and task.kind is TaskKind.LEVEL and notice.section in OPEN:
            waived = notice.case is not None and notice.case.waived_until is not None
            key = (notice.reader, task.unit, task.bearers, watched, notice.finding.period)
            # A waived limit has other wording and another next date than one that is followed up.
            shared[*key, waived, notice.waived_until].append(notice)
        else:
            apart.append(NoticeGroup(notice))
    return apart + [_row(book, group, news) for group in shared.values()]


def _watched(rule: Rule) -> str:
    return rule.condition.indicator if isinstance(rule.condition, Threshold) else ""


def _row(book: RuleBook, group: list[Notice], news: Container[tuple[str, int]]) -> NoticeGroup:
    if len(group) == 1:
        return NoticeGroup(group[0])
    first, *milder = sorted(group, key=lambda notice: _severity(book, notice), reverse=True)
    sections = list(Section)
    section = min((notice.section for notice in group), key=sections.index)
    relations = tuple(dict.fromkeys(relation for notice in (first, *milder) for relation in notice.relations))
    left = [notice for notice in group if (notice.reader, notice.finding.task.id) in news]
    copied = all(notice.copied for notice in left or group)
    return NoticeGroup(replace(first, section=section, relations=relations, copied=copied), tuple(milder))


def _severity(book: RuleBook, notice: Notice) -> tuple[bool, int, int, str]:
    """The sort key, severest last: on its rise or on the figure itself, how far out the limit is, the step."""
    threshold = book.rules[notice.finding.task.rule].condition
    assert isinstance(threshold, Threshold)
    limit = threshold.limit or 0
    out = -limit if threshold.below is not None else limit
    return threshold.rise is None, out, notice.step, notice.finding.task.rule
