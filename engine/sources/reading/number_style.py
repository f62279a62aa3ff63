"""How a file writes its numbers: 8.999 is eight thousand and more in Vietnam, and not quite nine elsewhere.

A single cell often cannot tell, the column mostly can: one cell such as 2,61 decides for all the others.
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
# A group of three after a leading zero is no thousand.
_VI = re.compile(r"(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?")
_EN = re.compile(r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_FORMS = {NumberStyle.VI: (_VI, ".", ","), NumberStyle.EN: (_EN, ",", ".")}


@lru_cache(maxsize=10_000)
def styles(cell: str) -> frozenset[NumberStyle]:
    """The ways of writing in which the cell is a number; empty when it is none."""
    match = _SPEAKS.fullmatch(cell)
    if not match:
        return frozenset()
    return frozenset(style for style, (form, _, _) in _FORMS.items() if form.fullmatch(match[2]))


def marked(cell: str) -> bool:
    """Whether the cell has a point or a comma, so that the way of writing matters."""
    return "." in cell or "," in cell


@lru_cache(maxsize=10_000)
def plain(cell: str, style: NumberStyle) -> tuple[str, bool]:
    """The number without thousands and with a decimal point, and whether a percent sign stood behind it.

    Raises `Unreadable` when it is no number in that way of writing.
    """
    match = _SPEAKS.fullmatch(cell)
    form, thousands, decimal = _FORMS[style]
    if not match or not form.fullmatch(match[2]):
        if style is NumberStyle.VI:
            raise Unreadable(
                "không phải số kiểu Việt Nam, như 8.999 hoặc 2,61", "is no number such as 8.999 or 2,61"
            )
        raise Unreadable("không phải số kiểu quốc tế, như 8,999 hoặc 2.61", "is no number such as 8,999 or 2.61")
    return match[1] + match[2].replace(thousands, "").replace(decimal, "."), bool(match[3])
