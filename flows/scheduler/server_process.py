"""The process of the Prefect server that `dondoc serve` starts; it ends with the process that started it.

A server that outlived a killed service would keep the port, and its login would be known to nobody.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading


def _end_with_starter() -> None:
    """Waits for the end of standard input, which the starter holds open and the system closes when it dies."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with_starter, daemon=True).start()
    sys.argv = ["prefect", "server", "start", *sys.argv[1:]]
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)
