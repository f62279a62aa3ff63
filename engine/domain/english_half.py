"""The English half of lines that are written as Vietnamese with their English in brackets behind it.

Errors and short lines for a terminal are written so, since both are read there. What needs more is a `Text`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator


def english(said: str) -> str:
    """The English half of lines whose Vietnamese has it in brackets behind; a line without both stays."""
    return "\n".join(map(_english_line, said.split("\n")))


def _english_line(line: str) -> str:
    found, before = "", ""
    for part, in_brackets in _parts(line):
        translates = in_brackets and not is_vietnamese(part) and not _DATA.fullmatch(part)
        if translates and is_vietnamese(before):
            found, before = f"{found}{_kept(before)}{part}", ""
        else:
            before += f"({part})" if in_brackets else part
    return found + before


def _parts(line: str) -> Iterator[tuple[str, bool]]:
    """What stands outside of brackets, and inside of the outermost ones, in order."""
    depth, start = 0, 0
    for at, letter in enumerate(line):
        if letter == "(":
            if depth == 0:
                yield line[start:at], False
                start = at + 1
            depth += 1
        elif letter == ")" and depth:
            depth -= 1
            if depth == 0:
                yield line[start:at], True
                start = at + 1
    yield ("(" if depth else "") + line[start:], False


# Clauses without a Vietnamese letter (a name, an address), a number, a sign: the same in every language.
_SAME = re.compile(r"[\s!.;,→-]+|\[[^\]]*\]|[^(]*?[:;,] |\d[\d.,/]* ")
# An id, an address, a day: in brackets it belongs to the words before it, and translates nothing.
_DATA = re.compile(r"\S*(?:\d\S*|[_.@/:]\S+)")


def _kept(before: str) -> str:
    """What stands before Vietnamese words and belongs to their English too."""
    kept = ""
    while (same := _SAME.match(before, len(kept))) and same.group() and not is_vietnamese(same.group()):
        kept += same.group()
    return kept


def is_vietnamese(words: str) -> bool:
    """Whether there is a letter that only Vietnamese has; names and titles of units have them too."""
    return any(letter in "đĐ" or _has_marks(letter) for letter in words)


def _has_marks(letter: str) -> bool:
    return letter.isalpha() and len(unicodedata.normalize("NFD", letter)) > 1
