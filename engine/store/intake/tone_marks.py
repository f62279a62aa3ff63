"""Names that look alike: Hòa and Hoà are two strings but one name."""

from __future__ import annotations

import re
import unicodedata

from dondoc.engine.domain.combining_marks import TONES

_WORD = re.compile(r"\S+")


def differ_in_tone_marks_only(one: str, other: str) -> bool:
    """Whether two different names are equal if the tone mark of each word may be on any of its vowels."""
    return one != other and _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return _WORD.sub(_tone_last, unicodedata.normalize("NFD", name))


def _tone_last(word: re.Match[str]) -> str:
    tones = [mark for mark in word[0] if mark in TONES]
    return "".join([mark for mark in word[0] if mark not in TONES] + tones)
