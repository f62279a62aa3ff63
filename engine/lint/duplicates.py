"""Rules that demand the same of the same units as another rule, or less."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator

from dondoc.engine.domain.rulebook import Rule
from dondoc.engine.errors import Problem
from dondoc.engine.kinds import kind_of
from dondoc.engine.lint.context import LintContext, note


def check(subject: LintContext) -> Iterator[Problem]:
    """Each rule against the first earlier one with the same kind of demand on one of its units."""
    alike: dict[Hashable, list[Rule]] = defaultdict(list)
    for rule in subject.book.rules.values():
        likeness = kind_of(rule.condition).likeness(rule.condition)
        earlier = next((other for other in alike[likeness] if subject.common(other, rule)), None)
        alike[likeness].append(rule)
        if earlier is not None:
            yield _twin(earlier, rule, subject)


def _twin(earlier: Rule, rule: Rule, subject: LintContext) -> Problem:
    units = _units(subject.common(earlier, rule))
    if _needed(rule) != _needed(earlier):
        less, more = sorted((rule, earlier), key=_needed)
        return note(
            less.place,
            "rule-subsumed",
            f"ai đạt «{more.id}» ({_needed(more)} lần) thì luôn đạt quy tắc này ({_needed(less)} lần), nên quy "
            f"tắc này không thêm gì{units}; bỏ quy tắc này, hoặc sửa «at_least»",
            f"a unit that meets '{more.id}' ({_needed(more)} times) always meets this one ({_needed(less)}), so "
            "it adds nothing; delete it, or change 'at_least'",
        )
    return note(
        rule.place,
        "rule-duplicate",
        f"cùng điều kiện với «{earlier.id}» ({earlier.place}){units}; mỗi thiếu sót sẽ thành hai hồ sơ. Bỏ một "
        "quy tắc, hoặc sửa «applies_to»",
        f"the same condition as '{earlier.id}' ({earlier.place}) for the same units; every failure becomes two "
        "cases. Delete one, or change 'applies_to'",
    )


def _needed(rule: Rule) -> int:
    return kind_of(rule.condition).how_much(rule.condition)


def _units(common: tuple[str, ...]) -> str:
    """The number of units that two rules share, as the end of a Vietnamese clause."""
    return "" if common == ("*",) else f", với {len(common)} đơn vị"
