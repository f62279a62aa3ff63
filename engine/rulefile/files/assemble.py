"""Assembles directives and rules from parsed directive files: applies defaults, refuses incomplete rules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import (
    Basis,
    Condition,
    Derived,
    Directive,
    Overdue,
    RegisterEntry,
    Rule,
    Selector,
)
from dondoc.engine.rulefile.files.directive_file import DraftRule, ListedObligation
from dondoc.engine.rulefile.files.prepared import Blank
from dondoc.engine.rulefile.kinds.conditions import written
from dondoc.engine.rulefile.problems import IdKind, Unread
from dondoc.engine.rulefile.readers.fields import Parsed
from dondoc.engine.rulefile.yaml_text.nodes import Node, Pairs

DEFAULT_CALENDAR, DEFAULT_LADDER = "vn", "document"


@dataclass(frozen=True, slots=True)
class Pack:
    """One directive file: its directive and its rules as far as they could be assembled, and its parsed text."""

    stem: str
    got: Parsed
    directive: Directive | None
    rules: tuple[tuple[DraftRule, Rule], ...]

    @property
    def in_force(self) -> tuple[date, date | None] | None:
        """The first and the last day in force, both inclusive; None when they could not be read."""
        with suppress(Unread):
            first, until, _ = self.got["directive"]["in_force"]
            return first, until
        return None

    @property
    def listed(self) -> tuple[ListedObligation, ...]:
        """The entries of the register; none when it could not be read."""
        with suppress(Unread):
            entries: tuple[ListedObligation, ...] = self.got["register"]
            return entries
        return ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its rules, even of those that could not be read, and of filled-in rules of the register."""
        with suppress(Unread):
            _ = self.got["rules"]
        node = self.at("rules") if self.got.has("rules") else None
        written = [key.text for key, _ in node.pairs] if isinstance(node, Pairs) else []
        return (*written, *(draft.key.text for draft, rule in self.rules if rule.basis is Basis.SET))

    def at(self, *path: str) -> Node:
        """The node at the end of a path of keys."""
        return self.got.node.find(*path)


def pack(stem: str, got: Parsed) -> Pack:
    """The pack of a directive file; its problems are on its sheet."""
    directive = None
    with suppress(Unread):
        directive = _directive(stem, got)
    rules = []
    with suppress(Unread):
        drafts: dict[str, DraftRule] = got["rules"]
        defaults: Parsed | None = got["defaults"]
        for draft in drafts.values():
            with suppress(Unread):
                rules.append((draft, _rule(stem, draft, defaults)))
        for listed in got["register"]:
            for draft in listed.judge.values():
                with suppress(Unread):
                    rules += _set(stem, draft, defaults, listed.entry)
    return Pack(stem, got, directive, tuple(rules))


def _directive(stem: str, got: Parsed) -> Directive:
    head: Parsed = got["directive"]
    first, last, follow = head["in_force"]
    return Directive(
        id=stem,
        code=head["code"],
        kind=head["kind"],
        number=head["number"],
        issued=head["issued"],
        issuer=head["issuer"],
        title=head["title"],
        implements=head["implements"],
        in_force_from=first,
        in_force_until=last,
        monitor=head["monitor"],
        basis=head["basis"],
        read_by=head["read_by"],
        register=tuple(listed.entry for listed in got["register"]),
        competent=head["competent"],
        monitor_basis=head["monitor_basis"] or head["basis"],
        follow_until=follow,
        attach=head["attach"],
    )


def _set(
    stem: str, draft: DraftRule, defaults: Parsed | None, entry: RegisterEntry
) -> Iterator[tuple[DraftRule, Rule]]:
    """The rule of a register entry if its blanks are filled in; none while it waits."""
    if isinstance(draft.got["when"], Blank):
        _require("applies_to", draft.got, defaults)
        return
    yield draft, _rule(stem, draft, defaults, entry)


