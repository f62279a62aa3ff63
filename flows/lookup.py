"""Looks up the rules, offices and days that a caller names, or refuses them with the nearest known word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import DonDocError, Remedy
from dondoc.engine.rulefile.problems import near


class CallRefused(DonDocError):
    """A question that cannot be answered as it was asked; the text says what to ask instead."""

    remedy = Remedy.USAGE


def rule_named(book: RuleBook, word: str) -> str | None:
    """The id of the rule with that id or with that key; None: there is none. Raises `CallRefused` for several."""
    if word in book.rules:
        return word
    found = [rule for rule in book.rules if rule.partition("/")[2] == word]
    if len(found) > 1:
        raise CallRefused(
            f"«{word}» có trong {len(found)} văn bản, hãy ghi đủ: {', '.join(found)}. "
            "(Several rules have that key: write it in full.)"
        )
    return found[0] if found else None


def unknown(word: str, book: RuleBook, offices: Iterable[str]) -> CallRefused:
    """The refusal of a word that names neither a rule nor an office; it suggests the nearest known one."""
    keys = {rule.partition("/")[2]: rule for rule in book.rules}
    meant = near(word, [*book.rules, *keys, *offices])
    ask = f" Có phải «{keys.get(meant, meant)}»?" if meant else ""
    english = f"; did you mean {keys.get(meant, meant)!r}?" if meant else ""
    return CallRefused(
        f"Không có quy tắc hay cơ quan nào tên «{word}».{ask} (No rule or office of that name{english})"
    )


def refuse_unknown_office(word: str, offices: Iterable[str]) -> None:
    """Raises `CallRefused` when the word is in none of `offices`."""
    known = set(offices)
    if word not in known:
        meant = near(word, sorted(known))
        ask, english = (f" Có phải «{meant}»?", f"; did you mean {meant!r}?") if meant else ("", "")
        raise CallRefused(f"Không có đơn vị nào mã «{word}».{ask} (No unit has that id{english})")


def refuse_wrong_order(first: date, last: date) -> None:
    """Raises `CallRefused` for a period that ends before it begins."""
    if last < first:
        raise CallRefused(
            f"--from {first} sau --to {last}: đổi lại thứ tự hai ngày. (The first day is after the last one.)"
        )
