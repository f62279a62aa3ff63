"""What a piece of work cost: wall clock, CPU of every process that worked for it, and the highest memory."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Cost:
    """Seconds of the clock, and seconds of CPU: our own, our workers', and the database server's."""

    wall: float = 0.0
    cpu: float = 0.0


def no_server() -> float:
    """The server's CPU where there is none."""
    return 0.0


@contextmanager
def measured(server: Callable[[], float] = no_server) -> Iterator[Cost]:
    """Fills the cost in when the block ends; `server` tells the CPU seconds of a server so far."""
    cost = Cost()
    wall, cpu = time.perf_counter(), _cpu() + server()
    yield cost
    cost.wall, cost.cpu = time.perf_counter() - wall, _cpu() + server() - cpu


def _cpu() -> float:
    """CPU seconds of this process and of the children it has waited for."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def family_cpu(parent: int) -> float:
    """CPU seconds of a process, its living children, and those it has waited for; 0 for none (Linux)."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in brackets may hold anything; the fields after it are numbers.
            fields = stat.read_text().rpartition(") ")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(stat.parent.name) == parent:
            ticks += sum(map(int, fields[11:15]))
        elif int(fields[1]) == parent:
            ticks += sum(map(int, fields[11:13]))
    return ticks / _TICKS


def peak_mb() -> float:
    """The highest resident memory of this process since it began, in MB.

    From /proc and not from `ru_maxrss`, which a new process takes over from the one that started it.
    """
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("/proc/self/status names no VmHWM")
