"""How a file writes its numbers: 8.999 is almost nine thousand in Vietnam, and almost nine elsewhere.

A single cell often leaves it open; one such as 2,61 decides for the whole file.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from dondoc.engine.sources.reading.cells import Unreadable


class NumberStyle(StrEnum):
    """Vietnamese, `8.999` and `2,61`; or international, `8,999` and `2.61`."""

    VI = "vi"
    EN = "en"


_SPEAKS = re.compile(r"([+-]?)([0-9.,]+)[ \xa0]?(%?)")
# After a leading zero, a group of three digits is not a thousands group.
_VI = re.compile(r"(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?")
_EN = re.compile(r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_FORMS = {NumberStyle.VI: (_VI, ".", ","), NumberStyle.EN: (_EN, ",", ".")}


@lru_cache(maxsize=10_000)
def styles(cell: str) -> frozenset[NumberStyle]:
    """The ways of writing in which the cell is a number; empty if it is none."""
    match = _SPEAKS.fullmatch(cell)
    if not match:
        return frozenset()
    return frozenset(style for style, (form, _, _) in _FORMS.items() if form.fullmatch(match[2]))


def marked(cell: str) -> bool:
    """Whether the cell has a point or a comma, so that its way of writing matters."""
    return "." in cell or "," in cell


@lru_cache(maxsize=10_000)
def plain(cell: str, style: NumberStyle) -> tuple[str, bool]:
    """The number without thousands separators and with a decimal point, and whether it had a percent sign.

    Raises `Unreadable` if it is no number in that way of writing.
    """
    match = _SPEAKS.fullmatch(cell)
    form, thousands, decimal = _FORMS[style]
    if not match or not form.fullmatch(match[2]):
        if style is NumberStyle.VI:
            raise Unreadable(
                "không phải số kiểu Việt Nam, như 8.999 hoặc 2,61", "is not a number such as 8.999 or 2,61"
            )
        raise Unreadable(
            "không phải số kiểu quốc tế, như 8,999 hoặc 2.61", "is not a number such as 8,999 or 2.61"
        )
    return match[1] + match[2].replace(thousands, "").replace(decimal, "."), bool(match[3])
