"""Numbers and dates as the letters print them.

Vietnamese counts below 10 take a zero (`05`), thousands a dot, decimals a comma and never a zero before
them (`2,61%`). Dates are dd/mm/yyyy in both languages, so that the two parts of a letter can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from dondoc.engine.domain.model import NO_TEXT, SCALE, Text

_PADDED_BELOW = 10
_WEEKDAYS = (
    Text("thứ Hai", "Monday"),
    Text("thứ Ba", "Tuesday"),
    Text("thứ Tư", "Wednesday"),
    Text("thứ Năm", "Thursday"),
    Text("thứ Sáu", "Friday"),
    Text("thứ Bảy", "Saturday"),
    Text("Chủ nhật", "Sunday"),
)

# A night's rows repeat the same few numbers, days and documents, so their texts are cached.
repeated = lru_cache(maxsize=4096)


def count(n: int) -> str:
    """A count in Vietnamese: `05`, `24`, `1.426`."""
    return f"{n:02d}" if n < _PADDED_BELOW else f"{n:,}".replace(",", ".")


@repeated
def number(n: int) -> Text:
    """A count in both languages: `05`, `5`; `1.426`, `1,426`."""
    return Text(count(n), f"{n:,}")


@repeated
def counted(n: int, vi: str, en: str) -> Text:
    """A count with its noun: `05 việc`, `5 tasks`; `en` is the singular."""
    return Text(f"{count(n)} {vi}", f"{n:,} {en}" if n == 1 else f"{n:,} {en}s")


@repeated
def part_of(a: int, b: int) -> Text:
    """How many of how many: `05/24`, `5 of 24`."""
    return Text(f"{count(a)}/{count(b)}", f"{a:,} of {b:,}")


def places(*values: int | None) -> int:
    """The fewest decimals that show all these scaled values exactly, so that a value and its limit match."""
    return max((_places(value) for value in values if value is not None), default=0)


def _places(value: int) -> int:
    return len(f"{abs(value) % SCALE:07d}".rstrip("0"))


def decimal(value: int, decimals: int) -> Text:
    """A scaled value with so many decimals, never padded: `2,50`, `1.426`."""
    text = f"{Decimal(value) / SCALE:,.{decimals}f}"
    return Text(_vietnamese(text), text)


def percent(part: int, whole: int) -> Text:
    """`part` of `whole` in percent, one decimal: `4,0%`."""
    text = f"{Decimal(part) * 100 / whole:,.1f}%"
    return Text(_vietnamese(text), text)


def plain_percent(text: str) -> Text:
    """A percentage that a rule states, as written there: `20` is `20%`, `12.5` is `12,5%`."""
    return Text(f"{text.replace('.', ',')}%", f"{text}%")


def _vietnamese(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))


@repeated
def day(when: date) -> str:
    """`20/04/2015`."""
    return f"{when.day:02d}/{when.month:02d}/{when.year:04d}"


@repeated
def weekday(when: date) -> Text:
    """`thứ Năm, 14/05/2015`, for use inside a sentence."""
    return Text.format("{name}, {day}", name=_WEEKDAYS[when.weekday()], day=day(when))


@repeated
def days(when: tuple[date, ...]) -> tuple[Text, ...]:
    """Several days, the year once, after its last day: `13/04`, `17/04/2015`."""
    said = [
        f"{one:%d/%m}" if following is not None and following.year == one.year else day(one)
        for one, following in zip(when, [*when[1:], None], strict=True)
    ]
    return tuple(Text(one, one) for one in said)


def listed(words: Sequence[Text]) -> Text:
    """`a, b và c`."""
    if len(words) < 2:  # noqa: PLR2004 - nothing to join
        return words[0] if words else NO_TEXT
    return Text.format(
        "{first} và {last}", "{first} and {last}", first=Text.join(", ", words[:-1]), last=words[-1]
    )


def without_stop(text: Text) -> Text:
    """A text from a rule file without its full stop, to stand inside a sentence."""
    return Text(text.vi.rstrip("."), text.en.rstrip("."))


def capital(text: str) -> str:
    """The text with its first letter capital, the rest as it was."""
    return text[:1].upper() + text[1:]
