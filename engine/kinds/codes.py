"""The codes that rules read in data, and what is said of one that no rule reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import SheetKind
from dondoc.engine.kinds import kind_of

# The column of each sheet that holds a code which rules read.
CODE_COLUMNS: Mapping[SheetKind, str] = {
    SheetKind.TASKS: "task",
    SheetKind.SUBMISSIONS: "report",
    SheetKind.ACTIVITIES: "activity",
    SheetKind.READINGS: "indicator",
}
# What a code names, by sheet.
_NAMED: Mapping[SheetKind, Text] = {
    SheetKind.TASKS: Text("loại nhiệm vụ", "kind of task"),
    SheetKind.SUBMISSIONS: Text("loại báo cáo", "kind of report"),
    SheetKind.ACTIVITIES: Text("hoạt động", "activity"),
    SheetKind.READINGS: Text("chỉ tiêu", "indicator"),
}


def known_codes(book: RuleBook) -> dict[SheetKind, frozenset[str]]:
    """By sheet, the codes that a rule reads, whether or not it is in force, and every indicator of the rules."""
    found: dict[SheetKind, set[str]] = {sheet: set() for sheet in CODE_COLUMNS}
    for rule in book.rules.values():
        for sheet, code in kind_of(rule.condition).reads(rule.condition):
            found[sheet].add(code)
    found[SheetKind.READINGS] |= set(book.indicators)
    return {sheet: frozenset(codes) for sheet, codes in found.items()}


def unknown_code(sheet: SheetKind, code: str, known: Iterable[str]) -> Text:
    """What is said of a code that no rule knows, with the nearest that one does."""
    guess = get_close_matches(code, sorted(known), n=1)
    near = Text(f"; có phải «{guess[0]}»?", f"; did you mean '{guess[0]}'?") if guess else NO_TEXT
    return Text.format(
        "không quy tắc nào dùng {named} «{code}»{near}",
        "no rule reads the {named} '{code}'{near}",
        named=_NAMED[sheet],
        code=code,
        near=near,
    )
