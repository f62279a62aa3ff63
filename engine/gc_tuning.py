"""How often Python searches for reference cycles: each of our processes calls this once, when it starts."""

from __future__ import annotations

import atexit
import gc

# The thresholds of `gc.set_threshold`, one per generation; Python's defaults are 700, 10, 10.
_THRESHOLDS = (200_000, 20, 100)


def collect_rarely() -> None:
    """Makes this process search rarely from now on, and not at all when it ends.

    A command or a night makes millions of values and hardly any cycle: searching all of them again and again took
    a quarter of a night, a fifth of an import, a sixth of a check (benchmarks/README.md). Objects in no cycle are
    freed at once in any case.
    """
    gc.set_threshold(*_THRESHOLDS)
    # The interpreter's last search, when the process ends, would take a tenth of a short command.
    atexit.register(gc.freeze)