def _rule(stem: str, draft: DraftRule, defaults: Parsed | None, entry: RegisterEntry | None = None) -> Rule:
    """A rule of `rules`, or one of the register, whose `entry` gives its title, clause and obligation."""
    got = draft.got

    def shared(name: str) -> Any:
        return got[name] if got.has(name) or defaults is None else defaults[name]

    follows = _follows(got)
    if not follows:
        _require("applies_to", got, defaults)
    if entry is None:
        _require("basis", got, defaults)
        with suppress(Unread):
            _check_assumes(got, shared("basis"))
        with suppress(Unread):
            _check_confirm(got)
    title = got["title"] if entry is None else got["title"] or entry.what
    calendar, ladder = shared("calendar"), shared("ladder")
    if calendar is None:
        calendar = DEFAULT_CALENDAR
        got.sheet.mention(IdKind.CALENDAR, calendar, draft.key)
    if ladder is None:
        ladder = DEFAULT_LADDER
        got.sheet.mention(IdKind.LADDER, ladder, draft.key)
    return Rule(
        id=f"{stem}/{draft.key.text}",
        directive=stem,
        title=title,
        short=got["short"] or (title if entry is None else _inside_a_sentence(title)),
        clause=got["clause"] if entry is None else entry.clause,
        obligation=got["obligation"] if entry is None else entry.obligation,
        basis=shared("basis") if entry is None else Basis.SET,
        assumes=got["assumes"],
        applies_to=Selector() if follows else shared("applies_to"),
        reports_to=shared("reports_to"),
        via=shared("via"),
        monitor=shared("monitor"),
        condition=_condition(stem, got["when"]),
        calendar=calendar,
        ladder=ladder,
        place=f"{got.sheet.file}:{draft.key.line}:{draft.key.column}",
        confirmed=shared("confirm") is not None,
    )


def _inside_a_sentence(title: Text) -> Text:
    """A title for use inside a sentence: its first letter in lower case, unless it begins with an abbreviation."""
    vi, en = (text[:1].lower() + text[1:] if text[1:2].islower() else text for text in (title.vi, title.en))
    return Text(vi, en)


def _follows(got: Parsed) -> bool:
    """Whether the rule takes the units of its base rule because it names none."""
    with suppress(Unread):
        return written(got["when"]).follows and not got.has("applies_to")
    return False


def _condition(stem: str, condition: Condition) -> Condition:
    """The condition, with the key of a rule of the same file completed to a rule id."""
    if isinstance(condition, Derived) and "/" not in condition.of:
        return replace(condition, of=f"{stem}/{condition.of}")
    return condition


def _require(name: str, got: Parsed, defaults: Parsed | None) -> None:
    """Notes a problem unless the rule or `defaults` has the field."""
    if any(part is not None and (part.has(name) or name in part.guessed) for part in (got, defaults)):
        return
    got.sheet.say(
        got.node,
        "key-missing",
        f"thiếu khóa «{name}» trong quy tắc (hoặc trong «defaults»)",
        f"key '{name}' is missing in the rule (or in 'defaults')",
    )


def _check_confirm(got: Parsed) -> None:
    """Notes a problem where a rule that asks for no report wants one confirmed; `defaults` may say so."""
    if got.has("confirm") and not isinstance(got["when"], Overdue):
        got.sheet.say(
            got.at("confirm"),
            "confirm-not-allowed",
            "chỉ quy tắc «overdue» mới có báo cáo để xác nhận; bỏ «confirm»",
            "only a rule of 'overdue' has a report to confirm; delete 'confirm'",
        )


def _check_assumes(got: Parsed, basis: Basis | None) -> None:
    """Notes a problem unless exactly the rules that are not on `basis: text` say what they assume."""
    if basis is None or "assumes" in got.guessed:
        return
    if basis is Basis.TEXT and got.has("assumes"):
        got.sheet.say(
            got.at("assumes"),
            "assumes-not-allowed",
            "quy tắc theo đúng văn bản («basis: text») thì không có điều giả định; bỏ «assumes» hoặc sửa «basis»",
            "a rule on 'basis: text' assumes nothing; delete 'assumes' or change 'basis'",
        )
    if basis is not Basis.TEXT and not got.has("assumes"):
        got.sheet.say(
            got.node,
            "assumes-missing",
            f"«basis: {basis}» thì phải ghi «assumes»: giả định điều gì",
            f"'basis: {basis}' must say in 'assumes' what is assumed",
        )
