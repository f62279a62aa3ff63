"""Values that many rows share, kept once: a country's rows bring the same few thousand days again and again."""

from __future__ import annotations

from typing import TypeVar

_V = TypeVar("_V")


class Once(dict[_V, _V]):
    """Gives for a value the equal one that it was first asked for."""

    def __missing__(self, value: _V) -> _V:
        """The first of its kind."""
        self[value] = value
        return value
