"""Rule books with days on which no letter leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from dondoc.engine.domain.rulebook import RuleBook

_DAY = timedelta(days=1)


def quieted(book: RuleBook, *spans: tuple[date, date], name: str = "Đợt bầu cử") -> RuleBook:
    """The book with these days, both ends inclusive, quiet in each of its calendars."""
    days = {first + n * _DAY: name for first, last in spans for n in range((last - first).days + 1)}
    calendars = {key: replace(one, quiet=days) for key, one in book.calendars.items()}
    return replace(book, calendars=calendars)


def drawn_quiet(book: RuleBook, drawn: Random, chance: float, first: date) -> RuleBook:
    """The book, by chance with up to six spans of up to eight days in the year from a day on; they may overlap."""
    if drawn.random() >= chance:
        return book
    spans = []
    for _ in range(drawn.randrange(1, 7)):
        begin = first + drawn.randrange(0, 360) * _DAY
        spans.append((begin, begin + drawn.randrange(0, 8) * _DAY))
    return quieted(book, *spans)
