"""Patterns for numbers and days inside texts, for the JSON Schema."""

from __future__ import annotations

_LEAP = r"(?:(?:19|20)(?:0[48]|[2468][048]|[13579][26])|2000)"
_MONTHS = r"(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31"

# A day that every year has; 29 February is not one.
MONTH_DAY = f"(?:{_MONTHS})"
# A day from 1900 to 2100.
DAY = f"(?:(?:19[0-9]{{2}}|20[0-9]{{2}}|2100)-{MONTH_DAY}|{_LEAP}-02-29)"


def whole(low: int, high: int) -> str:
    """The pattern of the whole numbers from `low` (0 or more) to `high`, both inclusive, without leading zeros."""
    parts = []
    while low <= high:
        size = 1
        while low and low % (size * 10) == 0 and low + size * 10 - 1 <= high:
            size *= 10
        digit = low // size % 10
        last = min(9, digit + (high - low + 1) // size - 1)
        rest = len(str(size)) - 1
        parts.append(f"{low // size // 10 or ''}[{digit}-{last}]{'[0-9]' * rest}")
        low += (last - digit + 1) * size
    return f"(?:{'|'.join(parts)})"
