"""Which rules belong together: those without which a night would decide otherwise about some of them."""

from __future__ import annotations

from collections.abc import Container, Iterable

from dondoc.engine.domain.rulebook import Condition, Derived, RuleBook
from dondoc.engine.kinds import kind_of


def words_read(condition: Condition) -> frozenset[str]:
    """The words of reports, tasks, activities, events and indicators that a condition reads."""
    return frozenset(word for _, word in kind_of(condition).reads(condition))


def judged_with(book: RuleBook, wanted: Iterable[str]) -> frozenset[str]:
    """The rules without which a night would decide otherwise about the `wanted` ones, and these themselves.

    Those that they are derived from, the rollups that cover them, and those that read the same words: a report is
    counted for one demand of all that ask for it.
    """
    found, fresh = set[str](), set(wanted)
    while fresh:
        found |= fresh
        said = {word for rule in fresh for word in words_read(book.rules[rule].condition)}
        bases = {base.id for rule in fresh if (base := book.base_of(rule))}
        fresh = {
            rule.id
            for rule in book.rules.values()
            if rule.id in bases or _covers(rule.condition, fresh) or words_read(rule.condition) & said
        } - found
    return frozenset(found)


def _covers(condition: Condition, parts: Container[str]) -> bool:
    """Whether a condition covers the findings of one of these rules."""
    return isinstance(condition, Derived) and condition.of in parts and kind_of(condition).covers(condition)
