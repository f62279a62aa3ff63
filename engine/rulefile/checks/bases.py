"""The base rule of a derived rule: the rule named by `of` exists, is of a fitting kind and does not lead back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.rulebook import Derived, Rule, Selector
from dondoc.engine.errors import Problem
from dondoc.engine.kinds import derived_kind, kind_of
from dondoc.engine.rulefile.checks.references import unknown
from dondoc.engine.rulefile.files.assemble import Pack
from dondoc.engine.rulefile.files.directive_file import DraftRule
from dondoc.engine.rulefile.kinds.conditions import written
from dondoc.engine.rulefile.problems import IdKind, Mention
from dondoc.engine.rulefile.yaml_text.nodes import Node


def settled(rules: Mapping[str, Rule]) -> dict[str, Rule]:
    """The rules by id; one that follows its base rule and names no units takes those of its base rule."""
    return {rule.id: _settled(rule, rules) for rule in rules.values()}


def _settled(rule: Rule, rules: Mapping[str, Rule]) -> Rule:
    condition = rule.condition
    if isinstance(condition, Derived) and written(condition).follows and rule.applies_to == Selector():
        return replace(rule, applies_to=rules[condition.of].applies_to)
    return rule


def check_bases(packs: Sequence[Pack], files: int) -> list[Problem]:
    """The problem of every `of` that names no rule; notes those of the wrong kind or in a cycle on their sheets.

    If one of the `files` packs could not be read, an unknown rule of another file is not reported.
    """
    rules = {rule.id: rule for pack in packs for _, rule in pack.rules}
    written = {pack.stem: pack.keys for pack in packs}
    problems: list[Problem] = []
    for pack in packs:
        for draft, rule in pack.rules:
            if not isinstance(rule.condition, Derived):
                continue
            stem, _, key = rule.condition.of.rpartition("/")
            if key not in written.get(stem, ()):
                if stem in written or len(packs) == files:
                    problems.append(_unknown(pack, draft, rule.condition, written))
            elif rule.condition.of in rules:
                _check_sort(pack, draft, rule, rules)
    _check_cycles(packs, rules)
    return problems


def _place(draft: DraftRule, condition: Derived) -> Node:
    return draft.got.node.find("when", written(condition).key, "of")


def _unknown(pack: Pack, draft: DraftRule, condition: Derived, written: Mapping[str, tuple[str, ...]]) -> Problem:
    """The problem of an unknown rule, with a suggestion: of the same file by its key, of others by its id."""
    stem, _, key = condition.of.rpartition("/")
    at, file = _place(draft, condition), pack.got.sheet.file
    if stem == pack.stem:
        return unknown(Mention(IdKind.RULE, key, file, at.line, at.column), written[stem])
    everywhere = [f"{stem}/{name}" for stem, keys in written.items() for name in keys]
    return unknown(Mention(IdKind.RULE, condition.of, file, at.line, at.column), everywhere)


def _check_sort(pack: Pack, draft: DraftRule, rule: Rule, rules: Mapping[str, Rule]) -> None:
    condition = rule.condition
    assert isinstance(condition, Derived)
    if _fits(condition, rules[condition.of]):
        return
    fitting = [key.key.text for key, other in pack.rules if other is not rule and _fits(condition, other)]
    listed = ", ".join(fitting)
    hint = Text(f"; dùng được: {listed}", f"; it may be: {listed}") if fitting else NO_TEXT
    wants = written(condition).base
    assert wants is not None
    pack.got.sheet.say(_place(draft, condition), "of-unfit", f"{wants.vi}{hint.vi}", f"{wants.en}{hint.en}")


def _fits(condition: Derived, base: Rule) -> bool:
    return derived_kind(condition).fits(kind_of(base.condition), base.condition)


def _check_cycles(packs: Sequence[Pack], rules: Mapping[str, Rule]) -> None:
    """Notes each cycle of rules once, at its first rule."""
    reported: set[str] = set()
    for pack in packs:
        for draft, rule in pack.rules:
            path = list(_path(rule, rules))
            if rule.id in reported or not _leads_back(rule, path, rules):
                continue
            reported.update(path)
            cycle = " → ".join((*path, rule.id))
            assert isinstance(rule.condition, Derived)
            pack.got.sheet.say(
                _place(draft, rule.condition),
                "of-circle",
                f"quy tắc này dựa vào chính nó: {cycle}",
                f"the rule is derived from itself: {cycle}",
            )


def _path(rule: Rule, rules: Mapping[str, Rule]) -> Iterator[str]:
    """The rule, its base rule, and so on, up to a direct rule or the first repeated one."""
    seen: set[str] = set()
    at: Rule | None = rule
    while at is not None and at.id not in seen:
        seen.add(at.id)
        yield at.id
        at = rules.get(at.condition.of) if isinstance(at.condition, Derived) else None


def _leads_back(rule: Rule, path: Sequence[str], rules: Mapping[str, Rule]) -> bool:
    last = rules[path[-1]].condition
    return isinstance(last, Derived) and last.of == rule.id
