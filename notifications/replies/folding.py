"""Vietnamese as it is typed in a hurry: letters compared without accents and capitals, place by place."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def _bare(letter: str) -> str:
    if letter in "đĐ":
        return "d"
    if letter.isspace():
        return letter if letter == "\n" else " "
    plain = unicodedata.normalize("NFD", letter)[0].lower()
    return plain if len(plain) == 1 else letter


def folded(text: str) -> str:
    """The text without accents and capitals, as long as it was, so that a place in it is one in the text."""
    return "".join(map(_bare, text))
