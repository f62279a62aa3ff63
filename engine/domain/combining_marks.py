"""Combining marks that belong to no letter, or that no letter can carry together."""

from __future__ import annotations

import re
import unicodedata

# Grave, acute, tilde, hook above, dot below: the five tones; the other marks belong to their letter.
TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_MARK = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
# A letter and the marks that NFC leaves beside it; Vietnamese leaves none, Ê Đê and Gia Rai leave a breve.
_CLUSTER = re.compile(f"(?:^|[^{_MARK}])[{_MARK}]+")


def misplaced(text: str) -> re.Match[str] | None:
    """The first character of a text that carries a mark wrongly, with its marks; None: there is none.

    Wrong are a mark after a space, a digit or a sign, a second tone on one letter, and the same mark twice.
    """
    return next((found for found in _CLUSTER.finditer(text) if not _can_be(found[0])), None)


def _can_be(cluster: str) -> bool:
    letter, *marks = list(unicodedata.normalize("NFD", cluster))
    tones = [mark for mark in marks if mark in TONES]
    return letter.isalpha() and len(tones) <= 1 and len(set(marks)) == len(marks)
