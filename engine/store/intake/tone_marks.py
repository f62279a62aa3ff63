"""Names that look alike: Hòa and Hoà are two strings but one name."""

from __future__ import annotations

import re
import unicodedata

# Grave, acute, tilde, hook above, dot below: the five tones; the other marks belong to their letter.
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_WORD = re.compile(r"\S+")


def differ_in_tone_marks_only(one: str, other: str) -> bool:
    """Whether two different names are equal if the tone mark of each word may be on any of its vowels."""
    return one != other and _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return _WORD.sub(_tone_last, unicodedata.normalize("NFD", name))


def _tone_last(word: re.Match[str]) -> str:
    tones = [mark for mark in word[0] if mark in _TONES]
    return "".join([mark for mark in word[0] if mark not in _TONES] + tones)
