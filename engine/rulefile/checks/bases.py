"""The base rule of a derived rule: the rule named by `of` exists, is of a fitting kind and does not lead back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.rulebook import (
    AfterEvent,
    EveryPeriod,
    EveryYear,
    Overdue,
    Quota,
    Rollup,
    Rule,
    Selector,
    Streak,
    Window,
)
from dondoc.engine.domain.terms import Scope
from dondoc.engine.errors import Problem
from dondoc.engine.rulefile.checks.references import unknown
from dondoc.engine.rulefile.files.assemble import Pack
from dondoc.engine.rulefile.files.directive_file import DraftRule
from dondoc.engine.rulefile.problems import IdKind, Mention
from dondoc.engine.rulefile.yaml_text.nodes import Node

_WANTS = {
    Streak: Text(
        "«streak» cần một quy tắc có kỳ lặp lại: «quota» theo kỳ, hoặc báo cáo có «every»",
        "'streak' needs a rule with periods: a 'quota', or a report with 'every'",
    ),
    Rollup: Text(
        "«rollup» cần một quy tắc đòi hỏi từng đơn vị cùng một việc; việc được giao, báo cáo sau sự kiện và "
        "«quota» làm chung («any», «sum») thì không gộp được",
        "'rollup' needs a rule that demands the same of each unit; assigned tasks, reports after an event and a "
        "shared 'quota' ('any', 'sum') cannot be counted together",
    ),
}


def settled(rules: Mapping[str, Rule]) -> dict[str, Rule]:
    """The rules by id; a streak that names no units takes those of its base rule."""
    return {rule.id: _settled(rule, rules) for rule in rules.values()}


def _settled(rule: Rule, rules: Mapping[str, Rule]) -> Rule:
    if isinstance(rule.condition, Streak) and rule.applies_to == Selector():
        return replace(rule, applies_to=rules[rule.condition.of].applies_to)
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
            if not isinstance(rule.condition, Streak | Rollup):
                continue
            stem, _, key = rule.condition.of.rpartition("/")
            if key not in written.get(stem, ()):
                if stem in written or len(packs) == files:
                    problems.append(_unknown(pack, draft, rule.condition, written))
            elif rule.condition.of in rules:
                _check_sort(pack, draft, rule, rules)
    _check_cycles(packs, rules)
    return problems


def _place(draft: DraftRule, condition: Streak | Rollup) -> Node:
    return draft.got.node.find("when", "streak" if isinstance(condition, Streak) else "rollup", "of")


def _unknown(
    pack: Pack, draft: DraftRule, condition: Streak | Rollup, written: Mapping[str, tuple[str, ...]]
) -> Problem:
    """The problem of an unknown rule, with a suggestion: of the same file by its key, of others by its id."""
    stem, _, key = condition.of.rpartition("/")
    at, file = _place(draft, condition), pack.got.sheet.file
    if stem == pack.stem:
        return unknown(Mention(IdKind.RULE, key, file, at.line, at.column), written[stem])
    everywhere = [f"{stem}/{name}" for stem, keys in written.items() for name in keys]
    return unknown(Mention(IdKind.RULE, condition.of, file, at.line, at.column), everywhere)


def _check_sort(pack: Pack, draft: DraftRule, rule: Rule, rules: Mapping[str, Rule]) -> None:
    condition = rule.condition
    assert isinstance(condition, Streak | Rollup)
    if _fits(condition, rules[condition.of]):
        return
    fitting = [key.key.text for key, other in pack.rules if other is not rule and _fits(condition, other)]
    listed = ", ".join(fitting)
    hint = Text(f"; dùng được: {listed}", f"; it may be: {listed}") if fitting else NO_TEXT
    wants = _WANTS[type(condition)]
    pack.got.sheet.say(_place(draft, condition), "of-unfit", f"{wants.vi}{hint.vi}", f"{wants.en}{hint.en}")


def _fits(condition: Streak | Rollup, base: Rule) -> bool:
    return _has_periods(base) if isinstance(condition, Streak) else _asks_each(base)


def _has_periods(base: Rule) -> bool:
    match base.condition:
        case Quota(per=Window(yearly=yearly)):
            return yearly
        case Quota():
            return True
        case Overdue(due=due):
            return isinstance(due, EveryYear | EveryPeriod)
    return False


def _asks_each(base: Rule) -> bool:
    match base.condition:
        case Overdue(due=due):
            return due is not None and not isinstance(due, AfterEvent)
        case Quota(scope=scope):
            return scope is Scope.EACH
    return True


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
            assert isinstance(rule.condition, Streak | Rollup)
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
        at = rules.get(at.condition.of) if isinstance(at.condition, Streak | Rollup) else None


def _leads_back(rule: Rule, path: Sequence[str], rules: Mapping[str, Rule]) -> bool:
    last = rules[path[-1]].condition
    return isinstance(last, Streak | Rollup) and last.of == rule.id
