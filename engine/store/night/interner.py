"""Keeps equal values of many rows once: a whole country repeats few days, words and notified steps."""

from __future__ import annotations

from typing import TypeVar

_V = TypeVar("_V")


class Interner(dict[_V, _V]):
    """Gives for each value the first equal one, so that equal values share memory."""

    def __missing__(self, value: _V) -> _V:
        """Stores a new value."""
        self[value] = value
        return value
