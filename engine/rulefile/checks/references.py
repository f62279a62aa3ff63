"""What no file shows alone: references between files, ids used twice, demands that no night can judge."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.rulebook import Basis, Condition, RuleBook
from dondoc.engine.errors import Problem
from dondoc.engine.kinds import kind_of
from dondoc.engine.rulefile.files.assemble import Pack
from dondoc.engine.rulefile.kinds.conditions import written
from dondoc.engine.rulefile.problems import IdKind, Mention, ProblemSheet, Unread, advice, shown
from dondoc.engine.rulefile.yaml_text.nodes import Node

_LISTED = 12


def check_references(sheets: Sequence[ProblemSheet]) -> list[Problem]:
    """The problem of every id that is named and defined nowhere.

    A kind of id whose file could not be read is left out: one problem must not become a hundred.
    """
    known: dict[IdKind, set[str]] = {}
    for sheet in sheets:
        for kind, names in sheet.defined.items():
            known.setdefault(kind, set()).update(names)
    return [
        unknown(mention, known[mention.kind])
        for sheet in sheets
        for mention in sheet.mentions
        if mention.kind in known and mention.id not in known[mention.kind]
    ]


def unknown(mention: Mention, known: Collection[str]) -> Problem:
    """The problem of an id that is named and not known."""
    noun = mention.kind.noun
    listed = ", ".join(sorted(known)[:_LISTED])
    few = mention.kind is not IdKind.UNIT and 0 < len(known) <= _LISTED
    there = Text(f"; hiện có: {listed}", f"; there are: {listed}")
    if mention.kind is IdKind.INDICATOR:
        new = Text("; chỉ tiêu mới thì thêm vào indicators.yaml", "; add a new one to indicators.yaml")
        there = Text.join("", (there, new))
    hint = advice(mention.id, known, there if few else None)
    return Problem(
        mention.file,
        mention.line,
        mention.column,
        f"{mention.kind}-unknown",
        f"không có {noun.vi} «{shown(mention.id)}»{hint.vi}",
        f"there is no {noun.en} '{shown(mention.id)}'{hint.en}",
    )


def check_units(book: RuleBook, known: Collection[str]) -> tuple[Problem, ...]:
    """The problem of every unit that rule files name and `known` lacks, at its first mention, sorted by place."""
    return unknown_units(book.units_named, known)


def unknown_units(named: Mapping[str, str], known: Collection[str]) -> tuple[Problem, ...]:
    """The problem of every unit in `named` (id to first mention) that `known` lacks, sorted by place."""
    problems = []
    for unit, place in named.items():
        if unit not in known:
            file, line, column = place.rsplit(":", 2)
            problems.append(unknown(Mention(IdKind.UNIT, unit, file, int(line), int(column)), known))
    return tuple(sorted(problems))


def check_packs(packs: Sequence[Pack], occasions: Mapping[str, tuple[date, ...]]) -> None:
    """Notes on the packs' sheets what is used twice and what can never be judged."""
    _check_twice(packs)
    for pack in packs:
        _check_reach(pack, occasions)


def _check_twice(packs: Iterable[Pack]) -> None:
    stems: dict[str, str] = {}
    codes: dict[str, str] = {}
    for pack in packs:
        sheet = pack.got.sheet
        first = stems.setdefault(pack.stem, sheet.file)
        if first != sheet.file:
            sheet.say(
                pack.got.node,
                "directive-twice",
                f"tên tệp «{pack.stem}» đã dùng ở {first}; mỗi văn bản một tên tệp riêng",
                f"the file name '{pack.stem}' is used by {first}; give each directive its own",
            )
        with suppress(Unread):
            code, at = pack.got["directive"]["code"], pack.at("directive", "code")
            place = f"{sheet.file}:{at.line}"
            if codes.setdefault(code, place) != place:
                sheet.say(
                    at,
                    "code-twice",
                    f"mã «{code}» đã dùng ở {codes[code]}; mỗi văn bản một mã riêng",
                    f"code '{code}' is used by {codes[code]}; give each directive its own",
                )
        _check_keys(pack)
    _check_obligations(packs)


def _check_keys(pack: Pack) -> None:
    """Notes each prepared rule that has the id of another rule of its file."""
    seen: dict[str, int] = {}
    keys = [key for entry in pack.listed for key in (draft.key for draft in entry.judge.values())]
    with suppress(Unread):
        keys = [*(draft.key for draft in pack.got["rules"].values()), *keys]
    for key in keys:
        line = seen.setdefault(key.text, key.line)
        if line != key.line:
            pack.got.sheet.say(
                key,
                "rule-twice",
                f"mã quy tắc «{key.text}» đã dùng ở dòng {line}; mỗi quy tắc một mã riêng",
                f"rule id '{key.text}' is used on line {line}; give each rule its own",
            )


def _check_obligations(packs: Iterable[Pack]) -> None:
    """Notes each obligation that is in two directives, or both judged and in the register, or twice in it.

    Several rules may judge one obligation (four occasions of one clause), and an example rule may refer to an
    obligation in the register; a prepared rule belongs to its entry.
    """
    owner: dict[str, str] = {}
    for pack in packs:
        file = pack.got.sheet.file
        judged = {rule.obligation for _, rule in pack.rules if rule.basis in (Basis.TEXT, Basis.ASSUMED)}
        listed: set[str] = set()
        used = [
            (rule.obligation, draft.got.at("obligation"))
            for draft, rule in pack.rules
            if rule.basis is not Basis.SET
        ]
        for name, at in [*used, *((entry.entry.obligation, entry.at) for entry in pack.listed)]:
            if owner.setdefault(name, file) != file:
                _obligation_twice(pack, at, name, owner[name])
        for entry in pack.listed:
            name = entry.entry.obligation
            if name in judged or name in listed:
                _obligation_twice(pack, entry.at, name, file)
            listed.add(name)


def _obligation_twice(pack: Pack, at: Node, name: str, first: str) -> None:
    pack.got.sheet.say(
        at,
        "obligation-twice",
        f"nghĩa vụ «{name}» đã có ở {first}; mỗi nghĩa vụ hoặc được xét, hoặc nằm trong register, một lần",
        f"obligation '{name}' is already in {first}; it is either judged or in the register, once",
    )


def _check_reach(pack: Pack, occasions: Mapping[str, tuple[date, ...]]) -> None:
    in_force = pack.in_force
    if in_force is None:
        return
    first, until = in_force
    vi = f"từ {first:%d/%m/%Y}" + (f" đến {until:%d/%m/%Y}" if until else "")
    en = f"from {first}" + (f" to {until}" if until else "")
    for draft, rule in pack.rules:
        kind = written(rule.condition)
        if not kind_of(rule.condition).is_reachable(rule.condition, in_force, occasions):
            # Where the place of the problem is that day itself, it needs no mention.
            late = NO_TEXT if kind.days == "set_on" else _judged_late(rule.condition, first)
            pack.got.sheet.say(
                draft.got.node.find("when", kind.key, kind.days),
                "never-judged",
                f"không bao giờ xét được: văn bản chỉ có hiệu lực {vi}{late.vi}",
                f"this can never be judged: the directive is in force {en} only{late.en}",
            )


def _judged_late(condition: Condition, first: date) -> Text:
    """The end of the message where the rule judges only from a day after the first day in force; else empty."""
    on = kind_of(condition).judged_since(condition)
    if on is not None and on > first:
        return Text(f", và chỉ xét từ ngày {on:%d/%m/%Y}", f", and nothing is judged before {on}")
    return NO_TEXT
