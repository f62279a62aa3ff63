"""How often Python looks for rings among its objects; what is in no ring is let go of at once, without looking."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# (new objects before a look, looks at the youngest before the middle, at the middle before all): 700, 10, 10 is
# Python's own.
_RARELY = (50_000, 20, 100)


def collect_rarely() -> None:
    """Looks seldom from now on: for a process of ours that only works."""
    gc.set_threshold(*_RARELY)


@contextmanager
def rarely() -> Iterator[None]:
    """Looks seldom while the context is open, in this process.

    A night makes millions of values and hardly a ring; looking for rings again and again among all that it holds
    took a quarter of its time (benchmarks/README.md).
    """
    usual = gc.get_threshold()
    collect_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*usual)
