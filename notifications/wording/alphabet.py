"""Vietnamese alphabetical order: ă after a, đ after d, ơ after ô; tones decide only when all letters are equal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LETTERS = {letter: rank for rank, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=1)}
_OTHER = 1000
# In the order of the dictionaries: none, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def collation(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """A key to sort by: the letters first, then their tones. A mark that belongs to no letter does not count."""
    letters: list[int] = []
    tones: list[int] = []
    for character in unicodedata.normalize("NFC", text).lower():
        tone = 0
        kept = ""
        for mark in unicodedata.normalize("NFD", character):
            if mark in _TONES:
                tone = _TONES[mark]
            else:
                kept += mark
        if not kept:
            continue
        base = unicodedata.normalize("NFC", kept)
        letters.append(0 if base.isspace() else _LETTERS.get(base, _OTHER + ord(base[0])))
        tones.append(tone)
    return tuple(letters), tuple(tones)


def alphabetical(texts: Iterable[str]) -> list[str]:
    """The texts in Vietnamese alphabetical order."""
    return sorted(texts, key=collation)


def natural(text: str) -> tuple[tuple[int, object], ...]:
    """A key to sort by in which a number counts as a number: 9, 10, 109; between numbers it is `collation`."""
    return tuple(
        (0, int(part)) if part.isdecimal() else (1, collation(part)) for part in re.split(r"(\d+)", text) if part
    )
