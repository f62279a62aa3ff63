"""How often Python searches for reference cycles: called once where a process of ours begins."""

from __future__ import annotations

import atexit
import gc

# New objects before the youngest are searched, and how many such searches before the two older generations are;
# Python's own values are 700, 10, 10.
_THRESHOLDS = (200_000, 20, 100)


def collect_rarely() -> None:
    """Searches rarely from now on, and not at all when the process ends.

    A command or a night makes millions of values and hardly a cycle: searching all that it holds again and again
    took a quarter of a night, a fifth of an import, a sixth of a check (benchmarks/README.md). Objects that are in
    no cycle are freed at once in any case.
    """
    gc.set_threshold(*_THRESHOLDS)
    # Of all that is loaded when the process ends, nothing is worth a last search: a tenth of a short command.
    atexit.register(gc.freeze)
